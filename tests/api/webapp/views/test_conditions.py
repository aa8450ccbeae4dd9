"""Closures and notices on the hikers' pages: first, in words, at the right stations."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from geodata.conditions.closures import Closure, ClosureContent
from geodata.store.catalogue import closure as closure_store
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.web.browser import PHONE, Watch
from tests.fixtures.web.hikers import BOARDWALK, OAKS, PONDS, Hikers, a_day

NOW = datetime.now(UTC)
STORM = Closure(
    trail="stadtwald",
    valid_from=NOW - timedelta(hours=1),
    stretch=(1499, 2496),
    contents={
        "de": ClosureContent(variant="de", reason="Bäume liegen <b>quer</b>.", detour="Nimm den Hauptweg."),
        "en": ClosureContent(variant="en", reason="Trees lie across."),
    },
    legal_basis="§ 50 LFoG NRW",
)


def close(hikers: Hikers, closure: Closure, path: str, word: str) -> None:
    with hikers.database.transaction() as connection:
        closure_store.add(connection, closure)
    wait_until(lambda: word in hikers.get(path).text, timeout=2)


def section(html: str, name: str) -> str:
    found = re.search(rf'<section class="{name}[^>]*>(.*?)</section>', html, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split()) if found else ""


def test_a_closure_stands_before_the_title_at_its_stations_only(hikers: Hikers) -> None:
    close(hikers, STORM, f"/s/{PONDS}", "Gesperrt:")
    html = hikers.get(f"/s/{PONDS}").text
    assert html.index('class="closure"') < html.index("<h1")
    assert section(html, "closure") == (
        "Gesperrt: von Station 4 bis Station 6 Bäume liegen &lt;b&gt;quer&lt;/b&gt;. Nimm den Hauptweg."
        " Das Ende steht noch nicht fest. Grundlage: § 50 LFoG NRW"
    )
    assert section(hikers.get(f"/s/{OAKS}").text, "closure") == ""


def test_a_text_in_another_language_than_the_page_says_so(hikers: Hikers) -> None:
    close(hikers, replace(STORM, legal_basis=""), f"/s/{PONDS}", "Gesperrt:")
    assert "Closed: from station 4 to station 6" in section(hikers.get(f"/s/{PONDS}?lang=en").text, "closure")
    assert '<span lang="de">Nimm den Hauptweg.' in hikers.get(f"/s/{PONDS}?lang=en").text
    assert '<span lang="de">Bäume liegen' in hikers.get(f"/s/{PONDS}?lang=de_simple").text


def test_a_closure_to_come_says_when(hikers: Hikers) -> None:
    soon = replace(STORM, valid_from=NOW + timedelta(days=2), valid_until=datetime(2030, 7, 31, 22, tzinfo=UTC))
    close(hikers, soon, f"/s/{PONDS}", "Bald gesperrt:")
    said = section(hikers.get(f"/s/{PONDS}").text, "closure coming")
    assert re.search(r"Ab \w+, \d+\. \w+, \d\d:\d\d Uhr\. Bis einschließlich 31\. Juli 2030\.", said), said
    assert "shut-way" not in hikers.get("/t/stadtwald").text


def test_the_trail_draws_what_is_closed_and_names_the_stations(hikers: Hikers) -> None:
    close(hikers, STORM, "/t/stadtwald", "Gesperrt:")
    html = hikers.get("/t/stadtwald").text
    assert html.count('class="shut-way dashes"') == 2  # the stretch and its key
    rows = re.findall(r'<a class="row".*?</a>', html, re.DOTALL)
    assert ["gesperrt" in row for row in rows] == [False] * 3 + [True] * 3 + [False] * 4
    for path in ("/t/stadtwald", f"/s/{OAKS}", "/t/stadtwald/map", "/t/stadtwald/print"):
        plates = re.findall(r'aria-label="Station (\d+), gesperrt" class=" off"', hikers.get(path).text)
        assert plates == ["4", "5", "6"], path


def test_a_wet_boardwalk_is_a_warning_with_its_age_and_a_dry_one_is_no_word(hikers: Hikers) -> None:
    path = f"/s/{BOARDWALK}"
    assert "Gerade weiß niemand, ob der Holzsteg nass ist." in hikers.get(path).text
    hikers.observe(a_day("steg-02", "surface_wetness", [90.0], datetime.now(UTC) - timedelta(minutes=3)))
    assert section(hikers.get(path).text, "notice warning").endswith(
        "oder nimm den Weg daneben. Gemessen vor 3 Minuten ."
    )
    assert "wet and slippery" in hikers.get(path + "?lang=en").text
    assert "Sie können ausrutschen" in hikers.get(path + "?lang=de_simple").text
    hikers.observe(a_day("steg-02", "surface_wetness", [5.0], datetime.now(UTC)))
    assert "Holzsteg ist" not in section(hikers.get(path).text, "notice")
    assert "Gerade weiß niemand, ob" not in hikers.get(path).text


def test_what_nobody_knows_is_one_card_which_tells_equal_reasons_once(hikers: Hikers) -> None:
    card = re.findall(r'<section class="notice.*?</section>', hikers.get(f"/s/{PONDS}").text, re.DOTALL)
    assert len(card) == 1, "three sensors have never reported, and the station begins on the first screen"
    assert card[0].count("Der Sensor hat sich noch nie gemeldet.") == 1
    assert "wie hoch das Wasser" in card[0]
    assert "wie warm es ist" in card[0]
    hikers.observe(a_day("pegel-04", "water_level", [44.0] * 10, NOW - timedelta(hours=14)))
    wait_until(lambda: "Letzte Meldung" in hikers.get(f"/s/{PONDS}").text, timeout=2)
    told = section(hikers.get(f"/s/{PONDS}").text, "notice")
    assert told.index("wie hoch das Wasser") < told.index("Letzte Meldung des Sensors:")
    assert "noch nie gemeldet" in told


def test_an_open_page_takes_in_a_notice_that_changes(hikers: Hikers, new_page, watch: Watch) -> None:
    hikers.observe(a_day("steg-02", "surface_wetness", [5.0], datetime.now(UTC) - timedelta(minutes=2)))
    page = new_page(PHONE)
    page.goto(f"{hikers.url}/s/{BOARDWALK}")
    assert "rutschig" not in page.locator("[data-conditions]").inner_text()
    hikers.observe(a_day("steg-02", "surface_wetness", [90.0], datetime.now(UTC)))
    page.locator(".notice.warning").wait_for(timeout=10_000)
