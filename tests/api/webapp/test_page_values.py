"""Measured values on the hikers' pages: sentences, ages, gaps and silence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from geodata.model.observation import Audience, Quality
from geodata.store.catalogue import properties
from tests.api.webapp.reading import words
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.web.hikers import BOARDWALK, OAKS, PONDS, Hikers, a_day


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
    assert "Dieser Sensor schweigt: Wasserstand." in text
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


def test_the_licence_is_that_of_values_only_where_something_is_measured(hikers: Hikers) -> None:
    assert "Texte: " in words(hikers.get(f"/s/{PONDS}").text)
    hikers.observe(a_day("pegel-04", "water_level", [44.0], datetime.now(UTC)))
    assert "Texte und Messwerte: " in words(hikers.get(f"/s/{PONDS}").text)
