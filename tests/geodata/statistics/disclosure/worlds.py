"""Random towns whose days, months and years close one after the other, and all that then is public of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from geodata.statistics.disclosure import day, month
from geodata.statistics.disclosure.checker import Cell, Key, widths_below
from geodata.statistics.disclosure.figure import NOTHING, WITHHELD, Counts, Finest, Mask, Rule, sum_of_shown, total
from geodata.statistics.disclosure.pool import Pool


@dataclass(slots=True)
class Path:
    """A trail with its counts (stations x days x hours), closed day by day, and what is then shown."""

    name: str
    first: date
    counts: Counts
    rule: Rule
    cells: dict[Key, Cell] = field(default_factory=dict)
    truth: dict[Key, int] = field(default_factory=dict)
    shown: dict[date, day.ClosedDay] = field(default_factory=dict)
    months: dict[date, month.ClosedMonth] = field(default_factory=dict)
    pools: dict[date, Pool] = field(default_factory=dict)

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range(self.counts.shape[1])]

    @property
    def stations(self) -> list[str]:
        return [f"{self.name}{number}" for number in range(len(self.counts))]

    def close(self) -> None:
        for number, today in enumerate(self.days):
            self._close_day(today, self.counts[:, number])
            tomorrow = today + timedelta(days=1)
            if tomorrow.month != today.month:
                self._close_month(today.replace(day=1))
            if tomorrow.year != today.year:
                self._close_year(today.replace(month=1, day=1))
        self._weeks()

    def _of_month(self, first: date) -> list[date]:
        return [today for today in self.shown if today.replace(day=1) == first]

    def _withheld_months(self, year: int) -> Pool:
        pools = [
            self.pools[first]
            for first, closed in self.months.items()
            if first.year == year and closed.trail == WITHHELD
        ]
        return Pool(len(pools), sum(pool.total for pool in pools))

    def _spent(self, year: int) -> Mask:
        spent = np.zeros(len(self.counts), dtype=bool)
        for first, closed in self.months.items():
            if first.year == year:
                spent |= closed.stations == WITHHELD
        return spent

    def month_of_days(self, first: date) -> month.MonthOfDays:
        days = self._of_month(first)
        numbers = [(today - self.first).days for today in days]
        counts = total(self.counts[:, numbers], axis=2) if days else np.full((len(self.counts), 0), NOTHING)
        stations = np.array([self.shown[today].stations for today in days]).reshape(len(days), -1).T
        trail = np.array([self.shown[today].trail for today in days])
        return month.MonthOfDays(counts, stations == WITHHELD, trail == WITHHELD)

    def so_far(self, today: date) -> day.SoFar:
        days = self._of_month(today.replace(day=1))
        pool = self.month_of_days(today.replace(day=1)).pool if days else Pool()
        columns = sum(self.shown[d].trail >= 0 and WITHHELD in self.shown[d].stations for d in days)
        is_last = (today + timedelta(days=1)).month != today.month
        return day.SoFar(pool, self._withheld_months(today.year), columns, is_last)

    def _close_day(self, today: date, counts: Counts) -> None:
        closed = day.close_day(counts, self.so_far(today), self.rule, self._spent(today.year))
        self.shown[today] = closed
        by_hour = self.rule.finest is Finest.HOUR
        of_trail = total(counts, axis=0)
        hours = range(counts.shape[1]) if by_hour else []
        for hour in hours:
            if of_trail[hour] != NOTHING:
                shown = WITHHELD if closed.hours is None else int(closed.hours[hour])
                of_hour: list[Key] = [
                    ("station", station, "hour", (today, hour))
                    for number, station in enumerate(self.stations)
                    if counts[number, hour] != NOTHING
                ]
                self._add("trail", self.name, "hour", (today, hour), shown, int(of_trail[hour]), of_hour)
        for number, station in enumerate(self.stations):
            for hour in hours:
                if counts[number, hour] != NOTHING:
                    shown = WITHHELD if closed.station_hours is None else int(closed.station_hours[number, hour])
                    self._add("station", station, "hour", (today, hour), shown, int(counts[number, hour]), [])
            known: list[Key] = [
                ("station", station, "hour", (today, hour)) for hour in hours if counts[number, hour] != NOTHING
            ]
            value = int(total(counts[number]))
            if value != NOTHING:
                self._add("station", station, "day", today, int(closed.stations[number]), value, known)
        parts: list[Key] = [("trail", self.name, "hour", (today, hour)) for hour in hours if of_trail[hour] != NOTHING]
        if not by_hour:
            parts = [("station", s, "day", today) for s in self.stations if ("station", s, "day", today) in self.cells]
        if total(of_trail) != NOTHING:
            self._add("trail", self.name, "day", today, closed.trail, int(total(of_trail)), parts)

    def _close_month(self, first: date) -> None:
        days = self.month_of_days(first)
        closed = month.close_month(days, self._withheld_months(first.year), self.rule, self._spent(first.year))
        self.pools[first] = days.pool
        self.months[first] = closed
        stations = total(days.counts, axis=1)
        self._add_sums("month", first, self._of_month(first), "day", closed, stations)

    def _close_year(self, first: date) -> None:
        months = [start for start in self.months if start.year == first.year]
        of_months = np.array([total(self.month_of_days(start).counts, axis=1) for start in months]).T
        trail = np.array([self.months[start].trail for start in months])
        stations = np.array([self.months[start].stations for start in months]).T
        counts = total(of_months, axis=1)
        closed = month.close_year(trail, self._withheld_months(first.year), stations, counts, self.rule)
        self._add_sums("year", first, months, "month", closed, counts)

    def _add_sums(
        self, bucket: str, first: date, starts: list[date], part: str, closed: month.ClosedMonth, stations: Counts
    ) -> None:
        figures = [
            ("station", station, int(closed.stations[i]), int(stations[i])) for i, station in enumerate(self.stations)
        ]
        figures.append(("trail", self.name, closed.trail, int(total(stations))))
        for scope, code, figure, value in figures:
            parts: list[Key] = [key for start in starts if (key := (scope, code, part, start)) in self.cells]
            if value != NOTHING:
                self._add(scope, code, bucket, first, figure, value, parts)

    def _weeks(self) -> None:
        for scope, code in [*(("station", station) for station in self.stations), ("trail", self.name)]:
            for today in self.days:
                week = [today - timedelta(days=6 - number) for number in range(7)]
                parts: list[Key] = [key for d in week if (key := (scope, code, "day", d)) in self.cells]
                if today.weekday() == 6 and parts:
                    self._add_sum(scope, code, "week", week[0], parts)

    def _add_sum(self, scope: str, code: str, bucket: str, start: date, parts: list[Key]) -> None:
        values = [WITHHELD if (value := self.cells[part].value) is None else value for part in parts]
        truth = sum(self.truth[part] for part in parts)
        self._add(scope, code, bucket, start, int(sum_of_shown(np.array(values))), truth, parts)

    def _add(
        self, scope: str, code: str, bucket: str, start: object, figure: int, truth: int, parts: list[Key]
    ) -> None:
        key = (scope, code, bucket, start)
        assert figure in {WITHHELD, truth}, (key, figure, truth)
        self.cells[key] = Cell(None if figure == WITHHELD else figure, tuple(parts))
        self.truth[key] = truth


@dataclass(slots=True)
class Town:
    """Trails with all figures that are public, the town's among them."""

    paths: list[Path]
    rule: Rule
    cells: dict[Key, Cell] = field(default_factory=dict)
    truth: dict[Key, int] = field(default_factory=dict)

    def close(self) -> Town:
        together: dict[tuple[object, object], list[Key]] = {}
        for path in self.paths:
            path.close()
            self.cells |= path.cells
            self.truth |= path.truth
            for key in path.cells:
                scope, _, bucket, start = key
                if scope == "trail":
                    together.setdefault((bucket, start), []).append(key)
        for (bucket, start), parts in together.items():
            values = [WITHHELD if (value := self.cells[part].value) is None else value for part in parts]
            shown = int(sum_of_shown(np.array(values)))
            key = ("municipality", "town", bucket, start)
            self.cells[key] = Cell(None if shown == WITHHELD else shown, tuple(parts))
            self.truth[key] = sum(self.truth[part] for part in parts)
        return self

    def small_and_shown(self) -> list[Key]:
        return [key for key, cell in self.cells.items() if cell.value is not None and 0 < cell.value < self.rule.k]

    def opened(self) -> list[Key]:
        """Withheld figures that an attacker tells to within less than k.

        A week, and a station's year, are no more than the sum of what is shown: where one is withheld and can be
        worked out, it is one that could have been shown. So is a day without anybody in a month without anybody.
        """
        found = widths_below(self.cells, self.rule.k)
        return [key for key in found if 0 < self.truth[key] < self.rule.k or not self._may_be_known(key)]

    def _may_be_known(self, key: Key) -> bool:
        scope, _, bucket, _ = key
        of_quiet_month = self.rule.finest is Finest.MONTH and bucket == "day" and not self.truth[key]
        return of_quiet_month or bucket == "week" or (scope, bucket) == ("station", "year")


