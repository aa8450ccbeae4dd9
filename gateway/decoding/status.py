"""Status bytes to what a device, or its last will, says of itself."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import cast

from gateway.decoding.json_object import parse_object, refuse_unknown_fields
from gateway.decoding.meant import Fields
from gateway.decoding.payload import BOOT_LENGTH
from gateway.decoding.reasons import Reason, refuse, show
from gateway.decoding.written import unquoted, whole
from gateway.redaction import is_address
from geodata.model.device import LONGEST_INTERVAL_S
from geodata.store.ingest.flush import Refusal, StatusReport

_FIELDS = ("state", "boot", "firmware", "interval_s", "time")
_STATES = ("online", "offline")
_FIRMWARE_LENGTH = 64
_LONGEST_WORD = 32


@dataclass(slots=True)
class Status:
    """The report, None where the state itself is no good, and what of the message cannot be kept.

    ``device`` is the registered name of who sent it, where the topic does not tell.
    """

    report: StatusReport | None = None
    refusals: list[Refusal] = field(default_factory=list[Refusal])
    device: str = ""


def decode_status(payload: bytes, received_us: int) -> Status:
    """Read a status message; an empty one is how a retained status is cleared, and says nothing."""
    if not payload:
        return Status()
    word = _bare_word(payload)
    if word:
        refusals = list[Refusal]()
        refuse(refusals, Reason.NOT_JSON, value=f"it is the word {show(word)}", expected=_instead(word))
        return Status(refusals=refusals)
    parsed = parse_object(payload)
    message, refusals = parsed.fields, parsed.refusals
    if message is None:
        return Status(refusals=refusals)
    state = message.get("state")
    if state not in _STATES:
        value = show(state) if "state" in message else "missing"
        refuse(refusals, Reason.STATE, value=value, expected=_lower_case(state))
    report = StatusReport(
        state=str(state),
        received_us=received_us,
        interval_s=_interval(message, refusals),
        boot=_text(message, "boot", BOOT_LENGTH, refusals),
        firmware=_text(message, "firmware", _FIRMWARE_LENGTH, refusals),
    )
    time = whole(message.get("time"))
    if time is not None and (isinstance(time, bool) or not isinstance(time, str | int)):
        refuse(refusals, Reason.STATUS_FIELD, name="time", value=show(time), expected="a text or an integer")
    refuse_unknown_fields(refusals, message, _FIELDS)
    return Status(None if parsed.broken or state not in _STATES else report, refusals)


def bounded(report: StatusReport, refusals: list[Refusal]) -> StatusReport:
    """``report`` as another format tells it, without what goes beyond the bounds of this one."""
    told: Fields = {"boot": report.boot, "firmware": report.firmware, "interval_s": report.interval_s}
    return replace(
        report,
        interval_s=_interval(told, refusals),
        boot=_text(told, "boot", BOOT_LENGTH, refusals),
        firmware=_text(told, "firmware", _FIRMWARE_LENGTH, refusals),
    )


def _bare_word(payload: bytes) -> str:
    """The state, where the message is nothing else: many clients leave such a last will."""
    word = payload[:_LONGEST_WORD].strip(b" \t\r\n\0\"'").decode("ascii", errors="replace")
    return word if word.lower() in _STATES else ""


def _instead(word: str) -> str:
    return f'Send {{"state": "{word.lower()}"}}, retained, and leave {{"state": "offline"}} as last will.'


def _lower_case(state: object) -> str:
    is_state = isinstance(state, str) and state.strip().lower() in _STATES
    return f" Write {str(state).strip().lower()} in lower case." if is_state else ""


def _interval(message: Fields, refusals: list[Refusal]) -> int | None:
    interval_s = whole(message.get("interval_s"))
    if interval_s is None or _is_interval(interval_s):
        return cast("int | None", interval_s)
    zero = " Leave it out where the device has no rhythm." if interval_s == 0 else ""
    hint = (unquoted(interval_s) or zero).rstrip(".")
    hint = f".{hint}" if hint else ""
    expected = f"an integer of seconds from 1 to {LONGEST_INTERVAL_S}{hint}"
    refuse(refusals, Reason.STATUS_FIELD, name="interval_s", value=show(interval_s), expected=expected)
    return None


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
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= LONGEST_INTERVAL_S
