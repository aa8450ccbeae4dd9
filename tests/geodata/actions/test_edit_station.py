"""What a printed code survives, and what the database itself refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import psycopg
import pytest

from geodata.actions import edit_station
from geodata.actions.edit_station import EditProblem, EditRefused
from geodata.actions.load_bundle import save_bundle
from geodata.bundle.folder import bundled
from geodata.errors import InvalidInput, NotFound, StoreRejected
from geodata.store.catalogue.station import load_stations
from geodata.store.database import Database
from geodata.vocabulary import codes

STATIONS = bundled().stations
FIRST, SECOND, THIRD = (station.code for station in STATIONS[:3])
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


@pytest.fixture
def filled(database: Database) -> Database:
    with database.transaction() as connection:
        save_bundle(connection, bundled())
    return database


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM station",
        "TRUNCATE station CASCADE",
        "TRUNCATE municipality CASCADE",
        "UPDATE station SET code = '000000' WHERE number = 1",
        "DELETE FROM trail",
        "SET session_replication_role = replica; DELETE FROM station",
        "SET session_replication_role = replica; TRUNCATE station CASCADE",
    ],
)
def test_the_database_refuses_to_lose_a_code_even_to_its_owner(
    filled: Database, database_url: str, statement: str
) -> None:
    with psycopg.connect(database_url) as owner, pytest.raises(psycopg.IntegrityError):
        owner.execute(statement.encode())
    with filled.transaction() as connection:
        assert len(load_stations(connection)) == len(STATIONS)


def test_the_database_refuses_a_code_that_was_ever_given(filled: Database) -> None:
    with filled.transaction() as connection:
        edit_station.retire(connection, FIRST, NOW)
    with pytest.raises(StoreRejected), filled.transaction() as connection:
        connection.execute(
            "INSERT INTO station (code, trail, number, lon, lat) VALUES (%s, 'stadtwald', 99, 8.9, 52.0)", [FIRST]
        )


def test_two_stations_swap_their_numbers_in_one_transaction(filled: Database) -> None:
    with filled.transaction() as connection:
        edit_station.renumber(connection, {FIRST: 2, SECOND: 1})
    with filled.transaction() as connection:
        stations = load_stations(connection)
    assert (stations[FIRST].number, stations[SECOND].number) == (2, 1)


def test_a_number_that_another_station_has_is_refused_naming_both(filled: Database) -> None:
    both = f"(?=.*{FIRST})(?=.*{SECOND})"
    with pytest.raises(EditRefused, match=both) as refused, filled.transaction() as connection:
        edit_station.renumber(connection, {FIRST: 2})
    assert refused.value.problem is EditProblem.NUMBER_TAKEN


def test_the_database_refuses_at_the_commit_what_no_function_has_checked(filled: Database) -> None:
    with pytest.raises(StoreRejected, match="station_number"), filled.transaction() as connection:
        connection.execute("UPDATE station SET number = 2 WHERE code = %s", [FIRST])


def test_a_retired_station_frees_its_number_and_comes_back_with_another(filled: Database) -> None:
    with filled.transaction() as connection:
        edit_station.retire(connection, FIRST, NOW)
        edit_station.renumber(connection, {SECOND: 1})
    with pytest.raises(InvalidInput, match="number is 1"), filled.transaction() as connection:
        edit_station.restore(connection, FIRST)
    with filled.transaction() as connection:
        edit_station.restore(connection, FIRST, 2)
        assert load_stations(connection)[FIRST].retired_at is None


def test_a_new_station_gets_a_valid_code_and_its_place_along_the_line(filled: Database) -> None:
    near = STATIONS[3]
    with filled.transaction() as connection:
        code = edit_station.add(connection, "stadtwald", number=11, lonlat=(near.lon, near.lat), title="Neu")
        added = load_stations(connection)[code]
    assert codes.is_valid(code)
    assert added.along_m == pytest.approx(near.along_m, abs=1)
    assert added.contents["de"].title == "Neu"


def test_a_station_moves_within_its_trail_and_keeps_its_texts(filled: Database) -> None:
    target = STATIONS[4]
    with filled.transaction() as connection:
        before = load_stations(connection)[FIRST]
        edit_station.move(connection, FIRST, lonlat=(target.lon, target.lat))
        after = load_stations(connection)[FIRST]
    assert after.along_m == pytest.approx(target.along_m, abs=1)
    assert (after.number, after.contents) == (before.number, before.contents)


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (lambda c: edit_station.move(c, FIRST, lonlat=(52.0, 8.9)), "a point at most 60 m from trail 'stadtwald'"),
        (lambda c: edit_station.move(c, FIRST, trail="nirgends"), "There is no trail 'nirgends'"),
        (lambda c: edit_station.move(c, "000000", trail="stadtwald"), "There is no station '000000'"),
        (lambda c: edit_station.restore(c, FIRST), "expected a retired station"),
        (lambda c: edit_station.renumber(c, {FIRST: 0}), "a whole number from 1 to 9999"),
        (lambda c: edit_station.find_code(c, "ZZZZZZZZ"), "There is no station 'ZZZZZZZZ'"),
    ],
)
def test_an_impossible_edit_is_refused_in_a_sentence(
    filled: Database, edit: Callable[[object], None], sentence: str
) -> None:
    with pytest.raises((InvalidInput, NotFound), match=sentence), filled.transaction() as connection:
        edit(connection)


def test_a_code_is_found_as_people_spell_it_and_a_slip_is_named(filled: Database) -> None:
    with filled.transaction() as connection:
        assert edit_station.find_code(connection, f" {FIRST[:3]}-{FIRST[3:]}".lower()) == FIRST
        with pytest.raises(InvalidInput, match=f"Did you mean .*{FIRST}"):
            edit_station.find_code(connection, FIRST[:-1] + "U")
