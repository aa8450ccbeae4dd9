"""Which callers may read what is for those who run this server: judged by their address."""

from __future__ import annotations

from fastapi import Request
from starlette.exceptions import HTTPException

from api.services import services_of
from geodata.security.networks import Networks, parse

_THIS_MACHINE = parse("127.0.0.0/8, ::1")
_OF_A_PROXY = ("x-forwarded-for", "forwarded", "x-real-ip")


def may_read(request: Request, networks: Networks) -> bool:
    """Whether the caller's address is in ``networks``.

    What came through a proxy that is not told of has the proxy's address, perhaps this machine's: nobody knows whose
    it is, so it is nobody's who is let in.
    """
    if networks.everywhere:
        return True
    if not services_of(request).trusts_proxies and any(name in request.headers for name in _OF_A_PROXY):
        return False
    return request.client is not None and request.client.host in networks


def is_local(request: Request) -> bool:
    """Whether the caller is of this machine itself, such as `digitalpfad doctor`."""
    return may_read(request, _THIS_MACHINE)


def require(request: Request, networks: Networks) -> None:
    """Raise HTTPException (403) where the caller may not read it."""
    if not may_read(request, networks):
        raise HTTPException(403)
