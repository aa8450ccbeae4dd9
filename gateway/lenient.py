"""Messages with a fault: keep each part that is good, refuse each that is not, say why.

Reads with the standard library's json, which takes NaN and Infinity and so lets the rest of such a message live.
"""

from __future__ import annotations

import json
import math
from typing import cast

from gateway.addresses import is_address
from gateway.payload import (
    BOOT_LENGTH,
    MAX_SEQ,
    Reading,
    Refusal,
    Telemetry,
    part,
    refuse_message,
    refuse_part,
)
from gateway.reasons import Reason, show

MAX_DEPTH = 8
LARGEST = 1e308
"""The store keeps results up to here; beyond it sums overflow."""

_TELEMETRY_FIELDS = frozenset({"boot", "seq", "time", "values", "oldest", "readings"})
_READING_FIELDS = frozenset({"seq", "time", "values"})

Fields = dict[str, object]


def parse_object(payload: bytes) -> Fields | Refusal:
    """The JSON object that ``payload`` spells, or why it is none."""
    try:
        text = payload.decode()
    except UnicodeDecodeError as error:
        return refuse_message(Reason.NOT_UTF8, payload, value=f"byte {error.start} is {payload[error.start]:#04x}")
    try:
        message: object = json.loads(text, parse_int=_integer)
    except RecursionError:
        return refuse_message(Reason.TOO_DEEP, payload, expected=str(MAX_DEPTH))
    except ValueError as error:
        return refuse_message(Reason.NOT_JSON, payload, value=str(error))
    if not isinstance(message, dict):
        return refuse_message(Reason.NOT_AN_OBJECT, payload, value=_kind(message))
    fields = cast("Fields", message)
    if _deeper_than(fields, MAX_DEPTH):
        return refuse_message(Reason.TOO_DEEP, payload, expected=str(MAX_DEPTH))
    return fields


def decode(payload: bytes) -> Telemetry:
    """Read a telemetry message part by part."""
    message = parse_object(payload)
    if isinstance(message, Refusal):
        return Telemetry(refusals=[message])
    return _Reader(message).read()


def extra_addresses(fields: Fields, known: frozenset[str], identity: Fields) -> list[Refusal]:
    """Refusals for fields beyond the contract that are addresses; any other such field is simply not read."""
    return [
        refuse_part(Reason.ADDRESS, identity | {name: value}, name=show(name))
        for name, value in fields.items()
        if name not in known and is_address(name, value)
    ]


