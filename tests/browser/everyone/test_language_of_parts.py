"""What a town wrote in German only says so wherever a page of another language shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page
from psycopg import sql

from geodata.store.catalogue import municipality
from tests.browser.everyone.pages import PAGES, PublicPage
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.web.browser import Watch
from tests.fixtures.web.everything import OPERATOR, Everything

NewPage = Callable[..., Page]
MARK = "¤"
"""Stands at the end of everything that the town wrote."""
WRITTEN = {
    "trail_content": ("name", "lead", "body"),
    "station_content": ("title", "lead", "body", "question", "answer", "source", "task"),
    "trail_place": ("name", "note"),
    "trail_section": ("note",),
    "closure_content": ("reason", "detour"),
    "closure": ("legal_basis",),
    "notice_text": ("caution", "warning", "unknown"),
    "observed_property": ("label_de",),
}
GERMAN_LINES = (
    *("represented_by", "data_protection_contact", "supervisory_authority", "accessibility_ombuds"),
    *("accessibility_law", "forest_office"),
)
ADD_MARK = sql.SQL("UPDATE {table} SET {column} = {column} || %s WHERE {column} <> ''")
# a name or a title is one string: the list beside the map has it in parts
UNMARKED = """mark => {
  const isGerman = (one) => one.closest("[lang]").lang === "de";
  const faults = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const one = node.parentElement;
    const isShown = !one.closest("script, template, svg title");
    if (isShown && node.data.includes(mark) && !isGerman(one)) faults.push(one.outerHTML);
  }
  for (const one of document.body.querySelectorAll("[alt], [title], [aria-label], [placeholder]")) {
    const said = [one.alt, one.title, one.ariaLabel, one.placeholder].join(" ");
    const isKnown = one.matches(".plates button, .map .help");
    if (said.includes(mark) && !isGerman(one) && !isKnown) faults.push(one.outerHTML);
  }
  return faults.map((html) => html.slice(0, 160));
}"""


@pytest.fixture(scope="module")
def german(everything: Everything) -> Everything:
    """A town that has written in German alone, and all of it is marked."""
    usual = everything.usual
    with usual.database.transaction() as connection:
        for table in ("trail_content", "station_content", "notice_text"):
            connection.execute(sql.SQL("DELETE FROM {} WHERE variant <> 'de'").format(sql.Identifier(table)))
        for table, columns in WRITTEN.items():
            for column in columns:
                names = {"table": sql.Identifier(table), "column": sql.Identifier(column)}
                connection.execute(ADD_MARK.format(**names), [f" {MARK}"])
        connection.execute("UPDATE observed_property SET label_en = ''")
        connection.execute(
            "UPDATE station_content SET media = replace(media::text, 'Erle', %s)::jsonb", [f"Erle {MARK}"]
        )
        marked = {line: f"{getattr(OPERATOR, line)} {MARK}" for line in GERMAN_LINES}
        municipality.set_operator(connection, "lemgo", replace(OPERATOR, **marked))
    for path in ("/t/stadtwald?lang=en", "/t/stadtwald/help?lang=en"):
        wait_until(lambda path=path: MARK in usual.get(path).text, what="the marks")
    return everything


def english() -> Iterator[PublicPage]:
    """Each public page once, in English."""
    first = {page.path.partition("?")[0]: page for page in reversed(PAGES) if not page.pack}
    for path, page in first.items():
        query = "code=1&lang=en" if path == "/s" else "lang=en"
        yield PublicPage(path=f"{path}?{query}", server=page.server, status=page.status, before=page.before)


def test_what_is_german_says_so_on_every_english_page(german: Everything, new_page: NewPage, quiet: Watch) -> None:
    page, marks, faults = new_page(), 0, {}
    for public in english():
        public.open(page, german)
        found = page.evaluate(UNMARKED, MARK)
        marks += page.content().count(MARK)
        if found:
            faults[public.path] = found
    quiet.forgive("status of")
    assert faults == {}
    assert marks > 200, "the pages show what the town wrote"
