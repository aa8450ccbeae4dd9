"""The columns of the regression: counters, years, kinds of days, the curve of the year and weather.

A column in which the days do not differ, or that other columns give already, cannot be told apart from them: it is left
out and said.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import pi
from typing import cast

import numpy as np
from numpy.typing import NDArray

from geodata.statistics.comparison.day import WET_MM, ComparedDay, Surroundings, WeatherDay
from geodata.statistics.comparison.negative_binomial import Floats

_WARM, _PER_TEN = 10.0, 10.0  # °C: temperature counts from and in tens of it, so that its square stays of size 1
_DAYS_OF_YEAR = 365.25
_WEEKDAYS = ("tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DEPENDENT = 1e-7  # what is left of a column, as a share of it, when the others are taken out


@dataclass(frozen=True, slots=True)
class Design:
    """``matrix`` has a row per day and a column per name in ``columns``; ``left_out`` names those it has not."""

    columns: tuple[str, ...]
    matrix: Floats
    left_out: tuple[str, ...]


def design(days: Sequence[ComparedDay], around: Surroundings, weather: Iterable[str], base_year: int) -> Design:
    """The columns of ``days``; ``weather`` names its parts that are known of every one of them.

    The column of a year, such as ``2026``, says how its days differ from those of ``base_year``.
    """
    columns = _counters(days) | _years(days, base_year) | _kinds(days, around) | _season(days)
    return _independent(columns | _weather([around.weather[each.day] for each in days] if weather else [], weather))


def _counters(days: Sequence[ComparedDay]) -> dict[str, Floats]:
    """One column per counter: how many pass it on a day on which nothing else is different."""
    counters = np.array([each.counter for each in days])
    return {f"counter {counter}": _flag(counters == counter) for counter in np.unique(counters)}


def _years(days: Sequence[ComparedDay], base_year: int) -> dict[str, Floats]:
    years = np.array([each.day.year for each in days])
    return {str(year): _flag(years == year) for year in np.unique(years) if year != base_year}


def _kinds(days: Sequence[ComparedDay], around: Surroundings) -> dict[str, Floats]:
    """Weekdays beside Monday, and what the calendar says; nothing of school holidays where some are not known."""
    weekdays = np.array([each.day.weekday() for each in days])
    kinds = [around.kinds[each.day] for each in days]
    columns = {name: _flag(weekdays == number) for number, name in enumerate(_WEEKDAYS, 1)}
    columns["public holiday"] = np.array([float(kind.public_holiday) for kind in kinds])
    columns["bridge day"] = np.array([float(kind.bridge_day) for kind in kinds])
    if all(kind.school_holidays is not None for kind in kinds):
        columns["school holidays"] = np.array([float(bool(kind.school_holidays)) for kind in kinds])
    return columns


def _season(days: Sequence[ComparedDay]) -> dict[str, Floats]:
    """The curve of the year: a wave of a year and one of half a year."""
    turn = 2 * pi * np.array([each.day.timetuple().tm_yday for each in days]) / _DAYS_OF_YEAR
    return {
        f"season {name} {wave}": function(wave * turn)
        for wave in (1, 2)
        for name, function in (("sine", np.sin), ("cosine", np.cos))
    }


def _weather(weather: Sequence[WeatherDay], parts: Iterable[str]) -> dict[str, Floats]:
    columns: dict[str, Floats] = {}
    for part in parts:
        values = np.array([getattr(each, part) for each in weather], dtype=float)
        if part == "temperature":
            warmth = (values - _WARM) / _PER_TEN
            columns |= {"temperature": warmth, "temperature squared": warmth**2}
        else:
            columns[part] = _flag(values > WET_MM) if part == "rain" else values
    return columns


def _flag(days: NDArray[np.bool_]) -> Floats:
    return days.astype(np.float64)


def _independent(columns: dict[str, Floats]) -> Design:
    """Without the columns that those before them give already; nothing differs in a column of zeros or ones alone."""
    matrix = np.column_stack(list(columns.values()))
    length = np.linalg.norm(matrix, axis=0)
    length[length == 0] = 1.0
    rest = np.abs(np.diag(cast("Floats", np.linalg.qr(matrix / length, mode="r"))))
    kept = rest > _DEPENDENT
    names = np.array(list(columns))
    return Design(tuple(map(str, names[kept])), matrix[:, kept], tuple(map(str, names[~kept])))
