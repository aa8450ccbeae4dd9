"""Stations with their contents in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from geodata.content.versions import Author
from geodata.model.station import Station
from geodata.store.catalogue import content_versions, published_content
from geodata.store.transaction import Transaction


def save_station(connection: Transaction, station: Station, author: Author = content_versions.ITSELF) -> None:
    """Add or update a station and show exactly these texts of it; the same again changes nothing."""
    connection.execute(_SAVE, _values(station))
    content_versions.save_all(connection, (*station.contents.values(), *station.seasonal), author, station=station.code)


def add_stations(
    connection: Transaction, stations: Sequence[Station], author: Author = content_versions.ITSELF
) -> None:
    """Add stations whose codes no station has or had, with their texts; thousands of them in few round trips."""
    with connection.cursor() as cursor:
        cursor.executemany(_SAVE, [_values(station) for station in stations])
    texts = {station.code: (*station.contents.values(), *station.seasonal) for station in stations}
    content_versions.save_first(connection, texts, author)


_SAVE = """
    INSERT INTO station AS old (code, trail, number, lon, lat, height, along_m, retired_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (code) DO UPDATE SET trail = excluded.trail, number = excluded.number, lon = excluded.lon,
        lat = excluded.lat, height = excluded.height, along_m = excluded.along_m,
        retired_at = excluded.retired_at, updated_at = now()
    WHERE (old.trail, old.number, old.lon, old.lat, old.height, old.along_m, old.retired_at)
        IS DISTINCT FROM
        (excluded.trail, excluded.number, excluded.lon, excluded.lat, excluded.height, excluded.along_m,
        excluded.retired_at)
"""


def _values(station: Station) -> list[object]:
    return [
        station.code,
        station.trail,
        station.number,
        station.lon,
        station.lat,
        station.height,
        station.along_m,
        station.retired_at,
    ]


def load_stations(connection: Transaction, only: list[str] | None = None) -> dict[str, Station]:
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
    for code, text in published_content.load_stations(connection, only):
        station = stations[code]
        if text.season:
            stations[code] = replace(station, seasonal=(*station.seasonal, text))
        else:
            station.contents[text.variant] = text
    return stations
