"""The database crashes, hangs, turns read-only, runs full, changes under the gateway's feet."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import psycopg
import pytest
from psycopg import sql
from psycopg.errors import SerializationFailure

from tests.faults.conftest import World, seconds_since
from tests.fixtures.databases.postgres import ACCOUNT, PostgresServer
from tests.fixtures.process.waiting import wait_until

Worlds = Callable[[str], World]
long = pytest.mark.long


@contextmanager
def frozen(postgres: PostgresServer) -> Generator[None]:
    """All processes of the server stopped with SIGSTOP."""
    postmaster = psutil.Process(postgres.process.pid)
    postmaster.suspend()  # first: it starts no further ones
    family = [postmaster, *postmaster.children(recursive=True)]
    try:
        for process in family:
            with suppress(psutil.NoSuchProcess):  # a session may have ended
                process.suspend()
        yield
    finally:
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.resume()


def wait_seconds(seconds: float) -> None:
    """The fault's length; nothing can be observed that would end it earlier."""
    threading.Event().wait(seconds)


@pytest.mark.parametrize(
    ("kind", "crashes"),
    [("mosquitto", 1), pytest.param("nats", 8, marks=long), pytest.param("mosquitto", 8, marks=long)],
)
@pytest.mark.timeout(300)
def test_a_database_that_crashes_during_batches_costs_nothing(
    make_world: Worlds, postgres: PostgresServer, kind: str, crashes: int
):
    world = make_world(kind)
    gateway = world.gateway().start().wait_ready()
    with world.fleet() as fleet:
        fleet.run(world.pace(400))
        for _ in range(crashes):
            world.wait_for_more(300)
            postgres.stop(signal.SIGQUIT)
            world.wait_told("database: immediate stop and restart")
            postgres.start()
        recovery_s = world.settle(fleet)
        assert gateway.metric("connections_total") == 1, "the broker's connection must outlive the database"
        world.conclude("database: immediate stop and restart", f"{crashes} crashes, without outbox", recovery_s)


@pytest.mark.parametrize(
    ("kind", "seconds"), [("nats", 4), pytest.param("nats", 30, marks=long), pytest.param("mosquitto", 30, marks=long)]
)
@pytest.mark.timeout(300)
def test_a_database_that_hangs_stops_neither_keep_alives_nor_anything_else(
    make_world: Worlds, postgres: PostgresServer, kind: str, seconds: float
):
    world, fault = make_world(kind), f"database: hangs for {seconds} s (SIGSTOP)"
    gateway = world.gateway().start().wait_ready()
    with world.fleet() as fleet:
        fleet.run(world.pace(300))
        wait_until(lambda: world.stored() > 200, 20, "values")
        with frozen(postgres):
            acknowledged = gateway.metric("messages_total")
            wait_seconds(seconds)
            gateway.note_memory()
            assert gateway.metric("messages_total") == acknowledged
            assert gateway.ready()[0] == (200 if seconds < 10 else 503)
            world.wait_told(fault)
        recovery_s = world.settle(fleet)
        assert gateway.metric("connections_total") == 1
        world.conclude(fault, "keep-alives went on, without outbox", recovery_s)


def test_a_gateway_asked_to_stop_while_the_database_hangs_ends_and_acknowledges_nothing(
    make_world: Worlds, postgres: PostgresServer
):
    world = make_world("nats")
    gateway = world.gateway().start().wait_ready()
    with world.fleet() as fleet:
        fleet.burst(50)
        world.settle(fleet)
        with frozen(postgres):
            fleet.burst(200)
            wait_until(lambda: gateway.metric("waiting_messages") == 200, 10, "200 messages in the gateway")
            began = time.monotonic()
            assert gateway.stop(15) == 0
            ended_s = seconds_since(began)
            world.wait_told("database: hangs while the gateway is asked to stop")
        assert ended_s < 11
        assert world.stored() == 100
        gateway.start()
        recovery_s = world.settle(fleet)
        world.conclude(
            "database: hangs while the gateway is asked to stop",
            f"exit 0 after {ended_s:.1f} s, without outbox",
            recovery_s,
        )


def _drop_connections(world: World) -> None:
    world.one(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid()"
    )


def _alter(world: World, statement: str) -> None:
    with psycopg.connect(world.database_url, autocommit=True) as connection:
        connection.execute("SET default_transaction_read_only = off")
        connection.execute(sql.SQL(statement).format(sql.Identifier(connection.info.dbname)))  # pyright: ignore[reportArgumentType] - one of the literals below


