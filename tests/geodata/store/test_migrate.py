"""Migrations: each once, in order, unchanged, whoever comes first; and the rights of each service."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import LiteralString

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from geodata.errors import MigrationError, StoreUnavailable
from geodata.model.properties import STANDARD_PROPERTIES
from geodata.store import migrate as migrations
from geodata.store import roles
from geodata.store.database import Database
from geodata.store.devices import device_status
from geodata.store.migrate import Migration, bundled_migrations, migrate, pending
from tests.fixtures.databases.database import has_timescale


def _applied(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute("SELECT name FROM schema_migration ORDER BY number")]


def _one_more(sql: str, number: int = 0) -> list[Migration]:
    bundled = bundled_migrations()
    return [*bundled, Migration(number or len(bundled) + 1, f"{len(bundled) + 1:04}_test.sql", sql)]


def test_an_empty_database_gets_every_migration_once(empty_database_url: str) -> None:
    names = [migration.name for migration in bundled_migrations()]
    with Database(empty_database_url) as database, database.transaction() as connection:
        assert pending(connection) == names
    assert migrate(empty_database_url) == names
    assert _applied(empty_database_url) == names
    with Database(empty_database_url) as database, database.transaction() as connection:
        assert pending(connection) == []


def test_a_second_run_does_nothing(database_url: str) -> None:
    assert migrate(database_url) == []


def test_timescaledb_gets_the_same_tables_as_a_hypertable(empty_timescale_url: str) -> None:
    migrate(empty_timescale_url)
    assert has_timescale(empty_timescale_url)
    with psycopg.connect(empty_timescale_url) as connection:
        tables = connection.execute("SELECT hypertable_name::text FROM timescaledb_information.hypertables").fetchall()
    assert tables == [("observation",)]
    assert migrate(empty_timescale_url) == []


def test_entries_that_an_earlier_release_kept_in_pieces_say_so(empty_database_url: str) -> None:
    before = [migration for migration in bundled_migrations() if migration.number < 12]
    migrate(empty_database_url, before)
    entries = [
        ("no-values", b'{"boot":"b1","seq":5,"values":null}', "rewritten"),
        ("not-json", b"{", "whole"),
        ("unknown-device", b'{"mac":"[redacted]"}', "redacted"),
        ("too-large", b"x" * 65_536, "cut"),
        ("too-large", b"x" * 20_000, "whole"),
    ]
    with psycopg.connect(empty_database_url) as connection:
        for number, (reason, payload, _) in enumerate(entries):
            connection.execute(
                "INSERT INTO quarantine (digest, reason, detail, topic, payload, received_at, deliveries)"
                " VALUES (%s, %s, 'why', 't', %s, now(), 3)",
                [b"%d" % number, reason, payload],
            )
    migrate(empty_database_url)
    with psycopg.connect(empty_database_url) as connection:
        found = connection.execute(
            "SELECT kept, size, refused_parts, received_parts, refusals -> 0 ->> 'reason' FROM quarantine ORDER BY id"
        ).fetchall()
    assert found == [(kept, len(payload), 1, 3, reason) for reason, payload, kept in entries]


def test_a_timescaledb_that_can_lose_rows_is_refused(empty_timescale_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "_MINIMUM_TIMESCALE", (99, 0, 0))
    with pytest.raises(MigrationError, match=r"2\.23\.0-dev can lose rows"):
        migrate(empty_timescale_url)


def test_an_edited_file_is_refused_and_named(database_url: str) -> None:
    first, *others = bundled_migrations()
    with pytest.raises(MigrationError, match=f"{first.name} was edited after it had been applied"):
        migrate(database_url, [replace(first, sql=first.sql + " "), *others])


def test_a_newer_database_is_refused(database_url: str) -> None:
    migrate(database_url, _one_more("CREATE TABLE tomorrow (a integer)"))
    with pytest.raises(MigrationError, match="this release does not know"):
        migrate(database_url)


def test_a_migration_that_fails_leaves_nothing_behind(database_url: str) -> None:
    before = _applied(database_url)
    with pytest.raises(MigrationError, match=r"_test\.sql failed and was undone: division by zero"):
        migrate(database_url, _one_more("CREATE TABLE half (a integer); SELECT 1 / 0"))
    assert _applied(database_url) == before
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT to_regclass('half')").fetchone() == (None,)


def test_services_that_start_together_migrate_once(empty_database_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(migrate, [empty_database_url] * 4))
    names = [migration.name for migration in bundled_migrations()]
    assert sorted(done, key=len) == [[], [], [], names]
    assert _applied(empty_database_url) == names


def test_a_gap_in_the_numbers_is_refused(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("package")
    (folder / "migrations").mkdir()
    for name in ("0001_one.sql", "0003_three.sql"):
        (folder / "migrations" / name).write_text("SELECT 1")
    monkeypatch.setattr(migrations.resources, "files", lambda _package: folder)
    with pytest.raises(MigrationError, match="not 1 to 2"):
        bundled_migrations()


def test_an_unreachable_database_can_be_tried_again() -> None:
    with pytest.raises(StoreUnavailable, match="cannot be reached"):
        migrate("postgresql://postgres@127.0.0.1:1/nowhere?connect_timeout=2")


def test_the_standard_properties_are_there_and_an_operators_change_stays(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        rows = connection.execute("SELECT id FROM observed_property ORDER BY id").fetchall()
        connection.execute("UPDATE observed_property SET maximum = 45 WHERE id = 'air_temperature'")
    assert [row[0] for row in rows] == sorted(prop.id for prop in STANDARD_PROPERTIES)
    migrate(database_url)
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT maximum FROM observed_property WHERE id = 'air_temperature'").fetchone() == (
            45,
        )


RIGHTS: LiteralString = """
    SELECT tables.relname, rights.privilege_type
    FROM pg_class AS tables, LATERAL aclexplode(tables.relacl) AS rights
    WHERE tables.relnamespace = 'public'::regnamespace AND rights.grantee = %s::regrole
        AND NOT tables.relispartition
