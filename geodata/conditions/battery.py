"""Until when a battery lasts, from its charge once a day: pure. A jump upwards is a new battery, which begins anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from statistics import median

from geodata.conditions import robust_slope

EMPTY_PERCENT = 5.0
"""From here on a device may stop at any cold night."""
JUMP_PERCENT = 15.0
LEAST_DAYS = 7
LEAST_POINTS = 5
_LOOKS_BACK = timedelta(days=90)  # a battery falls faster towards its end: older days would hide it
_MOST_POINTS = 45
_SURE_IN_DAYS = 21
_LONGEST_DAYS = 730
_SIDE = 3  # days on each side of a jump: one wrong value is none

Charge = tuple[date, float]
"""A day, and how full the battery was then, in percent."""


class Outlook(StrEnum):
    """What can be said of a battery."""

    TOO_EARLY = "too early"
    STEADY = "steady"
    FALLING = "falling"


@dataclass(frozen=True, slots=True, kw_only=True)
class BatteryForecast:
    """What is expected of a battery.

    The days are None unless it is FALLING: then it is empty about ``empty_on``, hardly before ``earliest`` nor after
    ``latest``; None: nobody can say how late. ``changed_on``: when the battery was changed, None where nobody saw it.
    """

    outlook: Outlook
    percent_per_day: float = 0.0
    empty_on: date | None = None
    earliest: date | None = None
    latest: date | None = None
    changed_on: date | None = None


def forecast(charges: Sequence[Charge], today: date) -> BatteryForecast:
    """The forecast of ``today`` from ``charges`` in any order, one a day; those after today do not count."""
    ordered = sorted(dict(charge for charge in charges if charge[0] <= today).items())
    present, changed_on = _since_change(ordered)
    recent = [charge for charge in present if charge[0] >= today - _LOOKS_BACK]
    if len(recent) < LEAST_POINTS or (recent[-1][0] - recent[0][0]).days < LEAST_DAYS:
        return BatteryForecast(outlook=Outlook.TOO_EARLY, changed_on=changed_on)
    line = robust_slope.fit([((day - today).days, percent) for day, percent in _thinned(recent)])
    if line is None or line.highest >= 0:
        is_sure = (recent[-1][0] - recent[0][0]).days >= _SURE_IN_DAYS
        return BatteryForecast(outlook=Outlook.STEADY if is_sure else Outlook.TOO_EARLY, changed_on=changed_on)
    left = max(line.level - EMPTY_PERCENT, 0.0)
    if left / -line.slope > _LONGEST_DAYS:
        return BatteryForecast(outlook=Outlook.STEADY, percent_per_day=-line.slope, changed_on=changed_on)
    return BatteryForecast(
        outlook=Outlook.FALLING,
        percent_per_day=-line.slope,
        empty_on=_in_days(today, left / -line.slope),
        earliest=_in_days(today, left / -line.lowest),
        latest=_in_days(today, left / -line.highest) if left / -line.highest <= _LONGEST_DAYS else None,
        changed_on=changed_on,
    )


def _thinned(charges: Sequence[Charge]) -> Sequence[Charge]:
    """Of many days some, the last among them: the effort grows with the square, and a list shows many batteries."""
    step = -(-len(charges) // _MOST_POINTS)
    return charges[::-1][::step][::-1]


def _in_days(today: date, days: float) -> date:
    return today + timedelta(days=round(days))


def _since_change(charges: Sequence[Charge]) -> tuple[Sequence[Charge], date | None]:
    """What was measured since the battery was changed last, and when that was."""
    for i in range(len(charges) - 1, 0, -1):
        before = median(percent for _, percent in charges[max(i - _SIDE, 0) : i])
        after = median(percent for _, percent in charges[i : i + _SIDE])
        if min(after, charges[i][1]) - max(before, charges[i - 1][1]) >= JUMP_PERCENT:
            return charges[i:], charges[i][0]
    return charges, None
