"""Days as people type them."""

from __future__ import annotations

import re
from datetime import date

from geodata.errors import InvalidInput

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_GERMAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
_MONTH_DAY = re.compile(r"(\d{2})-(\d{2})", re.ASCII)
_LEAP_YEAR = 2024


def day_of(option: str, text: str) -> date:
    """The day of a text such as 2026-05-01 or 1.5.2026; raises InvalidInput."""
    text = text.strip()
    german = _GERMAN.fullmatch(text)
    try:
        if german:
            return date(int(german[3]), int(german[2]), int(german[1]))
        return date.fromisoformat(text if _ISO.fullmatch(text) else "")
    except ValueError as error:
        raise InvalidInput(option, text, "a day such as 2026-05-01 or 1.5.2026") from error


def month_day_of(option: str, text: str) -> tuple[int, int]:
    """Month and day of a text such as 04-30; 02-29 is one, too. Raises InvalidInput."""
    found = _MONTH_DAY.fullmatch(text.strip())
    try:
        day = date(_LEAP_YEAR, int(found[1]), int(found[2])) if found else None
    except ValueError:
        day = None
    if day is None:
        raise InvalidInput(option, text, "a month and a day such as 04-30")
    return day.month, day.day
