"""A database with a small trail in it, a keeper that follows it, and a client of the interface."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest
from fastapi.testclient import TestClient
from psycopg import sql
from psycopg.conninfo import make_conninfo

from api.app import create_api
from api.live import LiveHub
from api.services import Services
from api.snapshot import SnapshotKeeper
from geodata.store.database import Database
from geodata.store.migrate import migrate
from tests.api.trail import fill

SERVER = "postgresql://postgres@127.0.0.1:54320/postgres"


class Clock:
    """A clock that goes on, and can be set forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def database_url() -> Iterator[str]:
    name = f"api_{uuid4().hex[:12]}"
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        url = make_conninfo(SERVER, dbname=name)
        migrate(url)
        yield url
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with Database(database_url) as database:
        yield database


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def filled_url(database_url: str) -> str:
    """A database with the trail of tests/api/trail.py."""
    with psycopg.connect(database_url) as connection:
        fill(connection)
    return database_url


@pytest.fixture
def make_services(filled_url: str, clock: Clock) -> Iterator[Callable[..., Services]]:
    """Make Services on the filled database: ``make_services(base_url=…, live={…})``."""
    made: list[Services] = []

    def make(base_url: str = "", live: dict[str, float] | None = None) -> Services:
        database = Database(filled_url, role="digitalpfad_web").open()
        keeper = SnapshotKeeper(database, clock=clock)
        hub = LiveHub(keeper, **(live or {}))
        keeper.start()
        made.append(Services(keeper=keeper, database=database, live=hub, base_url=base_url, clock=clock))
        return made[-1]

    yield make
    for services in made:
        services.live.close()
        services.keeper.stop()
        services.database.close()


@pytest.fixture
def services(make_services: Callable[..., Services]) -> Services:
    return make_services()


@pytest.fixture
def client(services: Services) -> Iterator[TestClient]:
    with TestClient(create_api(services), raise_server_exceptions=False) as client:
        yield client
