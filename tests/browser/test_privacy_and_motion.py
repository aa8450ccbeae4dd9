"""In a real browser: no page stores anything or asks where somebody is, and nothing moves by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Geolocation, Page, Request

from tests.checkout import ROOT
from tests.fixtures.web.browser import DESK, PHONE
from tests.fixtures.web.hikers import OAKS, PONDS, Hikers, a_day

NewPage = Callable[..., Page]
PATHS = (
    "/",
    "/t/stadtwald",
    "/t/stadtwald/map",
    "/t/stadtwald/offline",
    f"/s/{PONDS}",
    f"/s/{OAKS}?lang=en",
    "/datenschutz",
    "/impressum",
    "/barrierefreiheit",
    "/t/stadtwald/stamps",
    "/t/stadtwald/certificate",
    "/scan",
)
LATITUDE, LONGITUDE = 52.051234, 8.916789
PLACE: Geolocation = {"latitude": LATITUDE, "longitude": LONGITUDE}
WATCH_POSITION = """
window.askedForPosition = 0;
for (const name of ["getCurrentPosition", "watchPosition"]) {
  const asked = Geolocation.prototype[name];
  Geolocation.prototype[name] = function (...rest) { window.askedForPosition += 1; return asked.apply(this, rest); };
}
"""
STORED = """async () => ({
  cookie: document.cookie,
  local: localStorage.length,
  session: sessionStorage.length,
  databases: (await indexedDB.databases()).length,
  caches: (await caches.keys()).length,
  workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
MOVING = """() => [
  ...document.getAnimations().map(one => `animation ${one.effect?.target?.outerHTML.slice(0, 80)}`),
  ...[document.documentElement, ...document.querySelectorAll("*")]
    .map(one => [one, getComputedStyle(one)])
    .filter(([, css]) => css.transitionDuration.split(", ").some(time => parseFloat(time) > 0)
      || css.animationName !== "none" || css.scrollBehavior === "smooth")
    .map(([one]) => one.outerHTML.slice(0, 80)),
]"""


def test_a_visitor_whose_position_is_known_to_the_browser_gives_none_away(hikers: Hikers, new_page: NewPage) -> None:
    page = new_page(PHONE, service_workers="allow")
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(PLACE)
    page.add_init_script(WATCH_POSITION)
    sent: list[str] = []

    def note(request: Request) -> None:
        sent.append(f"{request.url} {request.post_data or ''} {sorted(request.headers.items())}")

    page.on("request", note)
    for path in PATHS:
        page.goto(hikers.url + path, wait_until="load")
        for summary in page.locator("summary").all():
            summary.click()
        assert page.evaluate("window.askedForPosition") == 0, path
    assert len(sent) > len(PATHS)
    parts = [str(value)[:6] for value in (LATITUDE, LONGITUDE)]
    assert [one for one in sent if any(part in one for part in parts)] == []


def test_the_watch_on_positions_sees_one(hikers: Hikers, new_page: NewPage) -> None:
    page = new_page(PHONE)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(PLACE)
    page.add_init_script(WATCH_POSITION)
    page.goto(hikers.url + "/")
    got: Any = page.evaluate(
        "() => new Promise(done => navigator.geolocation.getCurrentPosition(at => done(at.coords.latitude)))"
    )
    assert (got, page.evaluate("window.askedForPosition")) == (LATITUDE, 1)


AFTER_A_PRESS = {
    "nearest.js": "tests/api/webapp/routes/test_trails.py"
    "::test_the_start_page_lists_trails_by_towns_and_the_nearest_first_after_a_press",
    "page.js": "tests/browser/map_page/test_map_page.py"
    "::test_the_position_is_asked_for_after_a_press_followed_stopped_and_never_sent",
    "point.js": "tests/browser/staff/test_trails.py::test_the_place_of_the_phone_is_asked_for_after_a_press_alone",
    "report.js": "tests/browser/reports/test_reports.py::test_the_position_goes_along_only_when_pressed",
}
"""Scripts that ask for a position once somebody presses for it, each with the test that holds it."""


def test_no_script_of_ours_asks_for_a_position_without_a_press() -> None:
    scripts = [path for path in ROOT.glob("*/**/static/**/*.js") if not {".venv", "vendor"} & set(path.parts)]
    assert len(scripts) >= 2
    assert [
        path for path in scripts if "geolocation" in path.read_text(encoding="utf-8") and path.name not in AFTER_A_PRESS
    ] == []


def test_no_public_page_stores_anything_in_the_browser(hikers: Hikers, new_page: NewPage) -> None:
    page = new_page(PHONE, service_workers="allow")
    for path in PATHS:
        page.goto(hikers.url + path, wait_until="load")
        stored = page.evaluate(STORED)
        assert stored == {"cookie": "", "local": 0, "session": 0, "databases": 0, "caches": 0, "workers": 0}, path
    assert page.context.cookies() == []


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_nothing_moves_by_itself_for_whom_motion_is_too_much(
    hikers: Hikers, new_page: NewPage, size: tuple[int, int]
) -> None:
    hikers.observe(a_day("pegel-04", "water_level", [41.0] * 6, datetime.now(UTC)))
    page = new_page(size)
    page.emulate_media(reduced_motion="reduce")
    for path in PATHS:
        page.goto(hikers.url + path, wait_until="load")
        assert page.evaluate(MOVING) == [], path
    page.evaluate("document.body.style.transition = 'color 1s'")
    assert page.evaluate(MOVING), "it would be seen"
