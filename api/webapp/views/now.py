"""«Gerade hier»: what the sensors of a station say, as sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from api.snapshot import Snapshot, SnapshotKeeper
from api.webapp import sentences, sparkline, wording
from api.webapp.sparkline import Sparkline
from api.webapp.texts import Texts
from geodata.model import Bucket, Datastream, Observation, ObservedProperty, Quality

MOST = 3
_SILENT_AFTER_INTERVALS = 3
_SILENT_AFTER_AT_LEAST = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One value as the page shows it. ``value`` is empty when there is none to show: then ``sentence`` says why."""

    sentence: str
    comparison: str
    label: str
    value: str
    age: str
    measured_at: datetime
    line: Sparkline | None
    line_words: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    prop: ObservedProperty
    latest: Observation
    interval: timedelta

    def is_silent(self, now: datetime) -> bool:
        limit = max(self.interval * _SILENT_AFTER_INTERVALS, _SILENT_AFTER_AT_LEAST)
        return now - self.latest.phenomenon_time > limit


def datastreams_of(snapshot: Snapshot, station: str) -> list[Datastream]:
    """The series that a station's page may show."""
    properties = snapshot.catalogue.properties
    return [
        stream
        for device in snapshot.devices_of_station.get(station, [])
        for stream in snapshot.datastreams_of_device.get(device.id, [])
        if sentences.is_for_hikers(properties[stream.observed_property])
    ]


def build(
    keeper: SnapshotKeeper,
    station: str,
    hours: Mapping[int, Sequence[Bucket]],
    now: datetime,
    timezone: tzinfo,
    t: Texts,
) -> list[Reading]:
    """At most three readings, what matters on foot first; of several sensors for the same the freshest."""
    freshest: dict[str, _Candidate] = {}
    snapshot = keeper.current
    for stream in datastreams_of(snapshot, station):
        latest = keeper.latest(stream.id)
        prop = snapshot.catalogue.properties[stream.observed_property]
        known = freshest.get(prop.id)
        if latest is None or (known and known.latest.phenomenon_time >= latest.phenomenon_time):
            continue
        interval = timedelta(seconds=snapshot.catalogue.devices[stream.device].interval_s)
        freshest[prop.id] = _Candidate(prop, latest, interval)
    chosen = sorted(freshest.values(), key=lambda found: sentences.rank(found.prop))[:MOST]
    return [_reading(found, hours.get(found.latest.datastream_id, ()), now, timezone, t) for found in chosen]


def _reading(found: _Candidate, hours: Sequence[Bucket], now: datetime, timezone: tzinfo, t: Texts) -> Reading:
    prop, latest = found.prop, found.latest
    label = sentences.label(prop, t)
    value, comparison = "", ""
    if found.is_silent(now):
        sentence = t("Dieser Fühler schweigt: %(label)s.", label=label)
    elif latest.quality is not Quality.OK or latest.result is None:
        sentence = t("Dieser Fühler misst gerade nicht richtig: %(label)s.", label=label)
    else:
        sentence = sentences.sentence(prop, latest.result, t)
        value = wording.quantity(latest.result, prop, t)
        comparison = sentences.against_yesterday(prop, latest.result, latest.phenomenon_time, hours, t)
    line = sparkline.draw(hours, now)
    return Reading(
        sentence=sentence,
        comparison=comparison,
        label=label,
        value=value,
        age=wording.age(latest.phenomenon_time, now, timezone, t),
        measured_at=latest.phenomenon_time,
        line=line,
        line_words=_line_words(line, prop, t) if line else "",
    )


def _line_words(line: Sparkline, prop: ObservedProperty, t: Texts) -> str:
    low, high = wording.quantity(line.minimum, prop, t), wording.quantity(line.maximum, prop, t)
    words = t("Letzte 24 Stunden: zwischen %(low)s und %(high)s.", low=low, high=high)
    if not line.gaps:
        return words
    gaps = t.plural("Eine Stunde ohne Messung.", "%(number)s Stunden ohne Messung.", line.gaps)
    return f"{words} {gaps}"
