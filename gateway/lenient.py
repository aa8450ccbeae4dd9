"""Messages with a fault: read each part that is good, refuse each that is not, say why.

Reads with the standard library's json, which takes NaN and Infinity and so lets the rest of such a message live.
Whatever is refused or not read here, the caller keeps the message whole.
"""

from __future__ import annotations

import difflib
import json
import math
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import cast

from gateway.payload import BOOT_LENGTH, MAX_SEQ, Reading, Telemetry
from gateway.reasons import Reason, refuse, show
from gateway.redaction import REDACTED, is_address
from geodata.store.flush import Refusal

MAX_DEPTH = 8
LARGEST = 1e308
"""The store keeps results up to here; beyond it sums overflow."""

_TELEMETRY_FIELDS = ("boot", "seq", "time", "values", "oldest", "readings")
_READING_FIELDS = ("seq", "time", "values")
_OTHER_NAMES = {
    "time": ("ts", "timestamp", "datetime", "date", "at"),
    "values": ("data", "fields", "measurements", "payload", "object", "decodedpayload"),
    "seq": ("sequence", "counter", "fcnt", "number"),
    "boot": ("bootid", "session"),
    "readings": ("samples", "records", "batch"),
}
"""What other systems call the same."""
_NAMED = 5  # unknown fields in one sentence

Fields = dict[str, object]


@dataclass(slots=True)
class Parsed:
    """A JSON object, None where the bytes spell none, and what was refused on the way."""

    fields: Fields | None = None
    refusals: list[Refusal] = field(default_factory=list[Refusal])


def parse_object(payload: bytes) -> Parsed:
    """The JSON object that ``payload`` spells, or why it is none. Of a name that occurs twice the last counts."""
    parsed, repeated = Parsed(), dict[str, None]()

    def unite(pairs: list[tuple[str, object]]) -> Fields:
        fields = dict(pairs)
        if len(fields) < len(pairs):
            counts = Counter(name for name, _ in pairs)
            repeated.update((name, None) for name, count in counts.items() if count > 1)
        return fields

    try:
        message: object = json.loads(payload.decode(), parse_int=_integer, object_pairs_hook=unite)
    except UnicodeDecodeError as error:
        refuse(parsed.refusals, Reason.NOT_UTF8, value=f"byte {error.start} is {payload[error.start]:#04x}")
    except RecursionError:
        refuse(parsed.refusals, Reason.TOO_DEEP, expected=str(MAX_DEPTH))
    except ValueError as error:
        refuse(parsed.refusals, Reason.NOT_JSON, value=str(error))
    else:
        if not isinstance(message, dict):
            refuse(parsed.refusals, Reason.NOT_AN_OBJECT, value=_kind(message))
        elif _deeper_than(cast("Fields", message), MAX_DEPTH):
            refuse(parsed.refusals, Reason.TOO_DEEP, expected=str(MAX_DEPTH))
        else:
            parsed.fields = cast("Fields", message)
            for name in repeated:
                refuse(parsed.refusals, Reason.REPEATED_FIELD, name=show(name))
    return parsed


def decode(payload: bytes) -> Telemetry:
    """Read a telemetry message part by part."""
    parsed = parse_object(payload)
    if parsed.fields is None:
        return Telemetry(refusals=parsed.refusals)
    return _Reader(parsed.fields, parsed.refusals).read()


def refuse_unknown_fields(refusals: list[Refusal], fields: Fields, known: Collection[str], where: str = "") -> None:
    """Refuse what the contract does not know: each address as such, all others of the object as one part."""
    others: list[str] = []
    for name, value in fields.items():
        if name in known:
            continue
        if is_address(name, value):
            refuse(refusals, Reason.ADDRESS, where, name=show(name))
        else:
            others.append(name)
    if others:
        more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
        meant = [f"{near} for {show(name)}" for name in others[:_NAMED] if (near := _meant(name, known))]
        expected = f" (did you mean {', '.join(meant)}?)" if meant else ""
        refuse(
            refusals,
            Reason.UNKNOWN_FIELD,
            where,
            name=", ".join(map(show, others[:_NAMED])) + more,
            expected=expected,
        )


