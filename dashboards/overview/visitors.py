"""How many walked here, compared with a year ago, and which stations they opened: of a trail, or of several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from api.catalogue.snapshot import Snapshot
from api.catalogue.texts import title_of
from dashboards import words
from dashboards.languages import t
from geodata.model.station import Station
from geodata.statistics.counting.periods import CountPeriod, start_of
from geodata.statistics.counting.trail_sums import ChannelAtTrail, TrailPeriod, sum_between
from geodata.store.counting import trail_days
from geodata.store.transaction import Transaction

_WEEK = timedelta(weeks=1)
_YEAR = 52 * _WEEK  # the same weekdays
_COMPARABLE = 0.9
"""With less of the time counted in one of the weeks, a difference says more of the counters than of the people."""
_MOST_STATIONS = 3


@dataclass(frozen=True, slots=True)
class WeekOfVisitors:
    """The last full ``week``, and the one 52 weeks ``before``."""

    week: TrailPeriod
    before: TrailPeriod

    @property
    def passes(self) -> str:
        """``1.284``, or a dash where nothing was counted: a gap is not 0."""
        return "–" if self.week.passes is None else words.number(self.week.passes)

    @property
    def change(self) -> str:
        """``+12 %``, or a dash where the two weeks cannot be compared."""
        if self.week.passes is None or not self.before.passes or not self._is_comparable:
            return "–"
        percent = round(100 * (self.week.passes / self.before.passes - 1))
        sign = "+" if percent > 0 else "±" if percent == 0 else "−"
        return f"{sign}{words.number(abs(percent))}\u00a0%"

    @property
    def _is_comparable(self) -> bool:
        return min(self.week.coverage, self.before.coverage) >= _COMPARABLE

    @property
    def said(self) -> str:
        """What stands under the number: which week, how many counters, how much of the time."""
        if not self.week.counters:
            return t("letzte Woche hing kein Zähler")
        last = self.week.end - timedelta(days=1)
        return t(
            "%(first)s bis %(last)s, %(coverage)s der Zeit gezählt",
            first=f"{self.week.start:%d.%m.}",
            last=f"{last:%d.%m.}",
            coverage=_percent(self.week.coverage),
        )

    @property
    def change_said(self) -> str:
        """What stands under the change: the number of then, or why there is none."""
        if not self.before.counters or self.before.passes is None:
            return t("vor einem Jahr wurde nicht gezählt")
        then = words.number(self.before.passes)
        if self.week.counters and not self._is_comparable:
            lowest = _percent(min(self.week.coverage, self.before.coverage))
            return t("damals %(then)s; nicht vergleichbar, nur %(coverage)s gezählt", then=then, coverage=lowest)
        return t("dieselbe Woche vor einem Jahr: %(then)s", then=then)


def read(connection: Transaction, trails: Sequence[str], zone: ZoneInfo, today: date) -> dict[str, WeekOfVisitors]:
    """The last full week of each trail, and of all together under the empty slug."""
    end = start_of(CountPeriod.WEEK, today)
    found: dict[str, WeekOfVisitors] = {}
    now_all: list[ChannelAtTrail] = []
    then_all: list[ChannelAtTrail] = []
    for trail in trails:
        now = trail_days.load(connection, trail, end - _WEEK, end, zone)
        then = trail_days.load(connection, trail, end - _WEEK - _YEAR, end - _YEAR, zone) if now else []
        found[trail] = _weeks(now, then, end, zone)
        now_all += now
        then_all += then
    found[""] = _weeks(now_all, then_all, end, zone)
    return found


def _weeks(now: Sequence[ChannelAtTrail], then: Sequence[ChannelAtTrail], end: date, zone: ZoneInfo) -> WeekOfVisitors:
    return WeekOfVisitors(
        sum_between(now, end - _WEEK, end, zone), sum_between(then, end - _WEEK - _YEAR, end - _YEAR, zone)
    )


def busiest(snapshot: Snapshot, scans: Mapping[str, int]) -> str:
    """``4 Försterteiche (1.200), 1 Unter den Eichen (84)``; empty where none was opened."""
    known: list[Station] = [snapshot.catalogue.stations[code] for code in scans if code in snapshot.catalogue.stations]
    first = sorted(known, key=lambda station: (-scans[station.code], station.number))[:_MOST_STATIONS]
    return ", ".join(
        f"{station.number} {title_of(station)} ({words.number(scans[station.code])})"
        for station in first
        if scans[station.code]
    )


def _percent(share: float) -> str:
    return f"{words.number(round(100 * share))}\u00a0%"
