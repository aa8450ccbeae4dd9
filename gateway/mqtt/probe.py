"""Questions to a broker, each under its own client id: no session that stays is touched or made."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from gateway.mqtt.clean_connect import BrokerRefused, are_client_ids_bound, connect_once
from gateway.mqtt.config import Broker
from geodata.messages.message import message

_SYS = "$SYS/broker/"
_DISCONNECTED, _TOTAL, _CONNECTED = (f"{_SYS}clients/{name}" for name in ("disconnected", "total", "connected"))
_STORED, _BYTES = f"{_SYS}store/messages/count", f"{_SYS}store/messages/bytes"
_RETAINED = f"{_SYS}retained messages/count"
_UPTIME = f"{_SYS}uptime"
_WANTED = (_DISCONNECTED, _TOTAL, _CONNECTED, _STORED, _RETAINED, _BYTES, _UPTIME)
_INTERVAL_S = 12.0  # mosquitto writes them every 10 s by default


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums that mosquitto tells: sessions that are not connected, messages that it keeps and their bytes."""

    disconnected: int
    stored: int
    retained: int | None = None
    bytes: int | None = None

    @classmethod
    def of(cls, heard: Mapping[str, bytes]) -> Figures | None:
        """From the values below `$SYS` that were heard; None where it is not known how much waits for how many."""
        values = {topic: int(value) for topic, value in heard.items() if value.isdigit()}
        disconnected = values.get(_DISCONNECTED)
        if disconnected is None and _TOTAL in values and _CONNECTED in values:
            disconnected = values[_TOTAL] - values[_CONNECTED]
        if disconnected is None or _STORED not in values:
            return None
        return cls(disconnected, values[_STORED], values.get(_RETAINED), values.get(_BYTES))

    @property
    def waiting(self) -> int:
        """Messages that wait for somebody; retained ones, where their number is known, are kept without."""
        return max(0, self.stored - (self.retained or 0))

    @property
    def sentence(self) -> str:
        """What they say."""
        size = "" if self.bytes is None else f"{self.bytes / 1e6:.1f} MB with "
        retained = "an unknown number of" if self.retained is None else self.retained
        most = "at most " if self.retained is None else ""
        return (
            f"{most}{self.waiting} messages wait, {self.disconnected} sessions are not connected"
            f" ({size}{retained} retained messages)"
        )


def probe(broker: Broker, timeout_s: float = 5) -> None:
    """Connect and leave; raise BrokerRefused with the reason."""
    connect_once(broker, _client_id(), timeout_s=timeout_s)


def client_ids(broker: Broker) -> str:
    """A sentence on whether a device can take the gateway's client id, as far as the gateway's login can see it.

    Raises BrokerRefused where all of a login's connections are one: then this visit has ended the gateway's too.
    """
    if are_client_ids_bound(broker, _client_id(), _client_id()):
        raise BrokerRefused(
            message(
                "where the gateway connects, the broker takes all connections of a login for one: gateways of several"
                " partitions and {action[doctor]} throw each other out"
            )
        )
    return "the gateway has its own; only your broker's configuration tells whether devices' are bound to their logins"


def figures(broker: Broker) -> Figures | None:
    """What mosquitto says of its sessions; None of another broker, or where our login may not read `$SYS`.

    mosquitto drops a value that has not changed for a minute. This visit itself changes how many clients there are: so
    where something is missing, it stays until the next time the values are written.
    """
    heard = connect_once(broker, _client_id(), wanted=_WANTED)
    reported = Figures.of(heard)
    if reported is None and _UPTIME in heard:
        reported = Figures.of(heard | connect_once(broker, _client_id(), wanted=_WANTED, listen_s=_INTERVAL_S))
    return reported


def _client_id() -> str:
    return f"digitalpfad-doctor-{secrets.token_hex(8)}"
