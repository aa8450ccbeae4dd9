"""A database of either kind that housekeeping may empty."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from geodata.store.database import Database
from geodata.store.operations.retention import Retention, run, steps
from tests.geodata.flushes import register
from tests.geodata.store.operations.aged import NOW


@pytest.fixture
def store(any_database: Database) -> Iterator[Database]:
    with any_database.transaction() as connection:
        register(connection)
        connection.execute("TRUNCATE observation_horizon")
    yield any_database
    run(any_database, steps(Retention(raw_days=0, columns_after_days=0)), NOW)  # the WebAssembly database is shared
