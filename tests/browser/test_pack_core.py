"""What keeps packs on a phone, under every interruption: a trail has its old pack or its new one whole, or none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, Route

from tests.checkout import ROOT

SCRIPTS = ROOT / "api/webapp/scripts"
ORIGIN = "http://localhost/"
HARNESS = """
import { NotLoaded, broken, missing, takeAlong } from "/load.js";
import { addressOf, ageInDays, chosen, fileAt, pageAt, variantFor } from "/pack.js";
import { PackStore, digest } from "/store.js";

class Memory {
  caches = new Map();
  writes = Infinity; // that are still made; afterwards the phone is off
  full = false;
  async #write(change) {
    if (this.writes <= 0) throw new Error("killed");
    this.writes -= 1;
    return change();
  }
  async has(name) { return this.caches.has(name); }
  async delete(name) { return this.#write(() => this.caches.delete(name)); }
  async open(name) {
    if (!this.caches.has(name)) await this.#write(() => this.caches.set(name, new Map()));
    const entries = this.caches.get(name) ?? new Map();
    const path = (key) => new URL(key.url ?? key, location.origin).pathname;
    return {
      keys: async () => [...entries.keys()].map((key) => new Request(key)),
      match: async (key) => entries.get(path(key))?.clone(),
      delete: (key) => this.#write(() => entries.delete(path(key))),
      put: (key, response) => this.#write(() => {
        if (this.full && name === "trail-pieces") throw new DOMException("full", "QuotaExceededError");
        entries.set(path(key), response);
      }),
    };
  }
}

async function manifestOf(version, contents) {
  const pieces = [];
  for (const content of contents) {
    const bytes = new TextEncoder().encode(`piece ${content}`);
    const sha256 = await digest(bytes);
    pieces.push({ url: `/${content}`, sha256, bytes: bytes.length, kind: "page", type: "text/html", variants: ["de"] });
  }
  return { format: 1, trail: "t", version, pieces, pages: [], variants: [] };
}

async function step(memory, { act, version, contents, writes, fault, at }) {
  memory.writes = writes ?? Infinity;
  memory.full = fault === "full";
  const store = new PackStore(memory);
  let asked = 0;
  const fetchPiece = async (url) => {
    asked += 1;
    if (fault === "away" && asked > at) throw new TypeError("no network");
    const bytes = new TextEncoder().encode(`piece ${url.slice(1)}`);
    if (fault === "swapped" && asked > at) bytes[0] ^= 1;
    return { status: fault === "changed" && asked > at ? 404 : 200, bytes: bytes.buffer, headers: new Headers() };
  };
  const wanted = act === "take" ? await manifestOf(version, contents) : null;
  const before = await store.pack("t");
  const work = act === "take" ? takeAlong(wanted, { store, fetchPiece, wait: async () => {} }) : store.remove("t");
  const outcome = await work.then(() => "done", (error) => error.why ?? error.message);
  memory.writes = Infinity;
  memory.full = false;
  const fresh = new PackStore(memory);
  const after = await fresh.pack("t");
  const allowed = [before?.version ?? null, act === "take" ? version : null];
  return {
    outcome,
    isAllowed: allowed.includes(after?.version ?? null),
    isNew: (after?.version ?? null) === (act === "take" ? version : null),
    faults: after ? (await broken(after, fresh)).length : 0,
    lacking: after ? (await missing(after, fresh)).length : 0,
    caches: [...memory.caches.keys()],
    held: (await fresh.held()).size,
    wanted: after ? new Set(after.pieces.map((piece) => piece.sha256)).size : 0,
    begun: Boolean(await fresh.begun("t")),
  };
}

