"""School holidays of the Länder from `school_holidays.csv`: first and last day, the source, and when it was looked up.

A Land's rows follow each other without a gap from one summer to the last row; what is before, after, or of a Land
without rows is not known. Single days that schools choose for themselves are not in there.
"""

from __future__ import annotations

import csv
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True, order=True)
class SchoolHolidays:
    """Holidays of one name, such as Sommer, from ``first`` to ``last``, with where that stands."""

    first: date
    last: date
    land: str
    school_year: str
    name: str
    source: str
    looked_up: date


def is_school_holiday(land: str, day: date) -> bool | None:
    """Whether ``day`` is in the school holidays of ``land`` (its letters); None where that is not known."""
    rows = known(land)
    if not rows or not rows[0].first <= day <= rows[-1].last:
        return None
    return day <= rows[bisect_right(rows, day, key=lambda row: row.first) - 1].last


@cache
def known(land: str) -> tuple[SchoolHolidays, ...]:
    """The rows of a Land in the order of their days; none where nobody has entered any."""
    text = resources.files("geodata.statistics.calendars").joinpath("school_holidays.csv").read_text("utf-8")
    return tuple(sorted(_row(row) for row in csv.DictReader(text.splitlines()) if row["land"] == land))


def _row(row: dict[str, str]) -> SchoolHolidays:
    return SchoolHolidays(
        first=date.fromisoformat(row["first"]),
        last=date.fromisoformat(row["last"]),
        land=row["land"],
        school_year=row["school_year"],
        name=row["name"],
        source=row["source"],
        looked_up=date.fromisoformat(row["looked_up"]),
    )
