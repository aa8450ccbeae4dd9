"""Places and stretches of an imported trail in the database: the same file as often as you like, in any format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from shapely import LineString

from geodata.actions.content_folder import import_folder
from geodata.content.plan import ImportOptions
from geodata.content.versions import Author
from geodata.export.records import TrailExport
from geodata.model.place import Place, PlaceKind
from geodata.store.catalogue import facts
from geodata.store.catalogue.trail import load_trails
from geodata.store.database import Database
from geodata.trailfiles import export
from geodata.trailfiles.plan.plan import ImportPlan, Target
from tests.geodata.actions.imported_trail import KALLETAL, THREE, import_, run, stored
from tests.geodata.trailfiles.geofiles import EASTWARDS, geojson, layers, read, station, trail_file

WALKED = [
    *THREE,
    (station(50), {"name": "Wanderparkplatz", "sym": "Parking Area"}),
    (station(320), {"name": "", "sym": "bench"}),
]
"""What a walker's GPS device knows: stations, a car park and a bench."""
BUS = station(600)
TABLE = (
    f"kind;name;lon;lat\nrescue_point;LIP-1;{station(100).x};{station(100).y}\n"
    f"road_access;;{station(1900).x};{station(1900).y}\ntoilet;WC am Moor;{station(1700).x};{station(1700).y}\n"
    f"parking;Wanderparkplatz;{station(50).x};{station(50).y}\nbench;;{station(320).x};{station(320).y}\n"
)
SECTIONS = "from_m;to_m;surface;wheelchair\n0;900;gravel;no\n"
ALL = ["bench", "parking", "rescue_point", "road_access", "toilet"]


@pytest.fixture
def complete(database: Database, tmp_path: Path) -> Database:
    """A trail imported from a walker's file, whose tables brought what the file lacks."""
    import_(database, tmp_path, WALKED)
    home = tmp_path / "texte/trail"
    home.mkdir(parents=True)
    (home / "places.csv").write_text(TABLE, encoding="utf-8")
    (home / "sections.csv").write_text(SECTIONS, encoding="utf-8")
    with database.transaction() as connection:
        options = ImportOptions(trail="waldweg", publish=True)
        assert not import_folder(connection, home.parent, options, Author("Stadt", "")).refused
    assert kinds(database) == ALL
    return database


def places(database: Database) -> tuple[Place, ...]:
    with database.transaction() as connection:
        return facts.load_places(connection).get("waldweg", ())


def kinds(database: Database) -> list[str]:
    return sorted(place.kind.value for place in places(database))


def fates(plan: ImportPlan) -> dict[str, str]:
    return {step.place.kind.value: step.fate.value for step in plan.facts.place_steps}


def test_a_walkers_file_again_leaves_the_rescue_point_that_a_table_brought(complete: Database, tmp_path: Path) -> None:
    before = places(complete)
    for _ in range(2):
        plan = import_(complete, tmp_path, WALKED)
        assert places(complete) == before
        assert not plan.facts.places_change
        assert fates(plan) == {
            "bench": "unchanged", "parking": "unchanged",
            "rescue_point": "kept", "road_access": "kept", "toilet": "kept",
        }  # fmt: skip
        (told,) = [str(finding) for finding in plan.findings if finding.reason == "places-missing"]
        assert "3 of them: rescue point LIP-1, toilet WC am Moor, road access." in told


@pytest.mark.parametrize("stations", [THREE, (), WALKED[::-1]], ids=["stations only", "line only", "other order"])
def test_no_file_takes_places_away_that_it_does_not_speak_of(complete: Database, tmp_path: Path, stations: Any) -> None:
    before = places(complete)
    plan = import_(complete, tmp_path, stations)
    assert places(complete) == before
    assert not plan.facts.places_change
    with complete.transaction() as connection:
        assert len(facts.load_sections(connection)["waldweg"]) == 1


