"""Why something is in quarantine: stable codes, and for each the sentence a device maker reads."""

from __future__ import annotations

from enum import StrEnum
from typing import cast

from gateway.redaction import REDACTED, is_address, redact_text
from geodata.messages.message import cut
from geodata.store.ingest.flush import LISTED, Refusal, add, count


class Reason(StrEnum):
    """Codes kept in the table ``quarantine``; never renamed. The store adds ``conflict``."""

    TOPIC = "topic"
    UNKNOWN_DEVICE = "unknown-device"
    WRONG_TRAIL = "wrong-trail"
    WRONG_DEVICE = "wrong-device"
    TOO_LARGE = "too-large"
    NOT_UTF8 = "not-utf8"
    NOT_JSON = "not-json"
    NOT_AN_OBJECT = "not-an-object"
    TOO_DEEP = "too-deep"
    ADDRESS = "address"
    BOOT = "boot"
    SEQ = "seq"
    OLDEST = "oldest"
    NO_IDENTITY = "no-identity"
    NO_VALUES = "no-values"
    UNKNOWN_FIELD = "unknown-field"
    REPEATED_FIELD = "repeated-field"
    READINGS = "readings"
    TIME = "time"
    TIME_UNIT = "time-unit"
    TIME_WITHOUT_OFFSET = "time-without-offset"
    TIME_TOO_EARLY = "time-too-early"
    TIME_AHEAD = "time-ahead"
    TOO_OLD = "too-old"
    UNKNOWN_PROPERTY = "unknown-property"
    NOT_A_NUMBER = "not-a-number"
    NOT_FINITE = "not-finite"
    STATE = "state"
    STATUS_FIELD = "status-field"
    REFUSED = "refused"
    UNREADABLE = "unreadable"


SENTENCES: dict[Reason, str] = {
    Reason.TOPIC: "The topic is {value}, expected digitalpfad/v1/TRAIL/DEVICE/event/telemetry or …/event/status with"
    " names of a-z, 0-9 and hyphens. Correct the topic in the device's settings.",
    Reason.UNKNOWN_DEVICE: "No device {value} is registered. Register it and replay,"
    " or correct the device's name in its topic.",
    Reason.WRONG_TRAIL: "The topic's trail is {value}, but this device belongs to trail {expected}. Correct the topic"
    " in the device's settings, or register the device for that trail.",
    Reason.WRONG_DEVICE: "The message names device {value}, but its topic is that of device {expected}. Correct the"
    " name in one of them.",
    Reason.TOO_LARGE: "The message has {value} bytes, expected at most 16384{expected}. Send fewer readings in one"
    " message.",
    Reason.NOT_UTF8: "The message is not UTF-8: {value}. {expected}",
    Reason.NOT_JSON: "The message is not JSON: {value}. {expected}",
    Reason.NOT_AN_OBJECT: "The message is {value}, expected one JSON object in braces.{expected}",
    Reason.TOO_DEEP: "The message is nested more than {expected} levels deep. Send a flat object.",
    Reason.ADDRESS: "{name} looks like a WLAN or Bluetooth address. Addresses of devices that pass by are personal"
    " data: it was blacked out unread. Do not send it.",
    Reason.BOOT: "boot is {value}, expected 1 to 16 printable characters. Draw a new short name at every start."
    "{expected}",
    Reason.SEQ: "seq is {value}, expected an integer from 0 to 9007199254740991. Count up from 0.{expected}",
    Reason.OLDEST: "oldest is {value}, expected an integer from 0 to the lowest seq of the message, which has a boot.",
    Reason.NO_IDENTITY: "The reading has no time and lacks {value}. Send time, or boot and seq: without them a repeated"
    " message cannot be told from a new one.",
    Reason.NO_VALUES: "values is {value}, expected an object of observed property to number{expected}.",
    Reason.UNKNOWN_FIELD: "Not read here: {name}{expected}. What is measured is in values.",
    Reason.REPEATED_FIELD: "{name} occurs more than once in an object; the last one counts. Send each name once.",
    Reason.READINGS: "{name} is {value}, expected {expected}.",
    Reason.TIME: "time is {value}, expected RFC 3339 such as 2026-11-22T10:15:00Z or Unix milliseconds as a"
    " whole number.{expected}",
    Reason.TIME_UNIT: "time is {value}, expected Unix milliseconds. It looks like {expected}.",
    Reason.TIME_WITHOUT_OFFSET: "time is {value}, expected an offset at its end. Append Z for UTC or,"
    " for example, +01:00.",
    Reason.TIME_TOO_EARLY: "time is {value}, which lies before 2020. Set the device's clock, or leave time"
    " out where the device has none.",
    Reason.TIME_AHEAD: "time is {value}, more than 10 minutes after the receipt at {expected}. Set the device's clock"
    " and its time zone.",
    Reason.TOO_OLD: "time is {value}, but observations before {expected} are not kept any more"
    " (the setting retention_raw_days). Set the device's clock, or let it give up what is so old.",
    Reason.UNKNOWN_PROPERTY: "{name} is no observed property here{expected}. Correct the name, or add the property"
    " and replay.",
    Reason.NOT_A_NUMBER: "{name} is {value}, expected a number, or null when the sensor failed.{expected}",
    Reason.NOT_FINITE: "{name} is {value}, expected a finite number up to 1e308. Send null when the sensor failed.",
    Reason.STATE: 'state is {value}, expected "online" or "offline".{expected}',
    Reason.STATUS_FIELD: "{name} is {value}, expected {expected}.",
    Reason.REFUSED: "The database refuses this message: {value}. Report it with the message to"
    " Digitalpfad's maintainers.",
    Reason.UNREADABLE: "The gateway stumbled over this message ({value}). Report it with the message to Digitalpfad's"
    " maintainers; a newer release can replay it.",
}

_SHOWN = 80  # characters of a value in a sentence
_HINTED = 8  # refusals of one message


def show(value: object) -> str:
    """A value as a device maker wrote it, shortened, on one line; without addresses: before it is cut or escaped."""
    words = {True: "true", False: "false", None: "null"}
    if isinstance(value, str):
        value = redact_text(value)
    elif isinstance(value, dict | list) and is_address("", cast("object", value)):
        return REDACTED
    text = words[value] if value is None or isinstance(value, bool) else repr(cast("object", value))
    return cut(text, _SHOWN)


def sentence(reason: Reason, *, name: str = "", value: str = "", expected: str = "") -> str:
    """The sentence of ``reason`` with its blanks filled in; ``value`` comes from show()."""
    return SENTENCES[reason].format(name=name, value=value, expected=expected)


def refuse(
    refusals: list[Refusal], reason: Reason, where: str = "", *, name: str = "", value: str = "", expected: str = ""
) -> None:
    """Add a refusal, addresses in it blacked out; a message with ever so many faults costs no sentence for each."""
    if is_full(refusals):
        return count(refusals, reason, 1)
    detail = sentence(reason, name=name, value=value, expected=expected)
    return add(refusals, Refusal(reason, redact_text(detail), redact_text(where)))


def is_full(refusals: list[Refusal]) -> bool:
    """Whether further refusals of the message are only counted: then nothing need be found out for their sentences."""
    return len(refusals) >= LISTED


def may_hint(refusals: list[Refusal]) -> bool:
    """Whether it is worth while to look for what was meant: the first refusals show what the others are like."""
    return len(refusals) < _HINTED
