"""When a reading was taken: the device's time as microseconds since 1970, or the time of receipt."""

from __future__ import annotations

import math
import re
from collections import deque
from contextlib import suppress
from datetime import datetime, timedelta

from gateway.decoding.reasons import Reason
from geodata.times import AHEAD_US, to_datetime, to_us

_EARLIEST_US = 1_577_836_800_000_000  # 2020-01-01
_LATEST_US = 4_102_444_800_000_000  # 2100-01-01: for guessing at units only
_STRETCHES = 32
_WRITTEN = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?([Zz]|[+-]\d{2}:?\d{2})?", re.ASCII
)  # fromisoformat() alone also takes weeks, days of the year and bare days


class TimeRefused(Exception):
    """A device's time cannot be right; ``expected`` fills the sentence's blank."""

    def __init__(self, reason: Reason, expected: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.expected = expected


def measured_us(time: str | int, received_us: int) -> int:
    """Microseconds since 1970 of an RFC 3339 text or Unix milliseconds; raise TimeRefused where it cannot be.

    Decimals of a second beyond six are cut. Second 60, in any minute, is the beginning of the next one.
    """
    us = time * 1000 if isinstance(time, int) else _parse(time)
    if _EARLIEST_US <= us <= received_us + AHEAD_US:
        return us
    if isinstance(time, int) and (unit := _unit(time, received_us)):
        raise TimeRefused(Reason.TIME_UNIT, unit)
    if us < _EARLIEST_US:
        raise TimeRefused(Reason.TIME_TOO_EARLY)
    received = to_datetime(received_us)
    raise TimeRefused(Reason.TIME_AHEAD, received.isoformat(timespec="seconds"))


def said_us(time: str | int) -> int | None:
    """Any time from 2020 to 2100 that a device says; None where it says none."""
    try:
        return measured_us(time, _LATEST_US)
    except TimeRefused:
        return None


def _unit(time: int, received_us: int) -> str:
    """The unit in which a number that is no time in milliseconds is one, with what to send instead; or nothing."""
    latest = received_us + AHEAD_US
    if _EARLIEST_US <= time * 1_000_000 <= latest:
        return f"seconds: multiply by 1000 and send {time * 1000}"
    for unit, per_us in (("microseconds", 1), ("nanoseconds", 1000)):
        if _EARLIEST_US <= time // per_us <= latest:
            return f"{unit}: divide by {per_us * 1000} and send {time // per_us // 1000}"
    return ""


def hint_for(time: object) -> str:
    """What to write instead of a time that cannot be read; nothing where nobody can tell."""
    if isinstance(time, float) and math.isfinite(time):
        seconds = _EARLIEST_US <= time * 1_000_000 <= _LATEST_US
        return " Multiply these seconds by 1000 and round." if seconds else " Round it."
    if not isinstance(time, str):
        return ""
    if time.strip().isdecimal():
        return " Send the number without quotes."
    if _WRITTEN.fullmatch(time) and time[11:13] == "24":
        return " Hours go from 00 to 23: midnight at the end of a day is 00:00:00 of the next."
    return ""


def refuse_older(us: int, oldest_us: int) -> None:
    """Raise TimeRefused for what lies before the oldest time that is kept."""
    if us < oldest_us:
        oldest = to_datetime(oldest_us)
        raise TimeRefused(Reason.TOO_OLD, oldest.isoformat(timespec="seconds"))


def _parse(text: str) -> int:
    if not _WRITTEN.fullmatch(text):
        raise TimeRefused(Reason.TIME, hint_for(text))
    try:
        moment = datetime.fromisoformat(text.upper())
    except ValueError:
        moment = _after_second_60(text)
    if moment.tzinfo is None:
        raise TimeRefused(Reason.TIME_WITHOUT_OFFSET)
    return to_us(moment)


def _after_second_60(text: str) -> datetime:
    """The beginning of the next minute, where that is what keeps a time from being read."""
    if text[16:19] == ":60":
        with suppress(ValueError, OverflowError):
            return datetime.fromisoformat(f"{text[:17]}59{text[19:]}".upper()) + timedelta(seconds=1)
    raise TimeRefused(Reason.TIME, hint_for(text))


class ReceiptTimes:
    """Times for readings without one: of a device no two share the same microsecond, also when the clock went back.

    Remembered are the last stretches that a device was given, as their first and last microsecond.
    """

    def __init__(self) -> None:
        self._given: dict[str, deque[tuple[int, int]]] = {}

    def next_us(self, device: str, received_us: int) -> int:
        """The receipt, or the first microsecond after it that was not given out."""
        stretches = self._given.get(device)
        if stretches is None:
            stretches = self._given[device] = deque(maxlen=_STRETCHES)
        us = received_us
        while (end := next((last for first, last in reversed(stretches) if first <= us <= last), None)) is not None:
            us = end + 1
        if stretches and stretches[-1][1] == us - 1:
            stretches[-1] = stretches[-1][0], us
        else:
            stretches.append((us, us))
        return us
