"""The same work on PostgreSQL 15 and 18, and with an owner who is no superuser; and what such an owner is told."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from digitalpfad.config import settings
from digitalpfad.doctor import checks, database_roles
from geodata.errors import MigrationError, RoleRefused, StoreUnavailable
from geodata.store import roles
from geodata.store.access import scan
from geodata.store.database import Database
from geodata.store.ingest import registry
from geodata.store.ingest.transaction import write
from geodata.store.migrate import migrate, pending
from geodata.store.operations.retention import Retention, run, steps
from geodata.store.roles import GATEWAY, WEB
from geodata.times import to_us
from tests.checkout import ROOT
from tests.fixtures.databases.database import one_row
from tests.fixtures.databases.postgres_matrix import OWNER, STRANGER, address, owned_database
from tests.fixtures.process.ports import free_port
from tests.geodata.flushes import Part, flush_of, register

NOW = datetime.now(UTC).replace(microsecond=0)
only_18 = pytest.mark.parametrize("server_url", ["postgres_18"], indirect=True)


def login_of(url: str, role: str) -> str:
    with Database(url, role=role).connect() as connection:
        row = connection.execute("SELECT current_user::text").fetchone()
    assert row is not None
    return str(row[0])


@contextmanager
def superuser(url: str) -> Generator[psycopg.Connection]:
    with psycopg.connect(address(url, "postgres"), autocommit=True) as connection:
        yield connection


@contextmanager
def login(url: str) -> Generator[str]:
    """The address for a login to whom nobody granted anything."""
    with superuser(url) as connection:
        connection.execute("CREATE ROLE passer_by LOGIN")
        try:
            yield address(url, "passer_by")
        finally:
            connection.execute("DROP ROLE passer_by")


@contextmanager
def no_roles(url: str) -> Generator[None]:
    """As on a server where nobody made the roles."""
    with superuser(url) as connection:
        for role in roles.GRANTS:
            connection.execute(f"ALTER ROLE {role} RENAME TO {role}_elsewhere".encode())
        try:
            yield
        finally:
            for role in roles.GRANTS:
                connection.execute(f"ALTER ROLE {role}_elsewhere RENAME TO {role}".encode())


def test_each_service_works_in_its_role_and_the_doctor_finds_all_rights(matrix_url: str) -> None:
    with Database(matrix_url) as database, database.transaction() as connection:
        assert pending(connection) == []
    assert [login_of(matrix_url, role) for role in (GATEWAY, WEB)] == [GATEWAY, WEB]
    present, _ = settings.load(database_url=matrix_url)
    findings = {one.check: one for one in checks.examine(present)}
    seen = [findings[name] for name in ("database", "migrations", "role gateway", "role web")]
    assert [one.found for one in seen if not one.ok] == []


def test_a_gateway_stores_repeats_and_deletes_in_its_role(matrix_url: str) -> None:
    with Database(matrix_url) as owner, owner.transaction() as connection:
        register(connection)
    parts = [Part(time=NOW - timedelta(days=days), result=float(days)) for days in (0, 1, 40, 200)]
    with Database(matrix_url, role=GATEWAY) as database:
        outcomes: list[tuple[int, int]] = []
        for flushed in (parts, [*parts, Part(time=NOW - timedelta(hours=1))]):
            with database.transaction() as connection:
                outcome = write(connection, flush_of(connection, flushed, NOW))
            outcomes.append((outcome.stored, outcome.duplicates))
        assert outcomes == [(4, 0), (1, 4)]
        done = run(database, steps(Retention(raw_days=90)), NOW)
        assert done is not None
        assert done["partitions_dropped"] == 1
        with database.transaction() as connection:
            assert registry.load(connection).oldest_us > to_us(NOW - timedelta(days=200))


def test_counting_scans_reads_the_hours_that_are_asked_for(matrix_url: str) -> None:
    with psycopg.connect(matrix_url, options="-c enable_seqscan=off -c enable_bitmapscan=off") as connection:
        counted = f"EXPLAIN {scan.COUNT_SINCE}".encode()
        plan = "\n".join(str(row[0]) for row in connection.execute(counted, [["4K7MPX", "3DVB54"], NOW]))
    assert re.search(r"Index Cond: \(\(station = ANY .*\) AND \(hour >=", plan), plan


def test_a_session_that_writes_times_in_its_own_way_gets_the_same_months(matrix_url: str) -> None:
    with psycopg.connect(matrix_url, options="-c datestyle=SQL,DMY -c timezone=Asia/Kolkata") as connection:
        connection.execute("SELECT ensure_observation_partitions('2025-03-01 00:00+00', '2025-03-31 23:59+00')")
        dropped = "SELECT extract(epoch FROM drop_oldest_observations(%s))"
        assert one_row(connection, dropped, "2025-03-31 23:59+00") == (None,)
        assert one_row(connection, dropped, "2025-04-01 00:00+00") == (datetime(2025, 4, 1, tzinfo=UTC).timestamp(),)


def test_the_doctor_names_the_role_that_lacks_a_right(matrix_url: str) -> None:
    with superuser(matrix_url) as connection:
        connection.execute("REVOKE INSERT ON latest FROM digitalpfad_gateway")
        connection.execute("REVOKE EXECUTE ON FUNCTION delete_rollups FROM digitalpfad_gateway")
    gateway, web = database_roles.look(matrix_url)
    assert gateway.found == "lacks INSERT on latest, EXECUTE on delete_rollups"
    assert "digitalpfad migrate" in gateway.hint
    assert web.hint == ""


def test_an_owner_who_may_administer_the_roles_is_told_to_migrate_and_may_work_afterwards(postgres_18: str) -> None:
    with owned_database(postgres_18, OWNER) as url:
        migrate(url)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"REVOKE {GATEWAY} FROM {OWNER} GRANTED BY {OWNER}".encode())  # as it was created
        assert login_of(url, GATEWAY) == OWNER
        assert "Run 'digitalpfad migrate' with this login" in database_roles.look(url)[0].found
        migrate(url)
        assert login_of(url, GATEWAY) == GATEWAY


def test_roles_that_somebody_else_made_do_not_stop_an_owner_and_are_taken_once_granted(stranger_url: str) -> None:
    assert login_of(stranger_url, WEB) == STRANGER
    with psycopg.connect(stranger_url) as connection:
        assert [one.role for one in roles.refusals(connection)] == [GATEWAY, WEB]
        told = [one.hint for one in roles.refusals(connection)]
    assert [(one.found, one.hint) for one in database_roles.look(stranger_url)] == [
        (f"works with the owner's own rights. {hint}", "") for hint in told
    ]
    with superuser(stranger_url) as connection:
        for hint in told:
            connection.execute(hint.partition("run: ")[2].encode())
    assert [login_of(stranger_url, role) for role in (GATEWAY, WEB)] == [GATEWAY, WEB]
    assert [one.hint for one in database_roles.look(stranger_url)] == ["", ""]


@only_18
def test_a_pool_tells_the_refusal_and_not_that_the_database_is_away(stranger_url: str) -> None:
    with login(stranger_url) as url:
        with pytest.raises(RoleRefused), Database(url, role=GATEWAY):
            pass
        database = Database(url, role=GATEWAY).open(wait=False)
        with pytest.raises(RoleRefused), database.listener("news"):
            pass
        with pytest.raises(RoleRefused), database.transaction():
            pass
        database.close()


@only_18
@pytest.mark.parametrize("command", ["gateway", "web"])
def test_a_service_that_is_refused_its_role_ends_and_says_what_to_run(
    stranger_url: str, command: str, tmp_path: Path
) -> None:
    variables = {
        "DIGITALPFAD_MQTT_URL": "mqtt://127.0.0.1:1",
        "DIGITALPFAD_DATA_DIR": str(tmp_path),
        "DIGITALPFAD_PORT": str(free_port()),
        "DIGITALPFAD_GATEWAY_HTTP_PORT": str(free_port()),
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "firmware-sim")]),
    }
    with login(stranger_url) as url:
        ended = subprocess.run(
            [sys.executable, "-m", "digitalpfad", command], check=False, capture_output=True, text=True, timeout=30,
            env={**os.environ, **variables, "DIGITALPFAD_DATABASE_URL": url},
        )  # fmt: skip
    assert ended.returncode == 1
    assert f"The database login passer_by may not work as digitalpfad_{command}." in ended.stderr
    assert f'GRANT "digitalpfad_{command}" TO "passer_by"' in ended.stderr


@only_18
def test_without_roles_the_services_have_the_owners_rights_and_others_none(stranger_url: str) -> None:
    with superuser(stranger_url) as connection:
        connection.execute("GRANT EXECUTE ON FUNCTION delete_rollups TO PUBLIC")  # as PostgreSQL itself does
    with no_roles(stranger_url):
        migrate(stranger_url)
        assert [login_of(stranger_url, role) for role in (GATEWAY, WEB)] == [STRANGER, STRANGER]
        assert [(one.found, one.hint) for one in database_roles.look(stranger_url)] == [
            ("no such role: the login's own rights suffice", "")
        ] * 2
        with (
            login(stranger_url) as url,
            Database(url) as other,
            pytest.raises(StoreUnavailable, match="permission denied for function"),
            other.transaction() as session,
        ):
            session.execute("SELECT delete_rollups(now() - interval '1 year', 1)")


def test_a_login_made_for_one_service_is_not_asked_to_be_the_other(matrix_url: str) -> None:
    with login(matrix_url) as url, superuser(matrix_url) as connection:
        connection.execute("GRANT digitalpfad_web TO passer_by")
        gateway, web = database_roles.look(url)
    assert (gateway.found, gateway.hint) == ("not with the login passer_by, which is for another service", "")
    assert (web.found, web.hint) == ("has all rights it needs", "")


def test_a_timescaledb_that_is_not_loaded_says_what_to_do(postgres_18: str) -> None:
    with TemporaryDirectory(prefix="digitalpfad-test-") as folder, owned_database(postgres_18, "postgres") as url:
        extension = Path(folder, "extension")
        extension.mkdir()
        (extension / "timescaledb.control").write_text("default_version = '2.29.2'")
        (extension / "timescaledb--2.29.2.sql").write_text(  # its own words; it cannot be had without compiling it
            """DO $$ BEGIN RAISE EXCEPTION 'extension "timescaledb" must be preloaded'; END $$"""
        )
        for one in (Path(folder), extension):
            one.chmod(0o755)  # the server runs in another account
        with psycopg.connect(url) as connection:
            name = connection.info.dbname
            connection.execute(f"ALTER DATABASE {name} SET extension_control_path = '{folder}:$system'".encode())
        with pytest.raises(MigrationError, match=r"not loaded\. Add timescaledb to shared_preload_libraries"):
            migrate(url)
