"""The map page in a real browser: the drawn map first, the map that moves, and where somebody is, on the phone only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import CDPSession, Page, Request, Route, expect

from tests.browser.map_page.moving import HERE, MAP, moving, opened
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.web.browser import DESK, PHONE, Watch
from tests.fixtures.web.hikers import PONDS, Hikers

NewPage = Callable[..., Page]
BUDGET = 480_000
LOOKS: tuple[tuple[Literal["light", "dark"], tuple[int, int], int], ...] = (
    ("light", (320, 640), 32),
    ("dark", (320, 640), 32),
    ("light", DESK, 16),
)
NO_WEBGL = """
const given = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  return /webgl/.test(kind) ? null : given.call(this, kind, ...rest);
};
"""
SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => { for (const one of list.getEntries()) window.shifted += one.value; })
  .observe({ type: "layout-shift", buffered: true });
"""
CUT = """() => [...document.querySelectorAll("main *, .bar *, .top *")]
  .filter((one) => !one.closest(".unseen, .canvas") && one.getBoundingClientRect().right > innerWidth + 1)
  .map((one) => one.outerHTML.slice(0, 80))"""


def sent_of(page: Page) -> list[Request]:
    """All requests from now on."""
    requests: list[Request] = []
    page.on("request", lambda request: requests.append(request))  # noqa: PLW0108 - Playwright marks it
    return requests


