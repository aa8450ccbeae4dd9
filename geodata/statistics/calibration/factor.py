"""The factor of a counter: from sessions in which people were counted by hand beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from geodata.statistics.calibration import intervals
from geodata.statistics.calibration.intervals import RatioInterval

ENOUGH_SESSIONS = 5
"""From so many sessions on their own spread says how sure the factor is; below it is the exact interval."""
_ENOUGH_PEOPLE = 30
"""Fewer by either count say nothing by their spread."""
_GOOD = 1.5  # high / low: a factor that is known to about a fifth up and down


class CalibrationVerdict(StrEnum):
    """What a calibration is good for."""

    NONE = "none"  # there is no factor
    FEW = "few"  # a factor that a few more sessions would make much surer
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class ComparedCount:
    """``seen`` people and what the counter ``counted`` in the same time, which may be interpolated."""

    seen: int
    counted: float


@dataclass(frozen=True, slots=True)
class Factor:
    """So many people for each pass counted, with the interval at 95 % in which the truth lies."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What ``sessions`` in which ``people`` were seen say of a counter in one mounting period and direction."""

    factor: Factor | None
    sessions: int
    people: int
    verdict: CalibrationVerdict


def calibrated(sessions: Sequence[ComparedCount]) -> Calibration:
    """The ratio of the sums with its interval; no factor where a sum is 0, or while chance bounds it by nothing."""
    sessions = [session for session in sessions if session.seen or session.counted]
    people, counted = sum(session.seen for session in sessions), sum(session.counted for session in sessions)
    factor = None
    if people and counted:
        interval = _interval(sessions, people, counted)
        if math.isfinite(interval.high) and interval.low > 0:
            factor = Factor(people / counted, interval.low, interval.high)
    return Calibration(factor=factor, sessions=len(sessions), people=people, verdict=_verdict(factor, len(sessions)))


def _interval(sessions: Sequence[ComparedCount], people: int, counted: float) -> RatioInterval:
    if len(sessions) < ENOUGH_SESSIONS or min(people, counted) < _ENOUGH_PEOPLE:
        return intervals.of_rates(people, counted)
    spread = intervals.of_sessions([each.seen for each in sessions], [each.counted for each in sessions])
    chance = intervals.of_matched(people, counted)
    return RatioInterval(min(spread.low, chance.low), max(spread.high, chance.high))


def _verdict(factor: Factor | None, sessions: int) -> CalibrationVerdict:
    if factor is None:
        return CalibrationVerdict.NONE
    is_good = sessions >= ENOUGH_SESSIONS and factor.high <= _GOOD * factor.low
    return CalibrationVerdict.GOOD if is_good else CalibrationVerdict.FEW
