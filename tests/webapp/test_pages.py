"""The hikers' pages as a phone gets them."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape

import httpx

from api.http.page_headers import CONTENT_SECURITY_POLICY, security_headers
from geodata.actions.load_bundle import save_bundle
from geodata.bundle.folder import bundled
from geodata.model.content import StationContent
from geodata.model.observation import Audience, Quality
from geodata.model.station import Station
from geodata.model.trail import TrailContent
from geodata.store.catalogue import properties
from geodata.store.catalogue.station import save_station
from geodata.store.database import Database
from tests.fixtures.fix_hikers import BOARDWALK, OAKS, PONDS, Hikers, a_day, hikers_on
from tests.fixtures.support import free_port, wait_until

PAGES = ["/", "/t/stadtwald", f"/s/{PONDS}", "/datenschutz", "/impressum", "/barrierefreiheit", "/s/ZZZZZZ", "/nowhere"]
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def soon_shows(hikers: Hikers, path: str, part: str) -> str:
    """The page's text once it contains ``part``."""

    def shown() -> str:
        text = hikers.get(path).text
        return text if part in text else ""

    return wait_until(shown, what=part)


def words(html: str) -> str:
    """What a reader sees, roughly; protected spaces become plain ones."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html.split("</head>")[1])).split())


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


def test_a_value_is_a_sentence_then_a_number_with_its_age(hikers: Hikers):
    now = datetime.now(UTC)
    hikers.observe(a_day("pegel-04", "water_level", [44.0] * 25 + [41.0], now - timedelta(seconds=130)))
    text = words(hikers.get(f"/s/{PONDS}").text)
    assert "Das Wasser steht bei 41 cm." in text
    assert "Wasserstand 41 cm · vor 2 Minuten" in text
    assert "3 cm niedriger als gestern" in text


def test_a_gap_of_the_last_day_is_named(hikers: Hikers):
    now = datetime.now(UTC)
    hikers.observe(a_day("pegel-04", "water_level", [40.0] * 12 + [None] * 3 + [41.0] * 9, now))
    assert "zwischen 40\u00a0cm und 41\u00a0cm. 3 Stunden ohne Messung." in hikers.get(f"/s/{PONDS}").text


def test_a_silent_sensor_says_so_and_shows_no_number(hikers: Hikers):
    hikers.observe([("pegel-04", "water_level", datetime.now(UTC) - timedelta(hours=30), 41.0)])
    text = words(hikers.get(f"/s/{PONDS}").text)
    assert "Dieser Fühler schweigt: Wasserstand." in text
    assert "41 cm" not in text


def test_a_suspect_value_is_never_shown(hikers: Hikers):
    hikers.observe([("pegel-04", "water_level", datetime.now(UTC), 987.0)], Quality.SUSPECT)
    text = words(hikers.get(f"/s/{PONDS}").text)
    assert "misst gerade nicht richtig: Wasserstand" in text
    assert "987" not in text


def test_at_most_three_values_and_no_counters_or_batteries(hikers: Hikers):
    now = datetime.now(UTC)
    values = {
        "air_temperature": 9.0,
        "air_humidity": 70.0,
        "air_pressure": 1001.0,
        "battery_level": 77.0,
        "rssi": -88.0,
    }
    hikers.observe([("klima-01", prop, now, value) for prop, value in values.items()])
    hikers.observe([("zaehler-01", "passes_in_total", now, 5120.0)])
    html = hikers.get(f"/s/{OAKS}").text
    assert html.count('class="card reading"') == 3
    assert not {"77", "−88", "5120", "5.120"} & set(words(html).split())


def test_a_property_is_on_the_pages_of_the_trails_whose_hikers_read_it(hikers: Hikers):
    hikers.observe([("klima-01", "air_humidity", datetime.now(UTC), 60.0)])

    def shows_humidity() -> bool:
        return "Luftfeuchte" in hikers.get(f"/s/{OAKS}").text

    assert shows_humidity()
    with hikers.database.transaction() as connection:
        properties.edit(connection, "air_humidity", audience=Audience.STAFF)
    wait_until(lambda: not shows_humidity(), 10)
    with hikers.database.transaction() as connection:
        properties.set_audience(connection, "stadtwald", "air_humidity", Audience.HIKERS)
    wait_until(shows_humidity, 10)


def test_a_wet_boardwalk_comes_first(hikers: Hikers):
    now = datetime.now(UTC)
    hikers.observe([("steg-02", "air_temperature", now, 9.0), ("steg-02", "surface_wetness", now, 85.0)])
    text = words(hikers.get(f"/s/{BOARDWALK}").text)
    assert text.index("Der Holzsteg ist nass.") < text.index("Die Luft ist kühl.")


def test_new_values_come_alone_for_a_page_that_is_open(hikers: Hikers):
    hikers.observe([("pegel-04", "water_level", datetime.now(UTC), 41.0)])
    part = hikers.get(f"/s/{PONDS}/now").text
    assert "Das Wasser steht bei 41\u00a0cm." in part
    assert "<html" not in part


def test_the_language_is_the_chosen_one(hikers: Hikers):
    for query, accept, lang, part in (
        ("", "de", "de", "Schau genau hin"),
        ("", "en-GB", "en", "Look closely"),
        ("?lang=de_simple", "en", "de-simple", "Schauen Sie genau"),
        ("?lang=en", "de", "en", "Look closely"),
    ):
        answer = hikers.get(f"/s/{PONDS}{query}", accept_language=accept)
        assert f'<html lang="{lang}">' in answer.text
        assert part in answer.text
        assert answer.headers["content-language"] == lang
        assert "Accept-Language" in answer.headers["vary"]


def test_every_link_within_the_site_keeps_the_chosen_language(hikers: Hikers):
    for path in ("/", "/t/stadtwald", f"/s/{PONDS}", "/datenschutz"):
        html = hikers.get(f"{path}?lang=de_simple").text.split("</nav>", 2)[2]  # after the choice of languages
        links = [link for link in re.findall(r'href="(/[^"]*)"', html) if not link.startswith("/static")]
        assert links
        assert all("lang=de_simple" in link for link in links), links


def test_a_text_that_is_missing_in_a_language_is_german_and_marked_so(hikers: Hikers):
    content = StationContent(
        variant="de", title="Nur deutsch", lead="Kurz.", body="Lang.", question="Was?", answer="Das."
    )
    change(hikers.database, lambda station: replace(station, contents={"de": content}))
    html = soon_shows(hikers, f"/s/{PONDS}?lang=en", "Nur deutsch")
    assert '<h1 lang="de">Nur deutsch</h1>' in html
    assert '<p lang="de">Was?</p>' in html


def change(database: Database, edit: Callable[[Station], Station]) -> None:
    """Store station 4 anew, with only the contents that ``edit`` gives it."""
    station = edit(bundled().stations[3])
    with database.transaction() as connection:
        save_station(connection, station)


def test_the_children_have_a_voice_where_somebody_wrote_it(hikers: Hikers):
    silent = next(station for station in bundled().stations if "children" not in station.contents)
    for path in (f"/s/{silent.code}", f"/s/{silent.code}?lang=children"):
        html = hikers.get(path).text
        assert "Für Kinder" not in html
        assert "Für Erwachsene" not in html
        assert silent.contents["de"].title in html
    html = hikers.get(f"/s/{PONDS}").text
    assert f'href="/s/{PONDS}?lang=children">Für Kinder</a>' in html
    assert "Für Kinder" not in hikers.get(f"/s/{PONDS}?lang=en").text


def test_the_childrens_voice_is_german_with_a_way_back_and_asks_something_that_needs_no_server(hikers: Hikers):
    answer = hikers.get(f"/s/{PONDS}?lang=children")
    assert answer.headers["content-language"] == "de"
    assert '<html lang="de">' in answer.text
    assert "<h1>Wer wohnt im Teich?</h1>" in answer.text
    assert f'href="/s/{PONDS}?lang=de">Für Erwachsene</a>' in answer.text
    assert "<details><summary" in answer.text.replace(' class="button quiet"', "")
    assert "Drei sind gut, fünf sind großartig." in answer.text
    assert "?lang=children" in answer.text.split("Weiter geht es")[1]  # the next station in the same voice


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


def test_every_page_has_the_security_headers_and_stores_nothing(hikers: Hikers):
    for path in PAGES:
        headers = hikers.get(path).headers
        assert {name: headers.get(name) for name in security_headers(tls=False)} == security_headers(tls=False), path
        assert "set-cookie" not in headers
        assert "strict-transport-security" not in headers


def test_the_policy_allows_nothing_inline_and_the_pages_have_nothing_inline(hikers: Hikers):
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    for path in PAGES:
        html = hikers.get(path).text
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", html), path


def test_hsts_is_sent_where_the_public_uses_https():
    assert "max-age=31536000" in security_headers(tls=True)["strict-transport-security"]


def test_no_page_asks_for_anything_from_another_host(hikers: Hikers):
    for path in PAGES:
        html = hikers.get(path).text
        assert not re.findall(r'(?:src|action)="https?://|<link[^>]*href="https?://', html), path


def test_static_files_are_kept_for_ever_under_the_hash_of_their_content(hikers: Hikers):
    url = re.findall(r'href="(/static/style.css[^"]*)"', hikers.get("/").text)[0]
    assert "immutable" in hikers.get(url).headers["cache-control"]
    assert "immutable" not in hikers.get("/static/style.css?v=0").headers["cache-control"]


def test_a_station_page_is_asked_for_each_time_and_sent_only_when_it_changed(hikers: Hikers):
    first = hikers.get(f"/s/{PONDS}")
    assert first.headers["cache-control"] == "private, no-cache"
    again = hikers.get(f"/s/{PONDS}", if_none_match=first.headers["etag"])
    assert again.status_code == 304 or again.headers["etag"] != first.headers["etag"]
    hikers.observe([("pegel-04", "water_level", datetime.now(UTC), 41.0)])
    assert hikers.get(f"/s/{PONDS}", if_none_match=first.headers["etag"]).status_code == 200


def test_the_first_view_of_a_station_stays_within_its_budget(hikers: Hikers):
    now = datetime.now(UTC)
    for device, prop in (("pegel-04", "water_level"), ("pegel-04", "air_temperature")):
        hikers.observe(a_day(device, prop, [float(i) for i in range(26)], now))
    html = hikers.get(f"/s/{PONDS}").text
    files = {name: hikers.get(f"/static/{name}").content for name in ("style.css", "live.js")}
    assert len(re.findall(r'(?:src|href)="(?:/static|/favicon)', html)) <= 9
    assert gzipped(html.encode()) + gzipped(files["style.css"]) <= 14_000
    assert gzipped(files["style.css"]) <= 6_000
    assert len(files["live.js"]) <= 15_000


def gzipped(body: bytes) -> int:
    return len(zlib.compress(body, 6))


def test_a_change_in_the_office_is_on_the_page_within_seconds(hikers: Hikers):
    assert "Neuer Titel" not in hikers.get(f"/s/{PONDS}").text
    change(hikers.database, lambda s: replace(s, contents={"de": replace(s.contents["de"], title="Neuer Titel")}))
    assert soon_shows(hikers, f"/s/{PONDS}", "Neuer Titel")


def test_robots_may_read_the_pages_but_not_the_office(hikers: Hikers):
    assert "Disallow: /staff/" in hikers.get("/robots.txt").text


def test_a_page_that_is_written_to_says_that_it_can_only_be_read(hikers: Hikers):
    answer = httpx.post(f"{hikers.url}/s/{PONDS}")
    assert answer.status_code == 405
    assert "nur lesen" in answer.text
    assert "Nichts gefunden" not in answer.text
