"""Did the passes change from one year to another? The way in: chooses the method, or refuses and says why."""

from __future__ import annotations

from collections.abc import Iterable
from math import expm1

from geodata.messages.message import Message, message
from geodata.statistics.comparison.coverage import Comparable, NotComparable, Question, comparable
from geodata.statistics.comparison.day import ComparedDay, Surroundings
from geodata.statistics.comparison.matched_days import TooFewMatches, matched_days
from geodata.statistics.comparison.negative_binomial import FitFailed
from geodata.statistics.comparison.outcome import Comparison, Method, YearChange
from geodata.statistics.comparison.yearly_model import YearRatio, yearly_model

LEAST_WEEKS_OF_MODEL = 16
"""Weeks counted in both years from which on the regression can tell season, weather and year apart."""


def compare(days: Iterable[ComparedDay], around: Surroundings, question: Question) -> Comparison:
    """What can be said of the change; ``around`` must know the kind of every day.

    Never raises for what the days are like: what cannot be compared is refused, with the reason.
    """
    try:
        fit_days = comparable(days, question)
        answer, method, notes = _answer(fit_days, around, question)
    except (NotComparable, TooFewMatches) as error:
        return Comparison(before=question.before, after=question.after, change=None, reason=error.sentence)
    ratio = answer.ratio
    percent, low, high = (100 * expm1(value) for value in (ratio.value, ratio.low, ratio.high))
    return Comparison(
        before=question.before,
        after=question.after,
        change=YearChange(percent, low, high, method),
        days=(_in(question.before, answer), _in(question.after, answer)),
        counters=tuple(sorted({each.counter for each in answer.days})),
        weeks=Comparable(answer.days, ()).weeks(),
        notes=(*fit_days.notes, *notes, *answer.notes),
    )


def _answer(
    fit_days: Comparable, around: Surroundings, question: Question
) -> tuple[YearRatio, Method, tuple[Message, ...]]:
    why = message("Too few weeks for a regression: days of the same kind are compared, whatever their weather.")
    if fit_days.weeks() >= LEAST_WEEKS_OF_MODEL:
        try:
            return yearly_model(fit_days.days, around, question), Method.REGRESSION, ()
        except FitFailed:
            why = message("The regression has no solution: days of the same kind are compared, whatever their weather.")
    return matched_days(fit_days.days, around, question), Method.MATCHED_DAYS, (why,)


def _in(year: int, answer: YearRatio) -> int:
    return sum(each.day.year == year for each in answer.days)
