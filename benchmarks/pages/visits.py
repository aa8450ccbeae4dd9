"""One first visit of a page in Debian's Chromium, over a line and with a processor as slow as asked for."""

from __future__ import annotations

import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from tests.fixtures.process.programs import require
from tests.fixtures.web.browser import PHONE, SWITCHES, is_foreign

_QUIET_S = 1.0
_SILENT_S = 8.0
_LONGEST_S = 300.0


@dataclass(frozen=True, slots=True)
class Line:
    """What is between server and reader. ``kbit_s`` 0: nothing; ``slower`` is what the processor is divided by."""

    name: str
    kbit_s: int = 0
    latency_ms: int = 0
    slower: int = 1


FAST = Line("unthrottled")
EDGE = Line("EDGE", 150, 500, 4)


@dataclass(frozen=True, slots=True)
class Loaded:
    """An answer that a page caused: its address, kind such as Document or Image, and bytes with and without headers."""

    url: str
    kind: str
    received: int
    body: int


@dataclass(frozen=True, slots=True)
class Visit:
    """What a visit took. Seconds are from the beginning of the navigation; ``shift`` is the sum of layout shifts.

    ``readable_s``: the first frame that shows the title and the first sentence, by the Element Timing API.
    ``largest_s``: the largest contentful paint. ``foreign``: requests to other hosts, which were refused.
    """

    loaded: tuple[Loaded, ...]
    foreign: int
    first_paint_s: float
    readable_s: float
    largest_s: float
    largest_is: str
    shift: float

    @property
    def requests(self) -> int:
        """Of this site."""
        return len(self.loaded)

    @property
    def received(self) -> int:
        """Bytes with headers."""
        return sum(each.received for each in self.loaded)

    def body(self, *kinds: str) -> int:
        """Bytes of all answers of these kinds, as they were sent, without headers."""
        return sum(each.body for each in self.loaded if each.kind in kinds)


@contextmanager
def chromium() -> Generator[Browser]:
    """Debian's Chromium without a window."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    require("libatomic.so.1")
    with sync_playwright() as playwright, TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True) as folder:
        places = dict.fromkeys(("TMPDIR", "XDG_RUNTIME_DIR"), folder)
        browser = playwright.chromium.launch(
            executable_path=require("chromium"), args=[*SWITCHES, *sandbox], env={**os.environ, **places}
        )
        yield browser
        browser.close()


_OBSERVE = """
(selector => {
  const seen = window.__seen = { read: {}, largest: 0, largestIs: "", shift: 0, paint: 0 };
  const name = e => e ? e.localName + (e.className ? "." + String(e.className).split(" ")[0] : "") : "";
  const watch = (type, take) => new PerformanceObserver(list => list.getEntries().forEach(take))
    .observe({ type, buffered: true });
  watch("paint", e => { if (e.name === "first-contentful-paint") seen.paint = e.startTime; });
  watch("largest-contentful-paint", e => { seen.largest = e.startTime; seen.largestIs = name(e.element) || "gone"; });
  watch("layout-shift", e => { seen.shift += e.value; });
  watch("element", e => { seen.read[e.identifier] ??= e.renderTime || e.startTime; });
  const mark = () => selector.split(",").forEach(one => {
    const e = document.querySelector(one);
    if (e && !e.hasAttribute("elementtiming")) e.setAttribute("elementtiming", one);
  });
  new MutationObserver(mark).observe(document, { childList: true, subtree: true });
})
"""


_ALL_PAINTED = """
(async () => {
  const shown = [...document.images].filter(image => image.complete && image.naturalWidth);
  await Promise.all(shown.map(image => image.decode().catch(() => null)));
  for (let frame = 0; frame < 5; frame++) await new Promise(requestAnimationFrame);
  await new Promise(done => setTimeout(done, 300));
})()
"""


@dataclass
class _Traffic:
    """What the browser tells of its requests while a page loads."""

    kinds: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    headers: dict[str, int] = field(default_factory=dict[str, int])
    received: dict[str, int] = field(default_factory=dict[str, int])
    open: set[str] = field(default_factory=set[str])
    foreign: int = 0
    changed: float = field(default_factory=time.monotonic)

    def listen(self, session: CDPSession) -> None:
        """Note all that this session tells."""
        session.on("Network.requestWillBeSent", self._sent)
        session.on("Network.responseReceived", self._answered)
        session.on("Network.dataReceived", self._data)
        session.on("Network.loadingFinished", self._finished)
        session.on("Network.loadingFailed", self._failed)

    def is_quiet(self) -> bool:
        """Whether nothing is on its way: a stream of events stays open, and of a worker's script no end is told."""
        under_way = {one for one in self.open if self.kinds[one][1] != "EventSource"}
        return time.monotonic() - self.changed > (_SILENT_S if under_way else _QUIET_S)

    def loaded(self) -> tuple[Loaded, ...]:
        """All answers of this site."""
        return tuple(
            Loaded(url, kind, self.received.get(key, 0), max(self.received.get(key, 0) - self.headers.get(key, 0), 0))
            for key, (url, kind) in self.kinds.items()
        )

    def _sent(self, event: dict[str, Any]) -> None:
        url = str(event["request"]["url"])
        if is_foreign(url):
            self.foreign += 1
        elif url.startswith("http"):
            self.kinds[event["requestId"]] = url, event.get("type", "Other")
            self.open.add(event["requestId"])
        self.changed = time.monotonic()

    def _answered(self, event: dict[str, Any]) -> None:
        key = event["requestId"]
        if key in self.kinds:
            self.kinds[key] = self.kinds[key][0], event["type"]
            self.headers[key] = int(event["response"]["encodedDataLength"])
            self.received[key] = self.headers[key]

    def _data(self, event: dict[str, Any]) -> None:
        """A piece of a body; what a stream that stays open sends is counted by its pieces."""
        key = event["requestId"]
        if key in self.received:
            self.received[key] += int(event["encodedDataLength"])
        self.changed = time.monotonic()

    def _finished(self, event: dict[str, Any]) -> None:
        key = event["requestId"]
        if key in self.kinds:
            self.received[key] = int(event["encodedDataLength"])
            self._ended(key)

    def _failed(self, event: dict[str, Any]) -> None:
        self._ended(event["requestId"])

    def _ended(self, key: str) -> None:
        self.open.discard(key)
        self.changed = time.monotonic()