"""


@pytest.mark.parametrize("role", [roles.GATEWAY, roles.WEB])
def test_a_service_has_exactly_the_rights_of_the_list(database_url: str, role: str) -> None:
    wanted = {(table, right) for table, rights in roles.GRANTS[role].items() for right in rights.split(", ")}
    with psycopg.connect(database_url) as connection:
        connection.execute("GRANT DELETE ON station TO digitalpfad_web")  # somebody was generous
    migrate(database_url)
    with psycopg.connect(database_url) as connection:
        assert {(row[0], row[1]) for row in connection.execute(RIGHTS, [role])} == wanted


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        (roles.GATEWAY, "SELECT * FROM staff"),
        (roles.GATEWAY, "SELECT * FROM device_credential"),
        (roles.GATEWAY, "DELETE FROM observation"),
        (roles.GATEWAY, "UPDATE observation SET result = 0"),
        (roles.GATEWAY, "CREATE TABLE own (a integer)"),
        (roles.WEB, "INSERT INTO observation VALUES (now(), 1, 1, 0, 0)"),
        (roles.WEB, "SELECT * FROM device_credential"),
        (roles.WEB, "SELECT ensure_observation_partitions(now(), now())"),
        (roles.WEB, "DELETE FROM staff"),
    ],
)
def test_a_service_is_refused_what_it_has_no_right_to(database_url: str, role: str, statement: LiteralString) -> None:
    with (
        Database(database_url, role=role) as database,
        pytest.raises(StoreUnavailable, match="permission denied"),
        database.transaction() as connection,
    ):
        connection.execute(statement)


def test_a_login_that_may_not_make_roles_still_migrates(empty_database_url: str) -> None:
    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        database_name = connection.info.dbname
        connection.execute("DROP ROLE IF EXISTS digitalpfad_test_owner")
        connection.execute("CREATE ROLE digitalpfad_test_owner LOGIN PASSWORD 'owner'")
        connection.execute(f'ALTER DATABASE "{database_name}" OWNER TO digitalpfad_test_owner'.encode())
    try:
        url = make_conninfo(empty_database_url, user="digitalpfad_test_owner", password="owner")
        assert migrate(url) == [migration.name for migration in bundled_migrations()]
    finally:
        with psycopg.connect(empty_database_url, autocommit=True) as connection:
            connection.execute("DROP OWNED BY digitalpfad_test_owner")
            connection.execute(f'ALTER DATABASE "{database_name}" OWNER TO CURRENT_USER'.encode())
            connection.execute("DROP ROLE digitalpfad_test_owner")


def test_a_device_of_before_moves_stands_where_it_always_did(empty_database_url: str) -> None:
    migrate(empty_database_url, [migration for migration in bundled_migrations() if migration.number < 17])
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("INSERT INTO municipality (slug, name) VALUES ('t', 'T')")
        connection.execute("INSERT INTO trail (slug, municipality, line, licence) VALUES ('t', 't', '', 'CC0-1.0')")
        connection.execute("INSERT INTO device (id, trail) VALUES ('d', 't')")
        connection.execute("INSERT INTO device_state (device, last_seen_at) VALUES ('d', now())")
    migrate(empty_database_url)
    with psycopg.connect(empty_database_url) as connection:
        found = device_status.find(connection, "d")
    assert (found.earlier, found.since, found.unusable_at) == ((), None, None)
