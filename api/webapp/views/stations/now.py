"""«Gerade hier»: what the sensors of a station say, as sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from msgspec.structs import replace

from api.catalogue.keeper import SnapshotKeeper
from api.catalogue.latest import LatestValue, latest_values
from api.catalogue.snapshot import Snapshot
from api.drawing import sparkline
from api.drawing.sparkline import LatestPoint, Sparkline
from api.languages.texts import Texts, marked_label
from api.webapp import wording
from api.webapp.values import comparisons, sentences
from api.webapp.values.comparisons import Elsewhere
from api.webapp.values.hours import NO_PAST, Past, Pasts
from geodata.model.observation import Bucket, ObservedProperty, PropertyKind
from geodata.model.station import Station
from geodata.times import full_hour

MOST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRow:
    """One value as the page shows it. ``value`` is empty when there is none to show: then ``sentence`` says why."""

    sentence: str
    comparisons: tuple[str, ...]
    label: str
    value: str
    age: str
    measured_at: datetime
    line: Sparkline | None
    line_words: str


def build(
    keeper: SnapshotKeeper, station: Station, pasts: Pasts, now: datetime, timezone: tzinfo, t: Texts
) -> list[ReadingRow]:
    """At most three readings, what matters on foot first; of several sensors for the same the freshest."""
    chosen = shown(keeper, station.code, now)
    others = comparisons.elsewhere(keeper, station, chosen, now)
    return [reading(latest, past_of(keeper.current, latest, pasts), others, now, timezone, t) for latest in chosen]


def shown(keeper: SnapshotKeeper, station: str, now: datetime) -> list[LatestValue]:
    """The values that the page of a station shows, in their order."""
    snapshot = keeper.current
    freshest: dict[str, LatestValue] = {}
    for latest in sorted(latest_values(snapshot, keeper.latest, station, now), key=lambda latest: latest.measured_at):
        here = snapshot.catalogue.audiences.get((latest.device.trail, latest.observed_property.id))
        if sentences.is_for_hikers(latest.observed_property, here):
            freshest[latest.observed_property.id] = latest
    return sorted(freshest.values(), key=lambda latest: latest.observed_property.rank)[:MOST]


def past_of(snapshot: Snapshot, latest: LatestValue, pasts: Pasts) -> Past:
    """The past of the series of which ``latest`` is."""
    for stream in snapshot.datastreams_of_device[latest.device.id]:
        if stream.observed_property == latest.observed_property.id:
            return pasts.get(stream.id, NO_PAST)
    return NO_PAST


def usual_gap(latest: LatestValue) -> int:
    """Whole hours that pass between two values of a device that reports seldom."""
    return latest.device.interval_s // 3600


def reading(
    latest: LatestValue,
    past: Past,
    others: Mapping[str, Sequence[Elsewhere]],
    now: datetime,
    timezone: tzinfo,
    t: Texts,
) -> ReadingRow:
    """What is said of a value; the line beside it is of the same series, moment and rounding."""
    prop = latest.observed_property
    label = marked_label(prop, t)
    value, compared = "", ()
    if latest.value is not None:
        sentence = sentences.sentence(prop, latest.value, latest.device.kind, t)
        value = wording.quantity(latest.value, prop, t)
        compared = comparisons.compare(latest, past, others.get(prop.id, ()), now, timezone, t)
    elif latest.stale:
        sentence = t("Dieser Sensor schweigt: %(label)s.", label=label)
    else:
        sentence = t("Dieser Sensor misst gerade nicht richtig: %(label)s.", label=label)
    line = _line(latest, past, now)
    return ReadingRow(
        sentence=sentence,
        comparisons=compared,
        label=label,
        value=value,
        age=wording.age(latest.measured_at, now, timezone, t),
        measured_at=latest.measured_at,
        line=line,
        line_words=_line_words(line, prop, t) if line else "",
    )


def hourly(latest: LatestValue, past: Past) -> tuple[Sequence[Bucket], float | None]:
    """The hours as a drawing shows them, and the value that stands for the latest one's hour.

    Amounts add up: there the hour counts with all that fell in it.
    """
    if latest.observed_property.kind is not PropertyKind.INCREMENT:
        return past.hours, latest.value
    sums = [_summed(bucket) for bucket in past.hours]
    if latest.value is None:
        return sums, None
    hour = full_hour(latest.measured_at)
    fallen = next((bucket.mean for bucket in sums if bucket.start == hour), None)
    return sums, max(fallen or 0.0, latest.value)  # the hour may have been read before the value came


def _summed(hour: Bucket) -> Bucket:
    total = None if hour.mean is None else hour.mean * hour.count
    return replace(hour, mean=total, minimum=total, maximum=total)


def _line(latest: LatestValue, past: Past, now: datetime) -> Sparkline | None:
    hours, value = hourly(latest, past)
    point = LatestPoint(latest.measured_at, value)
    since = now - timedelta(hours=sparkline.HOURS + 1)
    lately = [bucket for bucket in hours if bucket.start >= since]
    decimals = latest.observed_property.decimals
    return sparkline.draw(lately, now, point, decimals=decimals, usual_gap=usual_gap(latest))


def _line_words(line: Sparkline, prop: ObservedProperty, t: Texts) -> str:
    low, high = wording.quantity(line.minimum, prop, t), wording.quantity(line.maximum, prop, t)
    if prop.kind is PropertyKind.INCREMENT:
        total = sum(value for value in line.values if value is not None)
        words = t("Letzte 24 Stunden: zusammen %(total)s.", total=wording.quantity(total, prop, t))
    elif low == high:
        words = t("Letzte 24 Stunden: immer %(value)s.", value=low)
    else:
        words = t("Letzte 24 Stunden: zwischen %(low)s und %(high)s.", low=low, high=high)
    if not line.gaps:
        return words
    gaps = t.plural("Eine Stunde ohne Messung.", "%(number)s Stunden ohne Messung.", line.gaps)
    return f"{words} {gaps}"