def visit(browser: Browser, url: str, line: Line, *, dpr: int = 1, texts: str = "h1, .lead") -> Visit:
    """Open ``url`` as a phone that was never there. It is readable when all ``texts``, CSS selectors, are painted."""
    context = browser.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]}, device_scale_factor=dpr, locale="de-DE",
        timezone_id="Europe/Berlin", has_touch=True, is_mobile=True,
    )  # fmt: skip
    try:
        page = context.new_page()
        page.add_init_script(f"({_OBSERVE})({texts!r})")
        session, traffic = context.new_cdp_session(page), _Traffic()
        traffic.listen(session)
        _slow_down(session, line)
        page.goto(url, wait_until="load", timeout=_LONGEST_S * 1000)
        _wait_until_quiet(page, traffic)
        return _visit(page, traffic, [one.strip() for one in texts.split(",")])
    finally:
        context.close()


def _slow_down(session: CDPSession, line: Line) -> None:
    _send(session, "Network.enable")
    if line.kbit_s:
        rate = line.kbit_s * 1000 / 8
        conditions = {
            "offline": False,
            "latency": line.latency_ms,
            "downloadThroughput": rate,
            "uploadThroughput": rate,
        }
        _send(session, "Network.emulateNetworkConditions", **conditions)
    _send(session, "Emulation.setCPUThrottlingRate", rate=line.slower)


def _send(session: CDPSession, method: str, **parameters: object) -> None:
    session.send(method, parameters)  # pyright: ignore[reportUnknownMemberType] - untyped in Playwright


def _wait_until_quiet(page: Page, traffic: _Traffic) -> None:
    deadline = time.monotonic() + _LONGEST_S
    while not traffic.is_quiet():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{page.url} still loads after {_LONGEST_S:.0f} s")
        page.wait_for_timeout(100)
    page.evaluate(_ALL_PAINTED)


def _visit(page: Page, traffic: _Traffic, texts: list[str]) -> Visit:
    seen: dict[str, Any] = page.evaluate("window.__seen")
    painted: dict[str, float] = {name.strip(): at for name, at in seen["read"].items()}
    missing = [one for one in texts if one not in painted]
    if missing:
        raise ValueError(f"{page.url} never painted {', '.join(missing)}")
    return Visit(
        loaded=traffic.loaded(),
        foreign=traffic.foreign,
        first_paint_s=seen["paint"] / 1000,
        readable_s=max(painted[one] for one in texts) / 1000,
        largest_s=seen["largest"] / 1000,
        largest_is=seen["largestIs"],
        shift=seen["shift"],
    )
