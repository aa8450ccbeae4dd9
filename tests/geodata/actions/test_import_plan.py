"""Imports of a trail into the database: as a whole, the same again without effect, or refused with a sentence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from geodata.errors import InvalidInput
from geodata.findings.trail_file import Refused
from geodata.store.catalogue.trail import load_municipalities, load_trails
from geodata.store.database import Database
from geodata.trailfiles.plan.naming import slugged
from geodata.trailfiles.plan.plan import Target
from geodata.trailfiles.plan.stations import Change
from geodata.vocabulary.codes import is_valid
from tests.geodata.actions.imported_trail import KALLETAL, THREE, by_title, changes, import_, run, stored, told
from tests.geodata.trailfiles.geofiles import EASTWARDS, geojson, read, station, trail_file, walk


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


@pytest.mark.parametrize("licence", ["CC-BY-4.0", "CC-BY-SA-4.0", "dl-de/by-2-0", "ODbL-1.0"])
def test_a_licence_that_requires_attribution_is_warned_of_without_one(
    database: Database, tmp_path: Path, licence: str
) -> None:
    target = replace(KALLETAL, licence=licence)
    warnings = told(import_(database, tmp_path, target=target), "warning")
    assert any(f"The licence {licence} asks for a name to be given" in line for line in warnings)
    named = import_(database, tmp_path, target=replace(target, attribution="Stadt Lemgo"))
    assert not any("asks for a name" in line for line in told(named, "warning"))


def test_a_licence_that_asks_for_nothing_needs_no_name(database: Database, tmp_path: Path) -> None:
    warnings = told(import_(database, tmp_path, target=replace(KALLETAL, licence="dl-de/zero-2-0")), "warning")
    assert not any("asks for a name" in line for line in warnings)


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
