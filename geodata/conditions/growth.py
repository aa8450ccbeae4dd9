"""For how long the disk is enough: as the database grew in the weeks before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from geodata.model.operator import DatabaseSize

LEAST_DAYS = 14
"""Between the first and the last size that is known; before, a backlog or an import would pose as growth."""
LOOKED_BACK = timedelta(days=90)
_WEEK = timedelta(days=7)
_FARTHEST = timedelta(days=20 * 365)


@dataclass(frozen=True, slots=True)
class Growth:
    """``per_day`` in bytes, also negative; ``full_on`` is None where the disk is enough for twenty years and more."""

    per_day: float
    full_on: date | None


def forecast(sizes: Sequence[DatabaseSize], free_bytes: int, today: date) -> Growth | None:
    """When ``free_bytes`` are used up if the database grows on as it did; None while too few days are known.

    The growth is the median of that of all weeks: one in which years were imported or deleted does not turn it, and
    days on which nothing grew because of the one on which much did are within their week.
    """
    known = [size for size in sizes if today - LOOKED_BACK <= size.day <= today]
    if not known or (known[-1].day - known[0].day).days < LEAST_DAYS:
        return None
    weeks = ((size, next((later for later in known if later.day - size.day >= _WEEK), None)) for size in known)
    per_day = median((end.bytes - start.bytes) / (end.day - start.day).days for start, end in weeks if end)
    if per_day <= 0 or free_bytes / per_day > _FARTHEST.days:
        return Growth(per_day, None)
    return Growth(per_day, today + timedelta(days=int(max(0, free_bytes) / per_day)))
