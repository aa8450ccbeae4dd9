"""The servers of a benchmark, durable as in service and all on loopback, and a world of registered devices."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar
from uuid import uuid4

import psycopg
import shapely
from psycopg import sql

from benchmarks.backlog import VALUES, device_name
from geodata.store.migrate import migrate
from geodata.store.transaction import Transaction
from tests.faults.harness.gateway import Gateway
from tests.fixtures.brokers.mosquitto import Mosquitto
from tests.fixtures.brokers.nats import Nats
from tests.fixtures.databases.postgres import PostgresServer
from tests.fixtures.process.ports import free_port

Broker = Mosquitto | Nats

TRAIL = "stadtwald"
CLIENT_ID = "gateway-under-measurement"
_UNLIMITED = "max_queued_messages 0\nmax_queued_bytes 0\nmax_inflight_messages 5000\nset_tcp_nodelay true\n"


class DurableServer(PostgresServer):
    """PostgreSQL with the settings of the embedded one: a commit is on the disk."""

    settings: ClassVar[dict[str, str]] = {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "fsync": "on",
        "synchronous_commit": "on",
        "max_connections": "60",
        "shared_buffers": "64MB",
        "work_mem": "8MB",
        "maintenance_work_mem": "64MB",
        "max_wal_size": "512MB",
        "wal_compression": "on",
        "jit": "off",
        "log_min_messages": "warning",
    }


class OpenNats(Nats):
    """The embedded broker's settings, without users: the references need none either."""

    def url(self, user: str = "") -> str:
        return f"mqtt://127.0.0.1:{self.port}{user}"

    def _config(self) -> dict[str, object]:
        mqtt = {"host": "127.0.0.1", "port": self.port, "ack_wait": "30s", "max_ack_pending": 5000}
        return {
            "server_name": "digitalpfad-benchmark",
            "listen": "127.0.0.1:-1",
            "jetstream": {"store_dir": str(self.folder / "jetstream")},
            "mqtt": mqtt,
        }


@dataclass(frozen=True, slots=True)
class World:
    """A database server and a folder for everything else."""

    folder: Path
    postgres: PostgresServer

    def database(self, devices: int) -> str:
        """URL of a new migrated database in which ``devices`` are registered."""
        name = f"bench_{uuid4().hex[:10]}"
        with psycopg.connect(self.postgres.url, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        url = f"{self.postgres.url.rpartition('/')[0]}/{name}"
        migrate(url)
        seed(url, devices)
        return url

    def gateway(self, database_url: str, broker: Broker, **settings: str) -> Gateway:
        """The real process, not started; ``settings`` without DIGITALPFAD_."""
        return Gateway(self.folder, database_url, broker.url(), {"mqtt_client_id": CLIENT_ID} | settings)

    @contextmanager
    def broker(self, kind: str) -> Generator[Broker]:
        """``nats`` with its messages on disk, or ``mosquitto`` with limits raised and its messages in memory."""
        folder = Path(tempfile.mkdtemp(prefix=f"digitalpfad-bench-{kind}-"))
        server = (
            OpenNats(folder, free_port())
            if kind == "nats"
            else Mosquitto(folder, free_port(), durable=False, extra=_UNLIMITED)
        )
        server.start()
        try:
            yield server
        finally:
            server.stop()
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def world() -> Generator[World]:
    """Start PostgreSQL; everything is gone after the block."""
    folder = Path(tempfile.mkdtemp(prefix="digitalpfad-bench-"))
    try:
        with DurableServer.create(folder) as postgres:
            yield World(folder, postgres)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def seed(url: str, devices: int) -> None:
    """One trail and its devices."""
    line = shapely.to_wkb(shapely.LineString([(8.9, 52.0), (8.91, 52.01)]))
    with psycopg.connect(url) as connection:
        connection.execute("INSERT INTO municipality (slug, name) VALUES ('lemgo', 'Lemgo')")
        connection.execute(
            "INSERT INTO trail (slug, municipality, line, licence) VALUES (%s, 'lemgo', %s, 'CC0-1.0')", [TRAIL, line]
        )
        names = [device_name(number) for number in range(devices)]
        connection.execute("INSERT INTO device (id, trail) SELECT unnest(%s::text[]), %s", [names, TRAIL])
        connection.execute(
            "INSERT INTO datastream (device, observed_property) SELECT device.id, sent FROM device,"
            " unnest(%s::text[]) AS sent",
            [list(VALUES)],
        )


def one(connection: Transaction, query: str, *parameters: object) -> int:
    """The only number of the only row."""
    row = connection.execute(query.encode(), parameters).fetchone()
    assert row is not None
    return int(row[0] or 0)
