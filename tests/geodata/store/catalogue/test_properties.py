"""All that is known of an observed property stands in its row, in the code and in the database."""

from __future__ import annotations

from dataclasses import replace

import psycopg

from geodata.actions import load_bundle
from geodata.model.observation import UNRANKED, Audience, by_name
from geodata.model.properties import STANDARD_PROPERTIES
from geodata.store.catalogue import catalogue, properties
from geodata.store.database import Database
from geodata.store.devices.property_alias import current_id
from geodata.store.migrate import bundled_migrations, migrate

STANDARD = {prop.id: prop for prop in STANDARD_PROPERTIES}
_BEFORE_TRAITS = 23
"""Migrations before the row said who reads it."""

_KNOWN_THEN = frozenset({
    "air_temperature", "air_humidity", "air_pressure", "soil_moisture", "soil_temperature", "water_level",
    "illuminance", "sound_level", "wind_gust", "rain", "surface_wetness", "battery_voltage", "battery_level",
    "rssi", "snr", "passes_in_total", "passes_out_total", "beacon_adverts",
})  # fmt: skip
"""What stood in a database of that time; later properties come with their traits."""


def test_the_database_gives_the_rows_of_the_code_with_every_trait(database: Database) -> None:
    with database.transaction() as connection:
        assert properties.load(connection) == STANDARD


def test_a_database_of_before_gets_the_traits_that_its_properties_had_in_the_code(empty_database_url: str) -> None:
    migrate(empty_database_url, bundled_migrations()[:_BEFORE_TRAITS])
    known = [(name, by_name(STANDARD_PROPERTIES)[name]) for name in _KNOWN_THEN]
    old = [(name, prop.unit, prop.kind.value, prop.decimals, prop.label_de, prop.label_en) for name, prop in known]
    added = [("barrel", "1", "running_total"), ("drops", "{drops}", "increment"), ("own_gauge", "[ppm]", "gauge")]
    with psycopg.connect(empty_database_url) as connection, connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO observed_property (id, unit, kind, minimum, maximum, decimals, label_de, label_en)"
            " VALUES (%s, %s, %s, 0, 1, %s, %s, %s)",
            [*old, *((*one, 0, "Eigene", "Own") for one in added)],
        )
    migrate(empty_database_url)
    with Database(empty_database_url, pool_size=1) as upgraded, upgraded.transaction() as connection:
        found = properties.load(connection)
    assert {
        name: (one.audience, one.rank, one.staff_rank, one.counts_things, one.direction) for name, one in found.items()
    } == {
        **{
            name: (one.audience, one.rank, one.staff_rank, one.counts_things, one.direction)
            for name, one in STANDARD.items()
        },
        "barrel": (Audience.STAFF, UNRANKED, UNRANKED, False, None),
        "drops": (Audience.STAFF, UNRANKED, UNRANKED, False, None),
        "own_gauge": (Audience.HIKERS, UNRANKED, UNRANKED, False, None),
    }


def test_a_row_of_a_release_with_another_id_renames_what_is_there_and_all_that_refers_to_it(database: Database) -> None:
    load_bundle.load_if_empty(database)
    renamed = replace(STANDARD["surface_wetness"], id="wetness", aliases=("surface_wetness",))
    release = [renamed if prop.id == "surface_wetness" else prop for prop in STANDARD_PROPERTIES]
    with database.transaction() as connection:
        before = catalogue.load(connection)
        properties.set_audience(connection, "stadtwald", "surface_wetness", Audience.STAFF)
        for _ in range(2):
            properties.add_missing(connection, release)
        found = catalogue.load(connection)
    assert found.properties == {prop.id: prop for prop in release}
    assert found.audiences == {("stadtwald", "wetness"): Audience.STAFF}
    series = {one.id for one in before.datastreams.values() if one.observed_property == "surface_wetness"}
    assert series
    assert series == {one.id for one in found.datastreams.values() if one.observed_property == "wetness"}
    rules = {one.id for one in before.notice_rules.values() if one.observed_property == "surface_wetness"}
    assert rules
    assert rules == {one.id for one in found.notice_rules.values() if one.observed_property == "wetness"}


def test_what_an_operator_renamed_is_not_added_again_and_keeps_its_sentences(database: Database) -> None:
    with database.transaction() as connection:
        properties.rename(connection, "rain", "precipitation")
        properties.rename(connection, "precipitation", "niederschlag")
        properties.add_missing(connection, STANDARD_PROPERTIES)
        properties.add_missing(connection, [replace(STANDARD["rain"], id="rainfall", aliases=("rain",))])
        found = properties.load(connection)
        assert current_id(connection, "rain") == "niederschlag"
        assert found["niederschlag"] == replace(
            STANDARD["rain"], id="niederschlag", aliases=("rain", "precipitation")
        ), "with its sentences"
        assert found.keys() == STANDARD.keys() - {"rain"} | {"niederschlag"}
        properties.rename(connection, "niederschlag", "rain")
        assert properties.load(connection)["rain"].aliases == ("precipitation", "niederschlag")


def test_a_bundle_that_was_written_before_a_property_was_renamed_is_read(database: Database) -> None:
    with database.transaction() as connection:
        properties.rename(connection, "surface_wetness", "wetness")
    load_bundle.load_if_empty(database)
    with database.transaction() as connection:
        assert "wetness" in {one.observed_property for one in catalogue.load(connection).notice_rules.values()}


def test_no_name_stands_for_two_properties() -> None:
    names = [name for prop in STANDARD_PROPERTIES for name in (prop.id, *prop.aliases)]
    assert len(names) == len(set(names))


def test_no_two_properties_share_a_place_on_a_page() -> None:
    for rank in ("rank", "staff_rank"):
        taken = [getattr(prop, rank) for prop in STANDARD_PROPERTIES if getattr(prop, rank) != UNRANKED]
        assert len(taken) == len(set(taken)), rank
