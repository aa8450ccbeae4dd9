"""Which addresses count as one visitor, and which as none: where something is bounded for each of them."""

from __future__ import annotations

import ipaddress
from collections.abc import Container
from dataclasses import dataclass


def network_of(address: str) -> str:
    """What counts as one place: an IPv4 address, also one written as IPv6, or the first 64 bits of an IPv6 address."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address  # no address: a session that changes its password
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


class Loopback:
    """The addresses of this machine: its proxy, behind which everybody stands, its monitor and its tests."""

    def __contains__(self, address: object) -> bool:
        """Whether ``address`` is one of them; what is no address (a socket in the file system) is."""
        if address == "127.0.0.1":
            return True
        try:
            found = ipaddress.ip_address(str(address).partition("%")[0])
        except ValueError:
            return True
        if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        return found.is_loopback


LOOPBACK = Loopback()


@dataclass(frozen=True, slots=True)
class MachineAndProxies:
    """The addresses of this machine and those of ``proxies`` on others."""

    proxies: Container[str]

    def __contains__(self, address: str) -> bool:
        """Whether ``address`` is one of them."""
        return address in LOOPBACK or address in self.proxies
