"""What phones do: they lose the place, the picture or the network, save data, sleep, and want no movement."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.map_page.moving import MAP, moving, opened, settled
from tests.fixtures.web.browser import DESK, Watch
from tests.fixtures.web.hikers import PONDS, Hikers

NewPage = Callable[..., Page]
PLACES = """
  window.watches = new Map();
  let last = 0;
  const geolocation = {
    watchPosition(found, missed) { watches.set(++last, { found, missed }); return last; },
    clearWatch(id) { watches.delete(id); },
  };
  Object.defineProperty(navigator, "geolocation", { value: geolocation });
  window.at = (latitude, longitude, accuracy) => {
    for (const { found } of watches.values()) found({ coords: { latitude, longitude, accuracy } });
  };
  const codes = { PERMISSION_DENIED: 1, POSITION_UNAVAILABLE: 2, TIMEOUT: 3 };
  window.miss = (code) => {
    for (const { missed } of watches.values()) missed({ code, ...codes });
  };
"""
HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
LOSING = """() => {
  const gl = document.querySelector(".maplibregl-canvas").getContext("webgl2");
  window.lost = gl.getExtension("WEBGL_lose_context");
}"""
LATER = "minutes => { const now = Date.now; Date.now = () => now() + minutes * 60_000; }"


@pytest.fixture
def asking(wood: Hikers, new_page: NewPage) -> Page:
    """The map that moves, on a phone whose place the test says; its place has been asked for."""
    page = new_page()
    page.add_init_script(PLACES)
    opened(page, wood.url + MAP)
    page.locator('[data-tool="locate"]').click()
    expect(page.locator("[data-answer]")).to_contain_text("wird gesucht")
    return page


def in_view(page: Page) -> int:
    """How many stations' numbers are within the map."""
    sheet = page.locator(".sheet").bounding_box()
    assert sheet is not None
    boxes = [plate.bounding_box() for plate in page.locator(".plates .plate").all()]
    return sum(
        box is not None
        and sheet["x"] < box["x"] < sheet["x"] + sheet["width"]
        and sheet["y"] < box["y"] < sheet["y"] + sheet["height"]
        for box in boxes
    )


def test_while_nobody_looks_no_place_is_measured_and_afterwards_it_goes_on(asking: Page, wood: Hikers) -> None:
    first = wood.keeper.current.stations_of_trail["stadtwald"][0]
    asking.evaluate("at(52.051552, 8.916774, 10)")
    asking.evaluate(HIDE, True)
    assert asking.evaluate("watches.size") == 0
    asking.evaluate(HIDE, False)
    asking.wait_for_function("() => watches.size === 1")
    asking.evaluate("([lat, lon]) => at(lat, lon, 10)", [first.lat, first.lon])
    expect(asking.locator("[data-answer]")).to_contain_text("Du bist bei Station 1.")
    asking.locator('[data-tool="locate"]').click()
    asking.evaluate(HIDE, True)
    asking.evaluate(HIDE, False)
    assert asking.evaluate("watches.size") == 0, "who switched it off stays alone"


def test_a_place_that_is_not_found_or_long_lost_is_not_told_as_the_present_one(asking: Page) -> None:
    answer = asking.locator("[data-answer]")
    asking.evaluate("miss(3)")
    expect(answer).to_contain_text("findet deinen Standort gerade nicht")
    asking.evaluate("at(52.051552, 8.916774, 10)")
    expect(answer).to_contain_text("Du bist bei Station 4.")
    asking.evaluate("miss(3)")
    asking.evaluate("miss(2)")
    expect(answer).to_contain_text("Du bist bei Station 4.")
    asking.evaluate(LATER, 5)
    asking.evaluate("miss(2)")
    expect(answer).to_contain_text("findet deinen Standort gerade nicht")
    assert "".join(asking.locator("li [data-distance]").all_inner_texts()) == ""
    asking.evaluate("at(52.051552, 8.916774, 10)")
    expect(answer).to_contain_text("Du bist bei Station 4.")
    asking.evaluate("miss(1)")
    expect(answer).to_contain_text("Du hast den Standort nicht freigegeben.")
    assert asking.evaluate("watches.size") == 0


