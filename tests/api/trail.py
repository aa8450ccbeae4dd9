"""A small loop of four stations with devices, and observations written as the gateway writes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from random import Random

import shapely
from psycopg import Connection

from geodata.store.ingest import registry
from geodata.store.ingest.flush import Flush, ObservationOrigin, Observations, SourceMessage
from geodata.store.ingest.transaction import write
from geodata.times import to_us
from geodata.vocabulary.codes import new_code

SOURCE = Random(7)
FIRST, SECOND, THIRD, RETIRED = (new_code(SOURCE) for _ in range(4))
LINE = shapely.LineString(
    [(8.910, 52.050, 130), (8.916, 52.050, 140), (8.916, 52.054, 160), (8.910, 52.054, 145), (8.910, 52.050, 130)]
)
PLACES = {FIRST: (8.911, 52.050, 68.6), SECOND: (8.916, 52.052, 634.0), THIRD: (8.911, 52.054, 1199.0)}


def fill(connection: Connection) -> None:
    connection.execute("INSERT INTO municipality VALUES ('lemgo', 'Lemgo', 'Europe/Berlin')")
    connection.execute(
        "INSERT INTO trail (slug, municipality, line, licence, surveyed)"
        " VALUES ('wald', 'lemgo', %s, 'CC0-1.0', false)",
        [shapely.to_wkb(LINE, output_dimension=3)],
    )
    connection.execute("INSERT INTO trail_content VALUES ('wald', 'de', 'Waldpfad', 'Vorspann', 'Text')")
    connection.execute("INSERT INTO trail_content VALUES ('wald', 'en', 'Forest trail', 'Lead', 'Text')")
    for number, (code, (lon, lat, along)) in enumerate(PLACES.items(), start=1):
        _station(connection, code, number, lon, lat, along)
    _station(connection, RETIRED, 9, 8.913, 52.050, 206)
    connection.execute("UPDATE station SET retired_at = '2025-03-01Z' WHERE code = %s", [RETIRED])
    connection.execute(
        "INSERT INTO station_content (station, variant, title, lead, body)"
        " VALUES (%s, 'en', 'Well', 'Lead', 'Body'), (%s, 'de_simple', 'Der Brunnen', 'Das ist.', 'Viel Wasser.')",
        [FIRST, FIRST],
    )
    connection.execute(
        "INSERT INTO device (id, trail, station, interval_s) VALUES"
        " ('klima-1', 'wald', %s, 600), ('zaehler-1', 'wald', %s, 600), ('boden-2', 'wald', %s, 60),"
        " ('alt-1', 'wald', %s, 600), ('tor', 'wald', NULL, 600)",
        [FIRST, FIRST, SECOND, FIRST],
    )
    for device, prop in (
        ("klima-1", "air_temperature"),
        ("klima-1", "rain"),
        ("zaehler-1", "passes_in_total"),
        ("boden-2", "soil_moisture"),
        ("alt-1", "air_temperature"),
        ("tor", "air_temperature"),
    ):
        registry.add_datastream(connection, device, prop)
    connection.execute("UPDATE device SET revoked_at = now() WHERE id = 'alt-1'")


def _station(connection: Connection, code: str, number: int, lon: float, lat: float, along: float) -> None:
    connection.execute(
        "INSERT INTO station (code, trail, number, lon, lat, height, along_m) VALUES (%s, 'wald', %s, %s, %s, 130, %s)",
        [code, number, lon, lat, along],
    )
    connection.execute(
        "INSERT INTO station_content (station, variant, title, lead, body) VALUES (%s, 'de', %s, 'Vorspann', 'Text')",
        [code, f"Halt {number}"],
    )


def observe(
    connection: Connection,
    device: str,
    prop: str,
    values: Sequence[tuple[datetime, float | None]],
    *,
    now: datetime,
    quality: int | None = None,
) -> None:
    """Write observations as the gateway does; None is a failed sensor."""
    stream = registry.add_datastream(connection, device, prop)
    rows = Observations()
    for time, value in values:
        rows.datastreams.append(stream)
        rows.times_us.append(to_us(time))
        rows.results.append(value)
        rows.qualities.append((2 if value is None else 0) if quality is None else quality)
        rows.flags.append(0)
        rows.properties.append(prop)
        rows.origins.append(ObservationOrigin(SourceMessage("t", b"", device, to_us(now)), device, "b", None))
    write(connection, Flush("test", to_us(now), messages=1, received=len(values), observations=rows))
