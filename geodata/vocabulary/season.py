"""A time of every year by the calendar of the place: when a closure returns, when a text is the one that is shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from geodata.errors import InvalidInput
from geodata.messages.message import message

_DAYS_IN = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

MonthDay = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Season:
    """A time of every year, from the first to the last day, both included; it may span the new year.

    ``last`` may be 29 February: the end of that month in any year.
    """

    first: MonthDay
    last: MonthDay

    def __post_init__(self) -> None:
        """Refuse days that are none, and seasons that never pause."""
        for name, day in (("season's first day", self.first), ("season's last day", self.last)):
            if not (1 <= day[0] <= 12 and 1 <= day[1] <= _DAYS_IN[day[0] - 1]):
                raise InvalidInput(name, month_day_text(day), "a month and a day such as 03-01")
        if self.first == (2, 29):
            raise InvalidInput("season's first day", "02-29", "a day that every year has", "Write 03-01.")
        if any(self.ends(year) >= self.starts(year + 1) for year in range(2027, 2031)):
            span = message("{first} to {last}", first=month_day_text(self.first), last=month_day_text(self.last))
            raise InvalidInput("season", span, "less than a whole year", "Leave the season out: it always holds.")

    def holds(self, day: date) -> bool:
        """Whether ``day`` lies in the season."""
        this = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= this <= self.last
        return this >= self.first or this <= self.last

    def starts(self, year: int) -> date:
        """The first day of the season that begins in ``year``."""
        return date(year, *self.first)

    def ends(self, year: int) -> date:
        """The day after the last of the season that begins in ``year``."""
        end_year = year if self.first <= self.last else year + 1
        return date(end_year, 3, 1) if self.last == (2, 29) else date(end_year, *self.last) + timedelta(days=1)


def midnight(day: date, timezone: tzinfo) -> datetime:
    """The moment, in UTC, at which ``day`` begins where ``timezone`` is."""
    return datetime.combine(day, time(), timezone).astimezone(UTC)


def month_day_text(day: MonthDay) -> str:
    """A month and a day as people write them into files: «03-01»."""
    return f"{day[0]:02}-{day[1]:02}"


def month_day(text: str) -> MonthDay:
    """The month and day that month_day_text() wrote; raises ValueError for anything else."""
    if not re.fullmatch(r"\d\d-\d\d", text):
        raise ValueError(text)
    month, day = text.split("-")
    return int(month), int(day)
