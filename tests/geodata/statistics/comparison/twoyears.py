"""Plain days of two years for tests: the same number every day, nothing but weekdays, no weather."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from geodata.statistics.comparison.coverage import Question
from geodata.statistics.comparison.day import ComparedDay, DayKind, Surroundings

BEFORE, AFTER = 2024, 2025
QUESTION = Question(before=BEFORE, after=AFTER)
DAYS = [date(BEFORE, 1, 1) + timedelta(n) for n in range(731)]
PLAIN = Surroundings(kinds={day: DayKind() for day in DAYS}, weather={})


def hundred(_: date) -> int:
    return 100


def counted(passes: Callable[[date], int] = hundred, counters: Sequence[int] = (1,)) -> list[ComparedDay]:
    """A day of each counter with the passes of that day."""
    return [ComparedDay(counter, day, passes(day)) for counter in counters for day in DAYS]
