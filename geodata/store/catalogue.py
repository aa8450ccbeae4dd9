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
from geodata.store import properties


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Everything but the observations, by its key; stations by code (retired ones too), trails by slug."""

    municipalities: dict[str, Municipality]
    trails: dict[str, Trail]
    stations: dict[str, Station]
    devices: dict[str, Device]
    datastreams: dict[int, Datastream]
    properties: dict[str, ObservedProperty]


def load(connection: Connection[TupleRow]) -> Catalogue:
    """Read the catalogue; the caller's transaction should be REPEATABLE READ to see all of one moment."""
    return Catalogue(
        municipalities={
            slug: Municipality(slug=slug, name=name, timezone=timezone)
            for slug, name, timezone in connection.execute("SELECT slug, name, timezone FROM municipality")
        },
        trails=_trails(connection),
        stations=_stations(connection),
        devices=_devices(connection),
        datastreams={
            row[0]: Datastream(id=row[0], device=row[1], observed_property=row[2], sensor=row[3])
            for row in connection.execute(
                "SELECT datastream.id, datastream.device, observed_property, coalesce(sensor.name, '')"
                " FROM datastream LEFT JOIN sensor ON sensor.id = datastream.sensor ORDER BY datastream.id"
            )
        },
        properties=properties.load(connection),
    )


def _trails(connection: Connection[TupleRow]) -> dict[str, Trail]:
    contents: defaultdict[str, dict[str, TrailContent]] = defaultdict(dict)
    for trail, variant, name, lead, body in connection.execute(
        "SELECT trail, variant, name, lead, body FROM trail_content"
    ):
        contents[trail][variant] = TrailContent(variant=variant, name=name, lead=lead, body=body)
    rows = connection.execute(
        "SELECT slug, municipality, line, licence, attribution, surveyed FROM trail ORDER BY slug"
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


def _stations(connection: Connection[TupleRow]) -> dict[str, Station]:
    contents: defaultdict[str, dict[str, StationContent]] = defaultdict(dict)
    for station, variant, title, lead, body, question, answer, source in connection.execute(
        "SELECT station, variant, title, lead, body, question, answer, source FROM station_content"
    ):
        contents[station][variant] = StationContent(
            variant=variant, title=title, lead=lead, body=body, question=question, answer=answer, source=source
        )
    rows = connection.execute(
        "SELECT code, trail, number, lon, lat, height, along_m, retired_at FROM station ORDER BY trail, number, code"
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
