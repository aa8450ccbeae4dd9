"""The end of a closure, and what has none any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from geodata.actions import end_closure
from geodata.conditions.closures import Closure, ClosureContent
from geodata.errors import InvalidInput, NotFound
from geodata.store.catalogue import closure
from geodata.store.database import Database

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
CLOSED = Closure(
    trail="stadtwald",
    valid_from=NOW,
    valid_until=NOW + timedelta(days=2),
    contents={"de": ClosureContent(variant="de", reason="Vogelbrut")},
)


def test_a_closure_that_has_begun_ends_and_one_that_has_not_is_gone(demo_trail: None, database: Database) -> None:
    with database.transaction() as connection:
        begun = closure.add(connection, CLOSED)
        coming = closure.add(connection, replace(CLOSED, valid_from=NOW + timedelta(days=1)))
        end_closure.end(connection, begun, NOW + timedelta(hours=1))
        end_closure.end(connection, coming, NOW + timedelta(hours=1))
        left = closure.load(connection)
        assert {identity: one.valid_until for identity, one in left.items()} == {begun: NOW + timedelta(hours=1)}
        with pytest.raises(InvalidInput, match="It ended at"):
            end_closure.end(connection, begun, NOW + timedelta(hours=2))
        with pytest.raises(NotFound, match="no closure '999'"):
            end_closure.end(connection, 999, NOW)
