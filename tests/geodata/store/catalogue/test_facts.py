"""Places and stretches of trails in a real database, and in the catalogue that the web process holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geodata.bundle.folder import bundled
from geodata.model.place import Place, PlaceKind
from geodata.store.catalogue import catalogue, facts
from geodata.store.catalogue.trail import load_trails, save_trail
from geodata.store.database import Database

BUNDLE = bundled()
BENCH = Place(trail="stadtwald", kind=PlaceKind.BENCH, lon=8.905, lat=52.047, along_m=12.5, off_m=3.25)


@pytest.fixture
def loaded(demo_trail: None, database: Database) -> Database:
    return database


def test_facts_that_were_written_are_read_back_the_same_along_the_trail(loaded: Database) -> None:
    with loaded.transaction() as connection:
        assert facts.load_places(connection) == {"stadtwald": BUNDLE.places}
        assert facts.load_sections(connection) == {"stadtwald": BUNDLE.sections}
        assert load_trails(connection)["stadtwald"].direction is BUNDLE.trail.direction


def test_the_same_facts_again_write_nothing(loaded: Database) -> None:
    with loaded.transaction() as connection:
        assert not facts.replace_places(connection, "stadtwald", reversed(BUNDLE.places))
        assert not facts.replace_sections(connection, "stadtwald", reversed(BUNDLE.sections))


def test_the_catalogue_takes_changed_facts_and_keeps_the_rest(loaded: Database) -> None:
    with loaded.transaction() as connection:
        save_trail(connection, replace(BUNDLE.trail, slug="zweiter", contents={}))
        before = catalogue.load(connection)
        assert before.places == {"stadtwald": BUNDLE.places, "zweiter": ()}
        facts.replace_places(connection, "zweiter", [replace(BENCH, trail="zweiter")])
        facts.replace_sections(connection, "stadtwald", [])
        after = catalogue.load(connection, before)
        assert after == catalogue.load(connection)
    assert after.places["zweiter"] == (replace(BENCH, trail="zweiter"),)
    assert after.sections == {"stadtwald": (), "zweiter": ()}
    assert after.places["stadtwald"] is not None


def test_a_trail_that_is_removed_takes_its_facts_along(loaded: Database) -> None:
    with loaded.transaction() as connection:
        save_trail(connection, replace(BUNDLE.trail, slug="zweiter", contents={}))
        facts.replace_places(connection, "zweiter", [replace(BENCH, trail="zweiter")])
        connection.execute("DELETE FROM trail WHERE slug = 'zweiter'")
        assert "zweiter" not in facts.load_places(connection)
