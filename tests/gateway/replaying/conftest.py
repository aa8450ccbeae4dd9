"""A database with a trail and one device, and the environment of commands that read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from geodata.store.database import Database
from tests.fixtures.databases.database import url_of
from tests.geodata.flushes import register


@pytest.fixture
def world(database: Database) -> Database:
    with database.transaction() as connection:
        register(connection, "gate")
    return database


@pytest.fixture
def system(world: Database, database_url: str, tmp_path: Path) -> dict[str, str]:
    with world.transaction() as connection:
        connection.execute(
            "INSERT INTO station (code, trail, number, lon, lat) VALUES ('4K7MP2', 'stadtwald', 1, 8.9, 52)"
        )
    return {"DIGITALPFAD_DATABASE_URL": url_of(database_url), "DIGITALPFAD_DATA_DIR": str(tmp_path)}
