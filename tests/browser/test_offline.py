"""A trail that was taken along, in a real browser: it opens at the sign without a network, whatever happened."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from geodata.conditions.closures import Closure, ClosureContent
from geodata.store.catalogue import closure as closure_store
from geodata.store.database import Database
from tests.fixtures.process.programs import require
from tests.fixtures.trails.media import furnish
from tests.fixtures.web.bad_line import BadLine
from tests.fixtures.web.browser import DESK, PHONE, SWITCHES, Watch, assert_accessible
from tests.fixtures.web.hikers import PONDS, Hikers, hikers_on

NewPage = Callable[..., Page]
STORED = """async () => ({
  cookie: document.cookie, local: localStorage.length, session: sessionStorage.length,
  databases: (await indexedDB.databases()).length, caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
NOTHING: dict[str, Any] = {"cookie": "", "local": 0, "session": 0, "databases": 0, "caches": [], "workers": 0}
LONG = 30_000
"""Milliseconds for what is loaded or made for the first time, on a machine that has other things to do."""
TWO_WEEKS = timedelta(days=14)


@pytest.fixture
def line() -> BadLine:
    """What is between browser and pages."""
    return BadLine()


@pytest.fixture
def furnished(demo_trail: None, database: Database, line: BadLine) -> Iterator[Hikers]:
    """The pages, with everything at the ponds."""
    furnish(database, PONDS)
    with hikers_on(database, around=line.around) as running:
        yield running


def take_along(page: Page, hikers: Hikers, *more: str, lang: str = "") -> None:
    """Press the button, after choosing ``more``, and wait until the trail is there."""
    page.goto(f"{hikers.url}/t/stadtwald/offline{lang}")
    expect(page.locator("[data-phase=absent]")).to_be_visible(timeout=LONG)
    for value in more:
        page.locator(f"input[value={value}]").check()
    page.locator("[data-press=take]").click()
    expect(page.locator("[data-phase=kept]")).to_be_visible(timeout=LONG)


@contextmanager
def without_network(page: Page, watch: Watch) -> Generator[None]:
    """The pages and their worker reach nobody; what Chromium says of that is no fault."""
    page.context.set_offline(True)
    yield
    page.context.set_offline(False)
    watch.faults[:] = [fault for fault in watch.faults if "ERR_INTERNET_DISCONNECTED" not in fault]


def test_the_size_is_said_before_the_press_and_nothing_is_stored_until_then(furnished: Hikers, new_page: NewPage):
    page = new_page(service_workers="allow")
    page.goto(f"{furnished.url}/t/stadtwald/offline")
    button = page.locator("[data-press=take]")
    expect(button).to_have_text(re.compile(r"^Mitnehmen: \d+\sKB$"), timeout=LONG)
    before = int(page.locator("main").get_attribute("data-bytes") or 0)
    page.get_by_label("English").check()
    page.get_by_label("Zum Anhören").uncheck()
    expect(page.locator(f"main[data-bytes='{before}']")).to_have_count(0)
    for variant in ("de", "en"):
        page.locator(f"input[value={variant}]").uncheck()
    expect(button).to_be_disabled()
    expect(page.get_by_text("Wähle mindestens eine Fassung.")).to_be_visible()
    assert page.evaluate(STORED) == NOTHING


def test_with_one_press_every_station_opens_at_its_sign_without_a_network(
    furnished: Hikers, new_page: NewPage, watch: Watch
):
    page = new_page(service_workers="allow")
    take_along(page, furnished)
    expect(page.get_by_text("vollständig und geprüft")).to_be_visible()
    codes = [station.code for station in furnished.keeper.current.stations_of_trail["stadtwald"]]
    with without_network(page, watch):
        for number, code in enumerate(codes, 1):
            page.goto(f"{furnished.url}/s/{code}?via=nfc")
            expect(page.locator(".number b")).to_have_text(str(number))
            expect(page.get_by_text("Ohne Netz.", exact=True)).to_be_visible()
        page.goto(f"{furnished.url}/S/{PONDS.lower()}.")
        expect(page.get_by_role("heading", level=1)).to_have_text("Die Försterteiche")
        image = page.get_by_role("img", name="Eine Erle am Bach")
        assert page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=image.element_handle())
        page.locator(".bar .go").click()
        expect(page.locator(".number b")).to_have_text("5")
        page.goto(f"{furnished.url}/s?code=3DVB-54")
        expect(page.locator(".number b")).to_have_text("4")
        page.goto(f"{furnished.url}/t/stadtwald")
        expect(page.locator(".row")).to_have_count(10)
        page.goto(f"{furnished.url}/s/{PONDS}/report?kind=tree")
        expect(page.get_by_label("Ein Baum liegt quer")).to_be_checked()
        page.goto(f"{furnished.url}/impressum")
        expect(page.get_by_role("heading", level=1)).to_have_text("Diese Seite gibt es nur mit Netz")
        assert_accessible(page)


def test_a_recording_that_was_taken_along_plays_and_seeks_without_a_network(
    furnished: Hikers, new_page: NewPage, watch: Watch
):
    page = new_page(service_workers="allow")
    take_along(page, furnished)
    with without_network(page, watch):
        answers: list[int] = []
        page.on("response", lambda got: answers.append(got.status) if got.url.endswith(".mp3") else None)
        page.goto(f"{furnished.url}/s/{PONDS}")
        sound = page.locator("audio")
        sound.evaluate("audio => { audio.muted = true; return audio.play() }")
        half = sound.evaluate(
            "audio => new Promise(done => { audio.onseeked = () => done(audio.currentTime / audio.duration);"
            " audio.currentTime = audio.duration / 2 })"
        )
        assert 0.3 < half <= 1
        assert set(answers) == {206}, "other browsers seek in a recording only if they get the part that they ask for"


def test_what_was_not_taken_along_says_so(furnished: Hikers, new_page: NewPage, watch: Watch):
    page = new_page(service_workers="allow")
    take_along(page, furnished)  # without the film
    with without_network(page, watch):
        page.goto(f"{furnished.url}/s/{PONDS}")
        page.get_by_text("In Gebärdensprache").click()
        page.locator("video").evaluate("video => { video.muted = true; video.play().catch(() => {}) }")
        expect(page.get_by_text("Das hast du nicht mitgenommen.")).to_be_visible()


def test_each_language_is_opened_as_the_browser_or_the_address_asks(furnished: Hikers, new_page: NewPage, watch: Watch):
    page = new_page(service_workers="allow", language="en-GB")
    take_along(page, furnished, "de", "de_simple", lang="?lang=en")
    with without_network(page, watch):
        page.goto(f"{furnished.url}/s/{PONDS}")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.get_by_text("No network.")).to_be_visible()
        page.goto(f"{furnished.url}/s/{PONDS}?lang=de_simple")
        expect(page.locator("html")).to_have_attribute("lang", "de-simple")
        page.locator(".bar .go").click()
        expect(page.locator("html")).to_have_attribute("lang", "de-simple")
        page.goto(f"{furnished.url}/s/{PONDS}?lang=children")  # not taken: German, as on the server without that text
        expect(page.locator("html")).to_have_attribute("lang", "de")
        expect(page.get_by_text("Diese Sprache hast du nicht mitgenommen.")).to_be_visible()
        page.goto(f"{furnished.url}/s/{PONDS}?lang=klingon")
        expect(page.get_by_text("No network.")).to_be_visible()
        expect(page.get_by_text("You did not take this language along.")).to_have_count(0)
        page.goto(f"{furnished.url}/t/stadtwald")
        expect(page.get_by_text("An diesem Pfad zählt kein Zähler.")).to_have_count(0)  # nobody knows that here


