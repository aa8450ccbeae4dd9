"""Which addresses count as one visitor, and which as none: where something is bounded for each of them."""

from __future__ import annotations

import ipaddress

from geodata.security.networks import Networks


def network_of(address: str) -> str:
    """What counts as one place: an IPv4 address, also one written as IPv6, or the first 64 bits of an IPv6 address."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address  # no address: a session that changes its password
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def as_written(address: str) -> str:
    """An IPv4 address as people and settings write it, where a socket for both families gives it as IPv6."""
    return network_of(address) if address.startswith("::ffff:") else address


class NotVisitors:
    """Addresses behind which everybody may stand: this machine's, with its proxy and its monitor, and ``proxies``."""

    def __init__(self, proxies: Networks | None = None) -> None:
        self._proxies = proxies or Networks()

    def __contains__(self, address: object) -> bool:
        """Whether ``address`` is one of them; what is no address (a socket in the file system) is."""
        if address == "127.0.0.1":
            return True
        try:
            parsed = ipaddress.ip_address(str(address).partition("%")[0])
        except ValueError:
            return True
        if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
            parsed = parsed.ipv4_mapped
        return parsed.is_loopback or str(parsed) in self._proxies


LOOPBACK = NotVisitors()
