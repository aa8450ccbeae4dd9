"""People on the loop: when they come, how they walk, and what the two counters have counted until a moment.

No person is modelled beyond a walk: a group starts at the car park, most pass the counter half-way and come
back, some turn round early, a few walk the loop the other way.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum, StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from firmware_sim.world.chance import bell, chance, choose, clamp
from firmware_sim.world.weather import HOUR, Weather, summer

LOCAL = ZoneInfo("Europe/Berlin")
LOOP_M, MIDDLE_M = 4900, 2700
STEP_S = 3
"""Seconds between two people of one group at a counter."""

_GROUPS_PER_WEEKDAY = (22, 20, 22, 22, 28, 44, 62)
_ARRIVALS_WORKDAY = (0, 0, 0, 0, 0, 1, 3, 6, 8, 9, 9, 7, 5, 6, 9, 11, 11, 9, 6, 3, 1, 0, 0, 0)
_ARRIVALS_WEEKEND = (0, 0, 0, 0, 0, 0, 1, 3, 5, 9, 13, 12, 8, 12, 18, 17, 11, 6, 3, 1, 0, 0, 0, 0)
_SIZES_WORKDAY = (52, 34, 8, 4, 2)
_SIZES_SUNDAY = (18, 32, 20, 19, 11)
_SCHOOL_CLASS = 24


class Point(StrEnum):
    """Where a counter stands."""

    START = "start"
    MIDDLE = "middle"


class Way(StrEnum):
    """How a group walks."""

    ROUND = "round"
    ROUND_BACKWARDS = "round_backwards"
    AND_BACK = "and_back"


class Totals(NamedTuple):
    """What a counter's two running totals show: people in walking direction and against it."""

    inward: int
    outward: int


class _WalkerStream(IntEnum):
    NUMBER = 21
    ARRIVAL = 22
    SIZE = 23
    WAY = 24
    PACE = 25


@dataclass(frozen=True, slots=True)
class Walk:
    """A group of ``size`` people: Unix seconds of the first one at the start, at the middle and back at the start."""

    size: int
    way: Way
    start: float
    middle: float | None
    end: float


@dataclass(frozen=True, slots=True)
class _Day:
    """Times at which each counter counts, sorted; in and out."""

    passes: dict[Point, tuple[list[float], list[float]]]

    def totals(self, point: Point, t: float) -> Totals:
        inward, outward = self.passes[point]
        return Totals(bisect_right(inward, t), bisect_right(outward, t))


class Walkers:
    """Everyone who walks the trail since the counters were installed."""

    def __init__(self, seed: int, weather: Weather, installed: date) -> None:
        self._seed = seed
        self._weather = weather
        self._installed = installed
        self._before: list[dict[Point, Totals]] = [dict.fromkeys(Point, Totals(0, 0))]
        self._recent: dict[date, _Day] = {}

    def totals(self, point: Point, t: float) -> Totals:
        """The running totals of the counter at ``point``; 0 before it was installed."""
        day = datetime.fromtimestamp(t, LOCAL).date()
        if day < self._installed:
            return Totals(0, 0)
        before, today = self._totals_before(day)[point], self._day(day).totals(point, t)
        return Totals(before.inward + today.inward, before.outward + today.outward)

    def walks(self, day: date) -> list[Walk]:
        """The groups of a local day; all are back before it ends."""
        midnight = datetime.combine(day, time(), LOCAL).astimezone(UTC).timestamp()
        number = round(
            self._expected_groups(day, midnight) * (1.0 + 0.15 * bell(*self._keys(_WalkerStream.NUMBER, day)))
        )
        return [self._walk(day, midnight, index) for index in range(number)]

    def _expected_groups(self, day: date, midnight: float) -> float:
        season = 0.4 + 0.75 * summer(midnight - 20 * 24 * HOUR)
        rain = self._weather.rain(midnight + 9 * HOUR, midnight + 18 * HOUR)
        cold = clamp((self._weather.mean_temperature(midnight + 13 * HOUR) + 8.0) / 12.0, 0.4, 1.0)
        return _GROUPS_PER_WEEKDAY[day.weekday()] * season * cold / (1.0 + rain / 4.0)

    def _walk(self, day: date, midnight: float, index: int) -> Walk:
        keys = self._keys(_WalkerStream.ARRIVAL, day, index)
        arrivals = _ARRIVALS_WEEKEND if day.weekday() >= 5 else _ARRIVALS_WORKDAY
        start = midnight + (choose(chance(*keys), arrivals) + chance(*keys, 1)) * HOUR
        size, way = self._size(day, index), self._way(day, index)
        pace = (0.62 if size >= 3 else 0.85) * max(0.75, 1.0 + 0.12 * bell(*self._keys(_WalkerStream.PACE, day, index)))
        if way is Way.AND_BACK:
            turned_at_m = 400 + 1800 * chance(*keys, 2)
            return Walk(size, way, start, None, start + 2 * turned_at_m / pace)
        to_middle_m = MIDDLE_M if way is Way.ROUND else LOOP_M - MIDDLE_M
        return Walk(size, way, start, start + to_middle_m / pace, start + LOOP_M / pace)

    def _size(self, day: date, index: int) -> int:
        share = chance(*self._keys(_WalkerStream.SIZE, day, index))
        if day.weekday() == 6:
            return 1 + choose(share, _SIZES_SUNDAY)
        if day.weekday() < 5 and day.month in {5, 6, 9, 10} and share > 0.995:
            return _SCHOOL_CLASS
        return 1 + choose(share, _SIZES_WORKDAY)

    def _way(self, day: date, index: int) -> Way:
        share = chance(*self._keys(_WalkerStream.WAY, day, index))
        if share < 0.70:
            return Way.ROUND
        return Way.ROUND_BACKWARDS if share < 0.80 else Way.AND_BACK

    def _keys(self, channel: _WalkerStream, day: date, index: int = 0) -> tuple[int, ...]:
        return self._seed, channel, day.toordinal(), index

    def _totals_before(self, day: date) -> dict[Point, Totals]:
        number = (day - self._installed).days
        while len(self._before) <= number:
            last = len(self._before) - 1
            self._before.append(_added(self._before[last], self.walks(self._installed + timedelta(days=last))))
        return self._before[number]

    def _day(self, day: date) -> _Day:
        if day not in self._recent:
            if len(self._recent) >= 3:
                self._recent.pop(next(iter(self._recent)))
            self._recent[day] = _counted(self.walks(day))
        return self._recent[day]


def _added(before: dict[Point, Totals], walks: Iterable[Walk]) -> dict[Point, Totals]:
    counts = {point: list(totals) for point, totals in before.items()}
    for walk in walks:
        for point, inward, _ in _crossings(walk):
            counts[point][0 if inward else 1] += walk.size
    return {point: Totals(*both) for point, both in counts.items()}


def _counted(walks: Iterable[Walk]) -> _Day:
    passes: dict[Point, tuple[list[float], list[float]]] = {point: ([], []) for point in Point}
    for walk in walks:
        for point, inward, at in _crossings(walk):
            passes[point][0 if inward else 1].extend(at + STEP_S * person for person in range(walk.size))
    for inward_times, outward_times in passes.values():
        inward_times.sort()
        outward_times.sort()
    return _Day(passes)


def _crossings(walk: Walk) -> list[tuple[Point, bool, float]]:
    """Which counter counts a walk, in walking direction or against it, and when."""
    crossings = [(Point.START, True, walk.start), (Point.START, False, walk.end)]
    if walk.middle is not None:
        crossings.insert(1, (Point.MIDDLE, walk.way is Way.ROUND, walk.middle))
    return crossings
