"""One world per test: broker, database, gateway and a fleet of devices, all real and all breakable."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
import shapely
from paho.mqtt import client as mqtt
from psycopg import sql
from psycopg.conninfo import make_conninfo

from geodata.store.migrate import migrate
from tests.faults.harness.fleet import DEVICES, PASSWORDS, TRAIL, Fleet
from tests.faults.harness.gateway import Gateway
from tests.faults.harness.ledger import Ledger, check_invariants
from tests.faults.harness.readiness import EXPECTED, Watch, Web
from tests.faults.harness.report import Entry, Fuzzed, fuzz_table, table, write
from tests.fixtures.brokers.mosquitto import GATEWAY_PASSWORD, Mosquitto
from tests.fixtures.brokers.nats import Nats
from tests.fixtures.databases.database import empty
from tests.fixtures.databases.postgres import PostgresServer
from tests.fixtures.process.waiting import wait_until

HARDENED = "max_queued_messages 200000\nmax_inflight_messages 2000\nset_tcp_nodelay true\n"
_QUIET_S = 2.0  # confirmations follow a commit within a quarter of a second
_entries: list[Entry] = []
_fuzzed: list[Fuzzed] = []


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Print the table of the faults that were tried, and write the page where it is asked for."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if _entries and reporter is not None:
        reporter.write_line("")
        reporter.write_line(table(_entries))
        write(_entries, _fuzzed, session.testsfailed)
    if _fuzzed and reporter is not None:
        reporter.write_line(fuzz_table(_fuzzed))


def note(entry: Entry) -> None:
    """Enter the table."""
    _entries.append(entry)


def note_fuzzed(fuzzed: Fuzzed) -> None:
    """Enter the second table."""
    _fuzzed.append(fuzzed)


@pytest.fixture(scope="module")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL of the module's own: it will be stopped, killed and starved."""
    folder = Path(tempfile.mkdtemp(prefix="digitalpfad-faults-"))
    try:
        with PostgresServer.create(folder) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def fleet_template(postgres: PostgresServer) -> str:
    """Name of a migrated database with the fleet's devices, to be copied."""
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE template_of_the_suite")
    url = make_conninfo(postgres.url, dbname="template_of_the_suite")
    migrate(url)
    seed(url)
    return "template_of_the_suite"


@pytest.fixture
def database_url(postgres: PostgresServer, fleet_template: str) -> Iterator[str]:
    """URL of a database of the test's own."""
    database = f"faults_{uuid4().hex[:10]}"
    name = sql.Identifier(database)
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, sql.Identifier(fleet_template)))
    yield f"{postgres.url.rpartition('/')[0]}/{database}"
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


@pytest.fixture
def timescale_url(migrated_timescale: str) -> str:
    """URL of the emptied database of the WebAssembly TimescaleDB."""
    empty(migrated_timescale)
    seed(migrated_timescale)
    return migrated_timescale


def seed(url: str) -> None:
    """Two trails, the fleet's devices on the first."""
    line = shapely.to_wkb(shapely.LineString([(8.9, 52.0), (8.91, 52.01)]))
    with psycopg.connect(url) as connection:
        connection.execute("INSERT INTO municipality (slug, name) VALUES ('lemgo', 'Lemgo')")
        for trail in (TRAIL, "other"):
            connection.execute(
                "INSERT INTO trail (slug, municipality, line, licence) VALUES (%s, 'lemgo', %s, 'CC0-1.0')",
                [trail, line],
            )
        for device in DEVICES:
            connection.execute("INSERT INTO device (id, trail) VALUES (%s, %s)", [device, TRAIL])


