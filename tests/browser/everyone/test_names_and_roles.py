"""What a screen reader is told of every public page: one main, one first heading, and names that tell things apart.

It is asked of Chromium's own accessibility tree, not of the HTML.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.everyone.pages import PAGES, PublicPage
from tests.fixtures.web.browser import DESK, Watch
from tests.fixtures.web.everything import Everything

NewPage = Callable[..., Page]
PRESSED = frozenset(
    {"link", "button", "textbox", "searchbox", "combobox", "checkbox", "radio", "slider", "DisclosureTriangle"}
)
NAMED = frozenset({"img", "image", "region", "navigation", "Canvas", "progressbar"})


@dataclass(frozen=True, slots=True)
class Node:
    """A node that is told: ``near`` are the roles around it, the nearest first; ``level`` of a heading, else 0."""

    role: str
    name: str
    near: tuple[str, ...]
    group: str
    url: str
    level: int


def tree(page: Page) -> list[Node]:
    """All nodes that are told, in their order."""
    session = page.context.new_cdp_session(page)
    nodes = {node["nodeId"]: node for node in session.send("Accessibility.getFullAXTree")["nodes"]}
    session.detach()
    return list(_told(nodes, next(iter(nodes)), (), ""))


def _told(nodes: dict[str, dict[str, Any]], at: str, near: tuple[str, ...], group: str) -> Iterator[Node]:
    node = nodes[at]
    role = str(node.get("role", {}).get("value", ""))
    if not node.get("ignored"):
        properties = {row["name"]: row["value"].get("value") for row in node.get("properties", ())}
        name = " ".join(str(node.get("name", {}).get("value") or "").split())
        url, level = str(properties.get("url", "")), int(properties.get("level", 0)) if role == "heading" else 0
        yield Node(role, name, near, group, url, level)
        near = (role, *near)
        if role in {"list", "navigation", "table", "group", "main", "banner", "contentinfo"}:
            group = at
    for child in node.get("childIds", ()):
        yield from _told(nodes, child, near, group)


@pytest.fixture(params=PAGES, ids=[page.path for page in PAGES])
def page_and_nodes(
    request: pytest.FixtureRequest, everything: Everything, new_page: NewPage, quiet: Watch
) -> tuple[Page, list[Node]]:
    """A public page with all its details open, and what is told of it."""
    public: PublicPage = request.param
    page = new_page(DESK)
    public.open(page, everything)
    quiet.forgive(public.told, is_sure=False)
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
    return page, tree(page)


def faults(page: Page, nodes: list[Node]) -> Iterator[str]:
    """Sentences about what is wrong, none on a good page."""
    roles = Counter(node.role for node in nodes)
    levels = [node.level for node in nodes if node.role == "heading"]
    if roles["main"] != 1 or levels.count(1) != 1:
        yield f"{roles['main']} main, {levels.count(1)} headings of level 1"
    yield from (f"heading {b} after {a}" for a, b in pairwise(levels) if b > a + 1)
    for role in ("navigation", "region", "complementary"):
        names = Counter(node.name for node in nodes if node.role == role)
        yield from (f"{count} × {role} {name!r}" for name, count in names.items() if count > 1 and name != "Hinweis")
    yield from (f"{node.role} without a name in {node.near[:3]}" for node in nodes if _is_nameless(node))
    yield from _one_name_for_two_targets(nodes)
    yield from page.evaluate(TABLES)
    yield from page.evaluate(SILENT)


def _is_nameless(node: Node) -> bool:
    return not node.name and node.role in PRESSED | NAMED


def _one_name_for_two_targets(nodes: list[Node]) -> Iterator[str]:
    """Within a list, a landmark or a table, the same words lead to the same place."""
    targets: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for at, node in enumerate(nodes):
        if node.role in PRESSED:
            targets[node.group, node.role, node.name].add(node.url.partition("#")[0] or str(at))
    yield from (f"{role} {name!r} leads to {urls}" for (_, role, name), urls in targets.items() if len(urls) > 1)


TABLES = """() => [...document.querySelectorAll("table")].flatMap((table) => {
  const wide = Math.max(...[...table.rows].map((row) => row.cells.length));
  const heads = table.querySelectorAll('thead th[scope="col"]').length;
  const rows = [...table.tBodies].flatMap((body) => [...body.rows]);
  const headless = rows.filter((row) => !row.querySelector('th[scope="row"]'));
  const summary = table.closest("details")?.querySelector("summary");
  const named = table.caption || summary || table.closest("[aria-labelledby]");
  return [
    ...(heads === wide ? [] : [`a table with ${wide} columns and ${heads} headers`]),
    ...headless.map((row) => `a row without a header: ${row.innerText}`),
    ...(named ? [] : ["a table that nothing names"]),
  ];
})"""
SILENT = """() => [...document.querySelectorAll("[data-done], [data-told], [data-answer], [data-standing], .told," +
  " [data-stamps], [data-trouble], [data-picture], [data-part=said], [data-outbox] > ul")]
  .filter((one) => one.closest("main") && !one.matches(".near"))
  .filter((one) => !/^(status|alert)$/.test(one.getAttribute("role")) && !one.ariaLive)
  .map((one) => `what appears here is not read out: ${one.outerHTML.slice(0, 90)}`)
"""


def test_each_page_has_one_main_one_first_heading_and_names_that_tell_things_apart(
    page_and_nodes: tuple[Page, list[Node]],
) -> None:
    page, nodes = page_and_nodes
    assert len(nodes) > 20
    assert list(faults(page, nodes)) == []


def test_what_is_drawn_is_hidden_or_named_and_a_chart_has_its_words_and_its_table(
    page_and_nodes: tuple[Page, list[Node]],
) -> None:
    page, _ = page_and_nodes
    nameless = page.evaluate(
        "[...document.querySelectorAll('main svg, main canvas')].filter(one => one.checkVisibility()"
        " && !one.closest('[aria-hidden=true]') && !one.ariaLabel && !one.ariaLabelledByElements?.length)"
        ".map(one => one.outerHTML.slice(0, 90))"
    )
    assert nameless == []
    silent = page.evaluate(
        "[...document.querySelectorAll('figure.week')].filter(one => !one.querySelector('figcaption')?.innerText"
        " || !one.querySelector('details table')).length"
    )
    assert silent == 0
