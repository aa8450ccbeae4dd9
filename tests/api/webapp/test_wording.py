"""Times, numbers and languages as people say them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from api.languages.texts import texts
from api.webapp import wording
from api.webapp.directions import compass_words, slope_words
from api.webapp.language import choose, pick
from api.webapp.values.comparisons import against_yesterday
from api.webapp.values.sentences import is_for_hikers, sentence
from geodata.geometry.relief import Slope
from geodata.model.observation import Bucket, ObservedProperty, PropertyKind
from geodata.model.properties import STANDARD_PROPERTIES
from geodata.model.sentences import Sentences

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)  # 11:15 in Lemgo
PROPERTIES: dict[str, ObservedProperty] = {prop.id: prop for prop in STANDARD_PROPERTIES}
DE, EN = texts("de"), texts("en")


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=-20), "gerade eben"),  # a device's clock may be a little ahead
        (timedelta(seconds=80), "gerade eben"),
        (timedelta(seconds=100), "vor einer Minute"),
        (timedelta(minutes=6, seconds=50), "vor 6 Minuten"),
        (timedelta(hours=2), "heute, 09:15 Uhr"),
        (timedelta(hours=11, minutes=20), "gestern, 23:55 Uhr"),
        (timedelta(days=1, hours=11), "gestern, 00:15 Uhr"),
        (timedelta(days=2), "am 20. November, 11:15 Uhr"),
        (timedelta(days=365), "am 22. November 2025, 11:15 Uhr"),
    ],
)
def test_an_age_is_said_as_people_say_it(ago: timedelta, words: str):
    assert wording.age(NOW - ago, NOW, BERLIN, DE) == words


def test_an_age_in_english_has_no_uhr():
    assert wording.age(NOW - timedelta(days=2), NOW, BERLIN, EN) == "on 20 November, 11:15"


@pytest.mark.parametrize(
    ("value", "german", "english"),
    [
        (17.44, "17,4\u00a0°C", "17.4\u00a0°C"),
        (-3.0, "\u22123,0\u00a0°C", "\u22123.0\u00a0°C"),
        (-0.04, "0,0\u00a0°C", "0.0\u00a0°C"),
        (1e-308, "0,0\u00a0°C", "0.0\u00a0°C"),
        (1e308, "1E308\u00a0°C", "1E308\u00a0°C"),
        (-1.7976931348623157e308, "\u22121,8E308\u00a0°C", "\u22121.8E308\u00a0°C"),
        (float("inf"), "∞\u00a0°C", "∞\u00a0°C"),
    ],
)
def test_a_quantity_follows_the_language_and_has_no_minus_zero(value: float, german: str, english: str):
    assert wording.quantity(value, PROPERTIES["air_temperature"], DE) == german
    assert wording.quantity(value, PROPERTIES["air_temperature"], EN) == english


def test_thousands_are_parted_only_where_a_number_is_long():
    assert wording.number(1017, 0, DE) == "1017"
    assert wording.number(48_200, 0, DE) == "48.200"


@pytest.mark.parametrize(
    ("metres", "words"), [(3, "10\u00a0m"), (417, "420\u00a0m"), (996, "1,0\u00a0km"), (4870, "4,9\u00a0km")]
)
def test_a_distance_is_as_exact_as_a_walker_needs(metres: float, words: str):
    assert wording.distance(metres, DE) == words


@pytest.mark.parametrize(
    ("minutes", "words"), [(7.6, "8 Minuten"), (58, "eine Stunde"), (94, "1 Std. 35 Min."), (121, "2 Stunden")]
)
def test_a_walking_time_is_rounded_sensibly(minutes: float, words: str):
    assert wording.duration(minutes, DE) == words


def test_wetness_is_said_of_the_boardwalk_only_where_there_is_one():
    assert sentence(PROPERTIES["surface_wetness"], 85, "boardwalk", DE).startswith("Der Holzsteg ist nass.")
    assert sentence(PROPERTIES["surface_wetness"], 85, "climate", DE) == "Der Weg ist nass."


def test_the_row_of_a_property_is_all_that_its_sentences_need():
    air = ObservedProperty(
        id="carbon_dioxide", unit="[ppm]", kind=PropertyKind.GAUGE, minimum=300, maximum=5000,
        label_de="Kohlendioxid", label_en="Carbon dioxide", decimals=0,
    )  # fmt: skip
    assert sentence(air, 450, "", EN) == "Carbon dioxide: 450\u00a0ppm"
    says = Sentences(levels=((800, "Die Luft ist frisch."),), more="%(difference)s mehr als gestern", smallest=50)
    spoken = replace(air, sentences=says)
    assert sentence(spoken, 450, "", DE) == "Die Luft ist frisch."
    assert sentence(spoken, 800, "", DE) == "Kohlendioxid: 800\u00a0ppm"
    yesterday = [_hour(NOW.replace(minute=0) - timedelta(hours=24), 400)]
    assert against_yesterday(spoken, 450, NOW, yesterday, DE) == "50\u00a0ppm mehr als gestern"


@pytest.mark.parametrize("prop", STANDARD_PROPERTIES, ids=lambda prop: prop.id)
@pytest.mark.parametrize("language", ["de", "en", "de_simple"])
def test_every_value_in_range_has_a_sentence(prop: ObservedProperty, language: str):
    for value in (prop.minimum, 0.0, prop.maximum):
        assert sentence(prop, value, "", texts(language)).strip()


def test_counters_and_the_health_of_devices_are_not_for_hikers():
    hidden = {prop.id for prop in STANDARD_PROPERTIES if not is_for_hikers(prop)}
    assert hidden >= {prop.id for prop in STANDARD_PROPERTIES if prop.is_count}
    assert hidden >= {"battery_voltage", "battery_level", "rssi", "snr"}


def test_what_a_climate_station_measures_is_for_hikers():
    assert all(is_for_hikers(PROPERTIES[name]) for name in ("air_temperature", "air_humidity", "air_pressure", "rain"))


def _hour(start: datetime, mean: float) -> Bucket:
    return Bucket(start=start, count=6, mean=mean, minimum=mean, maximum=mean, first=mean, last=mean)


def test_a_comparison_with_yesterday_is_computed_from_the_same_hour():
    hours = [
        _hour(NOW.replace(minute=0) - timedelta(hours=24), 44),
        _hour(NOW.replace(minute=0) - timedelta(hours=2), 99),
    ]
    assert against_yesterday(PROPERTIES["water_level"], 41, NOW, hours, DE) == "3\u00a0cm niedriger als gestern"


@pytest.mark.parametrize("value", [43.6, 44.4])
def test_a_small_difference_is_not_worth_a_word(value: float):
    hours = [_hour(NOW.replace(minute=0) - timedelta(hours=24), 44)]
    assert against_yesterday(PROPERTIES["water_level"], value, NOW, hours, DE) == ""


def test_without_yesterday_there_is_no_comparison():
    assert against_yesterday(PROPERTIES["water_level"], 41, NOW, [], DE) == ""


@pytest.mark.parametrize(
    ("asked", "header", "variant"),
    [
        (None, "", "de"),
        (None, "en-US,en;q=0.9", "en"),
        (None, "eo-EO,eo;q=0.9", "de"),
        (None, "eo,en;q=0.5,de;q=0.3", "en"),
        (None, "de;q=0.3,en;q=0.2", "de"),
        (None, "en;q=0,de;q=0.1", "de"),
        (None, "en;q=x", "de"),
        ("de_simple", "en", "de_simple"),
        ("children", "en", "children"),
        ("xx", "en", "en"),
    ],
)
def test_the_address_decides_on_the_language_then_the_browser(asked: str | None, header: str, variant: str):
    assert choose(asked, header).variant == variant


def test_links_ask_for_the_language_only_when_the_visitor_did():
    assert choose("en", "").link("/t/stadtwald#karte") == "/t/stadtwald?lang=en#karte"
    assert choose(None, "en").link("/t/stadtwald#karte") == "/t/stadtwald#karte"


def test_a_missing_text_falls_back_to_german_and_says_so():
    assert pick({"de": "Wald", "en": "Forest"}, "de_simple") == ("Wald", "de")
    assert pick({"de": "Wald", "en": "Forest"}, "en") == ("Forest", "en")
    assert pick({"en": "Forest"}, "de") == ("Forest", "en")
    assert pick({}, "de_simple") == (None, "de-simple")


def test_directions_are_told_in_each_language_and_every_slope_has_its_words():
    assert [compass_words(degrees) for degrees in (0, 22, 23, 90, 359)] == [
        "nach Norden",
        "nach Norden",
        "nach Nordosten",
        "nach Osten",
        "nach Norden",
    ]
    assert (EN(compass_words(225)), texts("de_simple")(compass_words(90))) == ("to the south-west", "nach Osten")
    assert all(EN(slope_words(word)) != slope_words(word) for word in Slope)
