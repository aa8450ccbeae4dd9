"""Condition notices: from what a sensor measured to what hikers are told; doubt is caution, never "all clear".

A level is reached at its threshold and left only ``hysteresis`` beyond it, ``hold_s`` after it was last reached. What
was before is read from the series itself, so every process comes to the same, in whatever order the values arrived.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from geodata.errors import InvalidInput
from geodata.messages.message import message
from geodata.model.observation import Observation, Quality


class Level(IntEnum):
    """How much care a place asks for."""

    NONE = 0
    CAUTION = 1
    WARNING = 2


class NoticeReason(StrEnum):
    """Where a verdict comes from."""

    MEASURED = "measured"
    SILENT = "silent"  # no value for too long, or never one
    FLAGGED = "flagged"  # the sensor failed, or sent what cannot be
    SET = "set"  # by a person, until a certain time


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeText:
    """What a notice says in one variant; ``unknown`` when nobody knows what it is like there."""

    variant: str
    caution: str
    warning: str
    unknown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRule:
    """When the values of one series become a notice, at one station or (None) at all of the trail's.

    ``thresholds``: the value from which a level is reached, in the property's unit; from there upwards, or downwards
    with ``below``. ``expires_s``: how long a warning outlives the last good value; then it is a caution.
    """

    id: str
    trail: str
    station: str | None
    device: str
    observed_property: str
    thresholds: dict[Level, float]
    hysteresis: float
    below: bool = False
    hold_s: int = 0
    expires_s: int = 6 * 3600
    texts: dict[str, NoticeText] = field(default_factory=dict[str, NoticeText])

    def __post_init__(self) -> None:
        """Refuse thresholds that cannot work."""
        ordered = [self._rank(self.thresholds[level]) for level in sorted(self.thresholds)]
        if not ordered or Level.NONE in self.thresholds or ordered != sorted(ordered):
            by_level = {level.name.lower(): value for level, value in self.thresholds.items()}
            raise InvalidInput(
                message("thresholds of notice {id}", id=self.id),
                by_level,
                "caution, warning or both, the warning further out",
            )
        if self.hysteresis < 0 or self.hold_s < 0 or self.expires_s < 0:
            shortest = min(self.hysteresis, self.hold_s, self.expires_s)
            raise InvalidInput(
                message("hysteresis, hold_s or expires_s of notice {id}", id=self.id), shortest, "0 or more"
            )

    def reaches(self, value: float, threshold: float) -> bool:
        """Whether ``value`` is at the threshold or beyond."""
        return self._rank(value) >= self._rank(threshold)

    def leaves(self, value: float, threshold: float) -> bool:
        """Whether ``value`` is back from the threshold by more than the hysteresis."""
        return self._rank(value) < self._rank(threshold) - self.hysteresis

    def _rank(self, value: float) -> float:
        return -value if self.below else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A manual override: this level from ``since`` until before ``until``, whatever is measured."""

    rule: str
    level: Level
    since: datetime
    until: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What holds now. ``value`` was measured at ``measured_at``; None unless the level was measured just now."""

    level: Level
    reason: NoticeReason
    measured_at: datetime | None = None
    value: float | None = None


def judge(
    rule: NoticeRule, recent: Iterable[Observation], fresh_s: float, override: Override | None, now: datetime
) -> Verdict:
    """What to tell people at ``now``.

    ``recent`` are observations of the rule's series in any order: the latest one and, of quality ok, at least the
    last that reached and the last that left each threshold. A value older than ``fresh_s`` seconds is no news.
    """
    if override is not None and override.since <= now < override.until:
        return Verdict(override.level, NoticeReason.SET)
    ordered = sorted(recent, key=lambda observation: observation.phenomenon_time)
    good = [(seen.phenomenon_time, seen.result) for seen in ordered if seen.quality is Quality.OK]
    values = [(time, result) for time, result in good if result is not None]
    if not ordered:
        return Verdict(Level.CAUTION, NoticeReason.SILENT)
    latest = ordered[-1]
    if now - latest.phenomenon_time > timedelta(seconds=fresh_s):
        return Verdict(_in_doubt(rule, values, now), NoticeReason.SILENT, latest.phenomenon_time)
    if latest.quality is not Quality.OK or latest.result is None:
        return Verdict(_in_doubt(rule, values, now), NoticeReason.FLAGGED, latest.phenomenon_time)
    return Verdict(measured_level(rule, values), NoticeReason.MEASURED, latest.phenomenon_time, latest.result)


def measured_level(rule: NoticeRule, values: Sequence[tuple[datetime, float]]) -> Level:
    """The highest level after ``values`` (time, result) in order of time; what they leave open counts as reached."""
    reached = (level for level, threshold in rule.thresholds.items() if _is_reached(rule, threshold, values))
    return max(reached, default=Level.NONE)


def _is_reached(rule: NoticeRule, threshold: float, values: Sequence[tuple[datetime, float]]) -> bool:
    hold, last_time, reached = timedelta(seconds=rule.hold_s), None, True
    for time, value in values:
        if rule.reaches(value, threshold):
            last_time, reached = time, True
        elif rule.leaves(value, threshold) and (last_time is None or time - last_time >= hold):
            reached = False
    return reached


def _in_doubt(rule: NoticeRule, values: Sequence[tuple[datetime, float]], now: datetime) -> Level:
    """Caution; a warning that was measured stands until it expires."""
    if values and now - values[-1][0] <= timedelta(seconds=rule.expires_s):
        return max(Level.CAUTION, measured_level(rule, values))
    return Level.CAUTION