def test_a_read_only_database_is_waited_for(make_world: Worlds):
    world = make_world("mosquitto")
    gateway = world.gateway().start().wait_ready()
    with world.fleet() as fleet:
        fleet.run(world.pace(200))
        wait_until(lambda: world.stored() > 100, 20, "values")
        _alter(world, "ALTER DATABASE {} SET default_transaction_read_only = on")
        _drop_connections(world)
        errors = gateway.metric("store_errors_total")
        wait_until(lambda: gateway.metric("store_errors_total") >= errors + 3, 20, "attempts in vain")
        world.wait_told("database: read-only for a while")
        _alter(world, "ALTER DATABASE {} RESET default_transaction_read_only")
        _drop_connections(world)
        recovery_s = world.settle(fleet)
        world.conclude("database: read-only for a while", "without outbox", recovery_s)


def test_a_schema_that_does_not_fit_is_waited_for_and_nothing_is_quarantined(make_world: Worlds):
    world = make_world("nats")
    gateway = world.gateway().start().wait_ready()
    with world.fleet() as fleet:
        fleet.run(world.pace(200))
        wait_until(lambda: world.stored() > 100, 20, "values")
        _alter(world, "ALTER TABLE rollup_hour RENAME COLUMN suspect TO suspicious")
        errors = gateway.metric("store_errors_total")
        wait_until(lambda: gateway.metric("store_errors_total") >= errors + 3, 20, "attempts in vain")
        world.wait_told("database: a column missing for a while")
        _alter(world, "ALTER TABLE rollup_hour RENAME COLUMN suspicious TO suspect")
        recovery_s = world.settle(fleet)
        assert world.one("SELECT count(*) FROM quarantine") == 0
        world.conclude("database: a column missing for a while", "without outbox", recovery_s)


def test_serialization_failures_are_tried_again(make_world: Worlds):
    world = make_world("nats")
    _alter(world, "ALTER DATABASE {} SET default_transaction_isolation = 'serializable'")
    gateway = world.gateway().start().wait_ready()
    stop = threading.Event()

    def disturb() -> None:
        with psycopg.connect(world.database_url, autocommit=True) as connection:
            while not stop.wait(0.001):
                with suppress(SerializationFailure):  # it is hit as well
                    connection.execute("UPDATE ingest_counter SET updated_at = now()")

    with world.fleet() as fleet:
        rival = threading.Thread(target=disturb)
        rival.start()
        try:
            fleet.run(world.pace(200))
            wait_until(lambda: gateway.metric("store_errors_total") >= 3, 30, "serialization failures")
        finally:
            stop.set()
            rival.join()
        recovery_s = world.settle(fleet)
        failures = int(gateway.metric("store_errors_total"))
        world.conclude("database: serialization failures", f"{failures} failures, without outbox", recovery_s)


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of 40 MB that PostgreSQL may write to."""
    if os.geteuid() != 0:
        pytest.skip("a full disk needs a small file system, and mounting one needs root")
    folder = Path(tempfile.mkdtemp(prefix="digitalpfad-disk-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        folder.rmdir()
        pytest.skip(f"no small file system can be mounted here: {mounted.stderr.decode().strip()}")
    (folder / "space").mkdir(mode=0o700)
    folder.chmod(0o711)
    shutil.chown(folder / "space", ACCOUNT)
    yield folder
    subprocess.run(["umount", folder], check=True)
    folder.rmdir()


def test_a_full_disk_is_waited_for(make_world: Worlds, postgres: PostgresServer, small_disk: Path):
    world = make_world("nats")
    name = world.database_url.rpartition("/")[2]
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE TABLESPACE small LOCATION {}").format(sql.Literal(str(small_disk / "space")))
        )
        connection.execute(sql.SQL("ALTER DATABASE {} SET TABLESPACE small").format(sql.Identifier(name)))
    gateway = world.gateway().start().wait_ready()
    with world.fleet() as fleet:
        fleet.run(world.pace(400))
        wait_until(lambda: world.stored() > 200, 20, "values")
        filler = small_disk / "filler"
        _fill(filler)
        errors = gateway.metric("store_errors_total")
        wait_until(lambda: gateway.metric("store_errors_total") >= errors + 2, 40, "attempts in vain")
        world.wait_told("database: disk full for a while")
        filler.unlink()
        recovery_s = world.settle(fleet)
        world.conclude("database: disk full for a while", "tablespace on 40 MB, without outbox", recovery_s)
    for watch in world.watches:
        watch.service.kill()
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute(sql.SQL("ALTER DATABASE {} SET TABLESPACE pg_default").format(sql.Identifier(name)))
        connection.execute("DROP TABLESPACE small")


def _fill(file: Path) -> None:
    with file.open("wb", buffering=0) as target:
        block = bytes(65_536)
        while True:
            try:
                target.write(block)
            except OSError:
                if len(block) == 1:
                    return
                block = block[: len(block) // 2]
