"""The hikers' pages with pictures and a recording, behind a line that can be made a bad one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from geodata.store.database import Database
from tests.fixtures.trails.media import furnish
from tests.fixtures.web.bad_line import BadLine
from tests.fixtures.web.hikers import PONDS, Hikers, hikers_on


@pytest.fixture
def line() -> BadLine:
    """What is between browser and pages."""
    return BadLine()


@pytest.fixture
def furnished(demo_trail: None, database: Database, line: BadLine) -> Iterator[Hikers]:
    """The pages, with everything at the ponds."""
    furnish(database, PONDS)
    with hikers_on(database, around=line.around) as running:
        yield running
