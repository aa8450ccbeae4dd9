"""The whole catalogue in one read: what the web process holds in memory.

Trails, stations with all their texts, devices and series are few and change seldom; observations are not here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import cast

import shapely
from psycopg import Connection
from psycopg.rows import TupleRow

from geodata.closures import Closure
from geodata.model import (
    Datastream,
    Device,
    Municipality,
    ObservedProperty,
    Station,
    StationContent,
    Trail,
    TrailContent,
)
from geodata.notices import NoticeRule, Override
from geodata.store import closure, notice, properties


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Everything but the observations, by its key; stations by code (retired ones too), trails by slug."""

    municipalities: dict[str, Municipality]
    trails: dict[str, Trail]
    stations: dict[str, Station]
    devices: dict[str, Device]
    datastreams: dict[int, Datastream]
    properties: dict[str, ObservedProperty]
    closures: dict[int, Closure]
    notice_rules: dict[str, NoticeRule]
    overrides: dict[str, Override]
    """The newest word of a person on each notice rule, by rule."""
    versions: dict[str, str]
    """What changes with the rows of a trail (by slug) or a station (by code), contents included; says nothing else."""


def load(connection: Connection[TupleRow], known: Catalogue | None = None) -> Catalogue:
    """Read the catalogue; the caller's transaction should be REPEATABLE READ to see all of one moment.

    Trails and stations that have not changed since ``known`` are the same objects and not read again.
    """
    versions = _versions(connection)
    changed = [key for key, version in versions.items() if known is None or known.versions.get(key) != version]
    trails, stations = _trails(connection, changed), _stations(connection, changed)
    if known is not None:
        trails, stations = known.trails | trails, known.stations | stations
    return Catalogue(
        versions=versions,
        municipalities={
            slug: Municipality(slug=slug, name=name, timezone=timezone)
            for slug, name, timezone in connection.execute("SELECT slug, name, timezone FROM municipality")
        },
        trails={key: trails[key] for key in versions if key in trails},
        stations={key: stations[key] for key in versions if key in stations},
        devices=_devices(connection),
        datastreams={
            row[0]: Datastream(id=row[0], device=row[1], observed_property=row[2], sensor=row[3])
            for row in connection.execute(
                "SELECT datastream.id, datastream.device, observed_property, coalesce(sensor.name, '')"
                " FROM datastream LEFT JOIN sensor ON sensor.id = datastream.sensor ORDER BY datastream.id"
            )
        },
        properties=properties.load(connection),
        closures=closure.load(connection),
        notice_rules=notice.load_rules(connection),
        overrides=notice.load_overrides(connection),
    )


def _versions(connection: Connection[TupleRow]) -> dict[str, str]:
    """Trails by slug, then stations by trail and number: each with the row versions that PostgreSQL gives its parts.

    Slugs are in small letters and codes in capitals, so none is taken for the other.
    """
    trails = connection.execute(
        "SELECT slug, concat(xmin, ctid, (SELECT string_agg(concat(c.xmin, c.ctid), ' ' ORDER BY c.variant)"
        " FROM trail_content c WHERE c.trail = slug)) FROM trail ORDER BY slug"
    ).fetchall()
    stations = connection.execute(
        "SELECT code, concat(station.xmin, station.ctid, parts) FROM station LEFT JOIN ("
        " SELECT station, string_agg(concat(xmin, ctid), ' ' ORDER BY variant) AS parts"
        " FROM station_content GROUP BY station) AS content ON content.station = code ORDER BY trail, number, code"
    ).fetchall()
    return dict(cast("list[tuple[str, str]]", trails + stations))


def _trails(connection: Connection[TupleRow], slugs: list[str]) -> dict[str, Trail]:
    contents: defaultdict[str, dict[str, TrailContent]] = defaultdict(dict)
    for trail, variant, name, lead, body in connection.execute(
        "SELECT trail, variant, name, lead, body FROM trail_content WHERE trail = ANY(%s)", [slugs]
    ):
        contents[trail][variant] = TrailContent(variant=variant, name=name, lead=lead, body=body)
    rows = connection.execute(
        "SELECT slug, municipality, line, licence, attribution, surveyed FROM trail WHERE slug = ANY(%s)", [slugs]
    )
    return {
        row[0]: Trail(
            slug=row[0],
            municipality=row[1],
            line=cast("shapely.LineString", shapely.from_wkb(row[2])),
            licence=row[3],
            attribution=row[4],
            surveyed=row[5],
            contents=contents[row[0]],
        )
        for row in rows
    }


def _stations(connection: Connection[TupleRow], codes: list[str]) -> dict[str, Station]:
    contents: defaultdict[str, dict[str, StationContent]] = defaultdict(dict)
    for station, variant, title, lead, body, question, answer, source in connection.execute(
        "SELECT station, variant, title, lead, body, question, answer, source FROM station_content"
        " WHERE station = ANY(%s)",
        [codes],
    ):
        contents[station][variant] = StationContent(
            variant=variant, title=title, lead=lead, body=body, question=question, answer=answer, source=source
        )
    rows = connection.execute(
        "SELECT code, trail, number, lon, lat, height, along_m, retired_at FROM station WHERE code = ANY(%s)", [codes]
    )
    return {
        row[0]: Station(
            code=row[0],
            trail=row[1],
            number=row[2],
            lon=row[3],
            lat=row[4],
            height=row[5],
            along_m=row[6],
            retired_at=row[7],
            contents=contents[row[0]],
        )
        for row in rows
    }


def _devices(connection: Connection[TupleRow]) -> dict[str, Device]:
    """Devices without what changes at every message (state, firmware, boot, last seen)."""
    rows = connection.execute(
        "SELECT id, trail, station, name, kind, lon, lat,"
        " coalesce(device_state.interval_s, device.interval_s), revoked_at"
        " FROM device LEFT JOIN device_state ON device_state.device = device.id ORDER BY id"
    )
    return {
        row[0]: Device(
            id=row[0],
            trail=row[1],
            station=row[2],
            name=row[3],
            kind=row[4],
            lon=row[5],
            lat=row[6],
            interval_s=row[7],
            revoked_at=row[8],
        )
        for row in rows
    }
