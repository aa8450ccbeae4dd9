"""What a real browser sends of its own accord when a page is scanned, reloaded, and visited again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page

from geodata.store.database import Database
from tests.fixtures.databases.database import one_row
from tests.fixtures.web.hikers import PHONE_AGENT, PONDS, Hikers, hikers_on


class Later:
    """A clock of the pages that can be put forward."""

    def __init__(self) -> None:
        self.by = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.by


@pytest.fixture
def later() -> Later:
    return Later()


@pytest.fixture
def visited(demo_trail: None, database: Database, later: Later) -> Iterator[Hikers]:
    """The pages, whose clock can be put forward."""
    with hikers_on(database, clock=later.now) as running:
        yield running


def counted(hikers: Hikers) -> int:
    hikers.scans.write()
    with hikers.database.transaction() as connection:
        return one_row(connection, "SELECT coalesce(sum(count), 0)::int FROM scan_hour")[0]


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A page that keeps what it has seen: one that is watched asks for everything anew."""
    with browser.new_context(user_agent=PHONE_AGENT, locale="de-DE") as context:
        yield context.new_page()


def test_reloads_and_coming_back_soon_are_one_scan_coming_back_later_is_another(
    visited: Hikers, phone: Page, later: Later
) -> None:
    phone.goto(f"{visited.url}/s/{PONDS}?via=sign")
    assert counted(visited) == 1
    for minutes in (0, 2, 20):
        later.by = timedelta(minutes=minutes)
        phone.reload()
    phone.goto(f"{visited.url}/datenschutz")
    phone.goto(f"{visited.url}/s/{PONDS}?via=sign")
    assert counted(visited) == 1
    later.by = timedelta(minutes=60)
    phone.goto(f"{visited.url}/s/{PONDS}?via=sign")
    assert counted(visited) == 2


def test_another_phone_is_another_scan(visited: Hikers, phone: Page, browser: Browser) -> None:
    phone.goto(f"{visited.url}/s/{PONDS}?via=sign")
    with browser.new_context(user_agent=PHONE_AGENT, locale="de-DE") as another:
        another.new_page().goto(f"{visited.url}/s/{PONDS}?via=sign")
    assert counted(visited) == 2
