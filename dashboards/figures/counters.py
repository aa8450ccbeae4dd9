"""The counters of a trail as they hang now: what each counts, how well, and what is known of how much it sees."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from babel.dates import format_date

from api.catalogue.snapshot import Snapshot
from dashboards import words
from dashboards.conditions.board import DeviceRow, Latest
from dashboards.conditions.looks import LOOKS, Look
from dashboards.counting import words as counting_words
from dashboards.figures.weeks import percent
from dashboards.languages import t
from geodata.conditions.device_condition import Condition
from geodata.figures.by_hand.calibrations import CounterCalibration
from geodata.model.counting.counter import Channel, Direction, Mounting
from geodata.statistics.counting.trail_sums import ChannelAtTrail, sum_between

COVERAGE_DAYS = 30
_DIRECTIONS = {Direction.IN: "hinein", Direction.OUT: "hinaus", Direction.BOTH: "beide Richtungen zusammen"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterRow:
    """A counter in words. ``total``: the last report of each direction; ``coverage`` of the last COVERAGE_DAYS."""

    device: str
    name: str
    place: str
    since: str
    ways: str
    total: str
    coverage: str
    factor: str
    has_factor: bool
    condition: Condition

    @property
    def look(self) -> Look:
        """The condition of its device in a word and a shape."""
        return LOOKS[self.condition]


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterSurroundings:
    """What else is known beside the channels: days of the trail, devices as the start page shows them, and today."""

    snapshot: Snapshot
    latest: Latest
    devices: Mapping[str, DeviceRow]
    days: Sequence[ChannelAtTrail]
    zone: tzinfo
    today: date
    at_work: Collection[str] = ()
    """The devices at which somebody worked in the last COVERAGE_DAYS."""


def row(
    mounting: Mounting, channels: Sequence[Channel], calibration: CounterCalibration, around: CounterSurroundings
) -> CounterRow:
    """A counter with its channels; ``calibration`` is that of all its directions together."""
    device = around.devices.get(mounting.device)
    known = around.snapshot.catalogue.devices.get(mounting.device)
    return CounterRow(
        device=mounting.device,
        name=(known and known.name) or mounting.device,
        place=counting_words.place(around.snapshot, mounting),
        since=_since(mounting.starts_at, around.zone),
        ways=", ".join(_DIRECTIONS[channel.direction] for channel in channels),
        total=_totals(channels, around.latest),
        coverage=_coverage(mounting, around),
        factor=counting_words.factor_in_short(calibration),
        has_factor=calibration.calibration.factor is not None,
        condition=device.condition if device else Condition.NEVER,
    )


def _since(starts_at: datetime | None, zone: tzinfo) -> str:
    if starts_at is None:
        return "von Anfang an"
    return f"seit {format_date(starts_at.astimezone(zone).date(), 'd. MMMM y', locale='de')}"


def _totals(channels: Sequence[Channel], latest: Latest) -> str:
    """The running totals as they were reported last; a counter that sends steps only has none."""
    seen = [latest(channel.total) if channel.total is not None else None for channel in channels]
    totals = ["–" if each is None or each.result is None else words.number(each.result) for each in seen]
    return " · ".join(totals) if set(totals) != {"–"} else "–"


def _coverage(mounting: Mounting, around: CounterSurroundings) -> str:
    """Of the time in which it hung there: one that was mounted last week lacks no month."""
    own = [each for each in around.days if each.mounting == mounting.id]
    found = sum_between(own, around.today - timedelta(days=COVERAGE_DAYS), around.today, around.zone)
    if not found.counters:
        return "seit heute"
    share = percent(found.coverage)
    return t("%(share)s, mit Wartung", share=share) if mounting.device in around.at_work else share
