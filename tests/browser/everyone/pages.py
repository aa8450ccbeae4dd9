"""Every page that the public is shown, as data, and the looks in which each must work for everyone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from playwright.sync_api import Geolocation, Page, expect

from api.webapp.offline.pack import HELP
from tests.api.webapp.second_town import FIRST, GIVEN_UP, REMOVED, SECOND
from tests.browser.reports.reporting import fill, press
from tests.fixtures.web.browser import DESK, PHONE
from tests.fixtures.web.everything import CLOSED_AHEAD, REPORT, Everything
from tests.fixtures.web.hikers import BOARDWALK, OAKS, PONDS

NARROW = (320, 640)
LOCATION: Geolocation = {"latitude": 52.051552, "longitude": 8.916774, "accuracy": 12}
MAP = "/t/stadtwald/map"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a page is looked at: the window in CSS pixels, and what the reader has set in the browser or the system."""

    size: tuple[int, int]
    theme: Literal["light", "dark"] = "light"
    is_forced: bool = False
    percent: int = 100
    """Of the usual size of text, as set in the browser: media queries know it."""

    def put_on(self, page: Page) -> None:
        """Show the open page so."""
        forced: Literal["active", "none"] = "active" if self.is_forced else "none"
        page.set_viewport_size({"width": self.size[0], "height": self.size[1]})
        page.emulate_media(color_scheme=self.theme, forced_colors=forced)
        sizes = {"standard": 16 * self.percent // 100, "fixed": 13 * self.percent // 100}
        page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": sizes})
        shown = page.evaluate("[innerWidth, parseFloat(getComputedStyle(document.documentElement).fontSize)]")
        assert shown == [self.size[0], sizes["standard"]], f"{self} is shown as {shown}"


LOOKS = (
    Look(size=NARROW, percent=200),
    Look(size=NARROW, percent=200, theme="dark"),
    Look(size=NARROW, percent=200, is_forced=True),
    Look(size=NARROW, percent=200, theme="dark", is_forced=True),
    Look(size=NARROW),
    Look(size=DESK, theme="dark"),
)
"""Whole: both themes, with forced colours and without, on the narrowest phone with the largest text. Paired: usual text
there in the light, a desk in the dark."""
MEASURED = (Look(size=PHONE, percent=200), Look(size=DESK, percent=200))
"""Here only boxes are measured: no colour is another."""

Step = Callable[[Page], None]
Server = Literal["usual", "paused", "unready"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPage:
    """A page at ``path`` of a server; ``before`` and ``after`` opening it something is done.

    ``pack``: it is what is shown there of what was taken along. ``told``: what Chromium says of it in the console.
    """

    path: str
    server: Server = "usual"
    status: int = 200
    before: Step | None = None
    after: Step | None = None
    pack: str = ""
    told: str = "status of"

    def open(self, page: Page, everything: Everything) -> None:
        """Go there, and come to the state that is meant."""
        url: str = everything.usual.url if self.server == "usual" else getattr(everything, self.server)
        if self.before:
            self.before(page)
        if self.pack:
            taken = url + everything.pack[self.pack]
            page.route(f"{url}{self.path}", lambda route: route.fulfill(response=route.fetch(url=taken)))
        answer = page.goto(url + self.path)
        assert answer is not None
        assert answer.status == self.status, (self.path, answer.status)
        if self.after:
            self.after(page)


def _locate(page: Page) -> None:
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(LOCATION)


def _found(page: Page) -> None:
    expect(page.locator('[data-map="moving"]')).to_be_visible(timeout=30_000)
    page.locator('[data-tool="locate"]').click()
    expect(page.locator("[data-answer]")).to_contain_text("Station 4")


def _collect(page: Page) -> None:
    page.add_init_script(
        f"localStorage.stamps = '1'; for (const code of ['{PONDS}', '{OAKS}'])"
        " localStorage[`stamp/${code}`] = 'stadtwald'"
    )


def _collected(page: Page) -> None:
    expect(page.locator(".got")).to_have_count(2)


def _stamped(page: Page) -> None:
    expect(page.locator("[data-stamps] svg")).to_be_visible()


def _refused(page: Page) -> None:
    """The server's own page of errors: what somebody without JavaScript is shown."""
    page.evaluate(
        "() => { const form = document.querySelector('form.problem'); form.noValidate = true;"
        " form.elements.contact.value = 'x'.repeat(300); HTMLFormElement.prototype.submit.call(form) }"
    )
    page.locator('[role="alert"]').first.wait_for()


def _waiting(page: Page) -> None:
    """A report that waits for reception."""
    page.wait_for_selector("html[data-ready]")
    page.route("**/report*", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    fill(page)
    press(page)
    expect(page.locator("[data-outbox] li")).to_have_count(1)
    page.unroute_all()


def _chosen(page: Page) -> None:
    expect(page.locator("[data-phase=absent]")).to_be_visible(timeout=30_000)


PAGES = (
    PublicPage(path="/"),
    PublicPage(path="/t/stadtwald"),
    PublicPage(path="/t/stadtwald?lang=de_simple"),
    PublicPage(path="/t/weserblick?lang=en"),
    PublicPage(path="/t/stadtwald/print?lang=en"),
    PublicPage(path="/t/stadtwald/help"),
    PublicPage(path="/t/stadtwald/visits"),
    PublicPage(path="/t/stadtwald/visits?lang=de_simple"),
    PublicPage(path="/t/weserblick/visits?lang=en"),
    PublicPage(path=f"{MAP}?at={PONDS}", before=_locate, after=_found),
    PublicPage(path="/t/stadtwald/offline", after=_chosen),
    PublicPage(path="/t/stadtwald/stamps"),
    PublicPage(path="/t/stadtwald/stamps?lang=de", before=_collect, after=_collected),
    PublicPage(path="/t/stadtwald/certificate?lang=en", before=_collect, after=_collected),
    PublicPage(path=f"/s/{OAKS}"),
    PublicPage(path=f"/s/{PONDS}?via=sign", before=_collect, after=_stamped),
    PublicPage(path=f"/s/{PONDS}?lang=en"),
    PublicPage(path=f"/s/{PONDS}?lang=de_simple"),
    PublicPage(path=f"/s/{PONDS}?lang=children"),
    PublicPage(path=f"/s/{BOARDWALK}"),
    PublicPage(path=f"/s/{CLOSED_AHEAD}?lang=en"),
    PublicPage(path=f"/s/{FIRST}?lang=de_simple"),
    PublicPage(path="/scan?lang=de_simple"),
    PublicPage(path="/s?code=1"),
    PublicPage(path="/signs"),
    PublicPage(path="/report"),
    PublicPage(path=f"/s/{PONDS}/report", status=200, after=_refused),
    PublicPage(path="/t/stadtwald/report?lang=de", after=_waiting, told="ERR_FAILED"),
    PublicPage(path=f"/report/{REPORT}?lang=en"),
    PublicPage(path="/barrierefreiheit/lemgo"),
    PublicPage(path="/datenschutz/lemgo?lang=en"),
    PublicPage(path="/impressum/lemgo?lang=de_simple"),
    PublicPage(path="/nowhere", status=404),
    PublicPage(path="/s/3DVB45", status=404),
    PublicPage(path=f"/s/{SECOND}"),
    PublicPage(path=f"/s/{GIVEN_UP[0]}"),
    PublicPage(path="/t/altpfad?lang=en"),
    PublicPage(path=f"/s/{REMOVED[0]}", status=410),
    PublicPage(path=f"/s/{PONDS}?lang=de", server="paused", status=503),
    PublicPage(path="/t/stadtwald?lang=en", server="unready", status=503),
    PublicPage(path="/taken/page-that-was-not", pack=HELP),
    PublicPage(path="/taken/station", pack=f"/s/{PONDS}"),
    PublicPage(path="/taken/map", pack=MAP),
)
