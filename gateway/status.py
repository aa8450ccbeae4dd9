"""Status bytes to what a device, or its last will, says of itself."""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.lenient import Fields, parse_object, refuse_unknown_fields
from gateway.payload import BOOT_LENGTH
from gateway.reasons import Reason, refuse, show
from gateway.redaction import is_address
from geodata.store.flush import Refusal, StatusReport

_FIELDS = ("state", "boot", "firmware", "interval_s", "time")
_STATES = ("online", "offline")
_FIRMWARE_LENGTH = 64
_LONGEST_INTERVAL_S = 31 * 86_400


@dataclass(slots=True)
class Status:
    """The report, None where the state itself is no good, and what of the message cannot be kept."""

    report: StatusReport | None = None
    refusals: list[Refusal] = field(default_factory=list[Refusal])


def decode_status(payload: bytes, received_us: int) -> Status:
    """Read a status message; an empty one is how a retained status is cleared, and says nothing."""
    if not payload:
        return Status()
    parsed = parse_object(payload)
    message, refusals = parsed.fields, parsed.refusals
    if message is None:
        return Status(refusals=refusals)
    state = message.get("state")
    if state not in _STATES:
        refuse(refusals, Reason.STATE, value=show(state) if "state" in message else "missing")
        refuse_unknown_fields(refusals, message, _FIELDS)
        return Status(refusals=refusals)
    interval_s = message.get("interval_s")
    if interval_s is not None and not _is_interval(interval_s):
        expected = f"an integer of seconds from 1 to {_LONGEST_INTERVAL_S}"
        refuse(refusals, Reason.STATUS_FIELD, name="interval_s", value=show(interval_s), expected=expected)
        interval_s = None
    time = message.get("time")
    if time is not None and (isinstance(time, bool) or not isinstance(time, str | int)):
        refuse(refusals, Reason.STATUS_FIELD, name="time", value=show(time), expected="a text or an integer")
    report = StatusReport(
        state=str(state),
        received_us=received_us,
        boot=_text(message, "boot", BOOT_LENGTH, refusals),
        firmware=_text(message, "firmware", _FIRMWARE_LENGTH, refusals),
        interval_s=interval_s if isinstance(interval_s, int) else None,
    )
    refuse_unknown_fields(refusals, message, _FIELDS)
    return Status(report, refusals)


def _text(message: Fields, name: str, length: int, refusals: list[Refusal]) -> str:
    value = message.get(name)
    if value is None:
        return ""
    if is_address(name, value):
        refuse(refusals, Reason.ADDRESS, name=name)
        return ""
    if isinstance(value, str) and len(value) <= length and (value.isprintable() or not value):
        return value
    expected = f"a text of at most {length} printable characters"
    refuse(refusals, Reason.STATUS_FIELD, name=name, value=show(value), expected=expected)
    return ""


def _is_interval(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _LONGEST_INTERVAL_S
