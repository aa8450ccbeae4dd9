"""Trails that are larger, smaller or more closed than any so far: the map stays readable and the list complete."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import combinations
from random import Random
from typing import Any

import pytest
import shapely
from playwright.sync_api import Page, expect

from geodata.conditions.closures import Closure, ClosureContent
from geodata.model.content import StationContent
from geodata.model.station import Station
from geodata.model.trail import Trail, TrailContent
from geodata.store.catalogue import closure as closures
from geodata.store.catalogue.station import save_station
from geodata.store.catalogue.trail import save_trail
from geodata.store.database import Database
from geodata.vocabulary.codes import new_code
from tests.browser.map_page.moving import boxes, opened, overlap, settled
from tests.fixtures.databases.database import Template, copied
from tests.fixtures.web.hikers import Hikers, hikers_on

NewPage = Callable[..., Page]
Points = list[tuple[float, float]]
STATIONS, VERTICES = 200, 20_000
START = (8.9, 52.05)


def loop(vertices: int, random: Random) -> Points:
    """A winding loop of 5 km as an app records it: every few steps a point that is wrong by a hand's breadth."""
    turns = [2 * math.pi * i / vertices for i in range(vertices)]
    return [
        (
            START[0] + 0.0128 * (1 + 0.1 * math.sin(9 * turn)) * math.cos(turn) + random.uniform(-2e-6, 2e-6),
            START[1] + 0.008 * math.sin(turn) + random.uniform(-2e-6, 2e-6),
        )
        for turn in turns
    ]


def add(database: Database, slug: str, line: Points, stops: Points, random: Random) -> None:
    """Write a trail with a station at each of these points."""
    names = {"de": TrailContent(variant="de", name=slug, lead="")}
    trail = Trail(slug=slug, municipality="lemgo", line=shapely.LineString(line), licence="CC0-1.0", contents=names)
    with database.transaction() as connection:
        save_trail(connection, trail)
        for number, (lon, lat) in enumerate(stops, 1):
            text = StationContent(variant="de", title=f"Halt <b>{number}</b>", lead="", body="")
            save_station(
                connection,
                Station(
                    code=new_code(random),
                    trail=slug,
                    number=number,
                    lon=lon,
                    lat=lat,
                    along_m=number * 20.0,
                    contents={"de": text},
                ),
            )


@pytest.fixture(scope="module")
def odd(postgres_server: str, template_with_trail: Template) -> Iterator[Hikers]:
    """The demonstration trail, closed as a whole, and beside it one of each sort."""
    random = Random(3)
    long, short = loop(VERTICES, random), loop(50, random)
    with copied(postgres_server, template_with_trail) as url, Database(url) as database:
        add(database, "many", long, long[:: VERTICES // STATIONS], random)
        add(database, "none", short, [], random)
        add(database, "one", short, [START], random)
        add(database, "twins", short, [START] * 3, random)
        add(database, "step", [START, (8.900001, 52.05)], [START], random)
        text = {"de": ClosureContent(variant="de", reason="Sturm.")}
        with database.transaction() as connection:
            closures.add(connection, Closure(trail="stadtwald", valid_from=datetime.now(UTC), contents=text))
        with hikers_on(database) as running:
            yield running


def hides(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether a plate reaches the digits in the middle of another; rounded corners may touch."""
    return max(abs(one["x"] - other["x"]), abs(one["y"] - other["y"])) < one["width"] / 2 + 10


def test_of_two_hundred_stations_numbers_that_have_room_are_shown_and_none_hides_another(
    odd: Hikers, new_page: NewPage
) -> None:
    page = opened(new_page(), f"{odd.url}/t/many/map")
    page.emulate_media(reduced_motion="reduce")
    drawn = boxes(page, ".paper rect.sign")
    assert 10 <= len(drawn) < 40
    assert not any(overlap(one, other) for one, other in combinations(drawn, 2)), "on the drawn map"
    expect(page.locator(".plates .plate")).to_have_count(STATIONS)
    pressed = (page.locator('[data-tool="whole"]'), page.locator("li[data-code] .row").nth(30))
    for tool in (*pressed, page.locator('[data-tool="nearer"]'), page.locator('[data-tool="nearer"]'), pressed[0]):
        tool.click()
        settled(page)
        numbers = boxes(page, ".plates .plate:not(.dot)")
        assert len(numbers) >= 2, tool
        assert not any(hides(one, other) for one, other in combinations(numbers, 2)), tool
    page.locator("li[data-code] .row").nth(149).click()
    settled(page)
    assert page.locator(".plates .here").inner_text() == "150", "whatever is pressed has its number"
    expect(page.locator(".plates .here")).not_to_have_class("dot")
    expect(page.locator(".chosen b")).to_have_text("150 Halt <b>150</b>")


def test_a_line_of_twenty_thousand_points_is_sent_as_finely_as_it_can_be_seen(odd: Hikers) -> None:
    answer = odd.get("/t/many/map.json")
    assert len(answer.content) < 80_000
    sent = shapely.LineString(answer.json()["trail"]["geometry"]["coordinates"])
    true = odd.keeper.current.catalogue.trails["many"].line
    assert shapely.hausdorff_distance(sent, true) < 7e-6, "half a metre"
    assert answer.json()["trail"]["properties"]["length_m"] > 4000


@pytest.mark.parametrize(("trail", "stations"), [("none", 0), ("one", 1), ("twins", 3), ("step", 1)])
def test_a_trail_of_few_stations_or_a_single_step_has_a_map_too(
    odd: Hikers, new_page: NewPage, trail: str, stations: int
) -> None:
    page = opened(new_page(), f"{odd.url}/t/{trail}/map")
    plates = boxes(page, ".plates .plate")
    assert len(plates) == stations
    assert not any(overlap(one, other) for one, other in combinations(plates, 2))
    page.locator('[data-tool="nearer"]').click()


def test_a_trail_that_is_closed_as_a_whole_is_hatched_and_says_so_at_each_number(
    odd: Hikers, new_page: NewPage
) -> None:
    page = opened(new_page(), f"{odd.url}/t/stadtwald/map")
    expect(page.locator(".plates .off")).to_have_count(10)
    assert all("gesperrt" in plate["label"] for plate in boxes(page, ".plates .plate"))
    expect(page.locator(".stations .shut")).to_have_count(10)
    expect(page.locator(".paper .shut-way.dashes")).not_to_have_count(0)