@dataclass
class World:
    """The parts of one test, and where it reports what happened."""

    folder: Path
    broker: Mosquitto | Nats
    kind: str
    database_url: str
    ledger: Ledger = field(default_factory=Ledger)
    gateways: list[Gateway] = field(default_factory=list)
    clients: list[mqtt.Client] = field(default_factory=list)
    asked_again: int = 0
    web: Web | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    """Of gateway and web process, beside their settings."""
    watches: list[Watch] = field(default_factory=list)

    @property
    def mqtt_url(self) -> str:
        return self.broker.url()

    @property
    def database_port(self) -> int:
        return int(str(urlsplit(self.database_url).port))

    def gateway(self, mqtt_port: int | None = None, database_port: int | None = None, **settings: str) -> Gateway:
        """A gateway, not started, beside a web process; ``settings`` without DIGITALPFAD_; the ports are of proxies."""
        broker = self.mqtt_url.replace(f":{self.broker.port}", f":{mqtt_port or self.broker.port}")
        database = self.database_url.replace(f":{self.database_port}", f":{database_port or self.database_port}")
        if self.web is None and "TimescaleDB" not in self.kind:  # its WebAssembly serves all connections in turns
            self.web = Web(self.folder, self.database_url, self.environment).start()
            self.watches.append(Watch(self.web))
        gateway = Gateway(self.folder, database, broker, settings, self.environment)
        self.gateways.append(gateway)
        self.watches.append(Watch(gateway))
        return gateway

    @property
    def web_port(self) -> int:
        """Where the web process answers."""
        assert self.web is not None
        return self.web.port

    def wait_watched(self) -> None:
        """Until all that was started is ready, and the watches know."""
        for watch in self.watches:
            if watch.runs:
                wait_until(lambda watch=watch: watch.settled, 30, f"{watch.service} to be ready")

    def seen(self, who: type[Gateway | Web]) -> set[str]:
        """Checks of /readyz that failed until now at one of the gateways, or at the web process."""
        return set[str]().union(*(watch.seen for watch in self.watches if isinstance(watch.service, who)))

    def wait_told(self, fault: str, timeout_s: float = 30) -> None:
        """Let the fault last until /readyz has told of it."""
        due = EXPECTED[fault]
        wait_until(lambda: due.gateway <= self.seen(Gateway), timeout_s, f"/readyz of the gateway to tell: {due}")
        if self.web is not None:
            wait_until(lambda: due.web <= self.seen(Web), timeout_s, f"/readyz of the web process to tell: {due}")

    def check_readiness(self, fault: str) -> str:
        """/readyz told of the fault, of nothing else, and tells that it is over; returns that for the table."""
        for watch in self.watches:
            if watch.runs:
                ready = watch.service.ready
                wait_until(lambda ready=ready: ready()[0] == 200, 20, f"{watch.service} to be ready again")
            watch.end()
        due, lines = EXPECTED[fault], list[str]()
        for who, must in ((Gateway, due.gateway), (Web, due.web)):
            if who is Web and self.web is None:
                continue
            seen, name = self.seen(who), who.__name__.lower()
            assert must <= seen <= must | due.also, f"{fault}: {name} told {sorted(seen)}, due {sorted(must)}"
            lines.append(f"{name}: {', '.join(sorted(seen)) or 'ready'}")
        return "; ".join(lines)

    def fleet(self, *, patience_s: float | None = None) -> Fleet:
        """The devices; with ``patience_s`` they repeat what is not confirmed."""
        self.wait_watched()
        return Fleet(self.broker, self.ledger, patience_s=patience_s)

    def one(self, query: str, *parameters: object) -> object:
        """The only field of the only row."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            row = connection.execute(query.encode(), parameters).fetchone()
        assert row is not None
        return row[0]

    def execute(self, statement: str, *parameters: object) -> None:
        """Change something behind the system's back."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            connection.execute(statement.encode(), parameters)

    def confirmed(self, device: str) -> int:
        """The highest sequence number that was confirmed to a device, -1 for none."""
        return max((seq for (name, _), seq in self.ledger.confirmed.items() if name == device), default=-1)

    def stored(self) -> int:
        """Observations in the table."""
        return int(str(self.one("SELECT count(*) FROM observation")))

    def pace(self, rate: float) -> float:
        """``rate``, or a fifth where mosquitto writes all that it holds to disk at every message."""
        return rate / 5 if isinstance(self.broker, Mosquitto) and self.broker.durable else rate

    def wait_for_more(self, more: int = 1, timeout_s: float = 30) -> None:
        """Until ``more`` observations than now are stored."""
        goal = self.stored() + more
        wait_until(lambda: self.stored() >= goal, timeout_s, f"{goal} observations")

    def settle(self, fleet: Fleet, timeout_s: float = 60) -> float:
        """End measuring; wait until everything is stored, then confirmed. Returns the seconds until it was stored.

        A confirmation may die with a gateway after the commit: a device then asks again, by sending again.
        """
        fleet.rest()
        began = time.monotonic()
        due = 2 * self.ledger.sent
        wait_until(lambda: self.stored() >= due, timeout_s, f"{due} observations; {self.stored()} were there at first")
        recovery_s = seconds_since(began)
        quiet = time.monotonic() + _QUIET_S
        wait_until(lambda: self.ledger.all_confirmed or time.monotonic() > quiet, 2 * _QUIET_S, "confirmations")
        if not self.ledger.all_confirmed:
            self.asked_again += fleet.ask_again()
            wait_until(lambda: self.ledger.all_confirmed, 90, "everything to be confirmed")
        return recovery_s

    def conclude(self, fault: str, happened: str, recovery_s: float) -> None:
        """Check I1 to I8 and enter the table."""
        for gateway in self.gateways:
            if gateway.process is not None and gateway.process.poll() is None:
                gateway.note_memory()
        peak_mb = max(gateway.peak_mb for gateway in self.gateways)
        readiness = self.check_readiness(fault)
        held = check_invariants(self.ledger, self.database_url, peak_mb=peak_mb)
        told = f"{happened}; {self.ledger.sent} readings, gateway at most {peak_mb:.0f} MB"
        if self.asked_again:
            told += f", {self.asked_again} confirmations asked for again"
        self.report(fault, told, readiness, recovery_s, held)

    def report(self, fault: str, happened: str, readiness: str, recovery_s: float, held: str) -> None:
        """Enter the table."""
        note(Entry(fault, self.kind, happened, readiness, recovery_s, held))


@pytest.fixture
def make_world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], World]]:
    """Make the world on ``nats``, ``mosquitto`` (hardened) or ``mosquitto default``; with ``on TimescaleDB`` there."""
    worlds: list[World] = []

    def make(kind: str) -> World:
        name, _, where = kind.partition(" on ")
        users = {"gateway": GATEWAY_PASSWORD} | PASSWORDS
        brokers = {
            "nats": lambda: request.getfixturevalue("nats")(users=users),
            "mosquitto": lambda: request.getfixturevalue("mosquitto")(users=users, extra=HARDENED),
            "mosquitto default": lambda: request.getfixturevalue("mosquitto")(durable=False),
        }
        url: str = request.getfixturevalue("timescale_url" if where else "database_url")
        worlds.append(World(tmp_path, brokers[name](), kind, url))
        return worlds[-1]

    yield make
    for world in worlds:
        for watch in world.watches:
            watch.end()
            watch.service.kill()
        for client in world.clients:
            client.disconnect()
            client.loop_stop()


def seconds_since(began: float) -> float:
    """Seconds since a moment of time.monotonic()."""
    return time.monotonic() - began
