"""A database of either kind that knows one device, ``pond``."""

from __future__ import annotations

import pytest

from geodata.store.database import Database
from tests.geodata.flushes import register


@pytest.fixture
def database(any_database: Database) -> Database:
    with any_database.transaction() as connection:
        register(connection)
    return any_database
