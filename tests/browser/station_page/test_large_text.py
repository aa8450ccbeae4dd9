"""Narrow phones, large text and long names: nothing breaks inside words, nothing hides the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page

from geodata.conditions.closures import Closure, ClosureContent
from geodata.store.catalogue import closure as closure_store
from geodata.store.database import Database
from tests.fixtures.databases.database import Template, copied
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.trails.media import furnish
from tests.fixtures.web.hikers import PONDS, Hikers, a_day, hikers_on

NewPage = Callable[..., Page]
PHONES = ((320, 640), (360, 740))
LONGEST = "Digitalpfad Langenholzhausen gestern und heute"
NAMES = (LONGEST, "Streuobstwiese Bavenhausen", "Digitalpfad Stadtwald")
CLOSED_AHEAD = "6G1EBG"  # station 3: the way on is closed

BROKEN_WORDS = """() => {
  const broken = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const holder = node.parentElement;
    if (!holder.checkVisibility() || holder.closest(".unseen, .skip, svg, script, .address")) continue;
    let block = holder;
    while (getComputedStyle(block).display === "inline") block = block.parentElement;
    const style = getComputedStyle(block);
    const room = block.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    for (const word of node.data.matchAll(/[\\p{L}\\p{N}]+/gu)) {
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      const boxes = [...range.getClientRects()];
      if (new Set(boxes.map(box => Math.round(box.top))).size < 2) continue;
      const width = boxes.reduce((sum, box) => sum + box.width, 0);
      const isNarrow = width <= room || room < 0.6 * innerWidth;
      if (isNarrow) broken.push([word[0], Math.round(room), holder.outerHTML.slice(0, 80)]);
    }
  }
  return broken;
}"""


@pytest.fixture(scope="module")
def furnished(postgres_server: str, template_with_trail: Template) -> Iterator[Hikers]:
    """The pages with everything at the ponds, a week of values, and a closure behind station 3."""
    with copied(postgres_server, template_with_trail) as url, Database(url) as database:
        yield from _furnished(database)


def _furnished(database: Database) -> Iterator[Hikers]:
    now = datetime.now(UTC)
    furnish(database, PONDS)
    storm = ClosureContent(variant="de", reason="Sturmschäden.", detour="Nimm am Wegweiser den Hauptweg links.")
    with database.transaction() as connection:
        closure_store.add(
            connection, Closure(trail="stadtwald", valid_from=now, stretch=(1100, 1300), contents={"de": storm})
        )
    with hikers_on(database) as running:
        running.observe(a_day("pegel-04", "water_level", [44.0 + i % 5 for i in range(160)], now))
        running.observe(a_day("pegel-04", "air_temperature", [float(i % 9) for i in range(160)], now))
        running.observe(a_day("klima-01", "air_temperature", [20.0], now))
        yield running


def enlarge(page: Page, pixels: int) -> None:
    page.evaluate("pixels => { document.documentElement.style.fontSize = `${pixels}px` }", pixels)
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")


def paths() -> list[str]:
    stations = [f"/s/{PONDS}", f"/s/{CLOSED_AHEAD}"]
    return ["/", *(f"{path}?lang={voice}" for path in stations for voice in ("de", "de_simple", "en"))]


COVERED = """(() => {
  const bar = document.querySelector(".bar");
  const share = getComputedStyle(bar).position === "static" ? 0 : bar.offsetHeight / innerHeight;
  return { share, cut: [...bar.children].filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.outerHTML) };
})()"""


@pytest.mark.parametrize("path", paths())
def test_no_word_breaks_that_a_line_could_hold_and_the_bar_covers_no_more_than_a_fifth(
    furnished: Hikers, new_page: NewPage, path: str
) -> None:
    page = new_page(PHONES[0])
    page.goto(furnished.url + path)
    for width, height in PHONES:
        page.set_viewport_size({"width": width, "height": height})
        for pixels in (16, 24, 32):
            enlarge(page, pixels)
            broken: list[Any] = page.evaluate(BROKEN_WORDS)
            assert not broken, (width, pixels, broken)
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (width, pixels)
            if path != "/":
                bar: Any = page.evaluate(COVERED)
                assert bar["share"] <= 0.2, (width, pixels, bar)
                assert bar["cut"] == [], (width, pixels)


@pytest.mark.parametrize("name", NAMES)
def test_the_header_holds_long_names_beside_or_above_the_languages(
    furnished: Hikers, new_page: NewPage, name: str
) -> None:
    with furnished.database.transaction() as connection:
        connection.execute("UPDATE trail_content SET name = %s WHERE trail = 'stadtwald'", [name])
    wait_until(lambda: name in furnished.get(f"/s/{PONDS}").text, what="the name")
    page = new_page(PHONES[0])
    for width, height in PHONES:
        page.set_viewport_size({"width": width, "height": height})
        for language in ("de", "de_simple", "en"):
            page.goto(f"{furnished.url}/s/{PONDS}?lang={language}")
            found: Any = page.evaluate(
                "(() => { const [back, tabs] = ['.back a', '.languages'].map(s => document.querySelector(s)),"
                " a = back.getBoundingClientRect(), b = tabs.getBoundingClientRect(), range = document.createRange();"
                " range.selectNodeContents(back);"
                " return { lines: new Set([...range.getClientRects()].map(box => Math.round(box.top))).size,"
                " overlap: a.right > b.left + 1 && a.bottom > b.top + 1 && b.bottom > a.top + 1,"
                " height: document.querySelector('.top').offsetHeight,"
                " outside: Math.max(a.right, b.right) > innerWidth } })()"
            )
            assert found["lines"] <= 2, (width, language, found)
            assert not found["overlap"], (width, language, found)
            assert not found["outside"], (width, language, found)
            assert found["height"] <= 130, (width, language, found)


def test_a_word_of_sixty_letters_breaks_where_it_would_push_the_page_aside(hikers: Hikers, new_page: NewPage) -> None:
    word = "Waldwasserwirtschaftswegeunterhaltungsverbandsvorstandssitzung"
    with hikers.database.transaction() as connection:
        connection.execute("UPDATE trail_content SET name = %s WHERE trail = 'stadtwald'", [word])
        storm = ClosureContent(variant="de", reason=word)
        stretch = Closure(trail="stadtwald", valid_from=datetime.now(UTC), stretch=(1100, 1300), contents={"de": storm})
        closure_store.add(connection, stretch)
        connection.execute("UPDATE municipality SET name = %s", [word])
        connection.execute("UPDATE station_content SET title = %s, lead = %s", [word, word])
    wait_until(lambda: hikers.get(f"/s/{PONDS}").text.count(word) > 3, what="the names")
    page = new_page(PHONES[0])
    of_trail = [f"/t/stadtwald{below}" for below in ("", "/map", "/offline", "/help", "/stamps", "/report")]
    for path in (f"/s/{PONDS}", f"/s/{CLOSED_AHEAD}", f"/s/{PONDS}/report", *of_trail, "/signs", "/"):
        page.goto(hikers.url + path)
        for pixels in (16, 32):
            page.evaluate("pixels => { document.documentElement.style.fontSize = `${pixels}px` }", pixels)
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (path, pixels)
