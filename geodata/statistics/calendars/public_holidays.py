"""Public holidays of a Land, and bridge days: a working day between one of them and a weekend."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

import holidays

_DAY = timedelta(days=1)
_SATURDAY = 5


@lru_cache(maxsize=64)
def public_holidays(land: str, year: int) -> Mapping[date, str]:
    """The public holidays of a Land (its letters, such as NW) in a year, with their German names."""
    # The package's language is that of the process otherwise, and this one's is what somebody's terminal speaks.
    return dict(holidays.country_holidays("DE", subdiv=land, years=year, language="de"))


def is_public_holiday(land: str, day: date) -> bool:
    """Whether ``day`` is a public holiday there. Sundays are none."""
    return day in public_holidays(land, day.year)


def is_bridge_day(land: str, day: date) -> bool:
    """Whether ``day`` is a working day that is alone between a public holiday and a weekend."""
    if _is_free(land, day):
        return False
    before, after = day - _DAY, day + _DAY
    return (is_public_holiday(land, before) and after.weekday() == _SATURDAY) or (
        is_public_holiday(land, after) and day.weekday() == 0
    )


def _is_free(land: str, day: date) -> bool:
    return day.weekday() >= _SATURDAY or is_public_holiday(land, day)
