"""The hikers' pages as a phone gets them: stations, trails, codes and changes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from geodata.actions.load_bundle import save_bundle
from geodata.bundle.folder import bundled
from geodata.model.content import StationContent
from geodata.model.trail import TrailContent
from geodata.store.catalogue.station import save_station
from geodata.store.database import Database
from tests.api.webapp.reading import change, soon_shows, words
from tests.fixtures.process.ports import free_port
from tests.fixtures.web.hikers import PONDS, Hikers, hikers_on

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def test_a_station_says_its_number_title_text_and_where_to_go_next(hikers: Hikers):
    answer = hikers.get(f"/s/{PONDS}")
    assert answer.status_code == 200
    text = words(answer.text)
    for part in (
        "Station 4 Die Försterteiche",
        "Vier Teiche",
        "Orkan",
        "Auflösung",
        "Wo die Fichten standen",
        "410 m · nach Osten",
    ):
        assert part in text


def test_a_code_is_taken_as_people_type_it(hikers: Hikers):
    for spelling in ("3dvb54", "3DV-B54", "%203DVB54"):
        assert "Die Försterteiche" in hikers.get(f"/s/{spelling}").text, spelling


def test_a_mistyped_code_is_answered_with_the_station_that_was_meant(hikers: Hikers):
    answer = hikers.get("/s/3DVB45")
    assert answer.status_code == 404
    assert f'href="/s/{PONDS}"' in answer.text
    assert "Die Försterteiche" in answer.text


def test_a_code_typed_on_the_first_page_leads_to_its_station(hikers: Hikers):
    answer = hikers.get("/s?code=3dvb54&lang=en")
    assert (answer.status_code, answer.headers["location"]) == (303, "/s/3dvb54?via=sign&lang=en")


def test_a_code_that_leads_elsewhere_stays_on_this_site(hikers: Hikers):
    assert hikers.get("/s?code=//example.org/%0d%0ax").headers["location"].startswith("/s/%2F%2Fexample.org%2F%0D")


def test_a_retired_station_tells_what_stood_there_and_the_nearest_other(hikers: Hikers):
    retire(hikers.database, 4)
    text = words(soon_shows(hikers, f"/s/{PONDS}", "gibt es nicht mehr"))
    assert "Vier Teiche" in text
    assert re.search(r"Sie wurde aufgegeben: \d+\. \w+ \d{4}\.", text), "years later the day alone says nothing"
    assert "5 Wo die Fichten standen" in text
    assert f"/s/{PONDS}" not in hikers.get("/t/stadtwald").text


def retire(database: Database, number: int) -> None:
    station = next(station for station in bundled().stations if station.number == number)
    with database.transaction() as connection:
        save_station(connection, replace(station, retired_at=datetime.now(UTC) - timedelta(days=3)))


def test_the_trail_lists_all_stations_and_says_that_it_is_a_demonstration(hikers: Hikers):
    text = words(hikers.get("/t/stadtwald").text)
    assert "Vorführung" in text
    assert "138 m hinauf" in text
    for station in bundled().stations:
        assert station.contents["de"].title in text


def test_the_first_page_lists_the_trails(hikers: Hikers):
    assert 'href="/t/stadtwald"' in hikers.get("/").text


def test_without_a_trail_the_first_page_says_so(database: Database):
    with hikers_on(database) as hikers:
        assert "noch keinen Pfad" in hikers.get("/").text


def test_while_the_database_has_never_answered_the_page_says_to_come_back():
    database = Database(f"postgresql://postgres@127.0.0.1:{free_port()}/none")
    with hikers_on(database, wait_s=0) as hikers:
        answer = hikers.get(f"/s/{PONDS}")
    assert answer.status_code == 503
    assert answer.headers["retry-after"].isdigit()
    assert "Gleich wieder da" in answer.text


def test_no_text_of_an_editor_or_a_device_becomes_code(database: Database):
    bundle = bundled()
    station_text = StationContent(
        variant="de", title=EVIL, lead=EVIL, body=EVIL, question=EVIL, answer=EVIL, source=EVIL
    )
    trail_text = TrailContent(variant="de", name=EVIL, lead=EVIL, body=EVIL)
    evil = replace(
        bundle,
        municipality=replace(bundle.municipality, name=EVIL),
        trail=replace(bundle.trail, contents={"de": trail_text}, attribution=EVIL),
        stations=tuple(replace(station, contents={"de": station_text}) for station in bundle.stations),
    )
    with database.transaction() as connection:
        save_bundle(connection, evil)
        connection.execute("UPDATE observed_property SET label_de = %s, unit = %s", [EVIL, EVIL])
    with hikers_on(database) as hikers:
        hikers.observe([("pegel-04", "water_level", datetime.now(UTC), 41.0)])
        for path in (
            "/",
            "/t/stadtwald",
            f"/s/{PONDS}",
            f"/s/{PONDS}/now",
            "/s/3DVB45",
            f"/s/{EVIL}",
            f"/{EVIL}?lang={EVIL}",
        ):
            html = hikers.get(path).text
            assert "<script>" not in html
            assert "<img" not in html


def test_a_change_in_the_office_is_on_the_page_within_seconds(hikers: Hikers):
    assert "Neuer Titel" not in hikers.get(f"/s/{PONDS}").text
    change(hikers.database, lambda s: replace(s, contents={"de": replace(s.contents["de"], title="Neuer Titel")}))
    assert soon_shows(hikers, f"/s/{PONDS}", "Neuer Titel")