class _Reader:
    """Takes one message apart."""

    def __init__(self, message: Fields) -> None:
        self._message = message
        self._sent_boot = message.get("boot")
        self._out = Telemetry()

    def read(self) -> Telemetry:
        message, out = self._message, self._out
        self._boot()
        self._oldest()
        identity = part(self._sent_boot, message.get("seq"), message.get("time"))
        out.refusals += extra_addresses(message, _TELEMETRY_FIELDS, identity)
        if message.get("readings") is None or not _READING_FIELDS.isdisjoint(message):
            self._reading(message)
        if message.get("readings") is not None:
            self._readings(message["readings"])
        return out

    def _boot(self) -> None:
        boot = self._sent_boot
        if boot is None:
            return
        if isinstance(boot, str) and 1 <= len(boot) <= BOOT_LENGTH and boot.isprintable():
            self._out.boot = boot

    def _oldest(self) -> None:
        oldest = self._message.get("oldest")
        if _is_seq(oldest):
            self._out.oldest = cast("int", oldest)
        elif oldest is not None:
            message = part(self._sent_boot, None, None, oldest=oldest)
            self._refuse(Reason.OLDEST, message, value=show(oldest))

    def _readings(self, readings: object) -> None:
        if not isinstance(readings, list):
            message = part(self._sent_boot, None, None, readings=readings)
            expected = "a list of objects with seq, time and values"
            return self._refuse(Reason.READINGS, message, name="readings", value=show(readings), expected=expected)
        for number, reading in enumerate(cast("list[object]", readings)):
            if isinstance(reading, dict):
                fields = cast("Fields", reading)
                identity = part(self._sent_boot, fields.get("seq"), fields.get("time"))
                self._out.refusals += extra_addresses(fields, _READING_FIELDS, identity)
                self._reading(fields)
                continue
            message = part(self._sent_boot, None, None, readings=[reading])
            name, expected = f"reading {number}", "an object with seq, time and values"
            self._refuse(Reason.READINGS, message, name=name, value=show(reading), expected=expected)
        return None

    def _reading(self, fields: Fields) -> None:
        """Judge identity first: a reading without one is refused whole."""
        seq, time, values = fields.get("seq"), fields.get("time"), fields.get("values")
        whole = part(self._sent_boot, seq, time, values=values)
        fault = self._identity_fault(seq)
        if time is not None and not _is_time(time):
            self._refuse(Reason.TIME, whole, value=show(time))
            return self._keep(seq, None, {})
        if time is None and fault is not None:
            return self._refuse(fault[0], whole, value=fault[1])
        if fault is not None and fault[0] is not Reason.NO_IDENTITY:  # the time alone identifies the values
            self._refuse(fault[0], part(self._sent_boot, seq, time, values={}), value=fault[1])
        if not isinstance(values, dict):
            self._refuse(Reason.NO_VALUES, whole, value=show(values))
            return self._keep(seq, time, {})
        return self._keep(seq, time, self._values(cast("Fields", values), seq, time))

    def _identity_fault(self, seq: object) -> tuple[Reason, str] | None:
        """Why boot and seq do not identify the reading, with the value to show."""
        if self._sent_boot is not None and self._out.boot is None:
            return Reason.BOOT, show(self._sent_boot)
        if seq is not None and not _is_seq(seq):
            return Reason.SEQ, show(seq)
        missing = [name for name, value in (("boot", self._sent_boot), ("seq", seq)) if value is None]
        return (Reason.NO_IDENTITY, " and ".join(missing)) if missing else None

    def _keep(self, seq: object, time: object, values: dict[str, float | None]) -> None:
        """Keep what is good; a reading that lost all its values still settles its sequence number."""
        kept_seq = cast("int", seq) if _is_seq(seq) else None
        if values or (kept_seq is not None and self._out.boot is not None):
            self._out.readings.append(Reading(values, kept_seq, cast("str | int | None", time)))

    def _values(self, values: Fields, seq: object, time: object) -> dict[str, float | None]:
        kept: dict[str, float | None] = {}
        for name, value in values.items():
            message = part(self._sent_boot, seq, time, values={name: value})
            if is_address(name, value):
                self._refuse(Reason.ADDRESS, message, name=show(name))
            elif value is None:
                kept[name] = None
            elif isinstance(value, bool) or not isinstance(value, int | float):
                self._refuse(Reason.NOT_A_NUMBER, message, name=show(name), value=show(value))
            elif not math.isfinite(value) or abs(value) > LARGEST:
                self._refuse(Reason.NOT_FINITE, message, name=show(name), value=show(value))
            else:
                kept[name] = float(value)
        return kept

    def _refuse(self, reason: Reason, message: Fields, *, name: str = "", value: str = "", expected: str = "") -> None:
        self._out.refusals.append(refuse_part(reason, message, name=name, value=value, expected=expected))


def _integer(digits: str) -> int | float:
    """An integer, or a float where Python would refuse or crawl."""
    return int(digits) if len(digits) <= 30 else float(digits)


def _is_seq(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_SEQ


def _is_time(value: object) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


def _kind(value: object) -> str:
    if isinstance(value, list):
        return "an array"
    return "a text" if isinstance(value, str) else show(value)


def _deeper_than(value: object, depth: int) -> bool:
    level: list[object] = [value]
    for _ in range(depth):
        level = [
            child
            for item in level
            if isinstance(item, dict | list)
            for child in (cast("Fields", item).values() if isinstance(item, dict) else cast("list[object]", item))
        ]
    return any(isinstance(item, dict | list) for item in level)