def test_the_drawn_map_is_there_first_and_the_moving_one_takes_its_place_without_a_shift(
    wood: Hikers, new_page: NewPage
) -> None:
    page = new_page(PHONE)
    page.add_init_script(SHIFTS)
    held: list[Route] = []
    page.route("**/maplibre-gl.mjs*", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks it
    page.goto(wood.url + MAP)
    expect(page.locator(".asks")).to_be_visible()
    expect(page.locator(".paper svg a")).to_have_count(10)
    assert page.locator('[data-map="drawn"]').is_visible()
    before = page.locator(".stations").bounding_box()
    wait_until(lambda: bool(held) or not page.wait_for_timeout(20), what="the request of the library")
    held[0].continue_()
    moving(page)
    expect(page.locator(".paper")).to_be_hidden()
    expect(page.locator(".plates .plate")).to_have_text([str(number) for number in range(1, 11)])
    assert page.locator(".stations").bounding_box() == before
    assert page.evaluate("window.shifted") == 0


def test_the_whole_page_costs_no_more_than_its_budget_and_once(wood: Hikers, new_page: NewPage) -> None:
    page = new_page(PHONE)
    cdp: CDPSession = page.context.new_cdp_session(page)
    sizes: list[float] = []
    cdp.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    cdp.send("Network.enable")
    asked: list[Request] = []
    page.context.on("request", lambda request: asked.append(request))  # noqa: PLW0108 - Playwright marks it
    opened(page, wood.url + MAP)
    answers = {one.url: one.response() for one in asked if "/static/" in one.url}
    headers = [answer.headers for answer in answers.values() if answer is not None]
    assert len(headers) == len(answers) == 10
    assert all("immutable" in one["cache-control"] for one in headers), "and never again"
    workers = [answer for url, answer in answers.items() if "worker" in url and answer is not None]
    total = sum(sizes) + sum(int(answer.headers["content-length"]) for answer in workers)
    assert 300_000 < total <= BUDGET, f"{total / 1000:.0f} KB"
    assert total < 410_000, "scripts go out in their brotli form"


@pytest.mark.parametrize("wrong", ["no-webgl", "no-library", "no-worker", "no-document"])
def test_what_does_not_arrive_leaves_the_drawn_map_and_the_list(
    wood: Hikers, new_page: NewPage, watch: Watch, wrong: str
) -> None:
    page = new_page(PHONE)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(HERE)
    blocked = {"no-library": "**/maplibre-gl.mjs*", "no-document": "**/map.json*", "no-worker": "**/*worker.mjs*"}
    if wrong == "no-webgl":
        page.add_init_script(NO_WEBGL)
    else:
        page.route(blocked[wrong], lambda route: route.abort())
    page.goto(wood.url + MAP)
    if wrong != "no-worker":  # it is waited for as long as it may yet come
        expect(page.locator('[data-map="failed"]')).to_be_visible(timeout=20_000)
    expect(page.locator(".paper svg")).to_be_visible()
    expect(page.locator(".tools")).to_be_hidden()
    if wrong != "no-document":
        page.locator('[data-tool="locate"]').click()
        expect(page.locator("[data-answer]")).to_contain_text("Du bist bei Station 4.")
        expect(page.locator(".paper .me circle")).to_have_count(2)
    if wrong == "no-worker":
        wait_until(lambda: bool(watch.faults) or not page.wait_for_timeout(30), what="what Chromium says of the worker")
    page.locator(".paper svg a").nth(3).click()
    page.wait_for_url(f"**/s/{PONDS}")
    watch.forgive("ERR_FAILED", is_sure=wrong not in {"no-webgl", "no-worker"})
    watch.forgive("Worker failed to load", is_sure=wrong == "no-worker")


def test_without_javascript_the_drawn_map_stands_with_its_list(wood: Hikers, new_page: NewPage) -> None:
    page = new_page(PHONE, javascript=False)
    page.goto(wood.url + MAP)
    expect(page.locator(".paper svg")).to_be_visible()
    assert [one.is_visible() for one in page.locator("button").all()] == [False] * page.locator("button").count()
    expect(page.locator(".privately")).to_be_hidden()
    page.locator(f'li[data-code="{PONDS}"] .row').click()
    page.wait_for_url(f"**{MAP}?at={PONDS}*")
    expect(page.locator(".paper [aria-current] text")).to_have_text("4")
    expect(page.locator("li.here")).to_contain_text("Försterteiche")


def test_the_position_is_asked_for_after_a_press_followed_stopped_and_never_sent(
    wood: Hikers, new_page: NewPage
) -> None:
    page = new_page(PHONE)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(HERE)
    opened(page, wood.url + MAP)
    requests = sent_of(page)
    button, answer = page.locator('[data-tool="locate"]'), page.locator("[data-answer]")
    assert answer.inner_text() == ""
    button.click()
    expect(answer).to_contain_text("Du bist bei Station 4.")
    expect(page.locator(f'li[data-code="{PONDS}"] [data-distance]')).to_have_text("Du bist hier")
    expect(page.locator("li [data-distance]").nth(4)).to_contain_text("noch ")
    page.context.set_geolocation({"latitude": 52.0, "longitude": 9.2, "accuracy": 20})
    expect(answer).to_contain_text("vom Weg entfernt")
    expect(button).to_have_attribute("aria-pressed", "true")
    page.context.set_offline(True)
    page.context.set_geolocation({"latitude": 52.0525, "longitude": 8.9135, "accuracy": 90})
    expect(answer).to_contain_text("auf 90\u00a0m genau")
    page.context.set_offline(False)
    button.click()
    expect(answer).to_have_text("Dein Standort ist ausgeschaltet.")
    expect(page.locator("li [data-distance]").first).to_be_empty()
    assert requests == [], "nobody is told"
    assert page.evaluate("[document.cookie, localStorage.length, sessionStorage.length]") == ["", 0, 0]
    page.context.clear_permissions()
    button.click()
    expect(answer).to_contain_text("Die Karte geht auch so.")
    expect(button).to_have_text("Wo bin ich?")
    page.locator('[data-tool="nearer"]').click()


def test_list_and_map_show_the_same_station_whichever_is_pressed(shut: Hikers, new_page: NewPage) -> None:
    page = new_page(PHONE)
    opened(page, f"{shut.url}{MAP}?at={PONDS}")
    expect(page.locator(".plates .here")).to_have_text("4")
    expect(page.locator(".chosen")).to_contain_text("4 Die Försterteiche")
    page.locator("li[data-code] .row").nth(5).click()
    expect(page.locator(".plates .here")).to_have_text("6")
    expect(page.locator("li.here .plate")).to_have_text("6")
    page.locator('[data-tool="whole"]').click()
    page.locator(".plates .plate", has_text="9").click()
    expect(page.locator("li.here .plate")).to_have_text("9")
    closed = page.locator(".plates .off")
    expect(closed).to_have_text(["4", "5", "6"])
    expect(page.locator(".stations .plate.off")).to_have_text(["4", "5", "6"])
    assert "gesperrt" in (closed.first.get_attribute("aria-label") or "")
    assert closed.first.evaluate("e => getComputedStyle(e).borderRadius") == "50%"
    page.locator(".chosen a").click()
    page.wait_for_url("**/s/*")


def test_the_keyboard_moves_the_map_and_leaves_it(wood: Hikers, new_page: NewPage) -> None:
    page = new_page(DESK)
    opened(page, wood.url + MAP)
    canvas, first = page.locator(".maplibregl-canvas"), page.locator(".plates .plate").first
    canvas.focus()
    assert canvas.get_attribute("aria-label") == "Karte des Pfads"
    before = first.bounding_box()
    page.keyboard.press("ArrowRight")
    wait_until(lambda: first.bounding_box() != before or not page.wait_for_timeout(30), what="the map to move")
    page.keyboard.press("+")
    reached: list[str] = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.className + document.activeElement.dataset.tool"))
    assert "row" in " ".join(reached), "the list is reached by Tab, so the map is no trap"
    page.locator("li[data-code] .row").nth(2).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".plates .here")).to_have_text("3")
