#!/usr/bin/env bash
# uvicorn 0.54.0, ProxyHeadersMiddleware (`--forwarded-allow-ips`)
#
# A proxy at 10.0.0.5 in the network 10.0.0.0/8 is to be trusted, and somebody writes the network as `10.0.0.5/8`, as
# `ip address` shows it, or puts a name for the address.
# One would guess: it means the whole network, or it is refused at the start.
# Seen: neither. It is kept as a text that no address equals: the proxy is trusted nowhere, every visitor counts as the
# proxy, and nothing is said. Python's ipaddress refuses the same text ("has host bits set").
# Needs Python 3.11 with venv. Exits 0 as long as this is so, 1 when it changed, 2 when it could not be tried.
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv && venv/bin/pip install -q --disable-pip-version-check uvicorn==0.54.0 2>pip.log || exit 2

cat >try.py <<'PY'
import asyncio
import ipaddress
import sys
import warnings

import uvicorn
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

warnings.simplefilter("error")


def seen(trusted: str) -> str:
    """The visitor's address as the application is told it."""
    told = []

    async def application(scope, receive, send):
        told.append(scope["client"][0])

    scope = {"type": "http", "scheme": "http", "client": ("10.0.0.5", 1), "headers": [(b"x-forwarded-for", b"203.0.113.9")]}
    asyncio.run(ProxyHeadersMiddleware(application, trusted_hosts=trusted)(scope, None, None))
    return told[0]


print(f"uvicorn {uvicorn.__version__}")
found = {trusted: seen(trusted) for trusted in ("10.0.0.5", "10.0.0.0/8", "10.0.0.5/8", "proxy.example")}
print(found)
try:
    ipaddress.ip_network("10.0.0.5/8")
except ValueError as error:
    print(f"ipaddress: {error}")
else:
    sys.exit("ipaddress takes it now")
expected = {"10.0.0.5": "203.0.113.9", "10.0.0.0/8": "203.0.113.9", "10.0.0.5/8": "10.0.0.5", "proxy.example": "10.0.0.5"}
if found != expected:
    sys.exit("the behaviour changed")
print("as before: a network with host bits trusts nobody, without a word")
PY
venv/bin/python try.py
