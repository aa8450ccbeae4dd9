"""What staff see of a trail right now: pure, from the catalogue, the latest values and the devices' states."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from api.catalogue.snapshot import Snapshot
from api.catalogue.texts import name_of, title_of
from dashboards import conditions, words
from dashboards.conditions import LOOKS, Common, Look
from geodata.conditions.device_condition import BATTERY, Condition, common_silence, judge, silences
from geodata.model.device import Device
from geodata.model.observation import Audience, Datastream, Observation, ObservedProperty, Quality
from geodata.model.station import Station
from geodata.model.trail import Trail

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
        return title_of(self.station) if self.station else "am Weg"

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Figures that are not of single devices. ``scans`` by station code since midnight.

    ``heard_elsewhere``: whether devices of other trails report.
    """

    scans: Mapping[str, int]
    messages_per_minute: float
    quarantined: int
    heard_elsewhere: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The start page's content."""

    trail: Trail
    made_at: str
    scans: int
    busiest: Station | None
    messages_per_minute: str
    quarantined: int
    rows: Sequence[DeviceRow]
    common: Common | None = None

    @property
    def name(self) -> str:
        """The trail's name."""
        return name_of(self.trail)

    @property
    def visits(self) -> list[DeviceRow]:
        """The devices that need somebody, in walking direction; none where all are silent for a common reason."""
        return [] if self.common else [row for row in self.rows if row.condition.needs_visit]

    @property
    def visits_words(self) -> str:
        """``1 Gerät schweigt, 1 Akku schwach``."""
        if self.common is not None:
            return "alle Geräte schweigen"
        return conditions.summary([row.condition for row in self.rows])

    def condition_of(self, station: Station) -> Condition | None:
        """The worst condition at a station; None when no device stands there."""
        return Condition.worst(row.condition for row in self.rows if row.station and row.station.code == station.code)


def build(
    snapshot: Snapshot, latest: Latest, devices: Sequence[Device], trail: Trail, counts: Counts, now: datetime
) -> Board:
    """The board of ``trail``; ``devices`` are its own with what they last said, revoked ones not among them."""
    zone = snapshot.catalogue.timezone_of(trail.slug)
    board_rows = rows(snapshot, latest, devices, now)
    silence = common_silence(
        ((row.device, row.condition) for row in board_rows), heard_elsewhere=counts.heard_elsewhere
    )
    stations = snapshot.stations_of_trail.get(trail.slug, [])
    busiest = max(stations, key=lambda station: counts.scans.get(station.code, 0), default=None)
    return Board(
        trail=trail,
        made_at=words.clock(now, zone),
        scans=sum(counts.scans.get(station.code, 0) for station in stations),
        busiest=busiest if busiest and counts.scans.get(busiest.code) else None,
        messages_per_minute=words.number(
            counts.messages_per_minute,
            0 if counts.messages_per_minute > 10 or counts.messages_per_minute.is_integer() else 1,
        ),
        quarantined=counts.quarantined,
        rows=board_rows,
        common=None if silence is None else conditions.common(silence, now, zone),
    )


def rows(snapshot: Snapshot, latest: Latest, devices: Sequence[Device], now: datetime) -> list[DeviceRow]:
    """The devices of one trail in walking direction."""
    return sorted((row(snapshot, latest, device, now) for device in devices), key=lambda r: (r.along_m, r.device.id))


def row(snapshot: Snapshot, latest: Latest, device: Device, now: datetime) -> DeviceRow:
    """One device with its main value, battery and condition."""
    streams = snapshot.datastreams_of_device.get(device.id, [])
    by_property = {s.observed_property: seen for s in streams if (seen := latest(s.id)) is not None}
    battery = by_property[BATTERY].result if BATTERY in by_property else None
    condition = judge(device, by_property, snapshot.catalogue.properties, now)
    zone = snapshot.catalogue.timezone_of(device.trail)
    station = snapshot.catalogue.stations.get(device.station or "")
    is_heard = condition not in {Condition.SILENT, Condition.NEVER, Condition.UNUSABLE}
    value, value_name = _main_value(streams, by_property, snapshot.catalogue.properties) if is_heard else ("–", "")
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


def midnight(now: datetime, zone: ZoneInfo) -> datetime:
    """When today began there, in UTC."""
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def result_text(observation: Observation, prop: ObservedProperty) -> str:
    """A result in words, with doubt where there is some."""
    if observation.result is None:
        return "kein Wert"
    value = words.quantity(observation.result, prop)
    return f"{value} (unglaubwürdig)" if observation.quality is Quality.SUSPECT else value


def _main_value(
    streams: Sequence[Datastream], latest: Mapping[str, Observation], properties: Mapping[str, ObservedProperty]
) -> tuple[str, str]:
    measured = [properties[s.observed_property] for s in streams if s.observed_property in latest]
    readable = [prop for prop in measured if prop.audience is not Audience.TECHNICAL]
    if not readable:
        return "–", ""
    main = min(readable, key=lambda prop: (prop.staff_rank, prop.id))
    return result_text(latest[main.id], main), main.label_de


def _along_m(snapshot: Snapshot, device: Device, station: Station | None) -> float:
    if station is not None:
        return station.along_m
    geometry = snapshot.geometries.get(device.trail)
    if geometry is None or device.lon is None or device.lat is None:
        return math.inf
    return geometry.locate(device.lon, device.lat).along_m


def _seen(last_seen_at: datetime | None, condition: Condition, now: datetime, zone: ZoneInfo) -> str:
    if last_seen_at is None:
        return "noch nie gemeldet"
    if condition is Condition.SILENT:
        return f"{words.since(last_seen_at, now, zone)} still"
    return words.ago(last_seen_at, now, zone)


def next_action(row: DeviceRow) -> str:
    """What to do about a device, in one sentence."""
    return conditions.next_action(row.condition, row.name, seen=row.seen, battery=row.battery_words)


def common_by_trail(rows: Sequence[DeviceRow], now: datetime, zone: ZoneInfo) -> dict[str | None, Common]:
    """What stands first where the devices of all trails are silent (None), or all of a trail (its slug)."""
    working = [(row.device, row.condition) for row in rows if row.device.revoked_at is None]
    return {trail: conditions.common(silence, now, zone) for trail, silence in silences(working)}
