"""The whole catalogue in one read: what the web process holds in memory.

Trails, stations with all their texts, devices and series are few and change seldom; observations are not here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import cast
from zoneinfo import ZoneInfo

from geodata.conditions.closures import Closure
from geodata.conditions.notices import NoticeRule, Override
from geodata.model.device import Device
from geodata.model.media import Medium
from geodata.model.municipality import DEFAULT_TIMEZONE, Municipality
from geodata.model.observation import Audience, Datastream, ObservedProperty
from geodata.model.place import Place
from geodata.model.section import Section
from geodata.model.station import Station
from geodata.model.trail import Trail
from geodata.store.catalogue import closure, facts, media, notice, properties
from geodata.store.catalogue.station import load_stations
from geodata.store.catalogue.trail import load_municipalities, load_trails
from geodata.store.catalogue.trail_state import RemovedCode, load_removed
from geodata.store.devices.device import load_datastreams, load_devices
from geodata.store.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Everything but the observations, by its key; stations by code (retired ones too), trails by slug."""

    municipalities: dict[str, Municipality]
    trails: dict[str, Trail]
    stations: dict[str, Station]
    places: dict[str, tuple[Place, ...]]
    """By trail, sorted along it; every trail has its entry."""
    sections: dict[str, tuple[Section, ...]]
    """Stretches by trail, sorted along it; every trail has its entry."""
    devices: dict[str, Device]
    datastreams: dict[int, Datastream]
    properties: dict[str, ObservedProperty]
    audiences: dict[tuple[str, str], Audience]
    """Who reads a property on one trail, by trail and property, where that is not who reads it elsewhere."""
    closures: dict[int, Closure]
    notice_rules: dict[str, NoticeRule]
    overrides: dict[str, Override]
    """The newest manual override of each notice rule, by rule."""
    media: dict[str, Medium]
    """By id, without their bytes."""
    removed: dict[str, RemovedCode]
    """Codes that no station has any more, of trails that were removed."""
    versions: dict[str, str]
    """What changes with the rows of a trail (by slug) or a station (by code), contents included; says nothing else."""

    def timezone_of(self, trail: str) -> ZoneInfo:
        """The time zone in which people on the trail with this slug read a clock: its municipality's."""
        return ZoneInfo(self.municipalities[self.trails[trail].municipality].timezone)

    def timezones(self) -> list[ZoneInfo]:
        """Those of all towns, in order of their names; that of a town without its own settings while there is none."""
        names = sorted({town.timezone for town in self.municipalities.values()})
        return [ZoneInfo(name) for name in names or [DEFAULT_TIMEZONE]]


def load(connection: Transaction, known: Catalogue | None = None) -> Catalogue:
    """Read the catalogue; the caller's transaction should be REPEATABLE READ to see all of one moment.

    Trails, their facts and stations that have not changed since ``known`` are the same objects and not read again.
    """
    versions = _versions(connection)
    changed = [key for key, version in versions.items() if known is None or known.versions.get(key) != version]
    trails, stations = load_trails(connection, changed), load_stations(connection, changed)
    places: dict[str, tuple[Place, ...]] = dict.fromkeys(trails, ()) | facts.load_places(connection, changed)
    sections: dict[str, tuple[Section, ...]] = dict.fromkeys(trails, ()) | facts.load_sections(connection, changed)
    if known is not None:
        trails, stations = known.trails | trails, known.stations | stations
        places, sections = known.places | places, known.sections | sections
    return Catalogue(
        versions=versions,
        municipalities=load_municipalities(connection),
        trails={key: trails[key] for key in versions if key in trails},
        stations={key: stations[key] for key in versions if key in stations},
        places={key: places[key] for key in versions if key in places},
        sections={key: sections[key] for key in versions if key in sections},
        devices={name: _registered(device) for name, device in load_devices(connection).items()},
        datastreams=load_datastreams(connection),
        properties=properties.load(connection),
        audiences=properties.load_audiences(connection),
        closures=closure.load(connection),
        notice_rules=notice.load_rules(connection),
        overrides=notice.load_overrides(connection),
        media=media.load(connection, known.media if known else None),
        removed=load_removed(connection),
    )


def load_devices_with_datastreams(
    connection: Transaction, ids: Collection[str]
) -> tuple[dict[str, Device], dict[int, Datastream]]:
    """What the catalogue holds of these devices: those that are there, and their series."""
    devices = {name: _registered(device) for name, device in load_devices(connection, ids).items()}
    return devices, load_datastreams(connection, ids)


def _versions(connection: Transaction) -> dict[str, str]:
    """Trails by slug, then stations by trail and number: each with the row versions that PostgreSQL gives its parts.

    Slugs are in small letters and codes in capitals, so none is taken for the other.
    """
    trails = connection.execute(
        """
        SELECT slug, concat_ws(' ', xmin, ctid,
            (SELECT string_agg(concat(xmin, ctid), ' ' ORDER BY variant) FROM trail_content WHERE trail = slug),
            'places', (SELECT string_agg(concat(xmin, ctid), ' ' ORDER BY id) FROM trail_place WHERE trail = slug),
            'sections',
            (SELECT string_agg(concat(xmin, ctid), ' ' ORDER BY from_m) FROM trail_section WHERE trail = slug))
        FROM trail ORDER BY slug
        """
    ).fetchall()
    stations = connection.execute(
        "SELECT code, concat(station.xmin, station.ctid, parts) FROM station LEFT JOIN ("
        " SELECT station, string_agg(concat(xmin, ctid), ' ' ORDER BY variant, season) AS parts"
        " FROM station_content GROUP BY station) AS content ON content.station = code ORDER BY trail, number, code"
    ).fetchall()
    return dict(cast("list[tuple[str, str]]", trails + stations))


def _registered(device: Device) -> Device:
    """A device without what changes at every message: the catalogue would be a new one each time."""
    return replace(device, state="unknown", firmware="", boot="", last_seen_at=None, unusable_at=None)
