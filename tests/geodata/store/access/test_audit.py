"""The audit log in the database: who may add to it, what becomes one row, and when rows go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from geodata.errors import StoreError, StoreRejected
from geodata.model.staff import Grant, Role
from geodata.store import roles
from geodata.store.access import audit, staff
from geodata.store.database import Database
from geodata.store.operations import retention
from geodata.vocabulary.audit import LONGEST, LONGEST_CHANGE, Action, Entry
from tests.fixtures.databases.database import one_row

TRICKY = "anna\nEVIL done\r\x1b[2J\u2028\u202e\ud800" + "x" * 500


@pytest.fixture
def web(database_url: str, database: Database) -> Iterator[Database]:
    with Database(database_url, role=roles.WEB, pool_size=1) as opened:
        yield opened


def entries(database: Database) -> list[Entry]:
    with database.transaction() as connection:
        return list(audit.newest(connection, 1000))


@pytest.mark.parametrize("role", [roles.WEB, roles.GATEWAY])
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO audit (origin, actor, action, outcome) VALUES ('command-line', 'root', 'login', 'done')",
        "UPDATE audit SET actor = 'bert'",
        "DELETE FROM audit",
        "TRUNCATE audit",
    ],
)
def test_no_service_can_change_an_entry_or_set_its_time_and_origin(
    database: Database, database_url: str, role: str, statement: str
) -> None:
    with (
        Database(database_url, role=role, pool_size=1) as service,
        pytest.raises(StoreError, match="permission denied"),
        service.transaction() as connection,
    ):
        connection.execute(statement.encode())


@pytest.mark.parametrize("call", ["audit_done('a', 'login', '', '', '', NULL)", "audit_refused('a', 'login', '')"])
def test_the_gateway_adds_nothing(database: Database, database_url: str, call: str) -> None:
    with (
        Database(database_url, role=roles.GATEWAY, pool_size=1) as service,
        pytest.raises(StoreError, match="permission denied"),
        service.transaction() as connection,
    ):
        connection.execute(f"SELECT {call}".encode())


def test_whatever_a_name_holds_an_entry_stays_one_line_of_bounded_length(database: Database, web: Database) -> None:
    with database.transaction() as connection:
        audit.by_command(connection, TRICKY, Action.TRAIL_IMPORT, TRICKY)
    with web.transaction() as connection:
        audit.by_staff(connection, TRICKY, Action.LOGIN, TRICKY)
    assert len(entries(database)) == 2
    for one in entries(database):
        for text in (one.actor, one.object):
            assert text.isprintable()
            assert text.startswith(r"anna\nEVIL done\r\x1b[2J\u2028\u202e\ud800xxx")
            assert len(text) == LONGEST


def test_the_database_refuses_a_line_end_that_a_service_lets_through(database: Database, web: Database) -> None:
    with pytest.raises(StoreRejected), web.transaction() as connection:
        connection.execute("SELECT audit_done(%s, 'login', '', '', '', NULL)", ["anna\nroot"])
    assert entries(database) == []


def test_failures_are_summed_by_name_and_hour_and_names_that_nobody_has_are_one(
    database: Database, web: Database
) -> None:
    with database.transaction() as connection:
        staff.create(connection, "anna", [Grant(Role.VIEWER)], "hash")
    with web.transaction() as connection:
        for number in range(200):
            audit.count_refusal(connection, f"made up {number}", Action.LOGIN)
            audit.count_refusal(connection, "anna", Action.LOGIN)
    assert {(one.actor, one.count) for one in entries(database)} == {("", 200), ("anna", 200)}
    with database.transaction() as connection:
        connection.execute("UPDATE audit SET hour = hour - interval '1 hour'")
    with web.transaction() as connection:
        audit.count_refusal(connection, "anna", Action.LOGIN)
        audit.count_refusal(connection, "anna", Action.PAGE, "GET /audit")
    assert sorted(one.count for one in entries(database)) == [1, 1, 200, 200]


def test_there_is_no_column_for_an_address_a_browser_or_a_password(database: Database) -> None:
    with database.transaction() as connection:
        found = connection.execute(
            "SELECT attname::text FROM pg_attribute WHERE attrelid = 'audit'::regclass AND attnum > 0"
        )
        columns = {row[0] for row in found}
    assert columns == {
        "id",
        "at",
        "last_at",
        "origin",
        "actor",
        "action",
        "object",
        "was",
        "became",
        "municipality",
        "outcome",
        "count",
        "hour",
    }


def test_old_entries_go_by_the_setting_and_young_ones_only_beyond_the_bound(
    database: Database, database_url: str
) -> None:
    with database.transaction() as connection:
        connection.execute(
            "INSERT INTO audit (origin, actor, action, outcome, at, last_at)"
            " SELECT 'command-line', days::text, 'login', 'done', now() - days * interval '1 day',"
            " now() - days * interval '1 day' FROM unnest(ARRAY[400, 366, 364, 40, 1]) AS days"
        )
    now = datetime.now(UTC)
    with Database(database_url, role=roles.GATEWAY, pool_size=1) as gateway:
        done = retention.run(gateway, retention.steps(retention.Retention()), now)
        assert done is not None
        assert done["audit"] == 2
        assert [one.actor for one in entries(database)] == ["1", "40", "364"]
        with pytest.raises(StoreRejected, match="younger than 30 days"), gateway.transaction() as connection:
            audit.delete(connection, now, 10)
        with database.transaction() as connection:
            connection.execute(
                "INSERT INTO audit (origin, actor, action, outcome)"
                " SELECT 'command-line', 'many', 'login', 'done' FROM generate_series(1, 100000)"
            )
        with gateway.transaction() as connection:
            assert audit.delete(connection, now - timedelta(days=365), 1000) == 3
    with database.transaction() as connection:
        assert one_row(connection, "SELECT count(*), min(actor) FROM audit") == (100_000, "many")


def test_pages_of_entries_follow_one_another(database: Database) -> None:
    with database.transaction() as connection:
        for number in range(5):
            audit.by_command(connection, "root", Action.DEVICE_ADD, f"device-{number}")
        first = audit.newest(connection, 2)
        second = audit.newest(connection, 2, before=first[-1].id)
        since = audit.newest(connection, 9, since=datetime.now(UTC) + timedelta(minutes=1))
    assert [one.object for one in [*first, *second]] == ["device-4", "device-3", "device-2", "device-1"]
    assert since == []


def test_a_change_is_kept_with_what_it_was_and_became_and_read_by_its_town(web: Database) -> None:
    with web.transaction() as connection:
        audit.by_staff(
            connection,
            "anna",
            Action.CONTENT_PUBLISH,
            "3DVB54",
            before="Eins\nzwei\x1b",
            after="x" * 9000,
            municipality="lemgo",
        )
        audit.by_staff(connection, "anna", Action.LOGIN)
        (change,) = audit.newest(connection, 9, municipalities=["lemgo"])
        assert audit.newest(connection, 9, municipalities=["kalletal"]) == []
    assert (change.before, change.municipality) == ("Eins\nzwei\\x1b", "lemgo")
    assert len(change.after) == LONGEST_CHANGE
