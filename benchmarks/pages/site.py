"""The demonstration trail with a week of values, before a real web process."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql

from benchmarks.world import World
from geodata.actions.load_bundle import load_if_empty
from geodata.store.catalogue import properties
from geodata.store.database import Database
from geodata.store.migrate import migrate
from tests.fixtures.trails.many_stations import web_process
from tests.fixtures.web.hikers import Row, write_observations

_HOURS = 8 * 24
_CALM = {"air_temperature": 9.0, "soil_moisture": 31.0, "surface_wetness": 12.0, "water_level": 62.0, "wind_gust": 4.0}
"""Of an ordinary day, on which no rule of the trail warns: what is in its middle would be a storm."""


@contextmanager
def demonstration(world: World) -> Generator[str]:
    """The address of the pages; every sensor has sent a value an hour for eight days, the last a minute ago."""
    name = f"bench_pages_{uuid4().hex[:8]}"
    with psycopg.connect(world.postgres.url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    url = f"{world.postgres.url.rpartition('/')[0]}/{name}"
    migrate(url)
    with Database(url) as database:
        load_if_empty(database)
        write_observations(database, list(_values(database)))
    folder = Path(world.folder, name)
    folder.mkdir()
    with web_process(folder, url, trail="stadtwald") as (base, _):
        yield base


def _values(database: Database) -> Iterator[Row]:
    """A day's wave around an ordinary day's value; what counts rises."""
    last = datetime.now(UTC) - timedelta(minutes=1)
    with database.transaction() as connection:
        known = {prop.id: prop for prop in properties.load(connection).values()}
        streams = connection.execute("SELECT device, observed_property FROM datastream ORDER BY id").fetchall()
    for device, name in streams:
        prop = known[str(name)]
        usual = _CALM.get(prop.id, prop.minimum + (prop.maximum - prop.minimum) * 0.5)
        for hour in range(_HOURS):
            value = hour * 7 if prop.counts_things else usual * (1 + 0.05 * math.sin(hour / 24 * 2 * math.pi))
            yield str(device), prop.id, last - timedelta(hours=_HOURS - 1 - hour), round(value, 2)
