"""The change from a year to another by regression: what weekday, holidays, season and weather explain is taken out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geodata.messages.message import Message, counted, joined, message, phrase
from geodata.statistics.comparison.coverage import Question
from geodata.statistics.comparison.day import NO_WEATHER, ComparedDay, Surroundings
from geodata.statistics.comparison.design import design
from geodata.statistics.comparison.negative_binomial import FitFailed, fit
from geodata.statistics.comparison.unknown_holidays import unknown_holidays
from geodata.statistics.comparison.weekly_jackknife import Estimate, estimate, weeks

PARTS = ("temperature", "rain", "sunshine")
"""Of the weather, as far as they are known."""
LEAST_KNOWN = 0.8
"""Share of the days of each year on which a part of the weather must be known for it to be taken into account."""
_WORDS = {
    "tuesday": "Tuesdays",
    "wednesday": "Wednesdays",
    "thursday": "Thursdays",
    "friday": "Fridays",
    "saturday": "Saturdays",
    "sunday": "Sundays",
    "public holiday": "public holidays",
    "bridge day": "bridge days",
    "school holidays": "school holidays",
    "temperature": "temperature",
    "rain": "rain",
    "sunshine": "sunshine",
}
"""What people call the columns that a year may lack."""
_SPELL = 4  # weeks that are alike when nobody knows the weather: it comes in spells, which a week alone does not hold


@dataclass(frozen=True, slots=True)
class YearRatio:
    """The logarithm of the ratio of the years, the ``days`` it comes from, and ``notes`` on what was left out."""

    ratio: Estimate
    days: tuple[ComparedDay, ...]
    notes: tuple[Message, ...]


def yearly_model(days: Sequence[ComparedDay], around: Surroundings, question: Question) -> YearRatio:
    """How the days of ``question.after`` differ from those of ``question.before``. Raises FitFailed."""
    parts = [part for part in PARTS if _is_known(part, days, around, question)]
    used = [each for each in days if _has(each, parts, around)]
    columns = design(used, around, parts, question.before)
    year = str(question.after)
    if year not in columns.columns:
        raise FitFailed
    counts = np.array([each.passes for each in used], dtype=float)
    fitted = fit(columns.matrix, counts)
    together = weeks([each.day for each in used]) // (1 if "temperature" in parts else _SPELL)
    ratio = estimate(fitted, columns.matrix, counts, together, columns.columns.index(year))
    return YearRatio(ratio, tuple(used), _notes(parts, days, used, around, columns.left_out))


def _is_known(part: str, days: Sequence[ComparedDay], around: Surroundings, question: Question) -> bool:
    for year in (question.before, question.after):
        known = [_has(each, [part], around) for each in days if each.day.year == year]
        if sum(known) < LEAST_KNOWN * len(known):
            return False
    return True


def _has(each: ComparedDay, parts: Sequence[str], around: Surroundings) -> bool:
    weather = around.weather.get(each.day, NO_WEATHER)
    return all(getattr(weather, part) is not None for part in parts)


def _notes(
    parts: Sequence[str],
    days: Sequence[ComparedDay],
    used: Sequence[ComparedDay],
    around: Surroundings,
    left_out: Sequence[str],
) -> tuple[Message, ...]:
    notes: list[Message] = []
    if lacking := [phrase(_WORDS[part]) for part in PARTS if part not in parts]:
        notes.append(
            message("Not taken into account, for too few days of it are known: {parts}.", parts=joined(lacking))
        )
    if len(used) < len(days):
        lost = len(days) - len(used)
        notes.append(
            counted("{count} day without weather is left out.", "{count} days without weather are left out.", lost)
        )
    notes.extend(unknown_holidays(used, around))
    if told := [phrase(_WORDS[name]) for name in left_out if name in _WORDS]:
        notes.append(message("Not taken into account, for the days do not differ in it: {names}.", names=joined(told)))
    return tuple(notes)
