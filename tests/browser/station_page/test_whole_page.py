"""A station's page with all that it can have: its weight, its tools, on paper, and without a script."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from geodata.store.database import Database
from tests.fixtures.databases.database import Template, copied
from tests.fixtures.trails.media import furnish
from tests.fixtures.web.hikers import BOARDWALK, OAKS, PONDS, Hikers, a_day, hikers_on

NewPage = Callable[..., Page]
FIRST_VISIT, CRITICAL, SCRIPTS, REQUESTS = 31_000, 14_000, 12_000, 6


@pytest.fixture(scope="module")
def whole(postgres_server: str, template_with_trail: Template) -> Iterator[Hikers]:
    """The demonstration with a week of values; under the oaks also a recording and a film."""
    now = datetime.now(UTC)
    with copied(postgres_server, template_with_trail) as url, Database(url) as database:
        furnish(database, OAKS)
        with hikers_on(database) as running:
            level = [44.0 + i % 5 for i in range(200)]
            running.observe(a_day("pegel-04", "water_level", [*level[:90], *[None] * 9, *level[99:]], now))
            running.observe(a_day("pegel-04", "air_temperature", [7 - i % 9 for i in range(200)], now))
            running.observe(a_day("klima-01", "air_temperature", [20.0 - i % 7 for i in range(200)], now))
            running.observe(a_day("klima-01", "air_humidity", [80.0 + i % 7 for i in range(200)], now))
            running.observe(a_day("klima-01", "air_pressure", [1000.0 + i % 7 for i in range(200)], now))
            running.observe(a_day("steg-02", "surface_wetness", [85.0] * 30, now))
            yield running


def loaded(page: Page, url: str) -> dict[str, tuple[str, int]]:
    """Type and compressed bytes, with headers, of everything that a first visit loads; a stream has none yet."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    seen: dict[str, tuple[str, str]] = {}
    sizes: dict[str, int] = {}
    session.on("Network.responseReceived", lambda e: seen.update({e["requestId"]: (e["type"], e["response"]["url"])}))
    session.on("Network.loadingFinished", lambda e: sizes.update({e["requestId"]: int(e["encodedDataLength"])}))
    page.goto(url, wait_until="load")
    expect(page.locator("[data-share]")).to_be_visible()
    return {address: (kind, sizes.get(request, 0)) for request, (kind, address) in seen.items()}


@pytest.mark.parametrize("code", [PONDS, BOARDWALK])
def test_the_first_visit_of_the_demonstration_stays_within_its_budget(
    whole: Hikers, new_page: NewPage, code: str
) -> None:
    found = loaded(new_page(), f"{whole.url}/s/{code}")
    table = "\n".join(f"{size:6} {kind:12} {url}" for url, (kind, size) in found.items())
    assert any(kind == "Image" for kind, _ in found.values()), table
    assert len(found) <= REQUESTS, table
    assert sum(size for _, size in found.values()) <= FIRST_VISIT, table
    assert sum(size for kind, size in found.values() if kind in {"Document", "Stylesheet"}) <= CRITICAL, table
    assert sum(size for kind, size in found.values() if kind == "Script") <= SCRIPTS, table


def test_the_heaviest_page_is_readable_within_its_budget_in_every_language(whole: Hikers, new_page: NewPage) -> None:
    for language in ("de", "de_simple", "en"):
        found = loaded(new_page(), f"{whole.url}/s/{OAKS}?lang={language}")
        assert sum(size for kind, size in found.values() if kind in {"Document", "Stylesheet"}) <= CRITICAL, language


def test_a_recording_can_be_slowed_down_by_a_press(whole: Hikers, page: Page) -> None:
    page.goto(f"{whole.url}/s/{OAKS}")
    page.get_by_role("button", name="Langsam").click()
    sound = page.locator("audio")
    sound.evaluate("audio => { audio.muted = true; return audio.play() }")
    assert sound.evaluate("audio => audio.playbackRate") == 0.75
    expect(page.get_by_role("button", name="Langsam")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="Normal")).to_have_attribute("aria-pressed", "false")