def random_town(seed: int) -> Town:
    """A town with up to three trails over weeks of real dates: busy or lonely, with gaps, often over a year's end."""
    chance = np.random.default_rng(seed)
    finest = [Finest.HOUR, Finest.HOUR, Finest.HOUR, Finest.DAY, Finest.MONTH][chance.integers(0, 5)]
    rule = Rule(int(chance.choice([5, 5, 5, 8])), finest)
    first = date(2026, 11, 1) + timedelta(days=int(chance.integers(0, 40)))
    days, hours = int(chance.integers(34, 80)), int(chance.integers(1, 5))
    if chance.random() < 0.15:
        first, days, hours = date(2027, chance.integers(1, 10), 5), 300, 1
    names = "abc"[: chance.integers(1, 4)]
    return Town([Path(name, first, random_counts(chance, days, hours), rule) for name in names], rule)


def random_counts(chance: np.random.Generator, days: int, hours: int) -> Counts:
    """Counts of one trail (stations x days x hours)."""
    shape = (int(chance.integers(1, 6)), days, hours)
    rate = chance.choice([0.05, 0.4, 1.5, 6.0, 30.0]) * chance.lognormal(0, 0.8, (shape[0], 1, 1))
    rate = rate * chance.dirichlet(np.ones(hours))
    if chance.random() < 0.4:
        rate = rate * chance.gamma(1.5, 1 / 1.5, (1, days, 1))  # days that are good or bad for all
    counts = chance.poisson(rate * chance.choice([1, 1, 1, 0.02], (shape[0], days, 1)), shape)
    if chance.random() < 0.3:
        counts = counts * (chance.random(shape) < 0.3)
    if chance.random() < 0.2:
        counts[chance.integers(0, shape[0])] = 0  # nobody comes here
    if chance.random() < 0.5:
        counts[chance.random(shape) < 0.1] = NOTHING
    if chance.random() < 0.5:
        counts[chance.random(shape[:2]) < chance.choice([0.1, 0.6])] = NOTHING
    return counts
