"""Which page of a pack an address, a typed code or a number shows, and when; what is a manifest at all."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from api.webapp.routes.typed import read
from geodata.vocabulary.codes import ALPHABET, is_valid, normalise
from tests.api.webapp.routes.test_typed import ADDRESSES
from tests.fixtures.web.phone_scripts import ORIGIN


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


@pytest.mark.parametrize("said", ["null", "[]", "{}", '{"format": 2}', '{"format": 1, "trail": "t", "pieces": []}'])
def test_what_is_no_manifest_is_none(core: Page, said: str) -> None:
    assert not core.evaluate("said => pack.isManifest(JSON.parse(said), 't')", said)


def test_a_manifest_is_that_of_its_trail_with_hashes_that_are_some(core: Page) -> None:
    sha256, check = "a" * 64, "([said, trail]) => pack.isManifest(said, trail)"
    piece = {"url": "/x", "sha256": sha256, "bytes": 3, "variants": ["de"]}
    said = {
        "format": 1,
        "trail": "t",
        "variants": [{"variant": "de", "words": {}}],
        "pages": [{"address": "/x", "sha256": sha256}],
        "pieces": [piece],
    }
    assert core.evaluate(check, [said, "t"])
    assert not core.evaluate(check, [said, "u"])
    assert not core.evaluate(check, [{**said, "pieces": [{**piece, "sha256": "../x"}]}, "t"])
    assert not core.evaluate(check, [{**said, "pages": [None]}, "t"])


def test_the_stations_of_a_number_are_those_of_the_trail_or_of_all_each_once(core: Page) -> None:
    packs = [
        {"trail": "a", "stations": [{"number": 4, "code": "A4"}, {"number": 5, "code": "MOVED"}]},
        {"trail": "b", "stations": [{"number": 4, "code": "B4"}, {"number": 5, "code": "MOVED"}]},
        {"trail": "of before there were numbers"},
    ]
    found = "([packs, number, trail]) => pack.numbered(packs, number, trail).map(one => one.code + one.pack.trail)"
    for number, trail, codes in (
        (4, None, ["A4a", "B4b"]),
        (4, "b", ["B4b"]),
        (4, "c", []),
        (5, None, ["MOVEDa"]),
        (9, None, []),
    ):
        assert core.evaluate(found, [packs, number, trail]) == codes


TYPED = st.one_of(
    st.sampled_from(
        [*ADDRESSES, "3dv b54", "3DVB-54", "\uff14", "Station 4", "No. 04", "#4", "1234", "4a", "s/", "%E0/s/%E0%A4"]
    ),
    st.text(alphabet="sS/\\?#=&%via nfcsign0123456789ABKX-.:\uff13\u2013", max_size=40),
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TYPED)
def test_what_is_typed_is_read_on_the_phone_as_on_the_server(core: Page, text: str) -> None:
    told, there = core.evaluate("text => pack.typed(text)", text), read(text)
    if there.number is not None:
        assert told == {"number": there.number}
    else:
        assert (told["via"], codes_match(told["code"], there.code)) == (there.via, True)


def codes_match(one: str, other: str) -> bool:
    """Whether both are the same sign's: how the rest is cut off makes no difference to that."""
    return is_valid(one) == is_valid(other) and (not is_valid(one) or normalise(one) == normalise(other))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(head=st.text(alphabet=ALPHABET, min_size=6, max_size=6), blank=st.sampled_from(["", " ", "-", "\u2013"]))
def test_a_code_is_one_on_the_phone_if_it_is_on_the_server(core: Page, head: str, blank: str) -> None:
    text = f"{head[:3]}{blank}{head[3:]}".lower()
    assert core.evaluate("text => pack.codeOf(text)", text) == (normalise(text) if is_valid(text) else None)
