"""Simulated worlds of counters with a known change from one year to the next, as messy as real ones.

The truth is not of the model's form: warmth pulls people out along a curve that bends, autumn has a peak of its own,
days share what nobody measured, weeks too, feasts multiply a day, and 30 % of the days are lost in outages of weeks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from geodata.statistics.calendars.day_kinds import day_kinds
from geodata.statistics.comparison.day import ComparedDay, DayKind, Surroundings, WeatherDay

BEFORE, AFTER = 2024, 2025
Floats = NDArray[np.float64]
_DAYS = [date(BEFORE, 1, 1) + timedelta(n) for n in range((date(AFTER, 12, 31) - date(BEFORE, 1, 1)).days + 1)]
_KINDS = day_kinds(_DAYS, "NW")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a world is made; standard deviations are those of logarithms."""

    effect: float = 0.0  # share by which passes of AFTER are more than those of BEFORE
    counters: int = 3
    lost: float = 0.3
    shared_by_day: float = 0.12
    shared_by_week: float = 0.12
    own: float = 0.25
    feasts: int = 3
    has_weather: bool = True


def world(seed: int, recipe: Recipe) -> tuple[list[ComparedDay], Surroundings]:
    """The days of all counters in both years, and what these days were like."""
    chance = np.random.default_rng(seed)
    days, kinds = _DAYS, _KINDS
    weather = _weather(days, chance)
    mean = _pull(days, weather) + np.array([_of_kind(day, kinds[day]) for day in days])
    mean += _shared(days, recipe, chance) + np.log1p(recipe.effect) * np.array([day.year == AFTER for day in days])
    counted = [each for counter in range(recipe.counters) for each in _counted(counter, days, mean, recipe, chance)]
    known = {
        day: WeatherDay(temperature=round(t, 1), rain=round(r, 1), sunshine=round(s, 1))
        for day, t, r, s in zip(days, *weather, strict=True)
    }
    return counted, Surroundings(kinds=kinds, weather=known if recipe.has_weather else {})


def _weather(days: list[date], chance: np.random.Generator) -> tuple[list[float], list[float], list[float]]:
    """Temperature, rain and sunshine: each day like the day before."""
    spell, temperature, rain, sunshine = 0.0, [], [], []
    for day in days:
        summer = -np.cos(2 * np.pi * (day.timetuple().tm_yday - 20) / 365.25)
        spell = 0.8 * spell + chance.normal(0, 0.6)
        temperature.append(10 + 8.5 * summer + 3.2 * spell + chance.normal(0, 1))
        is_wet = chance.random() < 1 / (1 + np.exp(0.6 + 1.1 * spell))
        rain.append(float(chance.gamma(0.8, 6)) if is_wet else 0.0)
        sunshine.append(float(np.clip((5 + 4 * summer) * chance.beta(2, 2) * (0.5 if is_wet else 1.4), 0, 16)))
    return temperature, rain, sunshine


def _pull(days: list[date], weather: tuple[list[float], list[float], list[float]]) -> Floats:
    """How season and weather pull people out."""
    temperature, rain, sunshine = map(np.array, weather)
    turn = np.array([day.timetuple().tm_yday for day in days]) / 365.25
    autumn = 0.25 * np.exp(-(((turn - 0.80) / 0.03) ** 2))
    warmth = 0.9 / (1 + np.exp(-(temperature - 9) / 4)) - 0.03 * np.maximum(temperature - 24, 0)
    return 0.3 * np.sin(2 * np.pi * (turn - 0.25)) + autumn + warmth - 0.4 * np.tanh(rain / 3) + 0.03 * sunshine


def _of_kind(day: date, kind: DayKind) -> float:
    holiday, bridge = kind.public_holiday, kind.bridge_day
    weekday = (0, 0, 0.05, 0, 0.15, 0.6, 0.9)[day.weekday()]
    return max(weekday, 0.8 if holiday else 0.3 if bridge else 0) + 0.15 * bool(kind.school_holidays)


def _shared(days: list[date], recipe: Recipe, chance: np.random.Generator) -> Floats:
    """What pulls people at all counters at once: nobody knows what, by day and by week; and feasts."""
    by_day = np.zeros(len(days))
    for number in range(1, len(days)):
        by_day[number] = 0.5 * by_day[number - 1] + chance.normal(0, recipe.shared_by_day * np.sqrt(0.75))
    weeks = chance.normal(0, recipe.shared_by_week, len(days) // 7 + 2)
    shared = by_day + np.array([weeks[(number + days[0].weekday()) // 7] for number in range(len(days))])
    for year in (BEFORE, AFTER):
        of_year = [number for number, day in enumerate(days) if day.year == year]
        shared[chance.choice(of_year, chance.poisson(recipe.feasts), replace=False)] += np.log(3)
    return shared


def _counted(
    counter: int, days: list[date], mean: Floats, recipe: Recipe, chance: np.random.Generator
) -> list[ComparedDay]:
    level = np.log(chance.uniform(25, 250))
    rate = np.exp(level + mean) * chance.gamma(1 / recipe.own**2, recipe.own**2, len(days))
    is_lost = _outages(len(days), recipe.lost, chance)
    return [
        ComparedDay(counter, day, int(passes), valid=not lost)
        for day, passes, lost in zip(days, chance.poisson(rate), is_lost, strict=True)
    ]


def _outages(days: int, share: float, chance: np.random.Generator) -> NDArray[np.bool_]:
    """Outages of about three weeks each, until ``share`` of the days is lost."""
    lost = np.zeros(days, dtype=bool)
    while np.mean(lost) < share:
        start = chance.integers(0, days)
        lost[start : start + chance.geometric(1 / 20)] = True
    return lost
