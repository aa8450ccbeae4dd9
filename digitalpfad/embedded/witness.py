"""Proof of which devices the running broker knows: a user whose password follows from all their names and hashes.

NATS says nothing to the process that sends it SIGHUP: a configuration that it cannot read is one line of its log, and
the old one goes on. So each configuration has a user `_witness` with its own password. Who is let in by the
password of the present devices has spoken to a broker that has read just these.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import socket
from collections.abc import Mapping

from geodata.vocabulary.names import is_name

USER = "_witness"
_TIMEOUT_S = 2.0
_BCRYPT = re.compile(r"\$2[aby]\$(0[4-9]|1[0-2])\$[./A-Za-z0-9]{53}")  # a cost above 12 would busy the broker at login


def admissible(devices: Mapping[str, str]) -> dict[str, str]:
    """Those of ``devices`` (id → bcrypt hash) that a broker can take, sorted.

    NATS reads neither the old nor a new configuration in which a name cannot be a subject, and takes for the password
    itself what is no hash.
    """
    return {name: digest for name, digest in sorted(devices.items()) if is_name(name) and _BCRYPT.fullmatch(digest)}


def password(key: str, devices: Mapping[str, str]) -> str:
    """The password of `_witness` where these are the admissible devices; ``key`` is the system's own secret."""
    return hmac.new(key.encode(), json.dumps(sorted(devices.items())).encode(), hashlib.sha256).hexdigest()


def is_let_in(port: int, secret: str) -> bool:
    """Whether the broker at ``port`` of this machine (NATS's own protocol) takes it; raise OSError where none answers.

    Raises ValueError where something else answers.
    """
    login = {"user": USER, "pass": secret, "verbose": False, "pedantic": False, "name": "digitalpfad rights"}
    login |= {"lang": "python", "version": "1", "protocol": 0}
    with (
        socket.create_connection(("127.0.0.1", port), timeout=_TIMEOUT_S) as connection,
        connection.makefile("rb") as reader,
    ):
        if not reader.readline().startswith(b"INFO"):
            raise ValueError("no NATS answers there")
        connection.sendall(f"CONNECT {json.dumps(login)}\r\nPING\r\n".encode())
        while line := reader.readline():
            if line.startswith((b"PONG", b"-ERR")):
                return line.startswith(b"PONG")
    return False
