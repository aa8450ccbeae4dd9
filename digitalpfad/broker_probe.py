"""Questions to a broker, each under a client id of its own: no session that stays is touched or made."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from gateway.broker import Broker
from gateway.clean_connect import connect_once

_SYS = "$SYS/broker/"
_DISCONNECTED = f"{_SYS}clients/disconnected"
_STORED, _BYTES = f"{_SYS}store/messages/count", f"{_SYS}store/messages/bytes"
_RETAINED = f"{_SYS}retained messages/count"


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums that mosquitto tells: sessions that are not connected, messages that it keeps and their bytes."""

    disconnected: int
    stored: int
    retained: int
    bytes: int

    @property
    def waiting(self) -> int:
        """Messages that wait for somebody; retained ones are kept without."""
        return max(0, self.stored - self.retained)

    @property
    def sentence(self) -> str:
        """What they say."""
        return (
            f"{self.waiting} messages wait, {self.disconnected} sessions are not connected"
            f" ({self.bytes / 1e6:.1f} MB with {self.retained} retained messages)"
        )


def probe(broker: Broker, timeout_s: float = 5) -> None:
    """Connect and leave; raise BrokerRefused with the reason."""
    connect_once(broker, _client_id(), timeout_s=timeout_s)


def figures(broker: Broker) -> Figures | None:
    """What mosquitto says of its sessions; None of another broker, or where our login may not read `$SYS`."""
    wanted = [_DISCONNECTED, _STORED, _RETAINED, _BYTES]
    heard = connect_once(broker, _client_id(), wanted=wanted)
    try:
        return Figures(*(int(heard[topic]) for topic in wanted))
    except (KeyError, ValueError):
        return None


def _client_id() -> str:
    return f"digitalpfad-doctor-{secrets.token_hex(8)}"
