"""What staff see of a trail right now: pure, from the catalogue, the latest values and the devices' states."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from api.catalogue.snapshot import Snapshot
from api.catalogue.texts import title_of
from dashboards import words
from dashboards.conditions import looks as conditions
from dashboards.conditions.looks import LOOKS, Common, Look
from dashboards.languages import t
from geodata.conditions.device_condition import BATTERY, Condition, judge, silences
from geodata.model.device import Device
from geodata.model.observation import Audience, Datastream, Observation, ObservedProperty, PropertyKind, Quality
from geodata.model.station import Station

Latest = Callable[[int], Observation | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRow:
    """A device with everything shown of it; ``along_m`` is its place in walking direction."""

    device: Device
    station: Station | None
    along_m: float
    condition: Condition
    seen: str
    value: str
    value_name: str
    battery: float | None

    @property
    def name(self) -> str:
        """What people call the device."""
        return self.device.name or self.device.id

    @property
    def number(self) -> str:
        """The station's number; a dash beside the stations."""
        return str(self.station.number) if self.station else "–"

    @property
    def place(self) -> str:
        """The station's name in German."""
        return title_of(self.station) if self.station else t("am Weg")

    @property
    def point(self) -> str:
        """Where a device that is at no station stands, as maps take it (latitude first); empty at a station."""
        device = self.device
        if self.station or device.lon is None or device.lat is None:
            return ""
        return f"{device.lat:.5f}, {device.lon:.5f}"

    @property
    def look(self) -> Look:
        """The device's condition in a word and a shape."""
        return LOOKS[self.condition]

    @property
    def battery_words(self) -> str:
        """``87 %``, or a dash."""
        return "–" if self.battery is None else f"{words.number(self.battery)}\u00a0%"


def rows(snapshot: Snapshot, latest: Latest, devices: Sequence[Device], now: datetime) -> list[DeviceRow]:
    """The devices of one trail in walking direction."""
    return sorted((row(snapshot, latest, device, now) for device in devices), key=lambda r: (r.along_m, r.device.id))


def row(
    snapshot: Snapshot, latest: Latest, device: Device, now: datetime, passed: Mapping[str, int] | None = None
) -> DeviceRow:
    """One device with its main value, battery and condition; of a counter what ``passed`` today, by device."""
    streams = snapshot.datastreams_of_device.get(device.id, [])
    by_property = _by_property(streams, latest)
    battery = by_property[BATTERY].result if BATTERY in by_property else None
    condition = judge(device, by_property, snapshot.catalogue.properties, now)
    zone = snapshot.catalogue.timezone_of(device.trail)
    station = snapshot.catalogue.stations.get(device.station or "")
    is_heard = condition not in {Condition.SILENT, Condition.NEVER, Condition.UNUSABLE}
    passes = None if passed is None else passed.get(device.id)
    value, value_name = (
        _main_value(streams, by_property, snapshot.catalogue.properties, passes) if is_heard else ("–", "")
    )
    return DeviceRow(
        device=device,
        station=station,
        along_m=_along_m(snapshot, device, station),
        condition=condition,
        seen=_seen(device.last_seen_at, condition, now, zone),
        value=value,
        value_name=value_name,
        battery=battery,
    )


def condition_of(snapshot: Snapshot, latest: Latest, device: Device, now: datetime) -> Condition:
    """How one device is, without what else is shown of it: quick enough for ten thousand."""
    by_property = _by_property(snapshot.datastreams_of_device.get(device.id, []), latest)
    return judge(device, by_property, snapshot.catalogue.properties, now)


def _by_property(streams: Sequence[Datastream], latest: Latest) -> dict[str, Observation]:
    return {s.observed_property: seen for s in streams if (seen := latest(s.id)) is not None}


def midnight(now: datetime, zone: ZoneInfo) -> datetime:
    """When today began there, in UTC."""
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def result_text(observation: Observation, prop: ObservedProperty) -> str:
    """A result in words, with doubt where there is some."""
    if observation.result is None:
        return t("kein Wert")
    value = words.quantity(observation.result, prop)
    return t("%(value)s (unglaubwürdig)", value=value) if observation.quality is Quality.SUSPECT else value


def _main_value(
    streams: Sequence[Datastream],
    latest: Mapping[str, Observation],
    properties: Mapping[str, ObservedProperty],
    passes: int | None,
) -> tuple[str, str]:
    """A running total says when a counter was switched on, and nothing of today: it is not shown."""
    measured = [properties[s.observed_property] for s in streams if s.observed_property in latest]
    readable = [prop for prop in measured if prop.audience is not Audience.TECHNICAL]
    if not readable:
        return "–", ""
    main = min(readable, key=lambda prop: (prop.staff_rank, prop.id))
    if main.kind is PropertyKind.RUNNING_TOTAL:
        return "–" if passes is None else words.number(passes), t("Durchgänge heute")
    return result_text(latest[main.id], main), label(main)


def label(prop: ObservedProperty) -> str:
    """What a property is called in the reader's language."""
    return prop.label_en if t.language == "en" else prop.label_de


def _along_m(snapshot: Snapshot, device: Device, station: Station | None) -> float:
    if station is not None:
        return station.along_m
    geometry = snapshot.geometries.get(device.trail)
    if geometry is None or device.lon is None or device.lat is None:
        return math.inf
    return geometry.locate(device.lon, device.lat).along_m


def _seen(last_seen_at: datetime | None, condition: Condition, now: datetime, zone: ZoneInfo) -> str:
    if last_seen_at is None:
        return t("noch nie gemeldet")
    if condition is Condition.SILENT:
        return t("%(since)s still", since=words.since(last_seen_at, now, zone))
    return words.ago(last_seen_at, now, zone)


def next_action(row: DeviceRow) -> str:
    """What to do about a device, in one sentence."""
    return conditions.next_action(row.condition, row.name, seen=row.seen, battery=row.battery_words)


def common_by_trail(rows: Sequence[DeviceRow], now: datetime, zone: ZoneInfo) -> dict[str | None, Common]:
    """What stands first where the devices of all trails are silent (None), or all of a trail (its slug)."""
    working = [(row.device, row.condition) for row in rows if row.device.revoked_at is None]
    return {trail: conditions.common(silence, now, zone) for trail, silence in silences(working)}
