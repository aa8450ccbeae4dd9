"""``office``: the staff pages over a small trail, served for real."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from geodata.store.database import Database
from tests.dashboards.office import Office, open_office, seed


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    """A server of its own over a seeded database."""
    seed(database)
    with open_office(database) as opened:
        yield opened
