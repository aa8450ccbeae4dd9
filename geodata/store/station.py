"""Stations with their contents in the database."""

from __future__ import annotations

from psycopg import Connection
from psycopg.rows import TupleRow

from geodata.model import Station, StationContent


def save_station(connection: Connection[TupleRow], station: Station) -> None:
    """Add or update a station with exactly these contents; the same again changes nothing."""
    connection.execute(
        """
        INSERT INTO station AS old (code, trail, number, lon, lat, height, along_m, retired_at)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
        ON CONFLICT (code) DO UPDATE SET trail = excluded.trail, number = excluded.number, lon = excluded.lon,
            lat = excluded.lat, height = excluded.height, along_m = excluded.along_m,
            retired_at = excluded.retired_at, updated_at = now()
        WHERE (old.trail, old.number, old.lon, old.lat, old.height, old.along_m, old.retired_at)
            IS DISTINCT FROM
            (excluded.trail, excluded.number, excluded.lon, excluded.lat, excluded.height, excluded.along_m,
            excluded.retired_at)
        """,
        [
            station.code,
            station.trail,
            station.number,
            station.lon,
            station.lat,
            station.height,
            station.along_m,
            station.retired_at,
        ],
    )
    connection.execute(
        "DELETE FROM station_content WHERE station = %s AND variant <> ALL(%s)",
        [station.code, list(station.contents)],
    )
    for content in station.contents.values():
        save_content(connection, station.code, content)


def save_content(connection: Connection[TupleRow], station: str, content: StationContent) -> None:
    """Add or update one variant of a station's content; the same again changes nothing."""
    connection.execute(
        """
        INSERT INTO station_content AS old (station, variant, title, lead, body, question, answer, source)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
        ON CONFLICT (station, variant) DO UPDATE SET title = excluded.title, lead = excluded.lead,
            body = excluded.body, question = excluded.question, answer = excluded.answer,
            source = excluded.source, updated_at = now()
        WHERE (old.title, old.lead, old.body, old.question, old.answer, old.source)
            IS DISTINCT FROM
            (excluded.title, excluded.lead, excluded.body, excluded.question, excluded.answer, excluded.source)
        """,
        [
            station,
            content.variant,
            content.title,
            content.lead,
            content.body,
            content.question,
            content.answer,
            content.source,
        ],
    )


def load_stations(connection: Connection[TupleRow], only: list[str] | None = None) -> dict[str, Station]:
    """Stations with their contents by code, ordered by trail and number: all, or ``only`` those with these codes.

    Retired ones too.
    """
    stations = {
        str(code): Station(
            code=code,
            trail=trail,
            number=number,
            lon=lon,
            lat=lat,
            height=height,
            along_m=along_m,
            retired_at=retired_at,
        )
        for code, trail, number, lon, lat, height, along_m, retired_at in connection.execute(
            "SELECT code, trail, number, lon, lat, height, along_m, retired_at FROM station"
            " WHERE %(only)s::text[] IS NULL OR code = ANY(%(only)s) ORDER BY trail, number, code",
            {"only": only},
        )
    }
    for code, variant, title, lead, body, question, answer, source in connection.execute(
        "SELECT station, variant, title, lead, body, question, answer, source FROM station_content"
        " WHERE %(only)s::text[] IS NULL OR station = ANY(%(only)s) ORDER BY station, variant",
        {"only": only},
    ):
        stations[code].contents[variant] = StationContent(
            variant=variant, title=title, lead=lead, body=body, question=question, answer=answer, source=source
        )
    return stations
