"""Imports into the database: as a whole, the same again without effect, codes and texts kept."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from shapely import Point

from geodata.actions import import_trail
from geodata.errors import InvalidInput
from geodata.findings.trail_file import Findings, Refused
from geodata.model.content import StationContent
from geodata.model.station import Station
from geodata.store.catalogue import catalogue, content_versions
from geodata.store.catalogue.station import load_stations
from geodata.store.catalogue.trail import load_municipalities, load_trails
from geodata.store.database import Database
from geodata.trailfiles.draft.records import Draft
from geodata.trailfiles.plan.plan import ImportPlan, Target, slugged
from geodata.trailfiles.plan.stations import Change
from geodata.vocabulary.codes import is_valid
from geodata.vocabulary.season import Season
from tests.geodata.trailfiles.geofiles import EASTWARDS, NOW, geojson, read, station, trail_file, walk

KALLETAL = Target(municipality="Kalletal", licence="CC0-1.0")
THREE: list[tuple[Point, dict[str, Any]]] = [(station(along), {"nr": i, "name": name}) for i, (along, name) in
         enumerate([(100, "Eiche"), (900, "Teich"), (1700, "Moor")], 1)]  # fmt: skip


def run(database: Database, draft: Draft, target: Target = KALLETAL, **how: Any) -> ImportPlan:
    return import_trail.carry_out(database, draft, target, NOW, Findings(), **how)


def import_(
    database: Database, folder: Path, stations: Any = THREE, target: Target = KALLETAL, **how: Any
) -> ImportPlan:
    """Import a file with the line east and these stations."""
    return run(database, read(trail_file(folder, stations, **how))[0], target)


def stored(database: Database) -> dict[str, Station]:
    """Stations of the trail waldweg by code."""
    with database.transaction() as connection:
        return {code: one for code, one in load_stations(connection).items() if one.trail == "waldweg"}


def by_title(database: Database) -> dict[str, Station]:
    return {one.contents["de"].title: one for one in stored(database).values()}


def told(plan: ImportPlan, severity: str = "") -> list[str]:
    return [f"{one.severity}: {one}" for one in plan.findings if one.severity.startswith(severity)]


def changes(plan: ImportPlan) -> list[tuple[int, str]]:
    return [(one.station.number, one.change) for one in plan.stations]


def test_a_new_trail_of_a_new_municipality_is_stored_with_valid_codes(
    demo_trail: None, database: Database, tmp_path: Path
) -> None:
    plan = import_(database, tmp_path)
    with database.transaction() as connection:
        trails, municipalities = load_trails(connection), load_municipalities(connection)
    assert not plan.refused
    assert plan.new_municipality
    assert (trails["waldweg"].municipality, municipalities["kalletal"].name) == ("kalletal", "Kalletal")
    assert trails["waldweg"].contents["de"].name == "Waldweg"
    assert list(trails["waldweg"].line.coords) == EASTWARDS
    assert set(trails) == {"stadtwald", "waldweg"}
    stations = by_title(database)
    assert [one.number for one in stations.values()] == [1, 2, 3]
    assert all(is_valid(one.code) for one in stations.values())
    assert stations["Teich"].along_m == pytest.approx(900, abs=0.1)
    assert stations["Teich"].height == pytest.approx(159, abs=0.1)
    assert [one.off_m for one in plan.stations] == pytest.approx([5, 5, 5], abs=0.5)


def test_the_same_file_again_changes_nothing(database: Database, tmp_path: Path) -> None:
    import_(database, tmp_path)
    before = stored(database)
    plan = import_(database, tmp_path, target=Target())
    assert plan.trail_change is Change.UNCHANGED
    assert {one.change for one in plan.stations} == {Change.UNCHANGED}
    assert stored(database) == before
    with database.transaction() as connection:
        rows = connection.execute("SELECT count(*) FROM station WHERE updated_at > (SELECT min(updated_at) FROM trail)")
        assert rows.fetchone() == (0,)


def test_a_dry_run_and_a_refused_import_change_nothing(database: Database, tmp_path: Path) -> None:
    draft, _ = read(trail_file(tmp_path, THREE))
    assert not run(database, draft, dry_run=True).refused
    far = replace(draft, stations=(replace(draft.stations[0], lat=52.06), *draft.stations[1:]))
    plan = run(database, far)
    assert plan.refused
    (sentence,) = told(plan, "error")
    assert "Station 1 Eiche is 11" in sentence
    assert "m off the line. At 8.901458, 52.060000 (lon, lat). Expected at most 250 m." in sentence
    with database.transaction() as connection:
        assert (load_trails(connection), load_municipalities(connection)) == ({}, {})


def test_a_station_beside_the_line_is_warned_of(database: Database, tmp_path: Path) -> None:
    plan = import_(database, tmp_path, [(station(500, 45), {"nr": 1, "name": "Bank"})])
    (sentence,) = [line for line in told(plan) if "warning: Station 1 Bank is 45 m off the line." in line]
    assert "leave a point that is no station out with leave-out=NAME" in sentence


def test_stations_whose_height_was_forgotten_are_named_and_get_that_of_the_line(
    database: Database, tmp_path: Path
) -> None:
    draft, _ = read(trail_file(tmp_path, THREE))
    none = run(database, draft, dry_run=True)
    assert not [line for line in told(none) if "without a height" in line], "the file holds no heights of stations"
    first, *others = draft.stations
    plan = run(database, replace(draft, stations=(replace(first, height=151.5), *others)))
    (sentence,) = [line for line in told(plan, "note") if "without a height" in line]
    assert "get that of the line, 2 of them: 'Station 2 Teich', 'Station 3 Moor'." in sentence
    assert by_title(database)["Teich"].height == pytest.approx(159, abs=0.1)


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


def test_a_new_line_moves_the_stations_that_the_file_does_not_name(database: Database, tmp_path: Path) -> None:
    import_(database, tmp_path)
    longer = [(lon, lat, 150.0) for lon, lat in walk((90, 300), start=walk((270, 300))[1])][:1] + EASTWARDS
    plan = import_(database, tmp_path, (), line=longer)
    assert not plan.refused
    assert [one.along_m for one in stored(database).values()] == pytest.approx([400, 1200, 2000], abs=0.5)
    assert not any("not in the file" in line for line in told(plan))


def test_a_file_of_stations_alone_uses_the_stored_line(database: Database, tmp_path: Path) -> None:
    import_(database, tmp_path, ())
    draft, _ = read(geojson(tmp_path / "tafeln.geojson", *THREE))
    assert changes(run(database, draft, Target(trail="waldweg"))) == [(1, "new"), (2, "new"), (3, "new")]
    with pytest.raises(Refused, match=r"tafeln.geojson holds points only, and there is no trail tafeln\."):
        run(database, draft)


def test_a_stray_file_does_not_replace_a_trail_elsewhere(database: Database, tmp_path: Path) -> None:
    import_(database, tmp_path)
    away = walk(*[(0, 300)] * 3, start=(9.2, 52.2))
    sentences = told(import_(database, tmp_path, (), line=away), "error")
    assert "km from that of the stored trail waldweg." in sentences[0]
    assert len([line for line in sentences if "off the line" in line]) == 3  # stored stations that would stay
    with pytest.raises(Refused, match="The trail waldweg belongs to kalletal, not to lemgo"):
        import_(database, tmp_path, target=Target(municipality="Lemgo"))


def test_the_municipality_must_be_clear(database: Database, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="Whose trail it is was not said"):
        import_(database, tmp_path, target=Target())
    import_(database, tmp_path)
    with pytest.raises(Refused, match=r"There is no municipality 'Kaletal', but 'kalletal'"):
        import_(database, tmp_path, target=Target(municipality="Kaletal", trail="neu"))
    assert import_(database, tmp_path, target=Target(trail="neu")).municipality.slug == "kalletal"
    with pytest.raises(InvalidInput, match="municipality is '!!', expected a name with letters"):
        import_(database, tmp_path, target=Target(municipality="!!", trail="neu"))


def test_short_names_are_checked_and_made_from_names(database: Database, tmp_path: Path) -> None:
    assert slugged("Weg F (Süd) – Straße") == "weg-f-sued-strasse"
    with pytest.raises(InvalidInput, match="trail is 'Weg F'"):
        import_(database, tmp_path, target=Target(trail="Weg F"))
    draft = replace(read(trail_file(tmp_path))[0], name="森", file="林.gpx")
    with pytest.raises(Refused, match=r"林.gpx gives the trail no name. Say its short name with trail"):
        run(database, draft)


def test_an_unknown_licence_is_warned_of(database: Database, tmp_path: Path) -> None:
    plan = import_(database, tmp_path, target=Target(municipality="Kalletal"))
    assert plan.trail.licence == "NOASSERTION"
    assert any("The licence of the line is not known. Say it with licence" in line for line in told(plan, "warning"))


def test_retiring_all_by_a_file_without_stations_is_refused(database: Database, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="retire-missing would retire all"):
        import_(database, tmp_path, (), replace(KALLETAL, retire_missing=True))


def test_on_a_way_there_and_back_stations_are_passed_in_the_order_of_their_numbers(
    database: Database, tmp_path: Path
) -> None:
    there_and_back = [*EASTWARDS, *EASTWARDS[-2::-1]]
    file = [(station(400), {"nr": 1}), (station(1500), {"nr": 2}), (station(800), {"nr": 3})]
    import_(database, tmp_path, file, line=there_and_back)
    assert [one.along_m for one in stored(database).values()] == pytest.approx([400, 1500, 3200], abs=0.5)


def test_readers_see_the_old_trail_or_the_new_one_and_never_half(database: Database, tmp_path: Path) -> None:
    import_(database, tmp_path)
    north = [(lon, lat + 0.001, z) for lon, lat, z in EASTWARDS]
    versions = [
        read(trail_file(tmp_path, [(Point(p.x, p.y + shift), v) for p, v in THREE], line=line))[0]
        for line, shift in ((EASTWARDS, 0), (north, 0.001))
    ]
    seen: list[tuple[float, ...]] = []
    done = threading.Event()

    def watch() -> None:
        while not done.is_set():
            with database.transaction() as connection:
                connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                now = catalogue.load(connection)
            line = now.trails["waldweg"].line.coords[0][1]
            seen.append(tuple(round(one.lat - line, 5) for one in now.stations.values()))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        for i in range(200):
            if i >= 20 and len(seen) > 5:  # on a busy machine the watcher reads less often than this writes
                break
            assert not run(database, versions[(i + 1) % 2]).refused
    finally:
        done.set()
        watcher.join()
    assert len(seen) > 5
    assert set(seen) == {tuple(round(point.y - EASTWARDS[0][1], 5) for point, _ in THREE)}


def test_two_imports_of_the_same_new_trail_at_once_make_each_station_once(database: Database, tmp_path: Path) -> None:
    draft, _ = read(trail_file(tmp_path, THREE))
    threads = [threading.Thread(target=run, args=(database, draft)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stored(database)) == 3
