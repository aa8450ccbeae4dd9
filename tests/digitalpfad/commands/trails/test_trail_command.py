"""`digitalpfad trail`: plans, exit codes, export and import again, as a person at the command line has them."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.digitalpfad.commandline import ROOT, run
from tests.geodata.trailfiles.geodesy import gtx

FILES = ROOT / "tests/geodata/files"


def test_a_trail_is_planned_then_imported_then_unchanged(demo: dict[str, str]) -> None:
    arguments = ("trail", "import", str(FILES / "hand-made-1.0.gpx"), "--municipality", "Kalletal")
    planned = run(*arguments, "--dry-run", **demo)
    assert planned.returncode == 0
    assert "trail         kalletaler-waldweg, new\nmunicipality  Kalletal, new\n" in planned.stdout
    assert "Am Mühlenbach  (new)" in planned.stdout
    assert "Nothing was changed (--dry-run)." in planned.stderr
    done = json.loads(run(*arguments, "--json", **demo).stdout)
    assert (done["outcome"], done["change"]) == ("done", "new")
    again = json.loads(run(*arguments, "--json", **demo).stdout)
    assert {one["change"] for one in again["stations"]} == {"unchanged"}
    assert [one["code"] for one in again["stations"]] == [one["code"] for one in done["stations"]]


def test_a_plan_is_told_in_german_and_is_the_same_json_for_programs(demo: dict[str, str]) -> None:
    arguments = ("trail", "import", str(FILES / "hand-made-1.0.gpx"), "--municipality", "Kalletal", "--dry-run")
    german = demo | {"LC_ALL": "de_DE.UTF-8"}
    planned = run(*arguments, **german)
    assert planned.returncode == 0
    assert (
        "Pfad          kalletaler-waldweg, neu\nGemeinde      Kalletal, neu\nLinie         0,91 km, " in planned.stdout
    )
    heading = next(line for line in planned.stdout.splitlines() if line.startswith("Nummer"))
    assert [" ".join(one.split()) for one in heading.split("  ") if one] == [
        *("Nummer", "Station", "Code", "was geschieht", "erkannt an", "bei", "neben der Linie", "rückt")
    ]
    assert "Es wurde nichts geändert (--dry-run)." in planned.stderr
    assert run(*arguments, "--json", **german).stdout == run(*arguments, "--json", **demo).stdout
    unknown = run("trail", "export", "nowhere", "/dev/null.gpx", **german)
    assert (unknown.returncode, unknown.stderr) == (2, "digitalpfad: Nicht gefunden: Pfad 'nowhere'.\n")


def test_an_exported_trail_is_imported_without_a_change(demo: dict[str, str], tmp_path: Path) -> None:
    for suffix in ("gpx", "gpkg", "geojson"):
        file = tmp_path / f"stadtwald.{suffix}"
        assert run("trail", "export", "stadtwald", str(file), **demo).returncode == 0
        again = json.loads(run("trail", "import", str(file), "--json", **demo).stdout)
        assert (again["outcome"], again["change"]) == ("done", "unchanged")
        assert not [one for one in again["stations"] if one["change"] != "unchanged"]


def test_errors_in_the_file_end_with_1_and_wrong_usage_with_2(demo: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "bad.gpx").write_text("<kml/>")
    refused = run("trail", "import", str(tmp_path / "bad.gpx"), **demo)
    assert refused.returncode == 1
    assert "error: bad.gpx begins with <kml>. Expected <gpx>." in refused.stderr
    assert "Refused: nothing was changed." in refused.stderr
    as_json = json.loads(run("trail", "import", str(tmp_path / "bad.gpx"), "--json", **demo).stdout)
    assert as_json["outcome"] == "refused"
    assert as_json["findings"][0]["expected"] == "<gpx>"
    assert as_json["findings"][0]["reason"] == "xml-other-root"
    assert run("trail", "import", str(tmp_path / "missing.gpx"), **demo).returncode == 2
    assert run("trail", "import", str(FILES / "folders.kml"), "--trail", "No Slug", **demo).returncode == 2
    assert run("trail", "export", "nowhere", str(tmp_path / "a.gpx"), **demo).returncode == 2
    there = run("trail", "export", "stadtwald", str(tmp_path / "bad.gpx"), **demo)
    assert there.returncode == 2
    assert "--overwrite replaces it." in there.stderr


def test_heights_above_the_ellipsoid_climb_less_with_the_geoid_of_the_command_line(
    demo: dict[str, str], tmp_path: Path
) -> None:
    """Two places 5.5 km apart, both 200 m above the ellipsoid; the invented geoid rises by 0.25 m between them."""
    crs = '"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4937"}}'
    line = '{"type": "LineString", "coordinates": [[8.9, 52.0, 200], [8.9, 52.01, 200], [8.9, 52.05, 200.2]]}'
    (tmp_path / "weg.geojson").write_text(f'{{"type": "Feature", {crs}, "properties": {{}}, "geometry": {line}}}')
    arguments = ("trail", "import", str(tmp_path / "weg.geojson"), "--municipality", "Kalletal", "--dry-run")
    without = run(*arguments, **demo)
    assert "left out. Give a geoid with --geoid" in without.stderr
    with_geoid = run(*arguments, "--geoid", str(gtx(tmp_path / "geoid.gtx")), **demo)
    assert "the geoid geoid.gtx takes 46.1 m off." in with_geoid.stderr
    as_they_are = run(*arguments, "--heights-above-sea", **demo)
    assert "--heights-above-sea overrules it." in as_they_are.stderr


def test_the_places_of_a_new_trail_are_told_in_german_with_their_names(demo: dict[str, str], tmp_path: Path) -> None:
    track = "".join(f'<trkpt lat="52.12{i}" lon="8.949"><ele>200</ele></trkpt>' for i in range(1, 6))
    points = (("1", "Wanderparkplatz", "Parking Area"), ("2", "Bank", "bench"), ("3", "", "bench"))
    wpts = "".join(
        f'<wpt lat="52.12{i}" lon="8.949"><name>{name}</name><sym>{sym}</sym></wpt>' for i, name, sym in points
    )
    (tmp_path / "weg.gpx").write_text(
        f'<gpx version="1.1">{wpts}<trk><name>Weg</name><trkseg>{track}</trkseg></trk></gpx>'
    )
    arguments = ("trail", "import", str(tmp_path / "weg.gpx"), "--municipality", "Kalletal")
    german = run(*arguments, "--dry-run", **demo | {"LC_ALL": "de_DE.UTF-8"})
    assert re.search(r"^Orte +2 Bänke, 1 Parkplatz, neu$", german.stdout, re.MULTILINE)
    assert re.search(r"^Parkplatz Wanderparkplatz +neu ", german.stdout, re.MULTILINE)
    assert run(*arguments, **demo).returncode == 0
    again = run(*arguments, **demo)
    assert re.search(r"^places +2 benches, 1 car park, unchanged$", again.stdout, re.MULTILINE)


def test_facts_are_replaced_only_when_that_is_asked_for(demo: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "stadtwald.geojson"
    run("trail", "export", "stadtwald", str(file), **demo)
    collection = json.loads(file.read_text())
    collection["features"] = [one for one in collection["features"] if one["properties"].get("kind") != "rescue_point"]
    file.write_text(json.dumps(collection))
    kept = run("trail", "import", str(file), **demo)
    assert "not in the file and stay" in kept.stderr
    assert "--replace-facts takes them away." in kept.stderr
    assert re.search(r"^rescue point DEMO-1 +kept ", kept.stdout, re.MULTILINE)
    gone = json.loads(run("trail", "import", str(file), "--replace-facts", "--json", **demo).stdout)
    assert {one["change"] for one in gone["places"] if one["kind"] == "rescue_point"} == {"removed"}
    assert "places-removed" in {one["reason"] for one in gone["findings"]}
