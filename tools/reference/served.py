"""The public interface over a database with the demonstration trail, at a time that stands still."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
import uvicorn
from fastapi import FastAPI

from api.app import install
from api.catalogue.keeper import SnapshotKeeper
from api.catalogue.live import LiveHub
from api.http.server import BoundedServer
from api.services import Services
from geodata.actions.load_bundle import load_if_empty
from geodata.conditions.closures import Closure, ClosureContent
from geodata.figures.publishing.closing import close_due
from geodata.store import roles
from geodata.store.access import scan
from geodata.store.catalogue import closure
from geodata.store.database import Database, Transaction
from geodata.store.ingest import registry
from geodata.store.ingest.flush import Flush, ObservationOrigin, Observations, SourceMessage
from geodata.store.ingest.transaction import write
from geodata.times import to_us

NOW = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)
"""When everything on the page happens."""
STATION, DEVICE, PROPERTY = "8XBJQN", "boden-05", "soil_temperature"
BASE_URL = "https://pfad.example"
_START_S = 20.0
_FIRST_SCANS = datetime(2026, 11, 18, 23, tzinfo=UTC)  # midnight in Lemgo


@contextmanager
def served(url: str) -> Generator[Site]:
    """The interface on a migrated database that is empty or has the trail, with a closure and two hours of values."""
    with Database(url) as owner:
        load_if_empty(owner)
        with owner.transaction() as connection:
            _fill(connection)
        _close_days(owner)
        with _following(url) as services, _serving(services) as client:
            yield Site(client, owner)


@dataclass(frozen=True, slots=True)
class Site:
    """A client of the interface, and what a device would add."""

    client: httpx.Client
    _database: Database

    def measure(self, value: float) -> None:
        """Have a new value arrive."""
        with self._database.transaction() as connection:
            _observe(connection, [(NOW, value)])


@contextmanager
def _following(url: str) -> Generator[Services]:
    with Database(url, role=roles.WEB) as database:
        keeper = SnapshotKeeper(database, clock=_now)
        live = LiveHub(keeper)
        keeper.start()
        try:
            yield Services(keeper=keeper, database=database, live=live, base_url=BASE_URL, clock=_now)
        finally:
            live.close()
            keeper.stop()


def _close_days(database: Database) -> None:
    """Two days on which a page was opened, of which what is public is decided."""
    with database.transaction() as connection:
        for hour, count in ((9, 7), (10, 12), (14, 3), (33, 8)):
            moment = _FIRST_SCANS + timedelta(hours=hour)
            scan.add(connection, {(STATION, moment, "de", "sign"): count})
    for _ in close_due(database, NOW):
        pass


def _now() -> datetime:
    return NOW


def _observe(connection: Transaction, values: Sequence[tuple[datetime, float]]) -> None:
    """Write values as the gateway does."""
    stream, rows, now_us = registry.add_datastream(connection, DEVICE, PROPERTY), Observations(), to_us(NOW)
    for at, value in values:
        rows.datastreams.append(stream)
        rows.times_us.append(to_us(at))
        rows.results.append(value)
        rows.qualities.append(0)
        rows.flags.append(0)
        rows.properties.append(PROPERTY)
        rows.origins.append(ObservationOrigin(SourceMessage("", b"", DEVICE, now_us), DEVICE, "", None))
    write(connection, Flush("", now_us, messages=1, received=len(values), observations=rows))


def _fill(connection: Transaction) -> None:
    began = NOW.replace(minute=0) - timedelta(hours=2)
    _observe(connection, [(began + timedelta(minutes=10 * number), 6.0 + number / 10) for number in range(14)])
    closure.add(
        connection,
        Closure(
            trail="stadtwald",
            valid_from=datetime(2026, 11, 16, 7, tzinfo=UTC),
            valid_until=datetime(2026, 12, 5, 15, tzinfo=UTC),
            stretch=(2500.0, 2821.0),
            contents={
                "de": ClosureContent(variant="de", reason="Hier werden Bäume gefällt.", detour="Über die Straße."),
                "en": ClosureContent(variant="en", reason="Trees are being felled.", detour="Along the road."),
            },
        ),
    )


@contextmanager
def _serving(services: Services) -> Generator[httpx.Client]:
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    install(app, services)
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", lifespan="off")
    server = BoundedServer(config, services.live.close)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        _wait(lambda: server.started)
        port = server.servers[0].sockets[0].getsockname()[1]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
            yield client
    finally:
        services.live.close()
        server.should_exit = True
        thread.join(10)


def _wait(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + _START_S
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError(f"The interface did not start within {_START_S:.0f} s.")
        time.sleep(0.02)
