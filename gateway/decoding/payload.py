"""Telemetry bytes to readings: typed and fast where the message is in order, part by part where it is not.

Nothing here raises for any bytes. Bounds are those of docs/schema/telemetry.schema.json.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated, TypeGuard

import msgspec

from gateway.redaction import REDACTED, redact_text
from geodata.store.ingest.flush import Refusal

MAX_BYTES = 16 * 1024
MAX_SEQ = 2**53 - 1
"""The largest integer that every JSON implementation reads exactly."""
BOOT_LENGTH = 16
LARGEST = 1e308
"""The store keeps results up to here; beyond it sums overflow."""

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


class Telemetry(msgspec.Struct):
    """What a message says, and what of it cannot be kept. Every reading is identified: by time, or by boot and seq.

    ``supposed`` are readings as they were meant, of what cannot be kept: looked at for further faults, never stored.
    ``device`` is the registered name of who sent it, where the topic does not tell.
    """

    boot: str | None = None
    oldest: int | None = None
    readings: list[Reading] = []
    refusals: list[Refusal] = []
    supposed: Sequence[Reading] = ()
    device: str = ""


_fast = msgspec.json.Decoder(_Message)


def is_boot(value: object) -> TypeGuard[str]:
    """Whether it may name a start: a text that is short, printable and no address."""
    return isinstance(value, str) and len(value) <= BOOT_LENGTH and _is_boot_text(value)


@lru_cache(maxsize=4_096)
def _is_boot_text(text: str) -> bool:
    """Whether a text that is not long may name a start: remembered, for the same few come again and again."""
    return 1 <= len(text) <= BOOT_LENGTH and text.isprintable() and REDACTED not in text and redact_text(text) == text


def decode_fast(payload: bytes) -> Telemetry | None:
    """Read a message that keeps to the contract in every part; None for any other."""
    try:
        message = _fast.decode(payload)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    boot, readings = message.boot, message.readings or []
    if boot is not None and not _is_boot_text(boot):
        return None
    if message.values is not None:
        readings.insert(0, Reading(message.values, message.seq, message.time))
    elif message.seq is not None or message.time is not None:
        return None
    quotes = 0
    for reading in readings:
        seq, time, values = reading.seq, reading.time, reading.values
        if (boot is None or seq is None) and (time is None or not values):
            return None  # nothing identifies it, or it says nothing
        quotes += 2 + 2 * len(values) + (seq is not None and 2) + (time is not None and (4 if type(time) is str else 2))
    quotes += (boot is not None and 4) + (message.oldest is not None and 2) + (message.readings is not None and 2)
    # More quotes than what was decoded has: a name occurs twice, and the decoder took the last one.
    if readings and payload.count(b'"') == quotes:
        return Telemetry(boot, message.oldest, readings)
    return None
