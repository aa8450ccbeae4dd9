"""Addresses from which something may be asked: networks in a setting, and whether a caller is in them."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from geodata.errors import InvalidInput
from geodata.messages.message import message

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_PRIVATE = "127.0.0.0/8, ::1, 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 169.254.0.0/16, fc00::/7, fe80::/10"

_ONES_OWN = "the addresses of your proxies: with all networks every visitor may write any address"


@dataclass(frozen=True, slots=True)
class Networks:
    """Networks, or with ``everywhere`` all there are."""

    parts: tuple[Network, ...] = ()
    everywhere: bool = False

    def __contains__(self, host: str) -> bool:
        """Whether an address lies in one of them; what is no address (a socket of this machine) lies in none."""
        if self.everywhere:
            return True
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            return False
        return any(address in part for part in self.parts)


EVERYWHERE = Networks(everywhere=True)


def parse(text: str) -> Networks:
    """Read ``all``, ``none``, ``private`` or a list; raise InvalidInput naming the part that is none of them."""
    match text.strip():
        case "all":
            return EVERYWHERE
        case "none":
            return Networks()
        case "private":
            return _list(_PRIVATE)
        case listed:
            return _list(listed)


def proxies(text: str) -> Networks:
    """Read a list of proxies, which may be empty; raise InvalidInput also where it would trust every visitor."""
    networks = _list(text) if text.strip() else Networks()
    for part in networks.parts:
        if part.prefixlen == 0:
            raise InvalidInput("a proxy", str(part), _ONES_OWN)
    return networks


def _list(text: str) -> Networks:
    return Networks(tuple(_network(part.strip()) for part in text.split(",")))


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text)
    except ValueError:
        raise InvalidInput("a network", text, _expected(text)) from None


def _expected(text: str) -> str:
    if text == "*":
        return _ONES_OWN
    try:
        whole = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return "addresses and networks such as 127.0.0.1, 10.0.0.0/8, separated by commas"
    address = text.partition("/")[0]
    return message("{whole} for the whole network, or {one} for one address", whole=str(whole), one=address)
