"""Annotations in the public charts, in a browser: both themes, three widths, all unfolded, and nothing cut off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from geodata.conditions.annotations import Annotation, AnnotationKind
from geodata.store.comparison import annotation as written
from geodata.store.database import Database
from tests.fixtures.databases.database import Template, copied
from tests.fixtures.web.browser import DESK, PHONE, assert_accessible
from tests.fixtures.web.counted import fill
from tests.fixtures.web.hikers import PONDS, Hikers, hikers_on

NewPage = Callable[..., Page]
NARROW = (320, 640)
NOTES: tuple[tuple[date, date, AnnotationKind, str | None, str], ...] = (
    (date(2025, 7, 5), date(2025, 7, 6), AnnotationKind.EVENT, None, "Sommerfest"),
    (date(2026, 2, 3), date(2026, 2, 3), AnnotationKind.EVENT, None, "Wanderung der Grundschule"),
    (date(2026, 2, 10), date(2026, 2, 14), AnnotationKind.DEFECT, PONDS, ""),
    (date(2026, 2, 13), date(2026, 2, 20), AnnotationKind.CLOSURE, None, "Sturmholz" + 190 * "z"),
    (date(2026, 2, 28), date(2026, 3, 9), AnnotationKind.OTHER, None, "Kamera-Team im Wald"),
)


@pytest.fixture(scope="module")
def annotated(postgres_server: str, template_with_trail: Template) -> Iterator[Hikers]:
    """Fourteen months, all closed, with annotations of every kind; one without a text is not public."""
    with copied(postgres_server, template_with_trail) as url, Database(url) as database:
        fill(database, date(2025, 1, 1), 424, silent=((405, 408),))
        with database.transaction() as connection:
            for first, last, kind, station, text in NOTES:
                new = Annotation(
                    municipality="lemgo", trail="stadtwald", station=station, kind=kind, first_day=first, last_day=last,
                    text=text or "Geklaut", created_by="ute", public=bool(text),
                )  # fmt: skip
                written.add(connection, new)
        with hikers_on(database) as running:
            yield running


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [NARROW, PHONE, DESK])
def test_charts_with_annotations_are_accessible_and_fit(
    annotated: Hikers, new_page: NewPage, size: tuple[int, int], theme: Literal["light", "dark"]
) -> None:
    page = new_page(size, theme)
    page.goto(f"{annotated.url}/t/stadtwald/visits")
    for summary in page.locator("main summary").all():
        summary.click()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_a_bracket_stands_over_the_days_and_no_label_lies_upon_another(annotated: Hikers, new_page: NewPage) -> None:
    page = new_page(PHONE)
    page.goto(f"{annotated.url}/t/stadtwald/visits")
    chart = page.locator("svg").nth(1)
    expect(chart.locator("path.note")).to_have_count(5)  # two annotations overlap for two days
    boxes = [label.bounding_box() for label in chart.locator("text[y='-5']").all()]
    edges = sorted((box["x"], box["x"] + box["width"]) for box in boxes if box)
    assert all(left[1] <= right[0] for left, right in pairwise(edges))
    listed = page.locator("ol.notes").nth(1)
    assert listed.evaluate("list => getComputedStyle(list.firstElementChild).listStyleType") == "decimal"
    top = chart.bounding_box()
    assert top
    assert all(box and box["y"] >= top["y"] for box in boxes)
