"""Messages with a fault: read each part that is good, refuse each that is not, say why.

Reads with the standard library's json, which takes NaN and Infinity and so lets the rest of such a message live.
Whatever is refused or not read here, the caller keeps the message whole.
"""

from __future__ import annotations

import math
from typing import cast

from gateway.decoding.json_object import parse_object, refuse_unknown_fields
from gateway.decoding.meant import TELEMETRY_FIELDS, Fields, meant_time, meant_values
from gateway.decoding.payload import LARGEST, Reading, Telemetry, is_boot
from gateway.decoding.reasons import Reason, is_full, may_hint, refuse, show
from gateway.decoding.timestamps import hint_for
from gateway.decoding.written import is_nan, is_seq, is_time, missing_identity, place_of, unquoted, whole
from gateway.redaction import is_address
from geodata.store.ingest.flush import Refusal, count

_READING_FIELDS = ("seq", "time", "values")


def decode(payload: bytes) -> Telemetry:
    """Read a telemetry message part by part."""
    parsed = parse_object(payload)
    if parsed.fields is None:
        return Telemetry(refusals=parsed.refusals)
    telemetry = _LenientReader(parsed.fields, parsed.refusals, private=parsed.private).read()
    if parsed.broken:
        meant_readings = [*telemetry.supposed, *telemetry.readings]
        return Telemetry(supposed=meant_readings, refusals=telemetry.refusals)
    return telemetry


