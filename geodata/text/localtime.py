"""Times as people type them, in their municipality's time zone, to aware UTC and back."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo

from geodata.errors import InvalidInput

_TYPED = re.compile(r"\d{4}-\d{2}-\d{2}([Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?([Zz]|[+-]\d{2}:\d{2})?)?", re.ASCII)
"""fromisoformat() alone also takes weeks and days of the year."""
_GERMAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[ T](\d{1,2}:\d{2}(?::\d{2})?))?", re.ASCII)


def parse(field: str, text: str, timezone: tzinfo, *, later: bool = False) -> datetime:
    """``text`` such as 2026-11-23T08:00 or 23.11.2026 08:00 as aware UTC; with an offset it means what it says.

    The hour that comes twice in autumn means the first time, with ``later`` the second. Raises InvalidInput, also for
    a time that the clock skips in spring.
    """
    try:
        typed = datetime.fromisoformat(_iso(text.strip()))
    except ValueError as error:
        raise InvalidInput(field, text, "a time such as 2026-11-23T08:00 or 23.11.2026 08:00") from error
    if typed.tzinfo is not None:
        return typed.astimezone(UTC)
    moment = typed.replace(tzinfo=timezone, fold=int(later)).astimezone(UTC)
    if moment.astimezone(timezone).replace(tzinfo=None) != typed:
        raise InvalidInput(field, text, "a time that there is", "The clock is put forward then: write an hour later.")
    return moment


def _iso(text: str) -> str:
    """``text`` as fromisoformat() takes it; empty where it is no time that people type."""
    german = _GERMAN.fullmatch(text)
    if german:
        day, month, year, clock = german.groups(default="0:00")
        return f"{year}-{int(month):02}-{int(day):02}T{clock.rjust(8 if clock.count(':') == 2 else 5, '0')}"
    return text.upper() if _TYPED.fullmatch(text) else ""


def formatted(moment: datetime | None, timezone: tzinfo, never: str) -> str:
    """«2026-11-23 08:00», or ``never``."""
    return never if moment is None else f"{moment.astimezone(timezone):%Y-%m-%d %H:%M}"
