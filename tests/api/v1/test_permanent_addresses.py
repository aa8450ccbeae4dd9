"""1,000 random histories of stations: every code ever printed goes on answering rightly, for people and programs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import product
from random import Random
from typing import Any

import pytest
import shapely
from fastapi import FastAPI
from psycopg import Connection
from pyproj import Geod

from api.catalogue.keeper import SnapshotKeeper
from api.catalogue.live import LiveHub
from api.services import Services
from api.webapp.pages import create_pages
from api.webapp.scans.counter import ScanCounter
from geodata.actions import edit_station
from geodata.actions.load_bundle import save_bundle
from geodata.bundle.folder import bundled
from geodata.content.versions import Slot
from geodata.model.content import StationContent
from geodata.model.municipality import Municipality
from geodata.model.trail import Trail
from geodata.store.catalogue import content_versions
from geodata.store.catalogue.trail import save_municipality, save_trail
from geodata.store.database import Database
from geodata.vocabulary import codes
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.web.hikers import PHONE_AGENT, compose

HISTORIES, STEPS, TRAILS = 1000, 8, 50
GEOD = Geod(ellps="WGS84")


@dataclass
class Printed:
    """What the sign's code has to lead to."""

    trail: str
    number: int
    title: str
    lonlat: tuple[float, float]
    retired: bool = False


@dataclass
class World:
    """The histories' own account of what should be; every edit is made in it and in the database."""

    connection: Connection
    random: Random
    printed: dict[str, Printed] = field(default_factory=dict)

    def place(self, trail: str) -> tuple[float, float]:
        """A point on the trail's line; lines run east, one above the other."""
        return 8.8 + self.random.random() * 0.2, 50 + int(trail.removeprefix("pfad-")) * 0.01

    def free(self, trail: str) -> int:
        taken = {one.number for one in self.printed.values() if one.trail == trail and not one.retired}
        return self.random.choice([number for number in range(1, len(taken) + 40) if number not in taken])

    def add(self) -> str:
        trail = f"pfad-{self.random.randrange(TRAILS)}"
        number, lonlat, title = self.free(trail), self.place(trail), f"Halt {len(self.printed)}"
        code = edit_station.add(self.connection, trail, number=number, lonlat=lonlat, title=title)
        self.printed[code] = Printed(trail, number, title, lonlat)
        return code

    def rename(self, code: str) -> None:
        title = f"Umbenannt {self.random.random()}"
        text = StationContent(variant="de", title=title, lead="Satz.", body="")
        content_versions.save(self.connection, Slot.of(code, text), text, content_versions.ITSELF, publish=True)
        self.printed[code].title = title

    def renumber(self, code: str) -> None:
        self.printed[code].number = self.free(self.printed[code].trail)
        edit_station.renumber(self.connection, {code: self.printed[code].number})

    def swap(self, code: str) -> None:
        one = self.printed[code]
        neighbours = (n for n in self.printed if n != code and self.printed[n].trail == one.trail)
        neighbour = next((n for n in neighbours if not self.printed[n].retired), None)
        if neighbour is not None and not one.retired:
            other = self.printed[neighbour]
            one.number, other.number = other.number, one.number
            edit_station.renumber(self.connection, {code: one.number, neighbour: other.number})

    def move(self, code: str) -> None:
        one = self.printed[code]
        one.trail = f"pfad-{self.random.randrange(TRAILS)}"
        one.number, one.lonlat = self.free(one.trail), self.place(one.trail)
        edit_station.move(self.connection, code, trail=one.trail, number=one.number, lonlat=one.lonlat)

    def retire_or_restore(self, code: str) -> None:
        one = self.printed[code]
        if not one.retired:
            edit_station.retire(self.connection, code, datetime.now(UTC))
        else:
            one.number = self.free(one.trail)
            edit_station.restore(self.connection, code, one.number)
        one.retired = not one.retired

    def history(self) -> None:
        code = self.add()
        edits = [self.rename, self.renumber, self.swap, self.move, self.retire_or_restore, self.retire_or_restore]
        for _ in range(self.random.randrange(1, STEPS)):
            self.random.choice(edits)(code)


