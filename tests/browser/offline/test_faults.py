"""What goes wrong while a trail is taken along is told, and leaves what was there: the old pack, or none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from geodata.store.catalogue.station import load_stations, save_station
from geodata.store.database import Database
from tests.browser.offline.taking_along import LONG, NOTHING, STORED, take_along, without_network
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.web.bad_line import BadLine
from tests.fixtures.web.browser import Watch
from tests.fixtures.web.hikers import OAKS, PONDS, Hikers, hikers_on

NewPage = Callable[..., Page]
A_PAGE = r"/t/stadtwald/offline/[0-9a-f]{64}"
DAMAGE = """async () => {
  const cache = await caches.open("trail-pieces");
  const [key] = (await Promise.all((await cache.keys()).map(async key => [key, await (await cache.match(key)).text()])))
    .find(([, text]) => text.includes("data-station=\\"3DVB54\\""));
  const kept = await cache.match(key);
  const text = (await kept.text()).replace("Teiche", "Torten");
  await cache.put(key, new Response(text, { headers: kept.headers }));
}"""
DROP = """async () => {
  const cache = await caches.open("trail-pieces");
  const keys = await cache.keys();
  await cache.delete(keys[0]);
  return keys.length;
}"""


@pytest.fixture
def line() -> BadLine:
    """What is between browser and pages."""
    return BadLine()


@pytest.fixture
def walked(demo_trail: None, database: Database, line: BadLine) -> Iterator[Hikers]:
    """The pages behind the line."""
    with hikers_on(database, around=line.around) as running:
        yield running


def rename(hikers: Hikers, title: str) -> None:
    """Change the title of the ponds, and wait until pages have it."""
    with hikers.database.transaction() as connection:
        station = load_stations(connection, [PONDS])[PONDS]
        german = replace(station.contents["de"], title=title)
        save_station(connection, replace(station, contents=station.contents | {"de": german}))
    wait_until(lambda: title in hikers.get(f"/s/{PONDS}").text, what="the new title")


def opened(page: Page, hikers: Hikers) -> str:
    """The title of the ponds as it is on the phone."""
    page.goto(f"{hikers.url}/s/{PONDS}")
    return page.get_by_role("heading", level=1).inner_text()


def forgive_all(watch: Watch, *parts: str) -> None:
    watch.faults[:] = [fault for fault in watch.faults if not any(part in fault for part in parts)]


def test_where_the_line_breaks_nothing_is_there_and_another_press_loads_only_the_rest(
    walked: Hikers, new_page: NewPage, watch: Watch, line: BadLine
):
    page = new_page(service_workers="allow")
    page.goto(f"{walked.url}/t/stadtwald/offline")
    expect(page.locator("[data-phase=absent]")).to_be_visible(timeout=LONG)
    line.cut = "/static/style.css|960.avif"
    page.locator("[data-press=take]").click()
    expect(page.get_by_text("Das Netz ist weg. Was geladen ist, bleibt")).to_be_visible(timeout=LONG)
    expect(page.get_by_text("Das Laden wurde unterbrochen.")).to_be_visible()
    assert page.evaluate("async () => (await (await caches.open('trail-packs')).keys()).map(key => key.url)") == [
        f"{walked.url}/offline/begun/stadtwald"
    ]
    line.cut = ""
    line.asked.clear()
    page.reload()
    page.locator("[data-press=resume]").click(timeout=LONG)
    expect(page.locator("[data-phase=kept]")).to_be_visible(timeout=LONG)
    again = [path for path in line.asked if re.fullmatch(A_PAGE, path)]
    assert len(again) < 10, "most pages had come before"
    forgive_all(watch, "ERR_", "net::")


def test_what_was_begun_can_be_thrown_away(walked: Hikers, new_page: NewPage, watch: Watch, line: BadLine):
    page = new_page(service_workers="allow")
    page.goto(f"{walked.url}/t/stadtwald/offline")
    line.cut = "960.avif"
    page.locator("[data-press=take]").click(timeout=LONG)
    page.locator("[data-press=discard]").click(timeout=LONG)
    expect(page.get_by_text("Gelöscht.")).to_be_visible(timeout=LONG)
    assert page.evaluate(STORED) == NOTHING
    forgive_all(watch, "ERR_", "net::")


def test_other_bytes_are_refused_and_told_and_the_old_pack_stays(
    walked: Hikers, new_page: NewPage, watch: Watch, line: BadLine
):
    page = new_page(service_workers="allow")
    line.swapped = A_PAGE
    page.goto(f"{walked.url}/t/stadtwald/offline")
    page.locator("[data-press=take]").click(timeout=LONG)
    expect(page.get_by_text("Ein Teil kam beschädigt an und wurde nicht genommen.")).to_be_visible(timeout=LONG)
    assert page.evaluate(STORED) == NOTHING
    line.swapped = ""
    take_along(page, walked)
    rename(walked, "Die neuen Teiche")
    line.swapped = A_PAGE
    page.reload()
    page.get_by_role("button", name="Neuere Fassung laden").click(timeout=LONG)
    expect(page.get_by_text("Was du schon mitgenommen hattest, ist noch da.")).to_be_visible(timeout=LONG)
    with without_network(page, watch):
        assert opened(page, walked) == "Die Försterteiche"


def test_an_update_loads_what_is_new_alone_and_then_shows_it(
    walked: Hikers, new_page: NewPage, watch: Watch, line: BadLine
):
    page = new_page(service_workers="allow")
    take_along(page, walked)
    rename(walked, "Die neuen Teiche")
    line.asked.clear()
    page.reload()
    page.get_by_role("button", name="Neuere Fassung laden").click(timeout=LONG)
    expect(page.get_by_text("Es gibt nichts Neueres.")).to_be_visible(timeout=LONG)
    loaded = [path for path in line.asked if re.fullmatch(A_PAGE, path)]
    assert 0 < len(loaded) < 10, "only the pages on which the title stands"
    held = page.evaluate("async () => (await (await caches.open('trail-pieces')).keys()).length")
    pieces = int(re.findall(r"in (\d+) Teilen", page.locator("[data-part=kept-size]").inner_text())[0])
    assert held == pieces, "nothing of the old pack is left"
    with without_network(page, watch):
        assert opened(page, walked) == "Die neuen Teiche"


def test_a_trail_that_is_changed_in_the_middle_of_loading_ends_as_the_new_one(
    walked: Hikers, new_page: NewPage, watch: Watch, line: BadLine
):
    page = new_page(service_workers="allow")
    page.goto(f"{walked.url}/t/stadtwald/offline")
    expect(page.locator("[data-phase=absent]")).to_be_visible(timeout=LONG)
    rename(walked, "Die neuen Teiche")
    line.gone = A_PAGE  # as by a process that was started after the change
    page.locator("[data-press=take]").click()
    expect(page.locator("[data-phase=kept]")).to_be_visible(timeout=LONG)
    with without_network(page, watch):
        assert opened(page, walked) == "Die neuen Teiche"
    forgive_all(watch, "404")


def test_a_full_phone_is_told_so_and_keeps_what_it_had(walked: Hikers, new_page: NewPage, watch: Watch):
    page = new_page(service_workers="allow")
    devtools = page.context.new_cdp_session(page)

    def room(count: int) -> None:
        devtools.send("Storage.overrideQuotaForOrigin", {"origin": walked.url, "quotaSize": count})

    page.add_init_script(  # Chromium's own figure is a round one, whatever room there is
        "navigator.storage.estimate = async () => ({ quota: 100000, usage: 20000 })"
    )
    page.goto(f"{walked.url}/t/stadtwald/offline")
    expect(page.locator("[data-phase=absent]")).to_be_visible(timeout=LONG)
    said = page.get_by_text("Der Platz reicht wohl nicht: Frei sind 80")
    expect(said).to_be_visible()
    room(100_000)
    page.locator("[data-press=take]").click()
    expect(page.get_by_text("Auf dem Telefon ist kein Platz mehr.")).to_be_visible(timeout=LONG)
    assert page.evaluate(STORED) == NOTHING
    room(2_000_000_000)
    take_along(page, walked)
    known = devtools.send("Storage.getUsageAndQuota", {"origin": walked.url})
    room(int(known["usage"]) + 1000)
    page.get_by_label("English").check()
    page.locator("[data-press=take]").click()
    expect(page.get_by_text("Was du schon mitgenommen hattest, ist noch da.")).to_be_visible(timeout=LONG)
    with without_network(page, watch):
        assert opened(page, walked) == "Die Försterteiche"


def test_of_two_windows_one_loads_and_the_other_is_told(walked: Hikers, new_page: NewPage, watch: Watch, line: BadLine):
    first = new_page(service_workers="allow")
    second = first.context.new_page()
    for page in (first, second):
        page.goto(f"{walked.url}/t/stadtwald/offline")
        expect(page.locator("[data-phase=absent]")).to_be_visible(timeout=LONG)
    line.silent, line.silent_s = "960.avif", 4
    first.locator("[data-press=take]").click()
    expect(first.locator("[data-phase=loading]")).to_be_visible()
    second.locator("[data-press=take]").click()
    expect(second.get_by_text("Dieser Pfad wird gerade in einem anderen Fenster geladen.")).to_be_visible()
    expect(first.locator("[data-phase=kept]")).to_be_visible(timeout=LONG)


def test_a_piece_that_was_changed_on_the_phone_is_not_shown_and_one_press_brings_it_back(
    walked: Hikers, new_page: NewPage, watch: Watch
):
    page = new_page(service_workers="allow")
    take_along(page, walked)
    page.evaluate(DAMAGE)
    with without_network(page, watch):
        page.goto(f"{walked.url}/s/{PONDS}")
        expect(page.get_by_text("Torten")).to_have_count(0)
        expect(page.get_by_text(re.compile("Teile fehlen: .* nachladen"))).to_be_visible()
        page.goto(f"{walked.url}/s/{OAKS}")
        link = page.get_by_role("link", name=re.compile("Teile fehlen: .* nachladen"))
        expect(link).to_be_visible()
    forgive_all(watch, "503")
    link.click()
    expect(page.locator("[data-phase=kept]")).to_be_visible(timeout=LONG)
    with without_network(page, watch):
        assert opened(page, walked) == "Die Försterteiche"


def test_a_missing_piece_is_seen_at_every_open_before_it_is_claimed_to_be_complete(
    walked: Hikers, new_page: NewPage, watch: Watch
):
    page = new_page(service_workers="allow")
    take_along(page, walked)
    page.evaluate(DROP)
    page.reload()
    expect(page.locator("[data-phase=broken]")).to_be_visible(timeout=LONG)
    expect(page.get_by_text("vollständig und geprüft")).to_be_hidden()
    page.get_by_role("button", name="Teile fehlen").click()
    expect(page.locator("[data-phase=kept]")).to_be_visible(timeout=LONG)


def test_a_network_that_is_too_slow_or_a_server_that_is_down_gives_way_to_the_phone(
    walked: Hikers, new_page: NewPage, watch: Watch, line: BadLine
):
    page = new_page(service_workers="allow")
    take_along(page, walked)
    line.silent, line.silent_s = f"/s/{PONDS}$", 8
    page.goto(f"{walked.url}/s/{PONDS}")
    expect(page.get_by_text("Das Netz ist hier zu langsam.")).to_be_visible()
    line.silent, line.failing = "", f"/s/{OAKS}$"
    page.goto(f"{walked.url}/s/{OAKS}")
    expect(page.get_by_text("Der Server antwortet nicht.")).to_be_visible()
    forgive_all(watch, "503")


def test_a_failed_post_is_never_answered_with_a_page(walked: Hikers, new_page: NewPage, watch: Watch):
    page = new_page(service_workers="allow")
    take_along(page, walked)
    page.reload()
    with without_network(page, watch):
        for path in (f"/s/{PONDS}", "/t/stadtwald", "/anything"):
            said = page.evaluate(
                "path => fetch(path, { method: 'POST', body: 'x' }).then(answer => answer.status, () => 'failed')", path
            )
            assert said == "failed", path


def test_where_a_browser_cannot_keep_anything_the_page_says_so(walked: Hikers, new_page: NewPage):
    page = new_page()
    page.add_init_script("delete Navigator.prototype.serviceWorker")
    page.goto(f"{walked.url}/t/stadtwald/offline")
    expect(page.get_by_text("Dieser Browser kann hier nichts mitnehmen.")).to_be_visible()
    expect(page.locator("[data-press=take]")).to_be_hidden()