globalThis.play = async (steps) => {
  const memory = new Memory();
  const told = [];
  for (const one of steps) told.push(await step(memory, one));
  return told;
};
globalThis.pack = { ageInDays, chosen, fileAt, pageAt, variantFor };
globalThis.pack.addressOf = (url) => addressOf(new URL(url, location.origin));
document.documentElement.dataset.ready = "";
"""


@pytest.fixture(scope="module")
def core(browser: Browser) -> Iterator[Page]:
    """A page that has the scripts as they are written, before they are put together."""
    context = browser.new_context()

    def serve(route: Route) -> None:
        name = route.request.url.removeprefix(ORIGIN)
        if not name:
            route.fulfill(content_type="text/html", body='<script type="module" src="/harness.js"></script>')
        elif name == "harness.js":
            route.fulfill(content_type="text/javascript", body=HARNESS)
        else:
            route.fulfill(content_type="text/javascript", body=(SCRIPTS / name).read_text(encoding="utf-8"))

    context.route("**/*", serve)
    page = context.new_page()
    page.goto(ORIGIN)
    page.locator("html[data-ready]").wait_for()
    yield page
    context.close()


FAULTS = st.sampled_from([None, "away", "swapped", "changed", "full"])
STEPS = st.fixed_dictionaries(
    {
        "act": st.sampled_from(["take", "take", "take", "remove"]),
        "contents": st.lists(st.integers(0, 8), min_size=1, max_size=6),
        "writes": st.one_of(st.none(), st.integers(0, 14)),
        "fault": FAULTS,
        "at": st.integers(0, 5),
    }
)


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=st.lists(STEPS, min_size=1, max_size=8))
def test_whatever_ends_it_a_trail_has_one_whole_pack_or_none(core: Page, steps: list[dict[str, Any]]) -> None:
    numbered = [{**step, "version": f"v{number}"} for number, step in enumerate(steps)]
    for step, told in zip(numbered, core.evaluate("steps => play(steps)", numbered), strict=True):
        assert told["isAllowed"], (step, told)
        assert (told["faults"], told["lacking"]) == (0, 0), (step, told)
        if told["outcome"] == "done":
            assert told["isNew"], (step, told)
            assert told["held"] == told["wanted"], "nothing else is left"
            assert told["caches"] == [] if step["act"] == "remove" else told["caches"], told
        elif step["writes"] is None:
            assert told["outcome"] == {"swapped": "damaged"}.get(step["fault"] or "", step["fault"]), (step, told)


@pytest.mark.parametrize(
    ("spelling", "address", "lang"),
    [
        ("/s/3DVB54", "/s/3DVB54", None),
        ("/S/3dvb54?via=nfc&lang=en", "/s/3DVB54", "en"),
        ("/s/3DVB-54.", "/s/3DVB54", None),
        ("//s//3dvb%2054/", "/s/3DVB54", None),
        ("/s/O1L", "/s/011", None),
        ("/s?code=3dvb54&lang=de", "/s/3DVB54", "de"),
        ("/T/Stadtwald/", "/t/stadtwald", None),
        ("/t/stadtwald/offline#load", "/t/stadtwald/offline", None),
        ("/s/%E0%A4%A", "/s/E0%A4%A", None),
        ("/", "/", None),
    ],
)
def test_any_spelling_of_an_address_is_found(core: Page, spelling: str, address: str, lang: str | None) -> None:
    told = core.evaluate("url => pack.addressOf(url)", ORIGIN.rstrip("/") + spelling)
    assert told["lang"] == lang
    assert told["address"].upper() == address.upper()


def test_a_page_is_that_of_its_time_and_the_first_one_before_all_others(core: Page) -> None:
    pages = [
        {"address": "/s/A", "variant": "de", "since": since, "sha256": name}
        for since, name in ((0, "before"), (1000, "coming"), (2000, "closed"), (3000, "over"))
    ]
    at = "([pages, now]) => pack.pageAt({ pages }, '/s/A', 'de', now)"
    for now, name, until in ((-5, "before", None), (999, "before", 1000), (2000, "closed", 3000), (9e12, "over", None)):
        told = core.evaluate(at, [pages, now])
        assert told["sha256"] == name
        assert until is None or told["until"] == until
    assert core.evaluate("pages => pack.pageAt({ pages }, '/s/B', 'de', 0)", pages) is None


def test_a_phone_whose_clock_is_behind_claims_no_age(core: Page) -> None:
    age = "([at, now]) => pack.ageInDays({ as_of: at }, Date.parse(now))"
    for now, days in (("2026-11-30T08:00:00Z", 0), ("2026-12-14T08:00:00Z", 14), ("2026-11-01T08:00:00Z", None)):
        assert core.evaluate(age, ["2026-11-30T08:00:00Z", now]) == days
    assert core.evaluate(age, ["2026-11-30T08:00:00Z", "2026-11-29T20:00:00Z"]) == 0, "a clock that is a little off"


def test_the_voice_is_the_one_asked_for_or_what_it_falls_back_to_or_the_browsers(core: Page) -> None:
    rows = [{"variant": "de", "primary": "de"}, {"variant": "en", "primary": "en"}]
    pack = {"variants": rows, "fallbacks": {"de": "de", "en": "de", "children": "de", "de_simple": "de"}}
    which = "([pack_, asked, languages]) => pack.variantFor(pack_, asked, languages)"
    for asked, languages, variant in (
        ("en", ["de"], "en"),
        ("children", ["en"], "de"),
        (None, ["fr-FR", "en-US"], "en"),
        (None, ["fr"], "de"),
        ("nonsense", ["en"], "en"),
    ):
        assert core.evaluate(which, [pack, asked, languages]) == variant, json.dumps([asked, languages])
