"""A phone that was switched off while it had a trail, and is opened two weeks later."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from geodata.conditions.closures import Closure, ClosureContent
from geodata.store.catalogue import closure as closure_store
from geodata.store.database import Database
from tests.browser.offline.taking_along import LONG, take_along
from tests.fixtures.process.programs import require
from tests.fixtures.trails.media import furnish
from tests.fixtures.web.browser import PHONE, SWITCHES
from tests.fixtures.web.hikers import PONDS, hikers_on

TWO_WEEKS = timedelta(days=14)


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