def test_who_renews_a_pack_finds_ticked_what_it_has(furnished: Hikers, new_page: NewPage):
    page = new_page(service_workers="allow")
    take_along(page, furnished, "de_simple")
    page.goto(f"{furnished.url}/t/stadtwald/offline?lang=en")
    expect(page.locator("[data-phase=kept]")).to_be_visible(timeout=LONG)
    ticked = "[...document.querySelectorAll('[name=variant]:checked')].map(box => box.value)"
    assert page.evaluate(ticked) == ["de", "de_simple"]
    expect(page.locator("[data-press=take]")).to_be_hidden()


@pytest.fixture
def profile() -> Iterator[Path]:
    """A folder with a short name: the path of Chromium's socket in it has at most 107 characters."""
    with TemporaryDirectory(prefix="c-", ignore_cleanup_errors=True) as folder:
        yield Path(folder) / "p"


def persistent(browser: Browser, profile: Path) -> BrowserContext:
    """A browser with a profile on the disk, as on a phone."""
    folder = {name: str(profile.parent) for name in ("TMPDIR", "XDG_RUNTIME_DIR")}
    return browser.browser_type.launch_persistent_context(
        profile,
        executable_path=require("chromium"),
        args=[*SWITCHES, *(["--no-sandbox"] if os.geteuid() == 0 else [])],
        env={**os.environ, **folder},
        locale="de-DE",
        viewport={"width": PHONE[0], "height": PHONE[1]},
    )


def kill(profile: Path) -> None:
    """End that browser as a phone whose battery is taken out."""
    own = [
        process
        for process in psutil.Process().children(recursive=True)
        if f"--user-data-dir={profile}" in process.cmdline() and "--type=" not in " ".join(process.cmdline())
    ]
    assert len(own) == 1, own
    own[0].send_signal(signal.SIGKILL)
    own[0].wait(10)


