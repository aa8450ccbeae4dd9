"""Did the passes change from one year to another? Reads days, weather, calendar and annotations; has them compared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from geodata.conditions.annotations import AnnotationScope, days_to_leave_out
from geodata.errors import NotFound
from geodata.model.municipality import Municipality
from geodata.statistics.calendars.day_kinds import day_kinds
from geodata.statistics.comparison.comparison import compare
from geodata.statistics.comparison.coverage import Question
from geodata.statistics.comparison.day import Surroundings
from geodata.statistics.comparison.outcome import Comparison
from geodata.statistics.weather.choice import chosen
from geodata.store.catalogue.trail import load_municipalities
from geodata.store.comparison import annotation, counted_days, weather
from geodata.store.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class YearQuestion:
    """Whether the passes of ``scope`` in ``after`` differ from those in ``before``.

    ``first`` and ``last`` (month and day, both within) bound the year; ``leave_out_annotated``: without the days of the
    annotations that concern ``scope``.
    """

    scope: AnnotationScope
    before: int
    after: int
    first: tuple[int, int] = (1, 1)
    last: tuple[int, int] = (12, 31)
    leave_out_annotated: bool = False


def compare_years(connection: Transaction, asked: YearQuestion) -> Comparison:
    """What can be said. Raises NotFound for a municipality that is not there."""
    scope = asked.scope
    town = load_municipalities(connection).get(scope.municipality)
    if town is None:
        raise NotFound("municipality", scope.municipality)
    left_out = frozenset[date]()
    if asked.leave_out_annotated:
        left_out = days_to_leave_out(annotation.load(connection, scope.municipality), scope)
    question = Question(before=asked.before, after=asked.after, first=asked.first, last=asked.last, left_out=left_out)
    years = (asked.before, asked.after)
    counted = [
        each for year in years for each in counted_days.load(connection, scope, date(year, 1, 1), date(year, 12, 31))
    ]
    days = [day for year in years for day in question.days(year)]
    return compare(counted, _surroundings(connection, town, scope, days), question)


def can_be_answered(connection: Transaction, asked: YearQuestion) -> bool:
    """Whether each of the years has a valid day within its bounds: without one, nothing can be said at all."""
    return all(
        counted_days.is_any_valid(connection, asked.scope, date(year, *asked.first), date(year, *asked.last))
        for year in (asked.before, asked.after)
    )


def _surroundings(
    connection: Transaction, town: Municipality, scope: AnnotationScope, days: list[date]
) -> Surroundings:
    if not days:
        return Surroundings(kinds={}, weather={})
    first, last = min(days), max(days)
    own = weather.measured(connection, scope.trail, town.timezone, first, last) if scope.trail else {}
    station = weather.load(connection, town.slug, first, last)
    return Surroundings(kinds=day_kinds(days, town.land), weather=chosen(own, station, days))
