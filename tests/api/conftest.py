"""A database with a small trail in it, a keeper that follows it, and a client of a served interface."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import psycopg
import pytest
import uvicorn
from fastapi import FastAPI

from api.catalogue.keeper import SnapshotKeeper
from api.catalogue.live import LiveHub
from api.http.server import BoundedServer
from api.services import Services
from geodata.store.database import Database
from geodata.times import Clock as AnyClock
from tests.api.app import create_api
from tests.api.trail import fill
from tests.fixtures.databases.database import Template, copied
from tests.fixtures.web.serving import serve


class Clock:
    """A clock that goes on, and can be set forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def filled_url(database_url: str) -> str:
    """A database with the trail of tests/api/trail.py."""
    with psycopg.connect(database_url) as connection:
        fill(connection)
    return database_url


@contextmanager
def following(url: str, clock: AnyClock, base_url: str = "", wait_s: float = 10, **live: Any) -> Generator[Services]:
    """Services on a database."""
    with Database(url, role="digitalpfad_web") as database:
        keeper = SnapshotKeeper(database, clock=clock)
        hub = LiveHub(keeper, **live)
        keeper.start(wait_s)
        try:
            yield Services(keeper=keeper, database=database, live=hub, base_url=base_url, clock=clock)
        finally:
            hub.close()
            keeper.stop()


@contextmanager
def served(app: FastAPI, services: Services) -> Generator[httpx.Client]:
    """A client of ``app`` on a real server."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", lifespan="off")
    with (
        serve(BoundedServer(config, services.live.close), services.live.close) as running,
        httpx.Client(base_url=f"http://127.0.0.1:{running.port}", timeout=10) as client,
    ):
        yield client


@pytest.fixture
def make_services(filled_url: str, clock: Clock) -> Iterator[Callable[..., Services]]:
    """Make Services on the filled database: ``make_services(base_url="https://…", max_listeners=2)``."""
    with ExitStack() as stack:
        yield lambda **settings: stack.enter_context(following(filled_url, clock, **settings))


@pytest.fixture
def services(make_services: Callable[..., Services]) -> Services:
    return make_services()


@pytest.fixture
def make_client() -> Iterator[Callable[[Services], httpx.Client]]:
    """A client of an interface with these Services."""
    with ExitStack() as stack:
        yield lambda services: stack.enter_context(served(create_api(services), services))


@pytest.fixture
def client(make_client: Callable[[Services], httpx.Client], services: Services) -> httpx.Client:
    return make_client(services)


@pytest.fixture(scope="module")
def shared_client(postgres_server: str, template: Template) -> Iterator[httpx.Client]:
    """A client of one interface for tests that change nothing."""
    with copied(postgres_server, template) as url:
        with psycopg.connect(url) as connection:
            fill(connection)
        with following(url, Clock()) as services, served(create_api(services), services) as client:
            yield client