def test_a_file_of_points_alone_adds_its_places_and_leaves_the_others(complete: Database, tmp_path: Path) -> None:
    file = geojson(tmp_path / "halte.geojson", (BUS, {"name": "Waldhof", "art": "Bushaltestelle"}))
    for happens, changes in (("new", True), ("unchanged", False)):
        plan = run(complete, read(file)[0], Target(trail="waldweg"))
        assert (fates(plan)["bus_stop"], plan.facts.places_change) == (happens, changes)
        assert kinds(complete) == sorted([*ALL, "bus_stop"])
    assert len(stored(complete)) == 3


def test_a_dry_run_plans_what_the_import_then_does(complete: Database, tmp_path: Path) -> None:
    moved = [*WALKED[:-1], (station(330), {"name": "", "sym": "bench"}), (BUS, {"name": "Waldhof", "sym": "bus stop"})]
    draft, before = read(trail_file(tmp_path, moved))[0], places(complete)
    for target in (KALLETAL, replace(KALLETAL, replace_facts=True)):
        dry = run(complete, draft, target, dry_run=True)
        assert places(complete) == before
        done = run(complete, draft, target)
        assert done.facts == dry.facts
        assert places(complete) == done.facts.places
        before = places(complete)
    assert kinds(complete) == ["bench", "bus_stop", "parking"], "asked for, the file is all there is"


def kml(folder: Path) -> Path:
    """The line and a folder of benches, as a web map writes them."""
    along = " ".join(f"{lon},{lat}" for lon, lat, _ in EASTWARDS)
    bench = station(320)
    file = folder / "waldweg.kml"
    file.write_text(
        "<kml xmlns='http://www.opengis.net/kml/2.2'><Document><Folder><name>Weg</name><Placemark>"
        f"<name>Waldweg</name><LineString><coordinates>{along}</coordinates></LineString></Placemark></Folder>"
        "<Folder><name>Bänke</name><Placemark><description>Neu seit Mai</description>"
        f"<Point><coordinates>{bench.x},{bench.y}</coordinates></Point></Placemark></Folder></Document></kml>",
        encoding="utf-8",
    )
    return file


def geopackage(folder: Path) -> Path:
    """The same from a GIS."""
    lines, benches = ([LineString(EASTWARDS)], [{"name": "Waldweg"}]), ([station(320)], [{"note": "Neu seit Mai"}])
    return layers(folder / "waldweg.gpkg", "GPKG", "EPSG:25832", Weg=lines, Bänke=benches)


@pytest.mark.parametrize("written", [kml, geopackage])
def test_a_layer_of_benches_changes_the_bench_once_and_keeps_all_else(
    complete: Database, tmp_path: Path, written: Callable[[Path], Path]
) -> None:
    draft = read(written(tmp_path))[0]
    first, second = run(complete, draft), run(complete, draft)
    assert fates(first) == dict.fromkeys(ALL, "kept") | {"bench": "changed"}
    assert fates(second) == dict.fromkeys(ALL, "kept") | {"bench": "unchanged"}
    assert kinds(complete) == ALL
    assert [place.note for place in places(complete) if place.kind is PlaceKind.BENCH] == ["Neu seit Mai"]


@pytest.mark.parametrize("suffix", ["gpx", "gpkg", "geojson"])
def test_what_is_exported_comes_back_in_every_format_without_a_change(
    complete: Database, tmp_path: Path, suffix: str
) -> None:
    with complete.transaction() as connection:
        trail = load_trails(connection)["waldweg"]
        own = TrailExport.of(
            trail,
            list(stored(complete).values()),
            facts.load_places(connection)["waldweg"],
            facts.load_sections(connection)["waldweg"],
        )
    export.write(tmp_path / f"weg.{suffix}", own)
    before = places(complete)
    plan = run(complete, read(tmp_path / f"weg.{suffix}")[0], Target(replace_facts=True))
    assert set(fates(plan).values()) == {"unchanged"}
    assert (plan.facts.places_change, plan.facts.sections_change) == (False, False)
    assert places(complete) == before
    assert [place.name for place in before if place.kind is PlaceKind.PARKING] == ["Wanderparkplatz"]
