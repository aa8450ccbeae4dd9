"""Annotations in the database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from geodata.errors import NotFound
from geodata.store.comparison import annotation
from geodata.store.database import Database
from tests.geodata.conditions.test_annotations import annotation as made


@pytest.mark.usefixtures("demo_trail")
def test_what_is_written_down_is_read_in_the_order_of_days_until_it_is_removed(database: Database) -> None:
    late = made(date(2026, 5, 1), date(2026, 5, 3), trail="stadtwald", station="3DVB54")
    early = made(date(2026, 4, 1), date(2026, 4, 1))
    with database.transaction() as connection:
        ids = [annotation.add(connection, each) for each in (late, early)]
        assert annotation.load(connection, "lemgo") == [replace(early, id=ids[1]), replace(late, id=ids[0])]
        assert annotation.load(connection, "elsewhere") == []
        annotation.remove(connection, ids[0])
        assert [each.id for each in annotation.load(connection)] == ids[1:]
        with pytest.raises(NotFound):
            annotation.remove(connection, ids[0])


@pytest.mark.usefixtures("demo_trail")
def test_those_within_days_have_one_of_them(database: Database) -> None:
    with database.transaction() as connection:
        annotation.add(connection, made(date(2026, 5, 1), date(2026, 5, 3)))
        for first, before, found in ((4, 9, 0), (3, 4, 1), (1, 2, 1)):
            within = date(2026, 5, first), date(2026, 5, before)
            assert len(annotation.load(connection, within=within)) == found
        assert annotation.load(connection, within=(date(2026, 4, 1), date(2026, 5, 1))) == []


@pytest.mark.usefixtures("demo_trail")
def test_it_is_public_as_said_last(database: Database) -> None:
    with database.transaction() as connection:
        identity = annotation.add(connection, made(date(2026, 5, 1), date(2026, 5, 3)))
        for public in (True, False):
            annotation.set_public(connection, identity, public=public)
            assert [each.public for each in annotation.load(connection)] == [public]
        with pytest.raises(NotFound):
            annotation.set_public(connection, identity + 1, public=True)
