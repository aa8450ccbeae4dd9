"""A station that is opened without a network is counted once when the phone is back, and nothing else is noted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from geodata.store.database import Database
from tests.browser.offline.taking_along import LONG, NOTHING, STORED, take_along
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.web.bad_line import BadLine
from tests.fixtures.web.hikers import OAKS, PHONE_AGENT, PONDS, Hikers

NOTED = """async () => {
  const open = indexedDB.open("digitalpfad-scans", 1);
  await new Promise((resolve) => (open.onsuccess = resolve));
  const all = open.result.transaction("scans").objectStore("scans").getAll();
  await new Promise((resolve) => (all.onsuccess = resolve));
  open.result.close();
  return all.result;
}"""


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A page of a browser that calls itself a phone, as only people's visits are counted."""
    with browser.new_context(user_agent=PHONE_AGENT, locale="de-DE", service_workers="allow") as context:
        yield context.new_page()


def opened(phone: Page, hikers: Hikers, *addresses: str) -> None:
    """Open stations, one after the other, from the phone alone."""
    for address in addresses:
        phone.goto(f"{hikers.url}{address}")
        expect(phone.locator(".phone")).to_be_visible(timeout=LONG)


def counted(hikers: Hikers) -> dict[tuple[str, str], int]:
    hikers.scans.write()
    return counted_in(hikers.database)


def counted_in(database: Database) -> dict[tuple[str, str], int]:
    with database.transaction() as connection:
        rows = connection.execute("SELECT station, entry, sum(count)::int FROM scan_hour GROUP BY 1, 2")
        return {(station, entry): count for station, entry, count in rows}


def test_stations_opened_without_a_network_are_counted_once_when_it_is_back(furnished: Hikers, phone: Page) -> None:
    take_along(phone, furnished)
    phone.context.set_offline(True)
    opened(phone, furnished, f"/s/{PONDS}?via=sign", f"/s/{PONDS}?via=sign", f"/s/{OAKS}")
    phone.reload()
    opened(phone, furnished, f"/s/{PONDS}", "/t/stadtwald")
    wait_until(lambda: {note["station"] for note in phone.evaluate(NOTED)} == {PONDS, OAKS}, 10, "notes of both")
    notes = phone.evaluate(NOTED)
    hours = [(note["station"], note["hour"]) for note in notes]
    assert len(hours) == len(set(hours)), "coming back within the hour is the same scan"
    assert {frozenset(note) for note in notes} == {frozenset({"id", "station", "hour", "variant", "entry"})}
    assert counted(furnished) == {}
    phone.context.set_offline(False)
    phone.goto(f"{furnished.url}/t/stadtwald")
    wait_until(lambda: sum(counted(furnished).values()) == len(notes), 20, "the scans")
    assert counted(furnished).keys() == {(PONDS, "sign"), (OAKS, "sign")}
    wait_until(lambda: phone.evaluate(NOTED) == [], 10, "the notes to go")


def test_scans_whose_answer_is_lost_are_sent_again_and_counted_once(
    furnished: Hikers, phone: Page, line: BadLine
) -> None:
    take_along(phone, furnished)
    phone.context.set_offline(True)
    opened(phone, furnished, f"/s/{PONDS}?via=nfc")
    wait_until(lambda: len(phone.evaluate(NOTED)) == 1, 10, "a note")
    phone.context.set_offline(False)
    line.cut = "^/offline/scans$"
    phone.goto(f"{furnished.url}/t/stadtwald")
    wait_until(lambda: counted(furnished) == {(PONDS, "nfc"): 1}, 20, "the scan")
    assert len(phone.evaluate(NOTED)) == 1
    line.cut, asked = "", line.asked["/offline/scans"]
    phone.goto(f"{furnished.url}/t/stadtwald/map")
    wait_until(lambda: phone.evaluate(NOTED) == [], 20, "the note to go")
    assert line.asked["/offline/scans"] > asked
    assert counted(furnished) == {(PONDS, "nfc"): 1}


def test_a_page_that_the_server_counted_though_it_was_late_is_not_noted(
    furnished: Hikers, phone: Page, line: BadLine
) -> None:
    take_along(phone, furnished)
    line.silent, line.silent_s = f"^/s/{PONDS}$", 4
    opened(phone, furnished, f"/s/{PONDS}?via=sign")
    wait_until(lambda: counted(furnished) == {(PONDS, "sign"): 1}, 20, "the scan that the server counted")
    line.silent = ""
    phone.goto(f"{furnished.url}/t/stadtwald")
    assert phone.evaluate(STORED)["databases"] == 0
    assert counted(furnished) == {(PONDS, "sign"): 1}


def test_what_waits_goes_with_the_trail(furnished: Hikers, phone: Page) -> None:
    take_along(phone, furnished)
    phone.context.set_offline(True)
    opened(phone, furnished, f"/s/{PONDS}")
    wait_until(lambda: phone.evaluate(STORED)["databases"] == 1, 10, "the note")
    phone.goto(f"{furnished.url}/t/stadtwald/offline")
    phone.locator("[data-press=remove]").click()
    expect(phone.locator("[data-phase=absent], [data-part=said]").first).to_be_visible(timeout=LONG)
    wait_until(lambda: phone.evaluate(STORED) == NOTHING, 20, "the phone to keep nothing")
