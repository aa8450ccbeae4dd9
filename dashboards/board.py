"""What staff see of a trail right now: pure, from the catalogue, the latest values and the devices' states."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from api.snapshot import Snapshot
from dashboards import words
from geodata.model import Datastream, Device, Observation, ObservedProperty, Quality, Station, Trail

SILENT_AFTER_INTERVALS = 3
SILENT_AFTER_AT_LEAST = timedelta(minutes=5)  # no walk is planned for a device that reports every second
WEAK_BATTERY_PERCENT = 25

_BATTERY = "battery_level"
_TECHNICAL = frozenset({_BATTERY, "battery_voltage", "rssi", "snr"})
_MAIN_FIRST = ("passes_in_total", "surface_wetness", "water_level", "soil_moisture", "air_temperature")

Latest = Callable[[int], Observation | None]


class Condition(Enum):
    """How a device is: a shape and a word, the worst first. ``shape`` names the drawing on the map."""

    NEVER = ("▲", "nie gemeldet", "silent")
    SILENT = ("▲", "schweigt", "silent")
    FAILED = ("■", "Fühler ausgefallen", "failed")
    BATTERY = ("◆", "Akku schwach", "battery")
    RUNNING = ("●", "läuft", "running")

    @property
    def sign(self) -> str:
        """The shape as a character."""
        return self.value[0]

    @property
    def word(self) -> str:
        """What the shape means."""
        return self.value[1]

    @property
    def shape(self) -> str:
        """The name of the shape in the style sheet and on the map."""
        return self.value[2]

    @property
    def short(self) -> str:
        """One word for the map."""
        return {"silent": "schweigt", "failed": "Fühler", "battery": "Akku"}.get(self.shape, self.word)

    @property
    def needs_visit(self) -> bool:
        """Whether somebody should go there."""
        return self is not Condition.RUNNING


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
        return title(self.station) if self.station else "am Weg"

    @property
    def battery_words(self) -> str:
        """``87 %``, or a dash."""
        return "–" if self.battery is None else f"{words.number(self.battery)}\u00a0%"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Figures that are not of single devices. ``scans`` by station code since midnight."""

    scans: Mapping[str, int]
    messages_per_minute: float
    quarantined: int


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

    @property
    def name(self) -> str:
        """The trail's name."""
        return trail_name(self.trail)

    @property
    def visits(self) -> list[DeviceRow]:
        """The devices that need somebody, in walking direction."""
        return [row for row in self.rows if row.condition.needs_visit]

    @property
    def visits_words(self) -> str:
        """``1 Gerät schweigt, 1 Akku schwach``."""
        conditions = [row.condition for row in self.visits]
        silent = conditions.count(Condition.SILENT) + conditions.count(Condition.NEVER)
        failed, weak = conditions.count(Condition.FAILED), conditions.count(Condition.BATTERY)
        parts = [
            words.count(silent, "Gerät schweigt", "Geräte schweigen") if silent else "",
            words.count(failed, "Fühler ausgefallen", "Fühler ausgefallen") if failed else "",
            words.count(weak, "Akku schwach", "Akkus schwach") if weak else "",
        ]
        return ", ".join(filter(None, parts)) or "alle Geräte laufen"

    def condition_of(self, station: Station) -> Condition | None:
        """The worst condition at a station; None when no device stands there."""
        order = list(Condition)
        found = [row.condition for row in self.rows if row.station and row.station.code == station.code]
        return min(found, key=order.index) if found else None


def build(
    snapshot: Snapshot, latest: Latest, devices: Sequence[Device], trail: Trail, counts: Counts, now: datetime
) -> Board:
    """The board of ``trail``; ``devices`` are its own with what they last said, revoked ones not among them."""
    zone = zone_of(snapshot, trail)
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
        rows=rows(snapshot, latest, devices, now),
    )


def rows(snapshot: Snapshot, latest: Latest, devices: Sequence[Device], now: datetime) -> list[DeviceRow]:
    """The devices of one trail in walking direction."""
    return sorted((row(snapshot, latest, device, now) for device in devices), key=lambda r: (r.along_m, r.device.id))


def row(snapshot: Snapshot, latest: Latest, device: Device, now: datetime) -> DeviceRow:
    """One device with its main value, battery and condition."""
    streams = snapshot.datastreams_of_device.get(device.id, [])
    by_property = {s.observed_property: seen for s in streams if (seen := latest(s.id)) is not None}
    battery = by_property[_BATTERY].result if _BATTERY in by_property else None
    condition = judge(device, by_property, now)
    zone = zone_of(snapshot, snapshot.catalogue.trails[device.trail])
    station = snapshot.catalogue.stations.get(device.station or "")
    is_heard = condition not in {Condition.SILENT, Condition.NEVER}
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


def judge(device: Device, latest: Mapping[str, Observation], now: datetime) -> Condition:
    """How a device is; ``latest`` by observed property."""
    if device.last_seen_at is None:
        return Condition.NEVER
    interval = timedelta(seconds=device.interval_s)
    if now - device.last_seen_at > max(SILENT_AFTER_INTERVALS * interval, SILENT_AFTER_AT_LEAST):
        return Condition.SILENT
    if any(observation.quality is Quality.MISSING for observation in latest.values()):
        return Condition.FAILED
    battery = latest.get(_BATTERY)
    if battery is not None and battery.result is not None and battery.result <= WEAK_BATTERY_PERCENT:
        return Condition.BATTERY
    return Condition.RUNNING


def todo(row: DeviceRow) -> str:
    """What to do about a device, in one sentence."""
    match row.condition:
        case Condition.NEVER:
            return f"{row.name}: hat sich noch nie gemeldet. Ist das Gerät eingeschaltet und angemeldet?"
        case Condition.SILENT:
            return f"{row.name}: {row.seen}. Strom und Empfang prüfen."
        case Condition.FAILED:
            return f"{row.name}: ein Fühler liefert keinen Wert. Kabel und Fühler prüfen."
        case Condition.BATTERY:
            return f"{row.name}: Akku noch {row.battery_words}. Akku tauschen."
        case Condition.RUNNING:
            return f"{row.name}: läuft."


def title(station: Station) -> str:
    """The German name of a station."""
    content = station.contents.get("de")
    return content.title if content else f"Station {station.number}"


def trail_name(trail: Trail) -> str:
    """The German name of a trail."""
    content = trail.contents.get("de")
    return content.name if content else trail.slug


def zone_of(snapshot: Snapshot, trail: Trail) -> ZoneInfo:
    """The time zone of the trail's municipality."""
    return ZoneInfo(snapshot.catalogue.municipalities[trail.municipality].timezone)


def midnight(now: datetime, zone: ZoneInfo) -> datetime:
    """When today began there, in UTC."""
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def shown(observation: Observation, prop: ObservedProperty) -> str:
    """A result in words, with doubt where there is some."""
    if observation.result is None:
        return "kein Wert"
    value = words.quantity(observation.result, prop)
    return f"{value} (unglaubwürdig)" if observation.quality is Quality.SUSPECT else value


def _main_value(
    streams: Sequence[Datastream], latest: Mapping[str, Observation], properties: Mapping[str, ObservedProperty]
) -> tuple[str, str]:
    names = [s.observed_property for s in streams if s.observed_property in latest.keys() - _TECHNICAL]
    if not names:
        return "–", ""
    main = min(names, key=lambda name: (_MAIN_FIRST.index(name) if name in _MAIN_FIRST else len(_MAIN_FIRST), name))
    return shown(latest[main], properties[main]), properties[main].label_de


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
