"""A small trail with devices, and the staff pages served by a real server over it."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial

import httpx
import shapely
import uvicorn
from fastapi import FastAPI

from api.catalogue.keeper import SnapshotKeeper
from api.http.compression import Compression
from api.webapp.routes.site_files import STATIC_PATH, static_files
from dashboards.access import passwords
from dashboards.app import create_staff
from dashboards.operator_tools import OperatorTools
from dashboards.services import StaffSurroundings
from digitalpfad.signs.press import SignPress
from geodata.model.observation import Quality
from geodata.model.staff import Grant, Role
from geodata.store.access import staff as staff_store
from geodata.store.database import Database
from geodata.store.ingest import registry, transaction
from geodata.store.ingest.flush import Flush, ObservationOrigin, Refusal, SourceMessage, StatusReport
from geodata.times import to_us
from tests.dashboards.machine import Machine
from tests.fixtures.process.ports import free_port
from tests.fixtures.web.serving import serve

PASSWORD = "vier ruhige Fichten am Teich"
LINE = shapely.LineString([(8.905, 52.047), (8.911, 52.053), (8.917, 52.0515), (8.928, 52.052), (8.914, 52.044)])
STATIONS = (
    ("K7YNX0", 1, "Unter den Eichen", 8.905, 52.047, 30),
    ("3DVB54", 4, "Försterteiche", 8.917, 52.0515, 1500),
    ("8XBJQN", 5, "Wo die Fichten standen", 8.9218, 52.0518, 1900),
    ("R7TZ2H", 7, "Holzsteg", 8.9268, 52.0515, 2800),
)
DEVICES = (
    ("counter", "K7YNX0", "Zähler Eingang"),
    ("pond", "3DVB54", "Pegel am Teich"),
    ("soil", "8XBJQN", "Bodenfühler"),
    ("boardwalk", "R7TZ2H", "Nässe am Steg"),
)


def seed(database: Database) -> None:
    """One municipality, one trail, four stations, four devices that have never reported."""
    with database.transaction() as connection:
        connection.execute("INSERT INTO municipality (slug, name) VALUES ('lemgo', 'Lemgo')")
        connection.execute(
            "INSERT INTO trail (slug, municipality, line, licence) VALUES ('stadtwald', 'lemgo', %s, 'CC0-1.0')",
            [shapely.to_wkb(LINE)],
        )
        connection.execute("INSERT INTO trail_content (trail, variant, name) VALUES ('stadtwald', 'de', 'Stadtwald')")
        for code, number, title, lon, lat, along in STATIONS:
            connection.execute(
                "INSERT INTO station (code, trail, number, lon, lat, along_m) VALUES (%s, 'stadtwald', %s, %s, %s, %s)",
                [code, number, lon, lat, along],
            )
            connection.execute(
                "INSERT INTO station_content (station, variant, title) VALUES (%s, 'de', %s)", [code, title]
            )
        for device, station, name in DEVICES:
            connection.execute(
                "INSERT INTO device (id, trail, station, name, registered_at)"
                " VALUES (%s, 'stadtwald', %s, %s, now() - interval '2 days')",
                [device, station, name],
            )


def observe(database: Database, device: str, at: datetime, **values: float | None) -> None:
    """What the gateway writes when a device has measured ``values`` at ``at`` and sent them at once."""
    us = to_us(at)
    flush = Flush(partition="all", now_us=us, messages=1, received=len(values), seen={device: us})
    with database.transaction() as connection:
        for name, value in values.items():
            rows = flush.observations
            rows.datastreams.append(registry.add_datastream(connection, device, name))
            rows.times_us.append(us)
            rows.results.append(value)
            rows.qualities.append(Quality.MISSING if value is None else Quality.OK)
            rows.flags.append(0)
            rows.properties.append(name)
            rows.origins.append(ObservationOrigin(SourceMessage("t", b"", device, us), device, "b1", 1))
        transaction.write(connection, flush)


def reject(
    database: Database, device: str | None, payload: bytes, detail: str = "time is 0", reason: str = "time", *also: str
) -> None:
    """What the gateway writes when it cannot keep a message; ``also`` are further reasons of the same one."""
    us = to_us(datetime.now(UTC))
    topic = f"digitalpfad/v1/stadtwald/{device}/event/telemetry"
    refusals = [Refusal(code, detail) for code in (reason, *also)]
    flush = Flush(partition="all", now_us=us, messages=1, received=len(refusals))
    source = SourceMessage(topic, payload, device, us, len(payload), parts=len(refusals), refusals=refusals)
    flush.refused.append(source)
    with database.transaction() as connection:
        transaction.write(connection, flush)


def report(database: Database, device: str, firmware: str, boot: str) -> None:
    """What the gateway writes when a device says how it is."""
    us = to_us(datetime.now(UTC))
    flush = Flush(partition="all", now_us=us, messages=1)
    flush.statuses[device] = StatusReport(state="online", received_us=us, firmware=firmware, boot=boot)
    with database.transaction() as connection:
        transaction.write(connection, flush)


def hire(
    database: Database, name: str, role: Role = Role.VIEWER, *, one_time: bool = False, town: str | None = None
) -> None:
    """An account with PASSWORD and a role in ``town``, or in all of them."""
    with database.transaction() as connection:
        staff_store.create(connection, name, [Grant(role, town)], _hashed(), one_time=one_time)


@cache
def _hashed() -> str:
    """Once a run: argon2 is slow on purpose, and whoever signs in makes it work once more."""
    return passwords.hash_password(PASSWORD)


class Clock:
    """The time of the served pages; tests may move it on."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass(slots=True)
