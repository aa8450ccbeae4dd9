"""The start page, trails' pages, their sheets and files, as phones, printers and GIS programs get them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyogrio
from playwright.sync_api import Page, expect

from geodata.findings.trail_file import Findings
from geodata.store.catalogue import facts
from geodata.trailfiles.draft import draft
from geodata.trailfiles.draft.records import ReadOptions
from tests.api.webapp.reading import soon_shows, words
from tests.api.webapp.second_town import add_kalletal
from tests.fixtures.web.hikers import PUBLIC_URL, Hikers

NARROW = (320, 640)
LEMGO = (8.9047, 52.0469)
NewPage = Callable[..., Page]


def test_the_page_of_a_trail_says_all_that_people_ask_for(hikers: Hikers) -> None:
    text = words(hikers.get("/t/stadtwald?lang=de").text)
    for part in (
        "1 Std. 35 Min. zu Fuß",
        "2 Std. 25 Min. mit Kindern",
        "DIN 33466",
        "im Uhrzeigersinn",
        "Haltestelle Waldrand (erfunden) , beim Start, 140 m vom Weg",
        "DEMO-1",
        "kein echter Rettungspunkt",
        "24 Stufen",
        "Wurzeln und Steine",
        "Kinderwagen",
        "die Orte am Weg und die Messwerte sind erfunden",
    ):
        assert part in text, part


def test_what_the_trail_is_about_stands_before_the_map_and_code_and_stamps_behind_the_stations(hikers: Hikers) -> None:
    html = hikers.get("/t/stadtwald?lang=de").text
    places = [
        html.index(part)
        for part in (
            'class="facts"', "Dieser Pfad ist eine Vorführung.", "Mehr über diesen Pfad", 'id="karte"', 'id="liste"',
            'class="code"', "Stempel sammeln", "Problem melden", 'id="untergrund"', 'id="mitnehmen"',
        )
    ]  # fmt: skip
    assert places == sorted(places)


def test_a_trail_without_facts_says_so_and_guesses_nothing(hikers: Hikers) -> None:
    add_kalletal(hikers.database)
    soon_shows(hikers, "/t/weserblick", "hat noch niemand eingetragen")
    text = words(hikers.get("/t/weserblick?lang=de").text)
    assert "Nicht eingetragen: Rettungspunkt, Bushaltestelle, Parkplatz, Toilette, Bank." in text
    assert "zählt kein Zähler" in text


def test_changed_facts_show_at_once(hikers: Hikers) -> None:
    assert "DEMO-1" in hikers.get("/t/stadtwald").text
    with hikers.database.transaction() as connection:
        facts.replace_places(connection, "stadtwald", [])
    soon_shows(hikers, "/t/stadtwald", "Nicht eingetragen")
    assert "DEMO-1" not in hikers.get("/t/stadtwald").text


def test_what_counters_said_lately_is_no_figure_before_a_week_is_closed(hikers: Hikers) -> None:
    yesterday = (datetime.now(UTC) - timedelta(days=2)).replace(hour=12, minute=0, second=0, microsecond=0)
    rows = [("zaehler-01", "passes_in_total", yesterday + timedelta(minutes=10 * i), 100.0 + i) for i in range(4)]
    hikers.observe(rows)
    text = words(hikers.get("/t/stadtwald?lang=de").text)
    assert "Noch ist keine Woche ganz gezählt." in text
    assert "3 Mal" not in text


def test_the_files_open_in_gdal_and_the_importer_knows_the_trail_again(hikers: Hikers, tmp_path: Path) -> None:
    for suffix, media_type in (("gpx", "application/gpx+xml"), ("gpkg", "application/geopackage+sqlite3")):
        answer = hikers.get(f"/data/stadtwald.{suffix}")
        assert answer.headers["content-type"] == media_type
        assert answer.headers["content-disposition"] == f'attachment; filename="stadtwald.{suffix}"'
        again = hikers.get(f"/data/stadtwald.{suffix}", **{"if-none-match": answer.headers["etag"]})
        assert again.status_code == 304
        file = tmp_path / f"stadtwald.{suffix}"
        file.write_bytes(answer.content)
        assert len(pyogrio.list_layers(file)) >= 2
        parsed = draft.read(file, ReadOptions(), Findings())
        assert (len(parsed.stations), len(parsed.places), len(parsed.sections)) == (10, 22, 14)
    assert f"{PUBLIC_URL}/s/K7YNX0" in hikers.get("/data/stadtwald.gpx").text
    assert hikers.get("/data/nirgends.gpx").status_code == 404


def test_the_sheet_for_printing_has_codes_emergency_numbers_and_the_address_of_the_trail(hikers: Hikers) -> None:
    page = hikers.get("/t/stadtwald/print?lang=de").text
    text = words(page)
    for part in ("Ruf 112 an.", "DEMO-3", "K7YNX0", "Die Försterteiche", f"{PUBLIC_URL}/t/stadtwald", "Rollstuhl"):
        assert part in text, part
    assert 'class="qr"' in page


def test_the_sheet_fits_on_one_page_of_paper(hikers: Hikers, page: Page) -> None:
    page.goto(f"{hikers.url}/t/stadtwald/print?lang=de")
    pdf = page.pdf(prefer_css_page_size=True)
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") + pdf.count(b"/Type /Page/") == 1


def test_the_start_page_lists_trails_by_towns_and_the_nearest_first_after_a_press(
    hikers: Hikers, new_page: NewPage
) -> None:
    add_kalletal(hikers.database)
    soon_shows(hikers, "/", "Weserblick")
    page = new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"longitude": LEMGO[0], "latitude": LEMGO[1]})
    page.goto(f"{hikers.url}/?lang=de")
    assert page.locator("h2:not(#schild)").all_inner_texts() == ["Kalletal", "Lemgo"]
    before = len(asked)
    page.get_by_role("button", name="Was ist in meiner Nähe?").click()
    expect(page.get_by_role("status")).to_have_text("Die nächsten Pfade stehen oben.")
    cards = page.locator(".trail-card").all_inner_texts()
    assert "0,1\u00a0km von dir" in cards[0]
    assert "Stadtwald" in cards[0]
    assert "Weserblick" in cards[1]
    assert len(asked) == before, "a press asks nobody anything"
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]


def test_who_keeps_the_place_to_oneself_is_told_and_the_towns_stay(hikers: Hikers, new_page: NewPage) -> None:
    add_kalletal(hikers.database)
    soon_shows(hikers, "/", "Weserblick")
    page = new_page()
    page.goto(f"{hikers.url}/?lang=de")
    page.get_by_role("button", name="Was ist in meiner Nähe?").click()
    expect(page.get_by_role("status")).to_contain_text("sagt nicht, wo du bist")
    assert page.locator("h2:not(#schild)").all_inner_texts() == ["Kalletal", "Lemgo"]


def test_without_javascript_the_start_page_offers_no_press_and_all_trails(hikers: Hikers, new_page: NewPage) -> None:
    add_kalletal(hikers.database)
    soon_shows(hikers, "/", "Weserblick")
    page = new_page(javascript=False)
    page.goto(f"{hikers.url}/?lang=de")
    expect(page.get_by_role("button", name="Was ist in meiner Nähe?")).to_be_hidden()
    expect(page.locator(".trail-card")).to_have_count(2)
