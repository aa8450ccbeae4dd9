"""When a reading was taken: the device's time as microseconds since 1970, or the time of receipt."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from gateway.reasons import Reason

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_EARLIEST_US = 1_577_836_800_000_000  # 2020-01-01
_AHEAD_US = 600_000_000
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
    """Microseconds since 1970 of an RFC 3339 text or Unix milliseconds; raise TimeRefused where it cannot be."""
    us = time * 1000 if isinstance(time, int) else _parse(time)
    if us < _EARLIEST_US:
        raise TimeRefused(Reason.TIME_TOO_EARLY)
    if us > received_us + _AHEAD_US:
        received = _EPOCH + received_us * _MICROSECOND
        raise TimeRefused(Reason.TIME_AHEAD, received.isoformat(timespec="seconds"))
    return us


def refuse_older(us: int, oldest_us: int) -> None:
    """Raise TimeRefused for what lies before the oldest time that is kept."""
    if us < oldest_us:
        oldest = _EPOCH + oldest_us * _MICROSECOND
        raise TimeRefused(Reason.TOO_OLD, oldest.isoformat(timespec="seconds"))


def _parse(text: str) -> int:
    if not _WRITTEN.fullmatch(text):
        raise TimeRefused(Reason.TIME)
    try:
        moment = datetime.fromisoformat(text.upper())
    except ValueError:
        raise TimeRefused(Reason.TIME) from None
    if moment.tzinfo is None:
        raise TimeRefused(Reason.TIME_WITHOUT_OFFSET)
    return (moment - _EPOCH) // _MICROSECOND


class ReceiptTimes:
    """Times for readings without one: of a device no two share the same microsecond."""

    def __init__(self) -> None:
        self._last_us: dict[str, int] = {}

    def next_us(self, device: str, received_us: int) -> int:
        """The receipt, or a microsecond after the one given out before."""
        us = max(received_us, self._last_us.get(device, 0) + 1)
        self._last_us[device] = us
        return us
