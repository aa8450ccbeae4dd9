"""A report that waits for reception: sent once, and never said to be sent before the server said so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from geodata.store.reports import intake
from tests.browser.reports.reporting import WAITS, fill, forgive_the_cut, offline, opened, press
from tests.fixtures.trails.media import photo
from tests.fixtures.web.browser import Watch
from tests.fixtures.web.hikers import BOARDWALK, PONDS, Hikers
from tests.fixtures.web.reports import FORM, kept, send

NewPage = Callable[..., Page]


@pytest.fixture
def forgiving(watch: Watch) -> Iterator[Watch]:
    """A watch that knows that the network was cut, or that the server refused."""
    yield watch
    forgive_the_cut(watch)


def test_a_report_without_reception_waits_in_the_phone_and_goes_out_once(
    hikers: Hikers, new_page: NewPage, forgiving: Watch
) -> None:
    page = new_page()
    opened(page, hikers)
    fill(page)
    offline(page, forgiving)
    press(page)
    expect(page.get_by_text(WAITS)).to_be_visible()
    expect(page.get_by_text("Angekommen.")).to_have_count(0)
    context = page.context
    page.close()
    assert kept(hikers.database) == []
    context.set_offline(False)
    later = context.new_page()
    opened(later, hikers, "/report")
    expect(later.get_by_text("Angekommen.")).to_be_visible()
    later.reload()
    later.wait_for_selector("html[data-ready]")
    later.get_by_role("link", name="Wie weit ist es?").click()
    expect(later.get_by_role("heading", name="Deine Meldung")).to_be_visible()
    assert [report.place.station for report in kept(hikers.database)] == [PONDS]


def test_it_goes_out_by_itself_when_reception_is_back(hikers: Hikers, page: Page, forgiving: Watch) -> None:
    opened(page, hikers)
    fill(page)
    offline(page, forgiving)
    press(page)
    expect(page.get_by_text(WAITS)).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("Angekommen.")).to_be_visible()
    assert len(kept(hikers.database)) == 1


def test_it_goes_out_from_the_page_of_a_station_too(hikers: Hikers, page: Page, forgiving: Watch) -> None:
    hikers.observe([("pegel-04", "water_level", datetime.now(UTC), 41.0)])
    opened(page, hikers)
    fill(page)
    offline(page, forgiving)
    press(page)
    expect(page.get_by_text(WAITS)).to_be_visible()
    page.goto("about:blank")
    page.context.set_offline(False)
    with page.expect_response(lambda answer: answer.request.method == "POST") as sent:
        page.goto(f"{hikers.url}/s/{PONDS}")
    assert sent.value.status in {200, 201}, "201: new; 200: it went out from the page before, whose answer nobody heard"
    assert len(kept(hikers.database)) == 1


def test_a_browser_that_was_killed_still_has_what_waited(hikers: Hikers, browser: Browser) -> None:
    chromium = browser.browser_type
    with TemporaryDirectory(prefix="profile-", ignore_cleanup_errors=True) as folder:

        def start() -> BrowserContext:
            return chromium.launch_persistent_context(
                folder, executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"], locale="de-DE"
            )

        context = start()
        page = context.new_page()
        opened(page, hikers)
        fill(page)
        context.set_offline(True)
        press(page)
        expect(page.get_by_text(WAITS)).to_be_visible()
        context.close()
        context = start()
        page = context.new_page()
        opened(page, hikers, "/report")
        expect(page.get_by_text("Angekommen.")).to_be_visible()
        context.close()
    assert len(kept(hikers.database)) == 1


def test_a_hotspot_that_answers_for_us_makes_no_report_sent(hikers: Hikers, page: Page) -> None:
    def login_page(route: Route) -> None:
        route.fulfill(status=200, content_type="text/html", body="<h1>Bitte anmelden</h1>")

    page.route(f"**{FORM}", lambda route: login_page(route) if route.request.method == "POST" else route.continue_())
    opened(page, hikers)
    fill(page)
    press(page)
    expect(page.get_by_text(WAITS)).to_be_visible()
    page.unroute_all()
    page.get_by_role("button", name="Jetzt versuchen").click()
    expect(page.get_by_text("Angekommen.")).to_be_visible()
    assert len(kept(hikers.database)) == 1


def test_an_answer_that_was_lost_makes_no_second_report(hikers: Hikers, page: Page, forgiving: Watch) -> None:
    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route(
        f"**{FORM}", lambda route: lose_the_answer(route) if route.request.method == "POST" else route.continue_()
    )
    opened(page, hikers)
    fill(page)
    press(page)
    expect(page.get_by_text(WAITS)).to_be_visible()
    assert len(kept(hikers.database)) == 1
    page.unroute_all()
    page.get_by_role("button", name="Jetzt versuchen").click()
    expect(page.get_by_text("Angekommen.")).to_be_visible()
    assert len(kept(hikers.database)) == 1


def test_a_busy_server_is_tried_again_later_and_never_said_to_have_it(
    hikers: Hikers, page: Page, forgiving: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(hikers, "/report")
    monkeypatch.setattr(intake, "MOST_OF_ALL", 1)
    opened(page, hikers)
    fill(page)
    press(page)
    expect(page.get_by_text("der Server hat gerade viel zu tun")).to_be_visible()
    monkeypatch.setattr(intake, "MOST_OF_ALL", 10)
    page.get_by_role("button", name="Jetzt versuchen").click()
    expect(page.get_by_text("Angekommen.")).to_be_visible()


def test_where_the_browser_keeps_nothing_the_form_stays_as_it_is(hikers: Hikers, page: Page, forgiving: Watch) -> None:
    page.add_init_script("indexedDB.open = () => { throw new DOMException('full', 'QuotaExceededError') }")
    opened(page, hikers)
    fill(page)
    offline(page, forgiving)
    press(page)
    expect(page.get_by_text("Dieser Browser kann die Meldung nicht aufheben")).to_be_visible()
    expect(page.get_by_label("Was ist los, und wo genau?")).to_have_value("Eine Fichte liegt quer.")
    page.context.set_offline(False)
    press(page)
    expect(page.get_by_text("Angekommen.")).to_be_visible()
    assert len(kept(hikers.database)) == 1


def test_what_waits_or_came_can_be_deleted_from_the_phone(hikers: Hikers, page: Page, forgiving: Watch) -> None:
    opened(page, hikers)
    fill(page)
    offline(page, forgiving)
    press(page)
    page.get_by_role("button", name="Vom Handy löschen").click()
    expect(page.get_by_text(WAITS)).to_have_count(0)
    page.context.set_offline(False)
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert kept(hikers.database) == []


def test_a_report_that_was_written_at_another_station_is_mended_as_one_of_that_station(
    hikers: Hikers, page: Page, forgiving: Watch
) -> None:
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 52.0516, "longitude": 8.9168, "accuracy": 12})
    opened(page, hikers)
    page.get_by_label("Etwas anderes").check()
    page.get_by_role("button", name="Meinen Standort mitschicken").click()
    expect(page.get_by_text("auf 12 Meter genau")).to_be_visible()
    offline(page, forgiving)
    press(page)
    expect(page.get_by_text(WAITS)).to_be_visible()
    page.goto("about:blank")
    page.context.set_offline(False)
    opened(page, hikers, f"/s/{BOARDWALK}/report")
    expect(page.get_by_text("Nicht angenommen: Schreib in einem Satz, was ist.")).to_be_visible()
    expect(page.locator("[data-where]")).to_contain_text("Station 2")
    page.get_by_role("button", name="Ändern").click()
    expect(page.locator("[data-where]")).to_have_text("Station 4")
    expect(page.get_by_text("auf 12 Meter genau")).to_be_visible()
    page.get_by_label("Was ist los, und wo genau?").fill("Die Bank fehlt.")
    press(page)
    expect(page.get_by_text("Angekommen.")).to_be_visible()
    assert [(one.place.station, one.place.lat) for one in kept(hikers.database)] == [(PONDS, 52.0516)]


def test_where_there_is_no_room_for_one_more_those_that_wait_are_still_shown(
    hikers: Hikers, page: Page, forgiving: Watch
) -> None:
    opened(page, hikers)
    fill(page, "Der erste Baum.")
    offline(page, forgiving)
    press(page)
    expect(page.get_by_text(WAITS)).to_be_visible()
    page.evaluate("IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError') }; 0")
    fill(page, "Der zweite Baum.")
    press(page)
    expect(page.get_by_text("Dieser Browser kann die Meldung nicht aufheben")).to_be_visible()
    expect(page.get_by_text("Der erste Baum.")).to_be_visible()
    expect(page.get_by_label("Was ist los, und wo genau?")).to_have_value("Der zweite Baum.")
    page.context.set_offline(False)
    expect(page.locator("li[data-state=sent]")).to_have_count(1)
    press(page)
    page.wait_for_url("**/report/*-*")
    assert sorted(one.text for one in kept(hikers.database)) == ["Der erste Baum.", "Der zweite Baum."]


def test_a_clock_that_was_wrong_holds_nothing_back(
    hikers: Hikers, page: Page, forgiving: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(hikers, "/report")
    monkeypatch.setattr(intake, "MOST_OF_ALL", 1)
    page.add_init_script("const real = Date.now; Date.now = () => real() + 3650 * 86400_000")
    opened(page, hikers)
    fill(page)
    press(page)
    expect(page.get_by_text("der Server hat gerade viel zu tun")).to_be_visible()
    monkeypatch.setattr(intake, "MOST_OF_ALL", 10)
    later = page.context.new_page()
    page.close()
    opened(later, hikers, "/report")
    expect(later.get_by_text("Angekommen.")).to_be_visible()


def test_a_larger_picture_is_given_more_time_on_a_slow_network(
    hikers: Hikers, page: Page, tmp_path: Path, forgiving: Watch
) -> None:
    page.add_init_script(
        "window.given = []; const real = AbortSignal.timeout.bind(AbortSignal);"
        "AbortSignal.timeout = ms => { given.push(ms); return real(ms) }"
    )
    page.route(f"**{FORM}", lambda route: route.continue_() if route.request.method == "GET" else route.abort())
    file = tmp_path / "baum.jpg"
    file.write_bytes(photo(1280, 960))
    opened(page, hikers)
    fill(page)
    press(page)
    expect(page.get_by_text(WAITS)).to_have_count(1)
    page.get_by_role("button", name="Vom Handy löschen").click()
    fill(page)
    page.get_by_label("Ein Bild dazu").set_input_files(file)
    expect(page.get_by_text("ohne Ort und Gerät")).to_be_visible()
    press(page)
    expect(page.get_by_text(WAITS)).to_have_count(1)
    without, along = page.evaluate("given")
    assert along > without + 5_000, "a millisecond for each byte"
