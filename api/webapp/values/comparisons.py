"""What a value is like beside other times and other stations; said only where the data carries it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from api.catalogue.keeper import SnapshotKeeper
from api.catalogue.latest import LatestValue, latest_values
from api.catalogue.snapshot import Snapshot
from api.languages.texts import Texts
from api.webapp.values.hours import Day, Past
from api.webapp.wording import number
from geodata.model.observation import Bucket, ObservedProperty
from geodata.model.station import Station
from geodata.times import full_hour
from geodata.vocabulary.units import unit_sign

LEAST_DAYS = 3
"""Fewer days make no record."""
_COVERED = 0.8  # of the hours in which a device should have reported
_AT_ONCE = timedelta(minutes=30)  # values further apart are of another weather
_NEIGHBOURS = 6  # stations before and behind: a trail may have thousands


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A fresh value of the same property at another station of the trail."""

    station: int
    value: float
    measured_at: datetime


def elsewhere(
    keeper: SnapshotKeeper, station: Station, here: Sequence[LatestValue], now: datetime
) -> Mapping[str, list[Elsewhere]]:
    """The fresh values of the properties of ``here`` at the stations around, by property."""
    wanted = [latest.observed_property.id for latest in here if latest.observed_property.sentences.more_there]
    found: dict[str, list[Elsewhere]] = {name: [] for name in wanted}
    if not wanted:
        return found
    for other in _around(keeper.current, station):
        for latest in latest_values(keeper.current, keeper.latest, other.code, now):
            if latest.observed_property.id in found and latest.value is not None:
                found[latest.observed_property.id].append(Elsewhere(other.number, latest.value, latest.measured_at))
    return found


def compare(
    latest: LatestValue, past: Past, others: Sequence[Elsewhere], now: datetime, timezone: tzinfo, t: Texts
) -> tuple[str, ...]:
    """At most two sentences on a value that is shown: beside earlier days, and beside another station."""
    if latest.value is None:
        return ()
    prop, value = latest.observed_property, latest.value
    said = _against_days(latest, value, past, now, timezone, t)
    said = said or against_yesterday(prop, value, latest.measured_at, past.hours, t)
    return tuple(filter(None, (said, _against_others(latest, value, others, t))))


def against_yesterday(
    prop: ObservedProperty, value: float, measured_at: datetime, hours: Sequence[Bucket], t: Texts
) -> str:
    """How ``value`` differs from the mean of the same hour a day before; empty when that is little or unknown."""
    says = prop.sentences
    if not says.more:
        return ""
    hour = full_hour(measured_at) - timedelta(days=1)
    before = next((bucket.mean for bucket in hours if bucket.start == hour), None)
    if before is None or abs(value - before) < says.smallest:
        return ""
    return t(says.more if value > before else says.less, difference=_gap(prop, value - before, t))


def _around(snapshot: Snapshot, station: Station) -> Iterator[Station]:
    along = snapshot.stations_along.get(station.trail, [])
    at = next((i for i, other in enumerate(along) if other.code == station.code), 0)
    yield from (other for other in along[max(at - _NEIGHBOURS, 0) : at + _NEIGHBOURS + 1] if other.code != station.code)


def _against_days(latest: LatestValue, value: float, past: Past, now: datetime, timezone: tzinfo, t: Texts) -> str:
    """«So trocken war der Boden hier seit 12 Tagen nicht.»: beyond each of the days before, and beyond today."""
    prop, today = latest.observed_property, now.astimezone(timezone).date()
    hours = [bucket for bucket in past.hours if bucket.start.astimezone(timezone).date() == today]
    days = list(_covered(past.days, latest, now, timezone))
    highs = [bucket.maximum for bucket in hours if bucket.maximum is not None]
    lows = [bucket.minimum for bucket in hours if bucket.minimum is not None]
    records = (
        (prop.sentences.highest, 1, highs, [day.maximum for day in days]),
        (prop.sentences.lowest, -1, lows, [day.minimum for day in days]),
    )
    for text, sign, of_today, of_days in records:
        shown = sign * round(value, prop.decimals)
        is_beyond_today = all(sign * round(other, prop.decimals) <= shown for other in of_today)
        reached = (i for i, other in enumerate(of_days) if sign * round(other, prop.decimals) >= shown)
        count = next(reached, len(of_days))
        if text and is_beyond_today and count >= LEAST_DAYS:
            return t(text, days=count)
    return ""


def _covered(days: Sequence[Day], latest: LatestValue, now: datetime, timezone: tzinfo) -> Iterator[Day]:
    """The days from yesterday back, up to the first of which too little is known."""
    due = 24 / max(latest.device.interval_s / 3600, 1.0)
    expected = now.astimezone(timezone).date()
    for day in days:
        expected -= timedelta(days=1)
        if day.day != expected or day.hours < _COVERED * due:
            return
        yield day


def _against_others(latest: LatestValue, value: float, others: Sequence[Elsewhere], t: Texts) -> str:
    """«4 Grad kühler als an Station 1»: the station that differs most of those that measured at about the same time."""
    prop = latest.observed_property
    at_once = [other for other in others if abs(other.measured_at - latest.measured_at) <= _AT_ONCE]
    if not at_once or not prop.sentences.more_there:
        return ""
    shown = round(value, prop.decimals)
    most = max(at_once, key=lambda other: (abs(shown - round(other.value, prop.decimals)), -other.station))
    difference = shown - round(most.value, prop.decimals)
    if abs(difference) < 2 * prop.sentences.smallest:
        return ""
    text = prop.sentences.more_there if difference > 0 else prop.sentences.less_there
    return t(text, difference=_gap(prop, difference, t), number=most.station)


def _gap(prop: ObservedProperty, difference: float, t: Texts) -> str:
    gap = number(abs(difference), 0, t)
    return gap if prop.unit == "Cel" else f"{gap}\u00a0{unit_sign(prop.unit)}"
