"""Bytes on the wire: topics, telemetry, status and confirm as the wire contract of Digitalpfad has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import msgspec

PREFIX = "digitalpfad/v1"
MAX_MESSAGE_BYTES = 16 * 1024


@dataclass(frozen=True, slots=True)
class Measurement:
    """What a device measured at one moment: ``time`` in Unix seconds, ``values`` as a JSON object, ready to send."""

    boot: str
    seq: int
    time: int
    values: bytes


@dataclass(frozen=True, slots=True)
class WireMessage:
    """One MQTT message to publish with QoS 1."""

    topic: str
    payload: bytes
    retain: bool = False


class Confirm(msgspec.Struct, frozen=True):
    """The gateway's word that everything of ``boot`` up to and including ``seq`` is kept."""

    boot: str
    seq: int


class _Entry(msgspec.Struct, frozen=True):
    seq: int
    time: int
    values: msgspec.Raw


class _Telemetry(msgspec.Struct, frozen=True, omit_defaults=True):
    boot: str
    seq: int | None = None
    oldest: int = 0
    time: str | None = None
    values: msgspec.Raw | None = None
    readings: list[_Entry] | None = None


class _Status(msgspec.Struct, frozen=True, omit_defaults=True):
    state: Literal["online", "offline"]
    boot: str
    firmware: str
    interval_s: int
    time: str | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """Where one device publishes and listens."""

    trail: str
    device: str

    @property
    def confirm_topic(self) -> str:
        """Where the gateway says what it has kept."""
        return f"{PREFIX}/{self.trail}/{self.device}/command/confirm"

    def telemetry(self, readings: Sequence[Measurement], oldest: int = 0) -> WireMessage:
        """One reading in the single form, several of one boot as a batch.

        ``oldest`` is the lowest seq of this boot that the device still holds; 0, the beginning, goes without saying.
        """
        topic = f"{PREFIX}/{self.trail}/{self.device}/event/telemetry"
        return WireMessage(topic, msgspec.json.encode(_telemetry(readings, oldest)))

    def status(
        self, state: Literal["online", "offline"], boot: str, firmware: str, interval_s: int, time: int | None = None
    ) -> WireMessage:
        """The retained status; the will has no ``time``, since nobody knows when it will be sent."""
        topic = f"{PREFIX}/{self.trail}/{self.device}/event/status"
        status = _Status(state, boot, firmware, interval_s, None if time is None else rfc3339(time))
        return WireMessage(topic, msgspec.json.encode(status), retain=True)


def _telemetry(readings: Sequence[Measurement], oldest: int) -> _Telemetry:
    first = readings[0]
    if len(readings) == 1:
        return _Telemetry(first.boot, first.seq, oldest, rfc3339(first.time), msgspec.Raw(first.values))
    entries = [_Entry(reading.seq, reading.time * 1000, msgspec.Raw(reading.values)) for reading in readings]
    return _Telemetry(first.boot, oldest=oldest, readings=entries)


def encode_values(values: dict[str, float | None]) -> bytes:
    """The values of one reading; None says that the sensor failed."""
    return msgspec.json.encode(values)


def parse_confirm(payload: bytes) -> Confirm:
    """Read a ``command/confirm``; raises ValueError for anything else."""
    return msgspec.json.decode(payload, type=Confirm)


def rfc3339(t: int) -> str:
    """Unix seconds as RFC 3339 in UTC."""
    return datetime.fromtimestamp(t, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
