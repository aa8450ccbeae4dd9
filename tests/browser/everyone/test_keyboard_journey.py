"""The whole way by keys alone: scan, read, listen, go on, look at the map, report; and no press loses the focus."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.everyone.keyboard import Keyboard
from tests.browser.everyone.pages import LOCATION, MAP
from tests.browser.reports.reporting import forgive_the_cut
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.web.browser import Watch
from tests.fixtures.web.everything import Everything
from tests.fixtures.web.hikers import BOARDWALK, OAKS, PONDS

NewPage = Callable[..., Page]


def test_from_the_sign_to_the_receipt_of_a_report_no_mouse_is_needed(
    everything: Everything, quiet: Watch, page: Page
) -> None:
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(LOCATION)
    keys = Keyboard(page)
    page.goto(f"{everything.usual.url}/s/{OAKS}?via=sign")
    _read_and_listen(page, keys)
    keys.tab_to(page.locator(".bar .go"))
    keys.follow(f"**/s/{BOARDWALK}*")
    keys.tab_to(page.locator(".bar").get_by_role("link", name="Karte"))
    keys.follow(f"**{MAP}?at={BOARDWALK}*")
    _look_at_the_map(page, keys)
    _report(page, keys)


def _read_and_listen(page: Page, keys: Keyboard) -> None:
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    keys.tab_to(page.get_by_role("link", name="Für Kinder"))
    keys.follow("**lang=children*")
    keys.tab_to(page.get_by_role("link", name="Für Erwachsene"))
    keys.follow("**lang=de*")
    sound, slow = page.locator("audio"), page.get_by_role("button", name="Langsam")
    sound.evaluate("audio => { audio.muted = true }")
    keys.tab_to(sound)
    page.keyboard.press("Space")
    page.wait_for_function("audio => audio.currentTime > 0", arg=sound.element_handle())
    keys.tab_to(slow)
    keys.press()
    expect(slow).to_have_attribute("aria-pressed", "true")
    assert sound.evaluate("audio => audio.playbackRate") == 0.75
    words = page.get_by_text("Zum Mitlesen")
    keys.tab_to(words)
    keys.press()
    expect(page.get_by_text("Man hört ein A.")).to_be_visible()


def _look_at_the_map(page: Page, keys: Keyboard) -> None:
    expect(page.locator('[data-map="moving"]')).to_be_visible(timeout=30_000)
    expect(page.locator(".plates .here")).to_have_text("2")
    canvas, plate = page.locator(".maplibregl-canvas"), page.locator(".plates .plate").first
    keys.tab_to(canvas)
    before = plate.bounding_box()
    keys.press("ArrowRight")
    wait_until(lambda: plate.bounding_box() != before or not page.wait_for_timeout(30), what="the map to move")
    locate, answer = page.locator('[data-tool="locate"]'), page.locator("[data-answer]")
    keys.tab_to(locate)
    keys.press()
    expect(answer).to_contain_text("Du bist bei Station 4.")
    keys.tab_to(page.locator('[data-tool="nearer"]'))
    keys.press()
    row = page.locator(f'li[data-code="{PONDS}"]')
    keys.tab_to(row.locator(".row"))
    keys.press()
    expect(page.locator(".plates .here")).to_have_text("4")
    expect(row.locator(".row")).to_have_attribute("aria-current", "true")
    expect(page.locator(".sheet")).to_be_focused()  # the row is out of sight
    expect(page.locator(".sheet")).to_be_in_viewport()
    keys.tab_to(row.locator(".open"))
    keys.follow(f"**/s/{PONDS}*")


def _report(page: Page, keys: Keyboard) -> None:
    keys.tab_to(page.get_by_role("link", name="Problem melden"))
    keys.follow(f"**/s/{PONDS}/report*")
    page.wait_for_selector("html[data-ready]")
    keys.tab_to(page.get_by_role("radio").first)
    keys.press("Space")
    keys.chosen(page.get_by_label("Etwas anderes"))
    keys.tab_to(page.get_by_label("Was ist los, und wo genau?"))
    page.keyboard.type("Die Bank am Ufer fehlt.")
    keys.tab_to(page.get_by_role("button", name="Absenden"))
    keys.follow("**/report/*-*")
    expect(page.get_by_role("heading", level=1)).to_have_text("Deine Meldung")
    expect(page.get_by_text("Die Bank am Ufer fehlt.")).to_be_visible()
    keys.tab_to(page.get_by_role("link", name="Weiter auf dem Pfad"))
    keys.follow(f"**/s/{PONDS}*")


def pressed(page: Page, name: str) -> None:
    """Press the button of this name by key."""
    button = page.get_by_role("button", name=name)
    button.focus()
    page.keyboard.press("Enter")


def assert_kept(page: Page) -> None:
    """The focus is on something that is shown."""
    wait_until(
        lambda: (
            page.evaluate("document.activeElement !== document.body && document.activeElement.checkVisibility()")
            or not page.wait_for_timeout(30)
        ),
        timeout=5,
        what="the focus to be somewhere",
    )


def test_stamps_that_begin_end_and_come_back_keep_the_focus(everything: Everything, page: Page) -> None:
    page.goto(f"{everything.usual.url}/t/stadtwald/stamps")
    for name, shown in (("Stempel sammeln", "Alle Stempel löschen"), ("Alle Stempel löschen", "Doch behalten")):
        pressed(page, name)
        expect(page.get_by_role("button", name=shown)).to_be_visible()
        assert_kept(page)
    pressed(page, "Doch behalten")
    expect(page.get_by_role("button", name="Alle Stempel löschen")).to_be_focused()


def test_reports_that_wait_keep_the_focus_whatever_is_pressed(everything: Everything, page: Page, watch: Watch) -> None:
    page.goto(f"{everything.usual.url}/t/stadtwald/report")
    page.wait_for_selector("html[data-ready]")
    page.route("**/report*", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.get_by_label("Ein Baum liegt quer").check()
    pressed(page, "Absenden")
    expect(page.locator("#outbox")).to_be_focused()
    for name in ("Jetzt versuchen", "Ändern"):
        pressed(page, name)
        assert_kept(page)
    pressed(page, "Absenden")
    expect(page.locator("#outbox")).to_be_focused()
    pressed(page, "Vom Handy löschen")
    expect(page.locator("[data-outbox]")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    forgive_the_cut(watch)


def test_a_camera_that_is_refused_gives_the_focus_back(everything: Everything, page: Page) -> None:
    page.goto(f"{everything.usual.url}/scan")
    pressed(page, "Kamera einschalten")
    expect(page.locator("[data-told]")).not_to_be_empty()
    expect(page.get_by_role("button", name="Kamera einschalten")).to_be_focused()


@pytest.mark.parametrize("is_found", [True, False], ids=["found", "refused"])
def test_the_question_what_is_near_keeps_the_focus(everything: Everything, page: Page, is_found: bool) -> None:
    if is_found:
        page.context.grant_permissions(["geolocation"])
        page.context.set_geolocation(LOCATION)
    page.goto(f"{everything.usual.url}/")
    pressed(page, "Was ist in meiner Nähe?")
    expect(page.locator(".told")).not_to_be_empty()
    expect(page.get_by_role("button", name="Was ist in meiner Nähe?")).to_be_focused()


def test_the_map_asked_to_come_or_to_go_to_me_keeps_the_focus(everything: Everything, quiet: Watch, page: Page) -> None:
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(LOCATION)
    page.add_init_script("Object.defineProperty(navigator, 'connection', { value: { saveData: true } })")
    page.goto(everything.usual.url + MAP)
    pressed(page, "Bewegliche Karte laden")
    assert_kept(page)
    expect(page.locator('[data-map="moving"]')).to_be_visible(timeout=30_000)
    assert_kept(page)
    pressed(page, "Wo bin ich?")
    page.locator('[data-tool="follow"]').wait_for(state="hidden")
    expect(page.locator("[data-answer]")).to_contain_text("Station 4")
    page.locator(f'li[data-code="{OAKS}"] .row').press("Enter")
    pressed(page, "Zu mir")
    expect(page.locator('[data-tool="locate"]')).to_be_focused()


def test_a_loading_that_is_stopped_keeps_the_focus(everything: Everything, new_page: NewPage) -> None:
    page = new_page(service_workers="allow")
    page.goto(f"{everything.usual.url}/t/stadtwald/offline")
    expect(page.locator("[data-phase=absent]")).to_be_visible(timeout=30_000)
    page.route("**/stadtwald/offline/*", lambda route: None)
    page.locator("[data-press=take]").press("Enter")
    pressed(page, "Abbrechen")
    expect(page.locator("[data-phase=absent]")).to_be_visible(timeout=30_000)
    assert_kept(page)