def test_after_the_phone_was_switched_off_and_two_weeks_later_all_opens_and_closures_go_by_the_clock(
    demo_trail: None, database: Database, browser: Browser, profile: Path
):
    """The server's clock is two weeks behind the phone's: what was loaded is so old when it is opened."""
    now = datetime.now(UTC)
    storm = Closure(trail="stadtwald", valid_from=now - timedelta(days=1), stretch=(1499, 2496))
    with database.transaction() as connection:
        for reason, closure in {
            "Bäume liegen quer.": storm,
            "Der Steg wird gestrichen.": replace(
                storm, valid_from=now - timedelta(days=16), valid_until=now - timedelta(days=2)
            ),
        }.items():
            content = ClosureContent(variant="de", reason=reason)
            closure_store.add(connection, replace(closure, contents={"de": content}))
    furnish(database, PONDS)
    with hikers_on(database, clock=lambda: datetime.now(UTC) - TWO_WEEKS) as hikers:
        context = persistent(browser, profile)
        page = context.new_page()
        page.goto(f"{hikers.url}/s/{PONDS}")
        expect(page.get_by_text("Gesperrt: von Station 4 bis Station 6", exact=True)).to_be_visible()
        expect(page.get_by_text("Der Steg wird gestrichen.")).to_be_visible()
        take_along(page, hikers)
        kill(profile)
        codes = [station.code for station in hikers.keeper.current.stations_of_trail["stadtwald"]]
    # the server is gone altogether
    context = persistent(browser, profile)
    page = context.new_page()
    for number, code in enumerate(codes, 1):
        page.goto(f"{hikers.url}/s/{code}")
        expect(page.locator(".number b")).to_have_text(str(number))
    page.goto(f"{hikers.url}/s/{PONDS}")
    expect(page.get_by_text("Das ist 14 Tage her.")).to_be_visible()
    expect(page.get_by_text("Bäume liegen quer.")).to_be_visible()
    expect(page.get_by_text("Der Steg wird gestrichen.")).to_have_count(0)
    sound = page.locator("audio")
    sound.evaluate("audio => { audio.muted = true; return audio.play() }")
    page.goto(f"{hikers.url}/t/stadtwald/offline")
    expect(page.locator("[data-phase=kept]")).to_be_visible(timeout=LONG)
    expect(page.get_by_text("vollständig und geprüft")).to_be_visible()
    context.close()


def test_where_there_is_a_network_its_page_is_shown_and_counted_as_what_it_is(
    furnished: Hikers, new_page: NewPage, line: BadLine
):
    page = new_page(service_workers="allow")
    take_along(page, furnished)
    page.goto("about:blank")
    line.asked.clear()
    page.goto(f"{furnished.url}/s/{PONDS}")
    expect(page.locator(".phone")).to_have_count(0)
    assert line.asked[f"/s/{PONDS}"] == 1
    headers = line.headers[f"/s/{PONDS}"]
    assert (headers["sec-fetch-site"], headers["sec-fetch-mode"]) == ("none", "navigate"), "a sign that was scanned"
    page.locator(".bar .go").click()
    expect(page.locator(".number b")).to_have_text("5")
    following = [headers for path, headers in line.headers.items() if path.startswith("/s/") and path != f"/s/{PONDS}"]
    assert [one["sec-fetch-site"] for one in following if one["sec-fetch-mode"] == "navigate"] == ["same-origin"]


def test_removing_it_leaves_nothing_at_all(furnished: Hikers, new_page: NewPage):
    page = new_page(service_workers="allow")
    take_along(page, furnished)
    stored = page.evaluate(STORED)
    assert (stored["workers"], sorted(stored["caches"])) == (1, ["trail-packs", "trail-pieces"])
    assert {**stored, "caches": [], "workers": 0} == NOTHING
    page.locator("[data-press=remove]").click()
    expect(page.get_by_text("Gelöscht. Von diesem Pfad ist nichts mehr")).to_be_visible()
    expect(page.locator("[data-phase=absent]")).to_be_visible(timeout=LONG)
    assert page.evaluate(STORED) == NOTHING


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_before_and_after_the_press_nor_on_a_page_from_the_phone(
    furnished: Hikers, new_page: NewPage, watch: Watch, theme: str
):
    for size in ((320, 640), DESK):
        page = new_page(size, theme, service_workers="allow")
        page.goto(f"{furnished.url}/t/stadtwald/offline")
        expect(page.locator("[data-phase=absent]")).to_be_visible(timeout=LONG)
        page.locator("summary").click()
        assert_accessible(page)
        page.locator("[data-press=take]").click()
        expect(page.locator("[data-phase=kept]")).to_be_visible(timeout=LONG)
        assert_accessible(page)
        page.evaluate("document.documentElement.style.fontSize = '32px'")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        with without_network(page, watch):
            page.goto(f"{furnished.url}/s/{PONDS}")
            assert_accessible(page)
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