class _Reader:
    """Takes one message apart."""

    def __init__(self, message: Fields, refusals: list[Refusal]) -> None:
        self._message = message
        self._sent_boot = message.get("boot")
        self._out = Telemetry(refusals=refusals)

    def read(self) -> Telemetry:
        message, out = self._message, self._out
        self._boot()
        self._oldest()
        readings = message.get("readings")
        if readings is None or any(message.get(name) is not None for name in _READING_FIELDS):
            self._reading(message, _place(message))
        elif readings == []:
            self._refuse(Reason.READINGS, name="readings", value="empty", expected="at least one reading")
        if readings is not None:
            self._readings(readings)
        refuse_unknown_fields(out.refusals, message, _TELEMETRY_FIELDS)
        return out

    def _boot(self) -> None:
        boot = self._sent_boot
        if isinstance(boot, str) and 1 <= len(boot) <= BOOT_LENGTH and boot.isprintable() and REDACTED not in boot:
            self._out.boot = boot

    def _oldest(self) -> None:
        oldest = self._message.get("oldest")
        if _is_seq(oldest):
            self._out.oldest = cast("int", oldest)
        elif oldest is not None:
            self._refuse(Reason.OLDEST, value=show(oldest))

    def _readings(self, readings: object) -> None:
        if not isinstance(readings, list):
            expected = "a list of objects with seq, time and values"
            return self._refuse(Reason.READINGS, name="readings", value=show(readings), expected=expected)
        for number, reading in enumerate(cast("list[object]", readings)):
            if isinstance(reading, dict):
                fields = cast("Fields", reading)
                place = _place(fields) or f"readings[{number}]"
                self._reading(fields, place)
                refuse_unknown_fields(self._out.refusals, fields, _READING_FIELDS, place)
                continue
            name, expected = f"reading {number}", "an object with seq, time and values"
            self._refuse(Reason.READINGS, f"readings[{number}]", name=name, value=show(reading), expected=expected)
        return None

    def _reading(self, fields: Fields, place: str) -> None:
        """Judge identity first: a reading without one is refused whole."""
        seq, time, values = fields.get("seq"), fields.get("time"), fields.get("values")
        fault = self._identity_fault(seq)
        if time is not None and not _is_time(time):
            self._refuse(Reason.TIME, place, value=show(time))
            return self._keep(seq, None, {})
        if time is None and fault is not None:
            return self._refuse(fault[0], place, value=fault[1])
        if fault is not None and fault[0] is not Reason.NO_IDENTITY:  # the time alone identifies the values
            self._refuse(fault[0], place, value=fault[1])
        if not isinstance(values, dict) or (not values and fault is not None):
            value = show(cast("object", values)) if "values" in fields else "missing"
            self._refuse(Reason.NO_VALUES, place, value=value, expected=_misnamed(fields))
            return self._keep(seq, time, {})
        return self._keep(seq, time, self._values(cast("Fields", values), place))

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

    def _values(self, values: Fields, place: str) -> dict[str, float | None]:
        kept: dict[str, float | None] = {}
        for name, value in values.items():
            if is_address(name, value):
                self._refuse(Reason.ADDRESS, place, name=show(name))
            elif value is None:
                kept[name] = None
            elif isinstance(value, bool) or not isinstance(value, int | float):
                self._refuse(Reason.NOT_A_NUMBER, place, name=show(name), value=show(value))
            elif not math.isfinite(value) or abs(value) > LARGEST:
                self._refuse(Reason.NOT_FINITE, place, name=show(name), value=show(value))
            else:
                kept[name] = float(value)
        return kept

    def _refuse(self, reason: Reason, place: str = "", *, name: str = "", value: str = "", expected: str = "") -> None:
        refuse(self._out.refusals, reason, place, name=name, value=value, expected=expected)


def place_of(seq: object, time: object) -> str:
    """How a reading is named to its device's maker: by its number, else by its time; empty where it has neither."""
    if seq is not None:
        return f"seq {show(seq)}"
    return "" if time is None else f"time {show(time)}"


def _place(fields: Fields) -> str:
    return place_of(fields.get("seq"), fields.get("time"))


def _misnamed(fields: Fields) -> str:
    """A hint where ``values`` is missing and another field looks like it."""
    if "values" not in fields:
        for name, value in fields.items():
            if name not in _TELEMETRY_FIELDS and isinstance(value, dict) and _meant(name, ["values"]):
                return f": rename {show(name)} to values"
    return ""


def _meant(name: str, known: Collection[str]) -> str | None:
    """The field of the contract that ``name`` is nearly, or that other systems call so."""
    letters = "".join(letter for letter in name[:_LONGEST_NAME].lower() if letter.isalnum())
    for field_name in known:
        if letters in _OTHER_NAMES.get(field_name, ()):
            return field_name
    near = difflib.get_close_matches(letters, known, n=1, cutoff=0.7)
    return near[0] if near and near[0] != name else None


_LONGEST_NAME = 40  # characters that are compared: beyond them nothing is nearly a name of the contract


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
