"""What may happen to the service worker and the store behind pages: none of it shuts the site or claims too much."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from starlette.types import ASGIApp, Receive, Scope, Send

from geodata.model.trail import TrailState
from geodata.store.catalogue import trail_state
from geodata.store.database import Database
from tests.browser.offline.taking_along import LONG, NOTHING, STORED, take_along, without_network
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.web.browser import Watch
from tests.fixtures.web.hikers import PONDS, Hikers, hikers_on

NewPage = Callable[..., Page]
PORTAL = b"<!doctype html><title>Login</title>"
AS_OF = """async () => {
  const cache = await caches.open("trail-packs");
  return (await (await cache.match("/offline/packs/stadtwald")).json()).as_of;
}"""


class Hotspot:
    """Answers with 200 in place of the pages where ``paths`` says so: a login, or the script ``tail``.

    ``silent``: where no answer comes for long. ``later``: how far the pages' clock is put forward.
    """

    def __init__(self) -> None:
        self.paths = ""
        self.tail = b""
        self.silent = ""
        self.later = timedelta()

    def around(self, app: ASGIApp) -> ASGIApp:
        async def hotspot(scope: Scope, receive: Receive, send: Send) -> None:
            if self.silent and re.search(self.silent, scope.get("path", "")):
                await asyncio.sleep(18)
            if not self.paths or not re.search(self.paths, scope.get("path", "")):
                await app(scope, receive, send)
                return
            kind = b"text/html" if not self.tail else b"text/javascript"
            body = PORTAL if not self.tail else self.tail
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind)]})
            await send({"type": "http.response.body", "body": body})

        return hotspot


@pytest.fixture
def hotspot() -> Hotspot:
    """What is between browser and pages."""
    return Hotspot()


@pytest.fixture
def walked(demo_trail: None, database: Database, hotspot: Hotspot) -> Iterator[Hikers]:
    """The pages behind the hotspot, whose clock can be put forward."""
    with hikers_on(database, around=hotspot.around, clock=lambda: datetime.now(UTC) + hotspot.later) as running:
        yield running


def test_a_login_page_in_place_of_the_manifest_is_told(walked: Hikers, new_page: NewPage, hotspot: Hotspot) -> None:
    page = new_page(service_workers="allow")
    hotspot.paths = "offline.json"
    page.goto(f"{walked.url}/t/stadtwald/offline")
    expect(page.get_by_text("Der Server antwortet nicht wie erwartet.")).to_be_visible(timeout=LONG)
    expect(page.locator("[data-press=take]")).to_be_hidden()
    assert page.evaluate(STORED) == NOTHING


def test_a_login_page_in_place_of_the_worker_is_no_private_window(
    walked: Hikers, new_page: NewPage, watch: Watch, hotspot: Hotspot
) -> None:
    page = new_page(service_workers="allow")
    hotspot.paths = "sw.js"
    page.goto(f"{walked.url}/t/stadtwald/offline")
    page.locator("[data-press=take]").click(timeout=LONG)
    expect(page.get_by_text("Der Server antwortet nicht wie erwartet.")).to_be_visible(timeout=LONG)
    assert page.evaluate(STORED) == NOTHING
    watch.forgive("unsupported MIME type")


def test_a_worker_that_was_removed_alone_is_there_again_before_the_pack_is_called_complete(
    walked: Hikers, new_page: NewPage, watch: Watch
) -> None:
    page = new_page(service_workers="allow")
    take_along(page, walked)
    page.evaluate(
        "async () => { for (const one of await navigator.serviceWorker.getRegistrations()) await one.unregister() }"
    )
    page.goto("about:blank")
    page.goto(f"{walked.url}/t/stadtwald/offline")
    expect(page.get_by_text("vollständig und geprüft")).to_be_visible(timeout=LONG)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    with without_network(page, watch):
        page.goto(f"{walked.url}/s/{PONDS}")
        expect(page.get_by_text("Ohne Netz.", exact=True)).to_be_visible()


def test_a_pack_without_a_worker_is_not_called_complete(
    walked: Hikers, new_page: NewPage, watch: Watch, hotspot: Hotspot
) -> None:
    page = new_page(service_workers="allow")
    take_along(page, walked)
    page.evaluate(
        "async () => { for (const one of await navigator.serviceWorker.getRegistrations()) await one.unregister() }"
    )
    hotspot.paths = "sw.js"
    page.goto("about:blank")
    page.goto(f"{walked.url}/t/stadtwald/offline")
    expect(page.get_by_text("Der Server antwortet nicht wie erwartet.")).to_be_visible(timeout=LONG)
    expect(page.get_by_text("vollständig und geprüft")).to_be_hidden()
    watch.forgive("unsupported MIME type")


def test_a_store_that_cannot_be_read_does_not_shut_the_site(walked: Hikers, new_page: NewPage) -> None:
    page = new_page(service_workers="allow")
    take_along(page, walked)
    page.reload()
    (worker,) = page.context.service_workers
    worker.evaluate("void (caches.has = () => Promise.reject(new DOMException('broken', 'UnknownError')))")
    page.goto(f"{walked.url}/s/{PONDS}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Die Försterteiche")
    page.goto(f"{walked.url}/t/stadtwald/stamps")
    expect(page.get_by_role("button", name="Stempel sammeln")).to_be_visible()


def test_a_new_worker_takes_over_while_a_page_is_open(walked: Hikers, new_page: NewPage, hotspot: Hotspot) -> None:
    page = new_page(service_workers="allow")
    take_along(page, walked)
    page.reload()
    hotspot.paths, hotspot.tail = "sw.js", walked.get("/sw.js").content + b"\nself.isNewer = true;"
    assert page.evaluate(
        "async () => { const changed = new Promise(done => { navigator.serviceWorker.oncontrollerchange = done });"
        " await (await navigator.serviceWorker.getRegistration()).update();"
        " return Promise.race([changed.then(() => true), new Promise(done => setTimeout(done, 10000, false))]) }"
    )


def test_a_trail_that_is_gone_can_still_be_removed_from_the_phone(
    walked: Hikers, new_page: NewPage, watch: Watch
) -> None:
    page = new_page(service_workers="allow")
    take_along(page, walked)
    with walked.database.transaction() as connection:
        trail_state.set_state(connection, "stadtwald", TrailState.RETIRED, datetime.now(UTC))
    wait_until(lambda: walked.get("/t/stadtwald/offline.json").status_code == 404, what="the trail to be given up")
    page.goto(f"{walked.url}/t/stadtwald/offline")
    expect(page.get_by_text("Diesen Pfad gibt es nicht mehr.")).to_be_visible()
    page.locator("[data-press=remove]").click(timeout=LONG)
    expect(page.get_by_text("Gelöscht. Von diesem Pfad ist nichts mehr")).to_be_visible()
    assert page.evaluate(STORED) == NOTHING
    watch.forgive("404")


def test_what_is_on_the_phone_is_said_although_the_server_does_not_come_to_an_answer(
    walked: Hikers, new_page: NewPage, hotspot: Hotspot
) -> None:
    page = new_page(service_workers="allow")
    take_along(page, walked)
    hotspot.silent = "offline.json"
    page.reload()
    expect(page.get_by_text("vollständig und geprüft")).to_be_visible(timeout=15_000)


def test_while_another_window_is_at_it_nothing_is_written(walked: Hikers, new_page: NewPage, hotspot: Hotspot) -> None:
    first = new_page(service_workers="allow")
    take_along(first, walked)
    before, second = first.evaluate(AS_OF), first.context.new_page()
    hotspot.later = timedelta(minutes=5)
    first.evaluate(
        "() => void navigator.locks.request('trail-packs', () => new Promise(done => { window.done = done }))"
    )
    second.goto(f"{walked.url}/t/stadtwald/offline")
    expect(second.get_by_text("Es gibt nichts Neueres.")).to_be_visible(timeout=LONG)
    assert first.evaluate(AS_OF) == before
    first.evaluate("window.done()")
    second.reload()
    expect(second.get_by_text("Es gibt nichts Neueres.")).to_be_visible(timeout=LONG)
    assert first.evaluate(AS_OF) > before


def test_what_was_begun_and_cleared_meanwhile_is_simply_not_there(walked: Hikers, new_page: NewPage) -> None:
    page = new_page(service_workers="allow")
    page.goto(f"{walked.url}/t/stadtwald/offline")
    expect(page.locator("[data-phase=absent]")).to_be_visible(timeout=LONG)
    take_along(page, walked)
    page.evaluate(
        "async () => { const cache = await caches.open('trail-packs');"
        " await cache.put('/offline/begun/stadtwald', await cache.match('/offline/packs/stadtwald'));"
        " for (const part of ['packs', 'copies']) await cache.delete(`/offline/${part}/stadtwald`) }"
    )
    page.reload()
    expect(page.get_by_text("Das Laden wurde unterbrochen.")).to_be_visible(timeout=LONG)
    page.evaluate("async () => { for (const name of await caches.keys()) await caches.delete(name) }")
    page.evaluate(
        "() => { const main = document.querySelector('main'); window.phases = [];"
        " new MutationObserver(() => window.phases.push(main.dataset.phase)).observe(main, { attributes: true }) }"
    )
    page.locator("[data-press=resume]").click()
    page.wait_for_function("() => window.phases.at(-1) === 'absent'")
    assert page.evaluate("window.phases.includes('loading')") is False
    expect(page.get_by_text("Das Laden wurde unterbrochen.")).to_be_hidden()
    assert page.evaluate("() => caches.keys()") == []
