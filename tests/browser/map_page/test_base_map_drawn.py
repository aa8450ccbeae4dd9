"""The town's base map below the trail, really drawn: picture tiles of another host, a file of vectors, or nothing."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
import shapely
import uvicorn
from PIL import Image
from playwright.sync_api import Page, expect
from pyogrio.raw import write
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.catalogue.keeper import SnapshotKeeper
from api.catalogue.live import LiveHub
from api.services import Services
from api.webapp.pages import create_pages
from api.webapp.scans.counter import ScanCounter
from api.webapp.site import Site
from geodata.maps.base_map import BaseMap, parse
from tests.browser.map_page.moving import MAP, boxes, opened, overlap, settled
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.web.browser import Watch
from tests.fixtures.web.hikers import Hikers, compose, served
from tests.fixtures.web.serving import serve

NewPage = Callable[..., Page]
Colour = tuple[int, int, int]
ORANGE: Colour = (230, 120, 20)
CARD: Colour = (255, 255, 255)


def archive(path: Path, *names: str) -> Path:
    """A PMTiles file as docs/trails.md says it is made, by GDAL: a wood, a road and a village of these names."""
    shapes = [
        shapely.box(8.90, 52.046, 8.915, 52.055),
        shapely.LineString([(8.89, 52.0482), (8.94, 52.0482)]),
        shapely.Point(8.918, 52.0465),
    ]
    write(
        path,
        geometry=np.array([shapely.to_wkb(shape) for shape in shapes]),
        field_data=[np.array(names, dtype=object)],
        fields=["name"],
        geometry_type="Unknown",
        crs="EPSG:4326",
        layer="wald",
        driver="PMTiles",
        dataset_options={"MINZOOM": "8", "MAXZOOM": "14"},
    )
    return path


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The town's file, with names."""
    return archive(tmp_path_factory.mktemp("town") / "town.pmtiles", "Mark", "Lüerdisser Weg", "Örtchen im Wald")


@dataclass
class TileHost:
    """Another host with orange tiles. ``asked`` are the paths; ``goes_on``: until it is set, no tile is answered."""

    url: str = ""
    asked: list[str] = field(default_factory=list[str])
    goes_on: threading.Event = field(default_factory=threading.Event)

    def tile(self, request: Request) -> Response:
        self.asked.append(request.url.path)
        self.goes_on.wait(20)
        picture = io.BytesIO()
        Image.new("RGB", (256, 256), ORANGE).save(picture, "PNG")
        return Response(picture.getvalue(), media_type="image/png", headers={"access-control-allow-origin": "*"})


@pytest.fixture
def host() -> Iterator[TileHost]:
    """A host of tiles on a port of its own."""
    host = TileHost()
    app = Starlette(routes=[Route("/{path:path}", host.tile)])
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", lifespan="off")
    with serve(uvicorn.Server(config), host.goes_on.set) as running:
        host.url = f"http://127.0.0.1:{running.port}"
        yield host


@contextmanager
def above(wood: Hikers, base_map: BaseMap) -> Generator[str]:
    """The address of the same trail's pages with a base map."""
    keeper = SnapshotKeeper(wood.database)
    services = Services(keeper=keeper, database=wood.database, live=LiveHub(keeper))
    pages = create_pages(keeper, wood.database, ScanCounter(wood.database), site=Site(base_map=base_map))
    keeper.start(10)
    try:
        with served(compose(pages, services), services) as url:
            yield url
    finally:
        keeper.stop()


def share(page: Page, colour: Colour, within: int = 40) -> float:
    """How much of the map that is shown has about this colour."""
    shot = Image.open(io.BytesIO(page.locator(".canvas").screenshot())).convert("RGB")
    apart = np.abs(np.asarray(shot, dtype=int) - np.array(colour)).max(axis=2)
    return float((apart < within).mean())


def colour_of(page: Page, name: str) -> Colour:
    text = page.evaluate("name => getComputedStyle(document.documentElement).getPropertyValue(name).trim()", name)
    red, green, blue = (int(text[i : i + 2], 16) for i in (1, 3, 5))
    return red, green, blue