def test_sharing_copies_the_address_where_the_phone_cannot_share(whole: Hikers, page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.add_init_script("delete Navigator.prototype.share")
    page.goto(f"{whole.url}/s/{PONDS}?via=nfc#karte")
    page.get_by_role("button", name="Teilen").click()
    expect(page.get_by_text("Die Adresse ist kopiert.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"{whole.url}/s/{PONDS}"


def test_sharing_gives_the_phone_the_plain_address_and_a_refusal_marks_it_to_be_copied(
    whole: Hikers, page: Page
) -> None:
    page.add_init_script("navigator.share = what => { window.shared = what; return Promise.reject(new Error('no')) }")
    page.goto(f"{whole.url}/s/{PONDS}?via=nfc")
    page.get_by_role("button", name="Teilen").click()
    shared: Any = page.evaluate("window.shared")
    assert shared["url"] == f"{whole.url}/s/{PONDS}"
    assert page.evaluate("getSelection().toString()").endswith(f"/s/{PONDS}")


def test_without_a_script_the_address_stands_there_and_no_button_that_does_nothing(
    whole: Hikers, new_page: NewPage
) -> None:
    page = new_page(javascript=False)
    page.goto(f"{whole.url}/s/{OAKS}")
    expect(page.locator(".address")).to_contain_text(f"/s/{OAKS}")
    for name in ("Teilen", "Drucken", "Langsam"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    expect(page.locator("audio")).to_have_attribute("controls", "")
    expect(page.get_by_role("link", name="Notruf 112")).to_be_visible()


def test_on_paper_stand_text_and_address_and_no_bar(whole: Hikers, page: Page) -> None:
    page.goto(f"{whole.url}/s/{OAKS}")
    page.emulate_media(media="print")
    for hidden in (".bar", ".languages", "audio", "[data-share]"):
        expect(page.locator(hidden)).to_be_hidden()
    for shown in (".text >> nth=0", ".address", "h1"):
        expect(page.locator(shown)).to_be_visible()


def test_a_station_takes_two_sheets_of_paper_at_most_and_its_week_no_more_than_half_a_line(
    whole: Hikers, page: Page
) -> None:
    page.goto(f"{whole.url}/s/{PONDS}")
    margin = "1.5cm"
    pdf = page.pdf(format="A4", margin={"top": margin, "bottom": margin, "left": margin, "right": margin})
    assert len(re.findall(rb"/Type /Page\b", pdf)) <= 2
    page.emulate_media(media="print")
    assert page.locator(".week svg").evaluate("svg => svg.getBoundingClientRect().width") <= 9 / 2.54 * 96 + 1
    number = page.locator(".number b")
    assert number.evaluate("b => getComputedStyle(b).color") == page.locator("h1").evaluate(
        "h1 => getComputedStyle(h1).color"
    ), "paper has no ground that makes white figures readable"


def test_the_week_has_a_table_that_stays_open_and_focused_when_values_come(whole: Hikers, page: Page) -> None:
    page.goto(f"{whole.url}/s/{PONDS}")
    summary = page.get_by_text("Sieben Tage als Tabelle")
    summary.click()
    rows = page.locator(".week tbody tr")
    expect(rows).to_have_count(7)
    assert page.locator(".week rect").count() >= 1
    expect(page.get_by_text("Schraffiert: keine Messung.")).to_be_visible()
    whole.observe([("pegel-04", "water_level", datetime.now(UTC) + timedelta(seconds=1), 52.0)])
    expect(page.get_by_text("Das Wasser steht bei 52 cm.")).to_be_attached()
    expect(page.locator(".week .last").last).to_have_text("jetzt 52 cm")
    expect(rows.first).to_be_visible()
    expect(summary).to_be_focused()