class _LenientReader:
    """Takes one message apart."""

    def __init__(self, message: Fields, refusals: list[Refusal], *, private: bool) -> None:
        self._message = message
        self._private = private
        self._sent_boot = message.get("boot")
        self._supposed: list[Reading] = []
        self._moved: list[str] = []  # fields already told to belong into values
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
        refuse_unknown_fields(out.refusals, message, TELEMETRY_FIELDS, told_already=self._moved)
        out.supposed = self._supposed
        return out

    def _boot(self) -> None:
        boot = self._sent_boot
        if is_boot(boot):
            self._out.boot = boot

    def _oldest(self) -> None:
        oldest = whole(self._message.get("oldest"))
        if is_seq(oldest):
            self._out.oldest = cast("int", oldest)
        elif oldest is not None:
            self._refuse(Reason.OLDEST, value=show(oldest))

    def _readings(self, readings: object) -> None:
        if not isinstance(readings, list):
            expected = "a list of objects with seq, time and values"
            return self._refuse(Reason.READINGS, name="readings", value=show(readings), expected=expected)
        for number, reading in enumerate(cast("list[object]", readings)):
            if is_full(self._out.refusals) and self._counted(reading):
                continue
            if isinstance(reading, dict):
                fields = cast("Fields", reading)
                place = _place(fields) or f"readings[{number}]"
                self._moved = []
                self._reading(fields, place)
                refuse_unknown_fields(self._out.refusals, fields, _READING_FIELDS, place, told_already=self._moved)
                continue
            name, expected = f"reading {number}", "an object with seq, time and values"
            self._refuse(Reason.READINGS, f"readings[{number}]", name=name, value=show(reading), expected=expected)
        return None

    def _counted(self, reading: object) -> bool:
        """Count a reading of a message that is full, where nothing identifies it."""
        if not isinstance(reading, dict):
            reason = Reason.READINGS
        else:
            fields = cast("Fields", reading)
            seq = whole(fields.get("seq"))
            if fields.get("time") is not None or (self._out.boot is not None and is_seq(seq)):
                return False
            reason = self._unidentified(seq)
        count(self._out.refusals, reason, 1)
        return True

    def _reading(self, fields: Fields, place: str) -> None:
        """Validate identity first: a reading without one is refused whole."""
        # The order decides what is kept: a time that is none spoils the values, which would get another, but not the
        # number, whose repetition nobody needs. Values count only after something identifies the reading.
        seq, time, values = whole(fields.get("seq")), whole(fields.get("time")), fields.get("values")
        fault = self._identity_fault(seq)
        if time is not None and not is_time(time):
            self._refuse(Reason.TIME, place, value=show(time), expected=hint_for(time))
            self._suppose(fields, place, None)
            return self._keep(seq, None, {})
        if time is None and fault is not None:
            self._refuse(fault[0], place, value=fault[1], expected=fault[2])
            return self._suppose(fields, place, meant_time(fields))
        if fault is not None and fault[0] is not Reason.NO_IDENTITY:  # the time alone identifies the values
            self._refuse(fault[0], place, value=fault[1], expected=fault[2])
        if not isinstance(values, dict):
            self._suppose(fields, place, time, always=True)
        elif not values and fault is not None:
            self._refuse(Reason.NO_VALUES, place, value=show(cast("object", values)))
        else:
            return self._keep(seq, time, self._values(cast("Fields", values), place))
        return self._keep(seq, time, {})

    def _suppose(self, fields: Fields, place: str, time: object, *, always: bool = False) -> None:
        """Tell what else is wrong with a reading that cannot be kept, as its fields were meant.

        Where ``values`` is missing it says so if others stand for it, or ``always``.
        """
        if not always and not may_hint(self._out.refusals):
            return
        values = fields.get("values")
        if not isinstance(values, dict):
            supposed = meant_values(fields) if "values" not in fields and may_hint(self._out.refusals) else None
            if always or (supposed and supposed.names):
                value = show(values) if "values" in fields else "missing"
                self._refuse(Reason.NO_VALUES, place, value=value, expected=supposed.hint if supposed else "")
            self._moved = supposed.names if supposed else []
            values = supposed.values if supposed else {}
        accepted = self._values(cast("Fields", values), place)
        moment = whole(time)
        if accepted or moment is not None:
            told_time = cast("str | int", moment) if is_time(moment) else None
            self._supposed.append(Reading(accepted, None, told_time))

    def _identity_fault(self, seq: object) -> tuple[Reason, str, str] | None:
        """Why boot and seq do not identify the reading, with the value to show and a hint."""
        reason = self._unidentified(seq)
        if reason is Reason.BOOT:
            is_number = isinstance(self._sent_boot, int) and not isinstance(self._sent_boot, bool)
            return Reason.BOOT, show(self._sent_boot), " Put it in quotes." if is_number else ""
        if reason is Reason.SEQ:
            return Reason.SEQ, show(seq), unquoted(seq)
        missing = missing_identity(self._sent_boot, seq)
        return (Reason.NO_IDENTITY, missing, "") if missing else None

    def _unidentified(self, seq: object) -> Reason:
        """Why boot and seq do not identify a reading, or NO_IDENTITY where one of them is missing."""
        if self._sent_boot is not None and self._out.boot is None:
            return Reason.BOOT
        return Reason.SEQ if seq is not None and not is_seq(seq) else Reason.NO_IDENTITY

    def _keep(self, seq: object, time: object, values: dict[str, float | None]) -> None:
        """Keep what is good; a reading that lost all its values still counts by its sequence number."""
        kept_seq = cast("int", seq) if is_seq(seq) else None
        if values or (kept_seq is not None and self._out.boot is not None):
            self._out.readings.append(Reading(values, kept_seq, cast("str | int | None", time)))

    def _values(self, values: Fields, place: str) -> dict[str, float | None]:
        accepted: dict[str, float | None] = {}
        for name, value in values.items():
            if self._private and is_address(name, value):
                self._refuse_value(Reason.ADDRESS, place, name, None)
            elif value is None or is_nan(value):
                accepted[name] = None
            elif isinstance(value, bool) or not isinstance(value, int | float):
                self._refuse_value(Reason.NOT_A_NUMBER, place, name, value)
            elif not math.isfinite(value) or abs(value) > LARGEST:
                self._refuse_value(Reason.NOT_FINITE, place, name, value)
            else:
                accepted[name] = float(value)
        return accepted

    def _refuse_value(self, reason: Reason, place: str, name: str, value: object) -> None:
        refusals = self._out.refusals
        if is_full(refusals):
            return count(refusals, reason, 1)
        hint = unquoted(value) if reason is Reason.NOT_A_NUMBER else ""
        return refuse(refusals, reason, place, name=show(name), value=show(value), expected=hint)

    def _refuse(self, reason: Reason, place: str = "", *, name: str = "", value: str = "", expected: str = "") -> None:
        refuse(self._out.refusals, reason, place, name=name, value=value, expected=expected)


def _place(fields: Fields) -> str:
    return place_of(fields.get("seq"), fields.get("time"))
