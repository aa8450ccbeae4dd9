"""The answers of a start page: how many last week, how many a year before, which stations; from sums of days alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from api.catalogue.texts import title_of
from dashboards.explorer import words
from dashboards.explorer.asked import ExplorerPlace
from dashboards.languages import t
from geodata.figures.usage import exploring
from geodata.figures.usage.exploring import StationUse, UsagePoint
from geodata.statistics.counting.periods import CountPeriod, start_of
from geodata.statistics.usage.buckets import UsageBucket
from geodata.statistics.usage.ranges import DaySpan
from geodata.store.transaction import Transaction

_WEEK, _DAY = timedelta(weeks=1), timedelta(days=1)
_YEAR = timedelta(weeks=52)
_BUSIEST = 3


@dataclass(frozen=True, slots=True)
class UsageAnswer:
    """A large ``figure``, a dash where nobody counted, and what is to be said of it."""

    figure: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageAnswers:
    """Of the last full ``week``; ``before`` says what the same week was a year before, ``busiest`` are sentences."""

    week: str
    passes: UsageAnswer
    before: str
    scans: UsageAnswer
    busiest: Sequence[str]


def usage_answers(connection: Transaction, place: ExplorerPlace, today: date) -> UsageAnswers:
    """Of one trail or of all trails of a municipality, in four queries however many they are.

    Two sums beside each other are no comparison: whether it is more is said by geodata.figures.comparison.
    """
    monday = start_of(CountPeriod.WEEK, today) - _WEEK
    week = DaySpan(monday, monday + _WEEK - _DAY)
    earlier = DaySpan(week.first - _YEAR, week.last - _YEAR)
    columns = exploring.gather(connection, place.used, DaySpan(earlier.first, week.last), UsageBucket.DAY)
    now, then = (exploring.sum_up(place.used, columns, span, UsageBucket.DAY) for span in (week, earlier))
    return UsageAnswers(
        week=words.days(week),
        passes=_passes(now.total),
        before=_before(then.total),
        scans=_scans(now.total),
        busiest=_busiest(now.stations, place),
    )


def _passes(total: UsagePoint) -> UsageAnswer:
    said = words.state(total.passes)
    if total.passes.passes is None:
        return UsageAnswer("–", said)
    if total.passes.shared:
        said = t("%(state)s; dazu geschätzt %(number)s", state=said, number=words.number(total.passes.shared))
    return UsageAnswer(words.passes(total.passes), said)


def _before(total: UsagePoint) -> str:
    if total.passes.passes is None:
        return t("Dieselbe Woche im Jahr davor: nicht gezählt.")
    return t(
        "Dieselbe Woche im Jahr davor: %(number)s, %(state)s.",
        number=words.passes(total.passes), state=words.state(total.passes),
    )  # fmt: skip


def _scans(total: UsagePoint) -> UsageAnswer:
    return UsageAnswer("–" if total.scans is None else words.number(total.scans), words.scans_state(total))


def _busiest(stations: Sequence[StationUse], place: ExplorerPlace) -> list[str]:
    """By passes where any station counts them, else by scans."""
    by_code = {each.code: each for each in place.stations}
    use = [each for each in stations if each.code in by_code]
    counted = [(each.passes.passes, each) for each in use if each.passes.passes]
    if not counted:
        counted = [(each.scans, each) for each in use if each.scans]
    counted.sort(key=lambda pair: -pair[0])
    return [
        f"{by_code[each.code].number} {title_of(by_code[each.code])}: {words.number(number)}"
        for number, each in counted[:_BUSIEST]
        if each.code is not None
    ]
