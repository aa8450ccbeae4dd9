"""The bundled trail in a database."""

from __future__ import annotations

import pytest

from geodata.store.database import Database


@pytest.fixture
def loaded(demo_trail: None, database: Database) -> Database:
    return database
