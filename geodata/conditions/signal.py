"""How well a device is received, and whether that gets worse, from its means of days: pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from statistics import median

from geodata.conditions import robust_slope

_LEAST_DAYS = 7
_CLEAR_DB = 5.0
"""So many decibels over the days looked at are a change that somebody should know of; less is the weather."""
_GOOD_DBM, _WEAK_DBM = -95.0, -112.0


class Reception(StrEnum):
    """How well a device is received, by its strength in dBm."""

    GOOD = "good"
    FAIR = "fair"
    WEAK = "weak"


class SignalTrend(StrEnum):
    """Where the reception goes."""

    TOO_EARLY = "too early"
    STEADY = "steady"
    FALLING = "falling"
    RISING = "rising"


@dataclass(frozen=True, slots=True)
class SignalOutlook:
    """The reception of the last days, where it is known in dBm, and its trend."""

    reception: Reception | None
    trend: SignalTrend


def outlook(days: Sequence[tuple[date, float]], *, is_strength: bool) -> SignalOutlook:
    """Of the means of ``days`` in order of time, in dBm (``is_strength``) or in dB above the noise."""
    if not days:
        return SignalOutlook(None, SignalTrend.TOO_EARLY)
    reception = _reception(median(value for _, value in days[-_LEAST_DAYS:])) if is_strength else None
    line = robust_slope.fit([((day - days[0][0]).days, value) for day, value in days])
    span = (days[-1][0] - days[0][0]).days
    if line is None or span < _LEAST_DAYS:
        return SignalOutlook(reception, SignalTrend.TOO_EARLY)
    if line.highest < 0 and line.slope * span <= -_CLEAR_DB:
        return SignalOutlook(reception, SignalTrend.FALLING)
    if line.lowest > 0 and line.slope * span >= _CLEAR_DB:
        return SignalOutlook(reception, SignalTrend.RISING)
    return SignalOutlook(reception, SignalTrend.STEADY)


def _reception(dbm: float) -> Reception:
    if dbm >= _GOOD_DBM:
        return Reception.GOOD
    return Reception.WEAK if dbm < _WEAK_DBM else Reception.FAIR
