"""Pictures, the recording and the film in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from geodata.store.database import Database
from tests.fixtures.trails.media import furnish, handed_in
from tests.fixtures.web.browser import DESK
from tests.fixtures.web.hikers import OAKS, PONDS, Hikers, hikers_on

NewPage = Callable[..., Page]
NARROW = (320, 640)
LOADED = "image => image.complete && image.naturalWidth > 0"


@pytest.fixture
def furnished(demo_trail: None, database: Database) -> Iterator[Hikers]:
    """The pages, with everything at the ponds."""
    furnish(database, PONDS)
    with hikers_on(database) as running:
        yield running


def test_the_picture_really_shows_as_avif_with_its_words(furnished: Hikers, page: Page):
    types: dict[str, str] = {}
    page.on("response", lambda answer: types.update({answer.url: answer.headers.get("content-type", "")}))
    page.goto(f"{furnished.url}/s/{PONDS}")
    image = page.get_by_role("img", name="Eine Erle am Bach")
    expect(image).to_be_visible()
    assert page.wait_for_function(LOADED, arg=image.element_handle())
    shown = image.evaluate("image => image.currentSrc")
    assert shown == f"{furnished.url}/media/{handed_in()['picture'].id}/480.avif"
    assert types[shown] == "image/avif"
    assert not [url for url in types if url.endswith(".jpg")]


def test_a_sharper_screen_loads_a_larger_picture(furnished: Hikers, new_page: NewPage):
    page = new_page(DESK)
    page.goto(f"{furnished.url}/s/{PONDS}")
    image = page.get_by_role("img", name="Eine Erle am Bach")
    assert page.wait_for_function(LOADED, arg=image.element_handle())
    assert image.evaluate("image => image.currentSrc").endswith("/960.avif")


def test_loading_pictures_moves_nothing(furnished: Hikers, page: Page):
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => list.getEntries().forEach(e => { window.shift += e.value }))"
        ".observe({ type: 'layout-shift', buffered: true })"
    )
    page.goto(f"{furnished.url}/s/{PONDS}", wait_until="networkidle")
    assert page.evaluate("window.shift") < 0.02


def test_nothing_that_plays_is_loaded_before_a_press_and_all_of_it_plays_then(furnished: Hikers, page: Page):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{furnished.url}/s/{PONDS}", wait_until="networkidle")
    assert not [url for url in asked if url.endswith((".mp3", ".mp4"))]
    assert len(asked) <= 10, asked
    sound = page.locator("audio")
    sound.evaluate("audio => { audio.muted = true; return audio.play() }")
    page.wait_for_function("audio => audio.ended", arg=sound.element_handle())
    assert sound.evaluate("audio => audio.error") is None
    page.get_by_text("In Gebärdensprache").click()
    film = page.locator("video")
    expect(film).to_be_visible()
    assert film.evaluate("video => video.canPlayType('video/mp4; codecs=avc1.42E01E')") != ""
    film.evaluate("video => { video.muted = true; return video.play() }")
    page.wait_for_function("video => video.currentTime > 0 && video.videoWidth === 128", arg=film.element_handle())


def test_without_javascript_the_picture_the_player_and_its_words_are_there(furnished: Hikers, new_page: NewPage):
    page = new_page(javascript=False)
    page.goto(f"{furnished.url}/s/{PONDS}")
    expect(page.get_by_role("img", name="Eine Erle am Bach")).to_be_visible()
    expect(page.locator("audio")).to_be_visible()
    words = page.get_by_text("Man hört ein A.")
    expect(words).to_be_hidden()
    page.get_by_text("Zum Mitlesen").click()
    expect(words).to_be_visible()
    page.get_by_text("In Gebärdensprache").click()
    expect(page.locator("video")).to_be_visible()


def test_the_first_visit_costs_little_beside_the_picture(furnished: Hikers, page: Page):
    sizes: dict[str, int] = {}

    def note(url: str, size: int) -> None:
        sizes[url] = size

    page.on("requestfinished", lambda request: note(request.url, request.sizes()["responseBodySize"]))
    page.goto(f"{furnished.url}/s/{OAKS}", wait_until="networkidle")
    pictures = {url: size for url, size in sizes.items() if "/media/" in url}
    assert len(sizes) <= 10, sizes
    assert sum(sizes.values()) - sum(pictures.values()) <= 60_000, sizes
    assert [url.rsplit("/", 1)[1] for url in pictures] == ["480.avif"]
    assert 1_000 < sum(pictures.values()) < 40_000