def requests_of(page: Page) -> list[str]:
    """The addresses that are asked from now on."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    return asked


def becomes(page: Page, is_so: Callable[[], bool], what: str) -> None:
    wait_until(lambda: is_so() or not page.wait_for_timeout(50), what=what)


def test_tiles_of_the_towns_host_are_drawn_below_the_way_and_no_other_host_may_be_asked(
    wood: Hikers, new_page: NewPage, watch: Watch, host: TileHost
) -> None:
    with above(wood, BaseMap("© Stadt <Lemgo>", tiles=f"{host.url}/{{z}}/{{x}}/{{y}}.png")) as url:
        page = opened(new_page(), url + MAP)
        becomes(page, lambda: bool(host.asked), "a request for a tile")
        assert share(page, CARD) > 0.5, "a host that does not answer keeps nobody waiting for the way"
        host.goes_on.set()
        becomes(page, lambda: share(page, CARD) < 0.2, "the tiles")
        assert share(page, (190, 130, 80), 60) > 0.5
        assert share(page, colour_of(page, "--moss")) > 0.01, "the way is above"
        assert all(re.fullmatch(r"/\d+/\d+/\d+\.png", path) for path in host.asked)
        expect(page.locator(".named")).to_have_text("© Stadt <Lemgo>")
        expect(page.locator(".named")).to_be_in_viewport()
        other = host.url.replace("127.0.0.1", "localhost")
        assert page.evaluate("url => fetch(url).then(() => 'came', () => 'refused')", f"{other}/1/1/1.png") == "refused"
        watch.forgive("Content Security Policy")


def test_whom_to_name_covers_neither_map_nor_buttons_however_long_it_is(
    wood: Hikers, new_page: NewPage, host: TileHost
) -> None:
    with above(wood, BaseMap("© " + "Geobasisdaten " * 14, tiles=f"{host.url}/{{z}}/{{x}}/{{y}}.png")) as url:
        page = new_page((320, 640))
        page.goto(url + MAP)
        page.evaluate("document.documentElement.style.fontSize = '32px'")
        (named,), (sheet,) = boxes(page, ".named"), boxes(page, ".sheet")
        assert not overlap(named, sheet)
        page.locator('[data-tool="locate"]').click()
        host.goes_on.set()


def test_vectors_of_a_file_are_drawn_in_quiet_colours_light_and_dark(
    wood: Hikers, new_page: NewPage, town: Path
) -> None:
    with above(wood, parse(str(town), "© Stadt") or BaseMap("")) as url:
        page = opened(new_page(), url + MAP)
        becomes(page, lambda: share(page, CARD, 8) < 0.9, "the wood")
        page.emulate_media(color_scheme="dark")
        becomes(page, lambda: share(page, CARD, 8) < 0.01, "the dark")
        dark = colour_of(page, "--card")
        becomes(page, lambda: 0.1 < share(page, dark, 6) < 0.95, "the wood in the dark")


def test_names_in_the_file_are_written_with_the_letters_of_the_phone_and_nobody_is_asked_for_any(
    wood: Hikers, new_page: NewPage, town: Path, tmp_path: Path
) -> None:
    dark: list[float] = []
    for file in (archive(tmp_path / "nameless.pmtiles", "", "", ""), town):
        with above(wood, parse(str(file), "© Stadt") or BaseMap("")) as url:
            page = new_page()
            asked = requests_of(page)
            opened(page, url + MAP)
            becomes(page, lambda page=page: share(page, CARD, 8) < 0.9, "the wood")
            page.wait_for_load_state("networkidle")
            settled(page)
            dark.append(share(page, colour_of(page, "--soft"), 60))
            assert all(one.startswith((url, "blob:", "data:")) for one in asked)
    assert dark[1] > dark[0] + 0.001, "there are letters"


def test_a_file_that_broke_leaves_the_trail_as_it_is(wood: Hikers, new_page: NewPage, town: Path) -> None:
    broken = town.with_name("broken.pmtiles")
    broken.write_bytes(town.read_bytes()[:127] + b"\xff" * 400)
    with above(wood, parse(str(broken), "© Stadt") or BaseMap("")) as url:
        page = opened(new_page(), url + MAP)
        expect(page.locator(".plates .plate")).to_have_count(10)
        page.locator('[data-tool="nearer"]').click()
        assert share(page, CARD) > 0.5


def test_by_default_nobody_but_this_server_is_asked_and_nothing_lies_below(wood: Hikers, new_page: NewPage) -> None:
    page = new_page()
    asked = requests_of(page)
    opened(page, wood.url + MAP)
    page.locator('[data-tool="nearer"]').click()
    assert share(page, CARD) > 0.5
    assert len(asked) > 8
    assert all(url.startswith((wood.url, "blob:", "data:")) for url in asked)
    expect(page.locator(".named")).to_have_count(0)
