"""Addresses of this machine: is a port free, and where does a phone in the same network find us."""

from __future__ import annotations

import ipaddress
import socket

from geodata.errors import InvalidInput, StartRefused

_ANYWHERE = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - compared with, not listened on


def check_port_free(host: str, port: int, setting: str) -> None:
    """Raise StartRefused, naming the ``setting`` as the hint, when nobody can listen on ``host``:``port`` now."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError) as error:  # the latter for an empty part (a..b) or one that is too long
        raise InvalidInput("host", host, "a name or address of this machine") from error
    with socket.socket(family, kind) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            raise StartRefused(
                f"Port {port} on {host} cannot be used: {error.strerror}. Stop the program that has it, or choose"
                f" another port with {setting}."
            ) from error


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a server that listens on ``host``."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def reachable_host(host: str) -> str:
    """Where this machine itself reaches a server that listens on ``host``."""
    return "127.0.0.1" if host in _ANYWHERE else host


def lan_address() -> str | None:
    """The address of this machine in its network, or None; no packet is sent, UDP only looks up the route."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address reserved for documentation
        except OSError:
            return None
        return str(probe.getsockname()[0])
