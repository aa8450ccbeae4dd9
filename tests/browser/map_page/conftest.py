"""``watch`` for pages that draw in software, and pages before one database for all tests of a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from geodata.conditions.closures import Closure, ClosureContent
from geodata.model.place import Place, PlaceKind
from geodata.store.catalogue import closure as closures
from geodata.store.catalogue import facts
from geodata.store.catalogue import station as stations
from geodata.store.database import Database
from tests.browser.map_page.moving import MARKUP, DrawingWatch
from tests.fixtures.databases.database import Template, copied
from tests.fixtures.web.hikers import Hikers, hikers_on


@pytest.fixture
def watch() -> Iterator[DrawingWatch]:
    """The faults of all pages of the test; any left at its end fails it."""
    watch = DrawingWatch()
    yield watch
    assert not watch.faults, "\n".join(watch.faults)


@pytest.fixture(scope="module")
def wood(postgres_server: str, template_with_trail: Template) -> Iterator[Hikers]:
    """The demonstration trail with two more places: a name that is markup, and a rescue point where station 4 is."""
    with copied(postgres_server, template_with_trail) as url, Database(url) as database:
        with database.transaction() as connection:
            there = facts.load_places(connection)["stadtwald"]
            more = [
                Place(trail="stadtwald", kind=PlaceKind.FOOD, lon=8.9205, lat=52.0495, name=MARKUP, along_m=2000),
                Place(trail="stadtwald", kind=PlaceKind.RESCUE_POINT, lon=8.916774, lat=52.051552, name="DEMO-9"),
            ]
            facts.replace_places(connection, "stadtwald", [*there, *more])
        with hikers_on(database) as running:
            yield running


@pytest.fixture(scope="module")
def shut(postgres_server: str, template_with_trail: Template) -> Iterator[Hikers]:
    """The demonstration trail, closed from station 4 to station 6."""
    text = {"de": ClosureContent(variant="de", reason="Ein Baum liegt über dem Weg.")}
    with copied(postgres_server, template_with_trail) as url, Database(url) as database:
        with database.transaction() as connection:
            of_trail = stations.load_stations(connection)
            alongs = {one.number: one.along_m for one in of_trail.values()}
            stretch = (alongs[4], alongs[6])
            closures.add(
                connection,
                Closure(trail="stadtwald", valid_from=datetime.now(UTC), stretch=stretch, contents=text),
            )
        with hikers_on(database) as running:
            yield running
