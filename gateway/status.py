"""Status bytes to what a device, or its last will, says of itself."""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.lenient import Fields, extra_addresses, parse_object
from gateway.payload import BOOT_LENGTH, Refusal, refuse_message, refuse_part
from gateway.reasons import Reason, show
from geodata.store.flush import StatusReport

_FIELDS = frozenset({"state", "boot", "firmware", "interval_s", "time"})
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
    message = parse_object(payload)
    if isinstance(message, Refusal):
        return Status(refusals=[message])
    state = message.get("state")
    if state not in _STATES:
        return Status(refusals=[refuse_message(Reason.STATE, payload, value=show(state))])
    refusals = extra_addresses(message, _FIELDS, {"state": state})
    interval_s = message.get("interval_s")
    if interval_s is not None and not _is_interval(interval_s):
        expected = f"an integer of seconds from 1 to {_LONGEST_INTERVAL_S}"
        refusals.append(_refuse_field(message, "interval_s", expected))
        interval_s = None
    report = StatusReport(
        state=str(state),
        received_us=received_us,
        boot=_text(message, "boot", BOOT_LENGTH, refusals),
        firmware=_text(message, "firmware", _FIRMWARE_LENGTH, refusals),
        interval_s=interval_s if isinstance(interval_s, int) else None,
    )
    return Status(report, refusals)


def _text(message: Fields, name: str, length: int, refusals: list[Refusal]) -> str:
    value = message.get(name)
    if value is None:
        return ""
    if isinstance(value, str) and len(value) <= length and (value.isprintable() or not value):
        return value
    refusals.append(_refuse_field(message, name, f"a text of at most {length} printable characters"))
    return ""


def _is_interval(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _LONGEST_INTERVAL_S


def _refuse_field(message: Fields, name: str, expected: str) -> Refusal:
    field_alone = {"state": message["state"], name: message[name]}
    return refuse_part(Reason.STATUS_FIELD, field_alone, name=name, value=show(message[name]), expected=expected)
