"""Stations one by one: inserted, numbered, placed, retired. geodata.actions.edit_station holds the rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import cast

import shapely

from geodata.errors import NotFound
from geodata.model.station import Station
from geodata.store.transaction import Transaction


def stored_codes(connection: Transaction) -> set[str]:
    """The codes of all stations, retired ones too."""
    return {str(row[0]) for row in connection.execute("SELECT code FROM station")}


def trail_of(connection: Transaction, code: str) -> str:
    """The slug of the trail of a stored station."""
    row = connection.execute("SELECT trail FROM station WHERE code = %s", [code]).fetchone()
    if row is None:
        raise NotFound("station", code)
    return str(row[0])


def lock(connection: Transaction, code: str) -> None:
    """Let nobody else change a stored station until the transaction ends."""
    connection.execute("SELECT FROM station WHERE code = %s FOR UPDATE", [code])


def trail_of_present(connection: Transaction, code: str) -> str | None:
    """The slug of the trail of a station that is not retired; None where there is none with this code."""
    row = connection.execute("SELECT trail FROM station WHERE code = %s AND retired_at IS NULL", [code]).fetchone()
    return None if row is None else str(row[0])


def line_of(connection: Transaction, trail: str) -> shapely.LineString | None:
    """The line of a trail; None where there is no such trail."""
    row = connection.execute("SELECT line FROM trail WHERE slug = %s", [trail]).fetchone()
    return None if row is None else cast("shapely.LineString", shapely.from_wkb(row[0]))


def insert(connection: Transaction, station: Station) -> bool:
    """Store a new station, without its texts; False where its code was ever given."""
    row = connection.execute(
        "INSERT INTO station (code, trail, number, lon, lat, height, along_m)"
        " SELECT new.* FROM (VALUES"
        " (%s::text, %s, %s::int, %s::float8, %s::float8, %s::float8, %s::float8)) AS new (code)"
        " WHERE NOT EXISTS (SELECT FROM removed_code WHERE removed_code.code = new.code)"
        " ON CONFLICT (code) DO NOTHING RETURNING code",
        [station.code, station.trail, station.number, station.lon, station.lat, station.height, station.along_m],
    ).fetchone()
    return row is not None


def set_numbers(connection: Transaction, numbers: Mapping[str, int]) -> None:
    """Give each code its number, all in one statement; whether two share one is checked at the commit."""
    connection.execute(
        "UPDATE station SET number = new.number, updated_at = now()"
        " FROM unnest(%s::text[], %s::int[]) AS new (code, number)"
        " WHERE station.code = new.code AND station.number <> new.number",
        [list(numbers), list(numbers.values())],
    )


def set_place(connection: Transaction, station: Station) -> None:
    """Write trail, number and place of a stored station."""
    connection.execute(
        "UPDATE station SET trail = %s, number = %s, lon = %s, lat = %s, height = %s, along_m = %s, updated_at = now()"
        " WHERE code = %s",
        [station.trail, station.number, station.lon, station.lat, station.height, station.along_m, station.code],
    )


def mark_retired(connection: Transaction, code: str, now: datetime) -> bool:
    """Retire a station; False where there is none with this code that is not retired."""
    return (
        connection.execute(
            "UPDATE station SET retired_at = %s, updated_at = now() WHERE code = %s AND retired_at IS NULL", [now, code]
        ).rowcount
        > 0
    )


def clear_retired(connection: Transaction, code: str, number: int | None) -> bool:
    """Bring a station back, with another ``number`` if given; False where there is no retired one with this code."""
    return (
        connection.execute(
            "UPDATE station SET retired_at = NULL, number = coalesce(%s, number), updated_at = now()"
            " WHERE code = %s AND retired_at IS NOT NULL",
            [number, code],
        ).rowcount
        > 0
    )


def shared_number(connection: Transaction) -> tuple[str, int, str] | None:
    """The first number that several stations of a trail have: trail, number and their codes, joined; None without."""
    row = connection.execute(
        "SELECT trail, number, string_agg(code, ', ' ORDER BY code) FROM station WHERE retired_at IS NULL"
        " GROUP BY trail, number HAVING count(*) > 1 ORDER BY trail, number LIMIT 1"
    ).fetchone()
    return None if row is None else (str(row[0]), int(row[1]), str(row[2]))
