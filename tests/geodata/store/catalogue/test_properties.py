"""All that is known of an observed property stands in its row, in the code and in the database."""

from __future__ import annotations

import psycopg

from geodata.model.observation import UNRANKED, Audience
from geodata.model.properties import STANDARD_PROPERTIES
from geodata.store.catalogue import properties
from geodata.store.database import Database
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
    known = [STANDARD[name] for name in _KNOWN_THEN]
    old = [(one.id, one.unit, one.kind.value, one.decimals, one.label_de, one.label_en) for one in known]
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
    assert {name: (one.audience, one.rank, one.staff_rank, one.counts_things) for name, one in found.items()} == {
        **{name: (one.audience, one.rank, one.staff_rank, one.counts_things) for name, one in STANDARD.items()},
        "barrel": (Audience.STAFF, UNRANKED, UNRANKED, False),
        "drops": (Audience.STAFF, UNRANKED, UNRANKED, False),
        "own_gauge": (Audience.HIKERS, UNRANKED, UNRANKED, False),
    }


def test_no_two_properties_share_a_place_on_a_page() -> None:
    for rank in ("rank", "staff_rank"):
        taken = [getattr(prop, rank) for prop in STANDARD_PROPERTIES if getattr(prop, rank) != UNRANKED]
        assert len(taken) == len(set(taken)), rank
