"""The change from a year to another by days of the same kind in the same weeks: for days too few for a regression.

Each day of the later year stands beside those of the earlier one of the same counter, the same kind (working day,
Saturday, Sunday, public holiday, bridge day, school holidays or not) and the same week of the year or one beside it.
Where school holidays are not known of a single day they tell no days apart, which is said.
How far chance goes is found by drawing blocks of weeks again and again: always the same draws, so that the same days
give the same answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from datetime import date
from math import isqrt, sqrt

import numpy as np
from numpy.typing import NDArray

from geodata.errors import DigitalpfadError
from geodata.messages.message import message
from geodata.statistics.comparison.coverage import Question
from geodata.statistics.comparison.day import ComparedDay, DayKind, Surroundings
from geodata.statistics.comparison.unknown_holidays import knows_school_holidays, unknown_holidays
from geodata.statistics.comparison.weekly_jackknife import interval
from geodata.statistics.comparison.yearly_model import YearRatio

LEAST_MATCHED = 30
"""Days of the later year that need a match."""
_BESIDE = 1  # weeks
_DRAWS = 2000
_SHORTEST_BLOCK = 3  # weeks that are drawn together: weather comes in spells, and neighbours share matched days
_SEED = 20240229


class TooFewMatches(DigitalpfadError):
    """Too few days of the later year have a day of the same kind in the earlier one."""

    def __init__(self) -> None:
        super().__init__(message("too few days of the later year have a day of the same kind in the earlier one"))


def matched_days(days: Sequence[ComparedDay], around: Surroundings, question: Question) -> YearRatio:
    """The ratio of days of ``question.after`` to their matches in ``question.before``. Raises TooFewMatches."""
    days = sorted(days, key=lambda each: (each.day, each.counter))
    kinds = _kinds(days, around)
    earlier = defaultdict[Hashable, list[ComparedDay]](list)
    for each in days:
        if each.day.year == question.before:
            earlier[each.counter, kinds[each.day], each.day.isocalendar().week].append(each)
    used, sums = set[ComparedDay](), defaultdict[int, list[float]](lambda: [0.0, 0.0])
    for each in days:
        week = each.day.isocalendar().week
        near = range(week - _BESIDE, week + _BESIDE + 1)
        matches = [match for w in near for match in earlier[each.counter, kinds[each.day], w]]
        if each.day.year == question.after and matches:
            sums[week][0] += each.passes
            sums[week][1] += sum(match.passes for match in matches) / len(matches)
            used |= {each, *matches}
    by_week = np.array([sums[week] for week in sorted(sums)])
    if sum(each.day.year == question.after for each in used) < LEAST_MATCHED or not np.all(by_week.sum(axis=0) > 0):
        raise TooFewMatches
    block = max(isqrt(len(by_week)), _SHORTEST_BLOCK)
    ratio = interval(_log_ratio(by_week), _spread(by_week, block), max(len(by_week) // block, 2) - 1)
    return YearRatio(
        ratio, tuple(sorted(used, key=lambda each: (each.day, each.counter))), unknown_holidays(days, around)
    )


def _kinds(days: Sequence[ComparedDay], around: Surroundings) -> dict[date, Hashable]:
    with_school = knows_school_holidays(days, around)
    return {each.day: _kind(each.day, around.kinds[each.day], with_school=with_school) for each in days}


def _kind(day: date, kind: DayKind, *, with_school: bool) -> Hashable:
    if kind.public_holiday or kind.bridge_day:
        return kind.public_holiday, kind.bridge_day
    return max(day.weekday(), 4), with_school and kind.school_holidays


def _log_ratio(sums: NDArray[np.float64]) -> float:
    later, earlier = sums.sum(axis=0)
    return float(np.log(later / earlier))


def _spread(by_week: NDArray[np.float64], block: int) -> float:
    """The standard error of the log ratio from drawn blocks of weeks, the first week following the last."""
    chance = np.random.default_rng(_SEED)
    number = len(by_week)
    blocks = -(-number // block)
    starts = chance.integers(0, number, (_DRAWS, blocks))
    drawn = (starts[:, :, None] + np.arange(block)).reshape(_DRAWS, -1)[:, :number] % number
    later, earlier = by_week[drawn].sum(axis=1).T
    spread = float(np.std(np.log(np.maximum(later, 0.5) / np.maximum(earlier, 0.5)), ddof=1))
    return spread * sqrt(blocks / (blocks - 1))  # draws from few blocks spread less than what they stand for
