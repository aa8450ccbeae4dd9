"""Telemetry bytes to readings: typed and fast where the message is in order, part by part where it is not.

Nothing here raises for any bytes. Bounds are those of docs/schema/telemetry.schema.json.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated

import msgspec

from gateway.addresses import redact, redact_bytes
from gateway.reasons import Reason, sentence

MAX_BYTES = 16 * 1024
MAX_SEQ = 2**53 - 1
"""The largest integer that every JSON implementation reads exactly."""
BOOT_LENGTH = 16

_Seq = Annotated[int, msgspec.Meta(ge=0, le=MAX_SEQ)]
_Boot = Annotated[str, msgspec.Meta(min_length=1, max_length=BOOT_LENGTH)]
_Values = dict[str, float | None]


class Reading(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """What a device measured at one moment; ``time`` as it wrote it."""

    values: _Values
    seq: _Seq | None = None
    time: str | int | None = None


class _Message(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    boot: _Boot | None = None
    seq: _Seq | None = None
    time: str | int | None = None
    values: _Values | None = None
    oldest: _Seq | None = None
    readings: list[Reading] | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A part that cannot be kept: its reason, the sentence, and the part as a message of its own."""

    reason: Reason
    detail: str
    payload: bytes


class Telemetry(msgspec.Struct):
    """What a message says, and what of it cannot be kept. Every reading is identified: by time, or by boot and seq."""

    boot: str | None = None
    oldest: int | None = None
    readings: list[Reading] = []
    refusals: list[Refusal] = []


_fast = msgspec.json.Decoder(_Message)


def decode_fast(payload: bytes) -> Telemetry | None:
    """Read a message that keeps to the contract in every part; None for any other."""
    try:
        message = _fast.decode(payload)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    boot, readings = message.boot, message.readings
    if boot is not None and not boot.isprintable():
        return None
    if message.values is not None:
        own = Reading(message.values, message.seq, message.time)
        readings = [own, *readings] if readings else [own]
    elif message.seq is not None or message.time is not None:
        return None
    if not readings:
        return None
    for reading in readings:
        if (boot is None or reading.seq is None) and reading.time is None:
            return None
    return Telemetry(boot, message.oldest, readings)


def part(boot: object, seq: object, time: object, **fields: object) -> dict[str, object]:
    """A part of a message as a message of its own, so that it can be read again by itself."""
    identity = {"boot": boot, "seq": seq, "time": time}
    return {name: value for name, value in identity.items() if value is not None} | fields


def refuse_part(reason: Reason, message: dict[str, object], **blanks: str) -> Refusal:
    """Refuse a part; addresses in it are blacked out."""
    payload = json.dumps(redact(message), separators=(",", ":")).encode()
    return Refusal(reason, str(redact(sentence(reason, **blanks))), payload)


def refuse_message(reason: Reason, payload: bytes, **blanks: str) -> Refusal:
    """Refuse a message whole; addresses in it are blacked out."""
    return Refusal(reason, str(redact(sentence(reason, **blanks))), redact_bytes(payload))
