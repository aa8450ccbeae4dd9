"""Single values as devices write them."""

from __future__ import annotations

import math
import re

from gateway.decoding.nearly_json import NOT_A_NUMBER
from gateway.decoding.payload import MAX_SEQ
from gateway.decoding.reasons import show

_NAN_AS_TEXT = re.compile(NOT_A_NUMBER, re.IGNORECASE)
_NUMBER_AS_TEXT = re.compile(r"\s*[+-]?\d+([.,]\d+)?\s*", re.ASCII)


def storable(text: str) -> str:
    """``text`` with what no database takes, control characters and halves of surrogates, spelled out."""
    return text if text.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def place_of(seq: object, time: object) -> str:
    """How a reading is named to its device's maker: by its number, else by its time; empty where it has neither."""
    if seq is not None:
        return f"seq {show(seq)}"
    return "" if time is None else f"time {show(time)}"


def missing_identity(boot: object, seq: object) -> str:
    """Which of the two that identify a reading without a time are not told; empty where both are."""
    return " and ".join(name for name, value in (("boot", boot), ("seq", seq)) if value is None)


def whole(value: object) -> object:
    """``value``, as an integer where it is a whole number however written: 5.0, 1.79e12."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def unquoted(value: object) -> str:
    """A hint where ``value`` is a number in quotes."""
    if not isinstance(value, str) or not _NUMBER_AS_TEXT.fullmatch(value):
        return ""
    return f" Write {value.strip().lstrip('+').replace(',', '.')} without quotes."


def is_nan(value: object) -> bool:
    """Whether a sensor's number is none, spelt as a number or, as some libraries do, as a text."""
    if isinstance(value, str):
        return _NAN_AS_TEXT.fullmatch(value.strip()) is not None
    return isinstance(value, float) and math.isnan(value)


def is_seq(value: object) -> bool:
    """Whether it may be a sequence number."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_SEQ


def is_time(value: object) -> bool:
    """Whether it is of a kind of which times are."""
    return isinstance(value, str | int) and not isinstance(value, bool)
