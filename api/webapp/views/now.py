"""«Gerade hier»: what the sensors of a station say, as sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from api.catalogue.keeper import SnapshotKeeper
from api.catalogue.latest import LatestValue, latest_values
from api.catalogue.snapshot import Snapshot
from api.drawing import sparkline
from api.drawing.sparkline import Sparkline
from api.languages.texts import Texts, property_label
from api.webapp import sentences, wording
from geodata.model.observation import Bucket, ObservedProperty

MOST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRow:
    """One value as the page shows it. ``value`` is empty when there is none to show: then ``sentence`` says why."""

    sentence: str
    comparison: str
    label: str
    value: str
    age: str
    measured_at: datetime
    line: Sparkline | None
    line_words: str


def build(
    keeper: SnapshotKeeper,
    station: str,
    hours: Mapping[int, Sequence[Bucket]],
    now: datetime,
    timezone: tzinfo,
    t: Texts,
) -> list[ReadingRow]:
    """At most three readings, what matters on foot first; of several sensors for the same the freshest."""
    snapshot = keeper.current
    freshest: dict[str, LatestValue] = {}
    for latest in sorted(latest_values(snapshot, keeper.latest, station, now), key=lambda latest: latest.measured_at):
        here = snapshot.catalogue.audiences.get((latest.device.trail, latest.observed_property.id))
        if sentences.is_for_hikers(latest.observed_property, here):
            freshest[latest.observed_property.id] = latest
    chosen = sorted(freshest.values(), key=lambda latest: latest.observed_property.rank)[:MOST]
    return [_reading(latest, _hours_of(snapshot, latest, hours), now, timezone, t) for latest in chosen]


def _hours_of(snapshot: Snapshot, latest: LatestValue, hours: Mapping[int, Sequence[Bucket]]) -> Sequence[Bucket]:
    for stream in snapshot.datastreams_of_device[latest.device.id]:
        if stream.observed_property == latest.observed_property.id:
            return hours.get(stream.id, ())
    return ()


def _reading(latest: LatestValue, hours: Sequence[Bucket], now: datetime, timezone: tzinfo, t: Texts) -> ReadingRow:
    prop = latest.observed_property
    label = property_label(prop, t)
    value, comparison = "", ""
    if latest.value is not None:
        sentence = sentences.sentence(prop, latest.value, latest.device.kind, t)
        value = wording.quantity(latest.value, prop, t)
        comparison = sentences.against_yesterday(prop, latest.value, latest.measured_at, hours, t)
    elif latest.stale:
        sentence = t("Dieser Sensor schweigt: %(label)s.", label=label)
    else:
        sentence = t("Dieser Sensor misst gerade nicht richtig: %(label)s.", label=label)
    line = sparkline.draw(hours, now)
    return ReadingRow(
        sentence=sentence,
        comparison=comparison,
        label=label,
        value=value,
        age=wording.age(latest.measured_at, now, timezone, t),
        measured_at=latest.measured_at,
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
