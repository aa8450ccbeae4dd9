"""The hours of a day at a station: how many pass in each on working days and at weekends, as bars and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.drawing import bars
from api.drawing.bars import BarDrawing, BarKind, BarValue
from dashboards import words
from geodata.store.counting.reading import ProfileHour

_WEEKEND = 6  # Saturday, as ISO 8601 counts the days of a week
_SCALE = 10  # bars are drawn of tenths: at many stations few pass in an hour


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """An hour by the clock there, and the mean of passes in it."""

    hour: str
    working_days: str
    weekend: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileChart:
    """Bars of working days with marks of weekends, and the table; without a drawing nothing was counted then.

    ``names`` are x and text below the bars, ``highest`` x, y and text of the highest of them.
    """

    drawing: BarDrawing | None
    names: Sequence[tuple[float, str]]
    highest: tuple[float, float, str] | None
    rows: Sequence[ProfileRow]


def chart(hours: Sequence[ProfileHour], channels: int) -> ProfileChart:
    """Draw the profile of a station at which a pass is counted by one of so many ``channels``."""
    working = [_mean(hours, of_day, channels, weekend=False) for of_day in range(24)]
    weekend = [_mean(hours, of_day, channels, weekend=True) for of_day in range(24)]
    drawing = bars.draw([_bar(mean) for mean in working], [_tenths(mean) for mean in weekend])
    return ProfileChart(
        drawing=drawing,
        names=[(x, str(of_day)) for of_day, x in enumerate(drawing.middles) if of_day % 3 == 0] if drawing else (),
        highest=_highest(drawing, working) if drawing else None,
        rows=[
            ProfileRow(f"{of_day} bis {of_day + 1} Uhr", _words(working[of_day]), _words(weekend[of_day]))
            for of_day in range(24)
        ],
    )


def _mean(hours: Sequence[ProfileHour], of_day: int, channels: int, *, weekend: bool) -> float | None:
    """Passes in the hour ``of_day``, all directions together; None where no such hour is known."""
    found = [each for each in hours if each.hour == of_day and (each.weekday >= _WEEKEND) is weekend]
    known = sum(each.channel_hours for each in found)
    return channels * sum(each.passes for each in found) / known if known else None


def _highest(drawing: BarDrawing, means: Sequence[float | None]) -> tuple[float, float, str] | None:
    if drawing.highest is None:
        return None
    bar = drawing.bars[sum(mean is not None for mean in means[: drawing.highest])]
    return drawing.middles[drawing.highest], bar.y, _words(means[drawing.highest])


def _bar(mean: float | None) -> BarValue:
    return BarValue(BarKind.GAP) if mean is None else BarValue(BarKind.COUNTED, _tenths(mean))


def _tenths(mean: float | None) -> int | None:
    return None if mean is None else round(_SCALE * mean)


def _words(mean: float | None) -> str:
    return "nicht gezählt" if mean is None else words.number(mean, 1)
