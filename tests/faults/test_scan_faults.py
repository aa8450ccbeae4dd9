"""A scan whose page was answered is counted once, whenever the web process is killed and the database is away."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from geodata.actions.load_bundle import load_if_empty
from geodata.store.database import Database
from geodata.store.migrate import migrate
from tests.faults.conftest import note
from tests.faults.harness.readiness import Web
from tests.faults.harness.report import Entry
from tests.fixtures.databases.database import one_row
from tests.fixtures.databases.postgres import PostgresServer
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.web.hikers import OAKS, PHONE_AGENT, PONDS

long = pytest.mark.long
_VISITORS = 3


@dataclass
class Visitors:
    """Ask for stations' pages one after the other; what was sent whole may be counted, what was answered must be."""

    port: int
    sent: int = 0
    answered: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _ending: threading.Event = field(default_factory=threading.Event)

    def walk(self, code: str) -> None:
        while not self._ending.is_set():
            connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
            try:
                connection.connect()
                with self._lock:
                    self.sent += 1
                connection.request("GET", f"/s/{code}", headers={"user-agent": PHONE_AGENT})
                answer = connection.getresponse()
                answer.read()
                if answer.status == 200:
                    with self._lock:
                        self.answered += 1
            except (OSError, HTTPException):
                self._ending.wait(0.05)
            finally:
                connection.close()

    @contextmanager
    def walking(self) -> Generator[None]:
        codes = [PONDS, OAKS]
        self._ending.clear()
        threads = [threading.Thread(target=self.walk, args=[codes[i % 2]]) for i in range(_VISITORS)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._ending.set()
            for thread in threads:
                thread.join()


@pytest.fixture
def trail_url(postgres: PostgresServer) -> Iterator[str]:
    """URL of a database of the test's own with the demonstration trail."""
    name = f"scans_{uuid4().hex[:10]}"
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    url = f"{postgres.url.rpartition('/')[0]}/{name}"
    migrate(url)
    with Database(url) as database:
        load_if_empty(database)
    yield url
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def web(tmp_path: Path, trail_url: str) -> Iterator[Web]:
    """`digitalpfad web`, not started yet."""
    made = Web(tmp_path, trail_url)
    yield made
    made.kill()


def counted(url: str) -> int:
    with psycopg.connect(url) as connection:
        return one_row(connection, "SELECT coalesce(sum(count), 0)::int FROM scan_hour")[0]


def journals(web: Web) -> list[Path]:
    """Files of scans that are not in the database yet; that of the running process is empty then."""
    return [path for path in (web.folder / "data" / "scans").glob("*") if path.stat().st_size]


def begin(web: Web) -> None:
    """Start the process and wait until it answers pages."""
    web.start()
    wait_until(lambda: web.ready()[0] in {200, 503}, 30, "the web process to answer")


def settled(web: Web) -> float:
    """Start it once more, and end it in order: all that is written is in the database then; the seconds it took."""
    began = time.monotonic()
    web.kill()
    begin(web)
    wait_until(lambda: web.ready()[0] == 200, 30, "the web process to be ready")
    assert web.process is not None
    web.process.terminate()
    web.process.wait(30)
    assert journals(web) == []
    return time.monotonic() - began


def enter(fault: str, happened: str, visitors: Visitors, count: int, recovery_s: float) -> None:
    """A row of the table."""
    scans = f"{visitors.sent} pages asked for, {visitors.answered} answered, {count} counted"
    note(Entry(fault, "web", f"{happened}; {scans}", "not watched", recovery_s, "every answered scan counted once"))


@pytest.mark.parametrize("kills", [3, pytest.param(20, marks=long)])
@pytest.mark.timeout(600)
def test_every_answered_scan_is_counted_once_however_often_the_process_is_killed(
    web: Web, trail_url: str, kills: int
) -> None:
    visitors, moments = Visitors(web.port), random.Random(kills)
    begin(web)
    with visitors.walking():
        for _ in range(kills):
            before = visitors.answered
            wait_until(lambda before=before: visitors.answered > before, 30, "answers")
            threading.Event().wait(moments.uniform(0, 4))  # any moment of the three seconds between two writes
            web.kill()
            begin(web)
    recovery_s = settled(web)
    assert visitors.answered > 50 * kills
    assert visitors.answered <= counted(trail_url) <= visitors.sent
    assert visitors.sent - visitors.answered <= _VISITORS * (kills + 1), "each visitor waits for one answer at a time"
    enter("scans: web process kill -9", f"{kills} kills", visitors, counted(trail_url), recovery_s)


@pytest.mark.parametrize("kills", [2, pytest.param(10, marks=long)])
@pytest.mark.timeout(600)
def test_scans_while_the_database_is_away_wait_for_it_also_across_kills(
    web: Web, trail_url: str, postgres: PostgresServer, kills: int
) -> None:
    visitors, moments = Visitors(web.port), random.Random(kills)
    for _ in range(kills):
        begin(web)
        wait_until(lambda: web.ready()[0] == 200, 30, "the web process to be ready")
        with visitors.walking():
            before = visitors.answered
            wait_until(lambda before=before: visitors.answered > before, 30, "answers")
            postgres.stop()
            try:
                threading.Event().wait(moments.uniform(0, 4))
                web.kill()
            finally:
                postgres.start()
    recovery_s = settled(web)
    assert visitors.answered <= counted(trail_url) <= visitors.sent
    happened = f"{kills} times the database stopped and the process killed meanwhile"
    enter("scans: database away, web process kill -9", happened, visitors, counted(trail_url), recovery_s)
