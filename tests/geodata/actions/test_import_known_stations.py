"""Which stored station a station of the file is: by code, number, name or place; and what becomes of those it lacks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from geodata.model.content import StationContent
from geodata.store.catalogue import content_versions
from geodata.store.database import Database
from geodata.vocabulary.season import Season
from tests.geodata.actions.imported_trail import KALLETAL, THREE, by_title, changes, import_, stored, told
from tests.geodata.trailfiles.geofiles import NOW, station


def test_a_name_that_differs_from_the_text_is_told_and_changes_nothing(database: Database, tmp_path: Path) -> None:
    import_(database, tmp_path)
    plan = import_(database, tmp_path, [THREE[0], (station(900), {"nr": 2, "name": "Alter Teich"}), THREE[2]])
    assert changes(plan) == [(1, "unchanged"), (2, "unchanged"), (3, "unchanged")]
    assert any(
        "stored texts, 1 of them: '2 Teich (Alter Teich)'. The texts stay" in line for line in told(plan, "note")
    )
    assert "Teich" in by_title(database)


def test_a_text_for_a_season_does_not_make_a_station_another(database: Database, tmp_path: Path) -> None:
    import_(database, tmp_path)
    pond = by_title(database)["Teich"]
    may = replace(pond.contents["de"], lead="Frösche.", body="Quak.", season="mai", show=Season((5, 1), (5, 31)))
    with database.transaction() as connection:
        content_versions.save_all(connection, [may], content_versions.ITSELF, station=pond.code)
    assert changes(import_(database, tmp_path)) == [(1, "unchanged"), (2, "unchanged"), (3, "unchanged")]
    assert stored(database)[pond.code].seasonal == (may,)


def test_moved_and_new_stations_leave_codes_and_texts_alone(database: Database, tmp_path: Path) -> None:
    import_(database, tmp_path)
    before = by_title(database)
    english = StationContent(variant="en", title="Pond", lead="A", body="B")
    with database.transaction() as connection:
        content_versions.save_all(
            connection,
            [*before["Teich"].contents.values(), english],
            content_versions.ITSELF,
            station=before["Teich"].code,
        )
    moved = [
        THREE[0],
        (station(1100), {"nr": 2, "name": "Weiher"}),
        THREE[2],
        (station(1900), {"nr": 4, "name": "Tal"}),
    ]
    plan = import_(database, tmp_path, moved)
    after = by_title(database)
    assert changes(plan) == [(1, "unchanged"), (2, "changed"), (3, "unchanged"), (4, "new")]
    assert after["Teich"].code == before["Teich"].code
    assert after["Teich"].contents["en"] == english
    assert after["Teich"].along_m == pytest.approx(1100, abs=0.1)
    assert any("Station 2 Teich" in line and "moves by 200 m; its sign too?" in line for line in told(plan, "warning"))


def test_two_stations_exchange_their_numbers_by_code(database: Database, tmp_path: Path) -> None:
    import_(database, tmp_path)
    before = by_title(database)
    swapped = [
        (point, {"nr": {1: 2, 2: 1, 3: 3}[values["nr"]], "code": before[values["name"]].code.lower()})
        for point, values in THREE
    ]
    plan = import_(database, tmp_path, swapped)
    after = by_title(database)
    assert not plan.refused
    assert (after["Eiche"].number, after["Teich"].number) == (2, 1)
    assert {one.code for one in before.values()} == {one.code for one in after.values()}


def test_numbers_shifted_by_a_station_in_between_are_refused_instead_of_moving_signs(
    database: Database, tmp_path: Path
) -> None:
    import_(database, tmp_path)
    names = [(100, "Eiche"), (500, "Bank"), (900, "Teich"), (1700, "Moor")]
    plan = import_(database, tmp_path, [(station(a), {"nr": i, "name": n}) for i, (a, n) in enumerate(names, 1)])
    (sentence,) = [line for line in told(plan, "error") if "stands where" in line]
    assert "Station 3 Teich stands where station 2 Teich" in sentence
    assert "Put the codes into a column 'code'" in sentence


def test_without_numbers_stations_are_known_by_name_and_by_place(database: Database, tmp_path: Path) -> None:
    import_(database, tmp_path)
    file = [(station(150), {"name": "EICHE"}), (station(905), {"name": "anders"}), (station(1300), {"name": "neu"})]
    plan = import_(database, tmp_path, file)
    assert [(one.station.number, one.by) for one in plan.stations][:2] == [(1, "name"), (2, "place")]
    assert [(one.station.number, one.change) for one in plan.stations][2:] == [(4, "new"), (3, "kept")]


def test_a_missing_station_stays_unless_retiring_is_asked_for(database: Database, tmp_path: Path) -> None:
    import_(database, tmp_path)
    plan = import_(database, tmp_path, THREE[:2])
    assert changes(plan)[-1] == (3, "kept")
    assert any("is not in the file and stays. retire-missing retires it." in line for line in told(plan, "warning"))
    assert by_title(database)["Moor"].retired_at is None
    plan = import_(database, tmp_path, THREE[:2], replace(KALLETAL, retire_missing=True))
    assert changes(plan)[-1] == (3, "retired")
    assert by_title(database)["Moor"].retired_at == NOW
    restored = [*THREE[:2], (station(1700), {"nr": 3, "name": "Moor", "code": by_title(database)["Moor"].code})]
    assert changes(import_(database, tmp_path, restored))[-1] == (3, "restored")
    assert by_title(database)["Moor"].retired_at is None


def test_the_number_of_a_retired_station_goes_to_a_new_one_with_a_new_code(database: Database, tmp_path: Path) -> None:
    import_(database, tmp_path)
    retired = by_title(database)["Moor"].code
    import_(database, tmp_path, THREE[:2], replace(KALLETAL, retire_missing=True))
    import_(database, tmp_path, [*THREE[:2], (station(1200), {"nr": 3, "name": "Wiese"})])
    stations = by_title(database)
    assert stations["Wiese"].number == stations["Moor"].number == 3
    assert stations["Wiese"].code != retired


def test_a_number_that_a_missing_station_still_has_is_refused(database: Database, tmp_path: Path) -> None:
    import_(database, tmp_path)
    codes = {name: one.code for name, one in by_title(database).items()}
    file = [(station(100), {"nr": 3, "name": "Eiche", "code": codes["Eiche"]})]
    (sentence,) = told(import_(database, tmp_path, file), "error")
    assert "The number 3 would be that of Eiche" in sentence
    assert "retire stations that the file lacks with retire-missing." in sentence


def test_codes_of_an_export_are_taken_into_an_empty_database(database: Database, tmp_path: Path) -> None:
    import_(database, tmp_path, [(station(100), {"nr": 1, "name": "Eiche", "code": "k7ynxo"})])
    assert list(stored(database)) == ["K7YNX0"]


def test_wrong_codes_are_refused_with_the_likely_one(demo_trail: None, database: Database, tmp_path: Path) -> None:
    import_(database, tmp_path)
    code = by_title(database)["Eiche"].code
    mistyped = code[:-1] + ("0" if code[-1] != "0" else "1")
    file = [(station(100), {"nr": 1, "code": mistyped}), (station(300), {"nr": 7, "code": "K7YNX0"})]
    wrong, foreign = told(import_(database, tmp_path, file), "error")[:2]
    assert f"Station 1 has the code '{mistyped}'. " in wrong
    assert f"Did you mean {code}?" in wrong
    assert "Station 7 has the code K7YNX0 of the trail stadtwald." in foreign


@pytest.mark.parametrize(("column", "value"), [("nr", 1), ("code", "K7YNX0")])
def test_a_number_or_code_twice_is_refused(database: Database, tmp_path: Path, column: str, value: object) -> None:
    plan = import_(database, tmp_path, [(station(100), {column: value}), (station(300), {column: value})])
    what = {"nr": "number", "code": "code"}[column]
    assert any(
        f"Several stations of the file have the {what} {value}. Expected each {what} once." in line
        for line in told(plan)
    )