class Office:
    """The served pages with what is behind them."""

    url: str
    database: Database
    keeper: SnapshotKeeper
    clock: Clock
    stopping: threading.Event
    app: FastAPI
    visitors: ExitStack

    def visitor(self) -> httpx.Client:
        """A browser without pictures: keeps cookies, says where it comes from, follows no redirect."""
        headers = {"Origin": self.url, "Accept": "text/html"}
        return self.visitors.enter_context(httpx.Client(base_url=self.url, headers=headers, timeout=20))

    def signed_in(self, name: str, password: str = PASSWORD) -> httpx.Client:
        """A visitor who has just signed in."""
        visitor = self.visitor()
        answer = visitor.post("/staff/login", data={"name": name, "password": password})
        assert answer.status_code == 303, answer.text
        return visitor


@contextmanager
def open_office(
    database: Database,
    base_url: str = "",
    *,
    host: str = "127.0.0.1",
    tools: OperatorTools | None = None,
    compressed: bool = False,
) -> Generator[Office]:
    """Serve the staff pages at ``/staff`` on a loopback port; ``host`` is how browsers name this machine.

    ``compressed``: as the web service does.
    """
    port = free_port()
    url = f"http://{host}:{port}"
    clock, stopping = Clock(), threading.Event()
    keeper = SnapshotKeeper(database, clock=clock)
    keeper.start()
    outer = FastAPI()
    if compressed:
        outer.add_middleware(Compression)
    signs = SignPress(database, "https://pfad.example.org")
    around = StaffSurroundings(tools=tools or Machine(), signs=signs)
    made = partial(create_staff, stopping=stopping, around=around, clock=clock)
    staff = made(database, keeper, base_url=base_url or url)
    outer.mount("/staff", staff)
    outer.mount(STATIC_PATH, static_files())
    server = uvicorn.Server(uvicorn.Config(outer, port=port, log_level="warning", timeout_graceful_shutdown=5))
    try:
        with serve(server, stopping.set), ExitStack() as visitors:
            yield Office(url, database, keeper, clock, stopping, staff, visitors)
    finally:
        keeper.stop()
