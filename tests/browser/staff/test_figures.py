"""The staff's page of figures in a browser: both themes, three widths, everything unfolded, and nothing cut off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from geodata.model.staff import Role
from geodata.store.database import Database
from tests.dashboards.figures.counted import BOARDWALK, DAY, MONDAY, WEEK, annotate, count_week, mount
from tests.dashboards.office import PASSWORD, Office, hire, open_office, seed
from tests.fixtures.web.browser import DESK, PHONE, Watch, assert_accessible

NewPage = Callable[..., Page]
NARROW = (320, 640)


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    """Two counters, one of which is silent since some weeks, a gap, a year before, and an annotation."""
    seed(database)
    with database.transaction() as connection:
        come, go = mount(connection)
        (beside,) = mount(connection, BOARDWALK, ["in"])
        for number in [*range(20), *range(23, 80)]:
            count_week(connection, come, MONDAY - number * WEEK, 100 + number)
            count_week(connection, go, MONDAY - number * WEEK, 40)
        for number in range(30, 80):
            count_week(connection, beside, MONDAY - number * WEEK, 20)
    annotate(database, MONDAY - 5 * WEEK, MONDAY - 5 * WEEK + DAY, "Waldfest am Holzsteg")
    hire(database, "ute", Role.RANGER)
    with open_office(database) as opened:
        yield opened


def open_page(page: Page, office: Office, query: str = "") -> None:
    page.goto(f"{office.url}/staff/login")
    page.get_by_label("Name").fill("ute")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    page.goto(f"{office.url}/staff/figures{query}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Stadtwald · Nutzung")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [NARROW, PHONE, DESK])
def test_the_page_is_accessible_and_fits_with_everything_unfolded(
    office: Office, new_page: NewPage, size: tuple[int, int], theme: Literal["light", "dark"]
) -> None:
    page = new_page(size, theme)
    open_page(page, office, "?compare=to-date")
    for summary in page.locator("summary").all():
        summary.click()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    for box in page.locator(".stacked").all():
        assert box.evaluate("table => table.scrollWidth <= table.parentElement.clientWidth") or size == DESK


def test_a_gap_is_hatched_the_year_before_marked_and_an_annotation_has_its_number(
    office: Office, new_page: NewPage
) -> None:
    page = new_page(DESK)
    open_page(page, office)
    chart = page.locator("svg").first
    hatched = chart.locator("rect[fill='url(#weeks-gap)']")
    expect(hatched).to_have_count(1)
    assert hatched.evaluate("gap => getComputedStyle(gap).fill") == 'url("#weeks-gap")'
    expect(chart.locator("text.note")).to_have_text("1")
    assert chart.locator("path.compared").count() > 10
    grounds = {
        kind: chart.locator(f"rect.{kind}").first.evaluate("bar => getComputedStyle(bar).fillOpacity")
        for kind in ("counted", "partly")
    }
    assert grounds["counted"] != grounds["partly"]


def test_an_annotation_is_written_with_a_phone_and_taken_back(office: Office, new_page: NewPage, watch: Watch) -> None:
    page = new_page(PHONE)
    open_page(page, office)
    page.get_by_text("Anmerkung hinzufügen").click()
    page.get_by_label("Erster Tag").fill(f"{MONDAY}")
    page.get_by_label("Weg gesperrt").check()
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_text("Bitte schreiben Sie in wenigen Worten, was war.")).to_be_visible()
    watch.forgive("422")
    expect(page.get_by_label("Erster Tag")).to_have_value(f"{MONDAY}")
    page.get_by_label("In wenigen Worten").fill("Sturm")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("status").first).to_have_text("Die Anmerkung ist gespeichert.")
    page.get_by_role("button", name="Entfernen : Sturm").click()
    expect(page.get_by_role("status").first).to_have_text("Die Anmerkung ist entfernt.")
    expect(page.get_by_text("Sturm")).to_have_count(0)