@dataclass(frozen=True)
class Server:
    """Pages and interface, asked without a network: 10,000 requests in seconds."""

    app: FastAPI
    keeper: SnapshotKeeper

    async def get(self, path: str) -> tuple[int, str]:
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "path": path,
            "raw_path": path.encode(), "query_string": b"", "root_path": "", "scheme": "http",
            "headers": [(b"host", b"test"), (b"user-agent", PHONE_AGENT.encode()), (b"accept-language", b"de")],
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
        }  # fmt: skip
        sent: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        return sent[0]["status"], b"".join(part.get("body", b"") for part in sent[1:]).decode()


@pytest.fixture
def server(database: Database) -> Iterator[Server]:
    keeper, scans = SnapshotKeeper(database), ScanCounter(database)
    services = Services(keeper=keeper, database=database, live=LiveHub(keeper))
    app = compose(create_pages(keeper, database, scans), services)
    keeper.start()
    yield Server(app, keeper)
    keeper.stop()


@pytest.fixture
def trails(database: Database) -> None:
    with database.transaction() as connection:
        save_municipality(connection, Municipality(slug="lemgo", name="Lemgo"))
        for i in range(TRAILS):
            line = shapely.LineString([(8.8, 50 + i * 0.01), (9.0, 50 + i * 0.01)])
            save_trail(connection, Trail(slug=f"pfad-{i}", municipality="lemgo", line=line, licence="CC0-1.0"))


def nearest_live(printed: dict[str, Printed], to: Printed) -> tuple[str, float]:
    """By brute force."""
    live = {code: GEOD.inv(*to.lonlat, *one.lonlat)[2] for code, one in printed.items() if not one.retired}
    return min(live.items(), key=lambda item: item[1])


async def check_answers(server: Server, printed: dict[str, Printed]) -> None:
    for code, one in printed.items():
        status, text = await server.get(f"/api/v1/stations/{code}")
        assert status == 200, code
        found = json.loads(text)["properties"]
        assert (found["code"], found["trail"], found["number"]) == (code, one.trail, one.number)
        assert found["content"]["title"] == one.title
        assert bool(found["retired_at"]) == one.retired
        status, page = await server.get(f"/s/{code}")
        assert status == 200, code
        assert f">{one.title}</h1>" in page
        assert f"<b>{one.number}</b>" in page
        assert ("Diese Station gibt es nicht mehr." in page) == one.retired
        if one.retired:
            nearest, metres = nearest_live(printed, one)
            assert found["nearest"]["distance_m"] == pytest.approx(metres, abs=0.1)
            assert found["nearest"]["code"] == nearest
            assert f'href="/s/{nearest}' in page


def test_after_1000_random_histories_every_code_ever_printed_answers_rightly(
    database: Database, trails: None, server: Server
) -> None:
    printed: dict[str, Printed] = {}
    for half in range(2):
        with database.transaction() as connection:
            world = World(connection, Random(half), printed)
            for _ in range(HISTORIES // 2):
                world.history()
        wait_until(
            lambda: len(server.keeper.current.catalogue.stations) == len(printed), what="the web process to know"
        )
        asyncio.run(check_answers(server, printed))
    assert len(printed) == HISTORIES
    assert sum(one.retired for one in printed.values()) > 100


def slips(code: str) -> Iterator[str]:
    """Every wrong character at every place, and every exchange of two neighbours."""
    for i, character in product(range(len(code)), codes.ALPHABET + "U"):
        if character != code[i]:
            yield code[:i] + character + code[i + 1 :]
    for i in range(len(code) - 1):
        if code[i] != code[i + 1]:
            yield code[:i] + code[i + 1] + code[i] + code[i + 2 :]


def test_every_slip_of_every_code_is_refused_and_answered_with_what_was_meant(
    database: Database, server: Server
) -> None:
    with database.transaction() as connection:
        save_bundle(connection, bundled())
        known = [station.code for station in bundled().stations]
        edit_station.retire(connection, known[0], datetime.now(UTC))
    wait_until(lambda: server.keeper.current.catalogue.stations, what="the web process to know")

    async def ask() -> int:
        asked = 0
        for code in known:
            for slip in slips(code):
                status, problem = await server.get(f"/api/v1/stations/{slip}")
                assert (status, code in json.loads(problem)["did_you_mean"]) == (404, True), slip
                status, page = await server.get(f"/s/{slip}")
                assert (status, f'href="/s/{code}' in page) == (404, True), slip
                assert "Meinst du diese Station?" in page
                asked += 1
        return asked

    assert asyncio.run(ask()) > 10 * 6 * 31