def test_who_is_far_away_keeps_the_trail_in_view_and_a_rough_place_is_seen_whole(asking: Page) -> None:
    answer = asking.locator("[data-answer]")
    for latitude, longitude, said in ((0, 0, "km vom Weg entfernt"), (53.55, 10.0, "182\u00a0km vom Weg entfernt")):
        asking.evaluate("([lat, lon]) => at(lat, lon, 20)", [latitude, longitude])
        expect(answer).to_contain_text(said)
        settled(asking)
        assert in_view(asking) == 10
    asking.evaluate("at(52.0525, 8.9135, 5000)")
    expect(answer).to_contain_text("auf 5,0\u00a0km genau")
    settled(asking)
    assert in_view(asking) == 10, "who may be anywhere on the trail sees all of it"
    asking.evaluate("at(52.0525, 8.9135, 8)")
    settled(asking)
    assert in_view(asking) < 10
    asking.evaluate("at(53.55, 10.0, 20)")
    asking.locator('[data-tool="whole"]').click()
    settled(asking)
    assert in_view(asking) == 10


def test_when_the_picture_is_lost_the_drawn_map_shows_the_place_until_it_is_back(asking: Page) -> None:
    asking.evaluate("at(52.051552, 8.916774, 10)")
    expect(asking.locator("[data-answer]")).to_contain_text("Station 4")
    asking.evaluate(LOSING)
    asking.evaluate("lost.loseContext()")
    expect(asking.locator(".paper .me circle")).to_have_count(2)
    expect(asking.locator(".paper svg a").nth(3)).to_be_visible()
    expect(asking.locator(".tools")).to_be_hidden()
    asking.evaluate("lost.restoreContext()")
    moving(asking)
    expect(asking.locator(".tools")).to_be_visible()


def test_a_phone_that_saves_data_is_asked_first_and_loads_nothing_until_then(wood: Hikers, new_page: NewPage) -> None:
    for saving in ("{ saveData: true }", "{ effectiveType: '2g' }", "{ effectiveType: 'slow-2g' }"):
        page = new_page()
        page.add_init_script(f"Object.defineProperty(navigator, 'connection', {{ value: {saving} }});")
        asked: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto(wood.url + MAP)
        button = page.get_by_role("button", name="Bewegliche Karte laden (364\u00a0KB)")
        expect(button).to_be_visible()
        expect(page.locator(".asks")).to_be_visible()
        assert not [url for url in asked if "maplibre" in url]
        page.locator(f'li[data-code="{PONDS}"]').scroll_into_view_if_needed()
        if "saveData" in saving:
            button.click()
            moving(page)
            expect(button).to_be_hidden()
        page.context.close()


@pytest.mark.parametrize("script", ["page.js", "canvas.js"])
def test_a_script_that_came_broken_leaves_the_drawn_map_and_the_list(
    wood: Hikers, new_page: NewPage, watch: Watch, script: str
) -> None:
    page = new_page()
    page.route(f"**/{script}*", lambda route: route.fulfill(body="const broken = ;", content_type="text/javascript"))
    page.goto(wood.url + MAP)
    if script != "page.js":
        expect(page.locator('[data-map="failed"]')).to_be_visible()
        expect(page.locator(".asks")).to_be_visible()
    expect(page.locator(".paper svg a")).to_have_count(10)
    page.locator(f'li[data-code="{PONDS}"] .row').click()
    page.wait_for_url(f"**{MAP}?at={PONDS}*")
    expect(page.locator(".paper svg")).to_be_visible()
    watch.forgive("Unexpected token", is_sure=script == "page.js")


def test_who_wants_no_movement_gets_none(wood: Hikers, new_page: NewPage) -> None:
    page = new_page(DESK)
    page.emulate_media(reduced_motion="reduce")
    opened(page, wood.url + MAP)
    places = "[...document.querySelectorAll('.plates .plate')].map((one) => one.style.transform).join()"
    page.locator("li[data-code] .row").nth(5).click()
    at_once = page.evaluate(f"() => new Promise((done) => requestAnimationFrame(() => done({places})))")
    settled(page)
    assert page.evaluate(places) == at_once
