"""Archives, Shapefiles in parts, GeoPackages in use, files that are none: read, told or refused, not changed."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import struct
import unicodedata
import warnings
import zipfile
from pathlib import Path
from typing import Any

import pytest
import shapely
from shapely import LineString

from geodata.findings.trail_file import Findings
from geodata.trailfiles import reader_warnings
from geodata.trailfiles.formats.opening import READERS, SUFFIXES
from tests.checkout import ROOT
from tests.geodata.trailfiles.geofiles import EASTWARDS, FILES, GPX, geojson, layers, read, refusal, station


def gpx(folder: Path) -> Path:
    (folder / "weg.gpx").write_text(GPX)
    return folder / "weg.gpx"


def zipped(file: Path, **members: Path) -> Path:
    with zipfile.ZipFile(file, "w") as archive:
        for name, member in members.items():
            archive.write(member, name)
    return file


def test_a_zip_of_line_and_points_gives_one_trail_and_layer_chooses(tmp_path: Path) -> None:
    layers(tmp_path / "weg.shp", "ESRI Shapefile", "EPSG:25832", weg=([LineString(EASTWARDS)], [{"NAME": "Weg"}]))
    layers(tmp_path / "stationen.shp", "ESRI Shapefile", "EPSG:25832", s=([station(300)], [{"NAME": "1 Teich"}]))
    parts = {part.name: part for part in tmp_path.iterdir()}
    file = zipped(tmp_path / "alles.zip", **parts)
    draft, found = read(file)
    assert draft.line is not None
    assert [(one.number, one.name) for one in draft.stations] == [(1, "Teich")]
    assert any("alles.zip holds 2 files, read as layers of one trail: " in line for line in found)
    assert read(file, layers=("weg",))[0].stations == ()
    assert read(file, layers=("STATIONEN.shp",))[0].line is None
    assert "There is no layer 'pfade'. Expected one of" in refusal(file, layers=("pfade",))


def test_parts_are_found_whatever_their_capitals_and_what_finder_adds_is_passed_over(tmp_path: Path) -> None:
    source = layers(tmp_path / "weg.shp", "ESRI Shapefile", "EPSG:25832", w=([station(1)], [{"NAME": "1 Teich"}]))
    loose = tmp_path / "lose"
    loose.mkdir()
    for part in tmp_path.glob("weg.*"):
        shutil.copy(part, loose / part.name.upper())
    assert [one.name for one in read(loose / "WEG.SHP")[0].stations] == ["Teich"]
    (loose / "WEG.SHX").rename(loose / "Weg.shx")
    assert [one.name for one in read(loose / "WEG.SHP")[0].stations] == ["Teich"]
    finders = {f"a/._{part.name}": FILES / "folders.kml" for part in tmp_path.glob("weg.*")}
    mixed = {"a/WEG.SHP": source, **{f"a/weg{part.suffix}": part for part in tmp_path.glob("weg.*") if part != source}}
    file = zipped(tmp_path / "alles.zip", **mixed, **finders, **{"__MACOSX/a/weg.shp": source, ".DS_Store": source})
    draft, found = read(file)
    assert [one.name for one in draft.stations] == ["Teich"]
    assert not found


def test_each_missing_part_of_a_shapefile_is_named(tmp_path: Path) -> None:
    tables = [{"NAME": "1 Teich"}, {"NAME": "2 Eiche"}]
    file = layers(tmp_path / "weg.shp", "ESRI Shapefile", "EPSG:25832", weg=([station(1), station(300)], tables))
    parts = {part.suffix: part for part in tmp_path.iterdir()}
    without_shp = zipped(tmp_path / "b.zip", **{part.name: part for part in parts.values() if part.suffix != ".shp"})
    assert "b.zip holds parts of a Shapefile without its .shp: weg." in refusal(without_shp)
    assert "weg.dbf is a part of a Shapefile. Expected the file that ends in .shp" in refusal(parts[".dbf"])
    content = parts[".dbf"].read_bytes()
    parts[".dbf"].write_bytes(content[:4] + b"\1\0\0\0" + content[8:])
    assert any("weg.shp has 2 objects, its .dbf 1 rows" in line for line in read(file)[1])
    parts[".dbf"].write_bytes(b"no table")
    assert "The .dbf of weg.shp is no dBASE table." in refusal(file)
    parts[".dbf"].unlink()
    draft, found = read(file)
    assert [one.name for one in draft.stations] == ["", ""]
    assert any("weg.shp lies there without its .dbf: names, numbers and codes are missing." in line for line in found)


def test_a_kmz_gives_all_its_files_also_those_that_its_document_links_to(tmp_path: Path) -> None:
    link = "<NetworkLink><Link><href>files/weg.kml</href></Link></NetworkLink>"
    (tmp_path / "doc.kml").write_text(f"<kml><Document>{link}</Document></kml>")
    file = zipped(tmp_path / "a.kmz", **{"doc.kml": tmp_path / "doc.kml", "files/weg.kml": FILES / "folders.kml"})
    draft, found = read(file)
    assert draft.line == read(FILES / "folders.kml")[0].line
    assert any("a.kmz holds 2 files, read as layers of one trail: doc.kml, files/weg.kml." in line for line in found)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda content: content[: len(content) // 2], "weg.zip cannot be unpacked: it is damaged or no zip at all."),
        (lambda content: content.replace(b"Weg", b"Wog"), "weg.zip/weg.gpx cannot be unpacked: it is damaged"),
        (lambda content: content.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"),
         "weg.zip/weg.gpx is locked with a password."),
        (lambda _: b"Weg", "weg.zip cannot be unpacked: it is damaged or no zip at all."),
    ],
)  # fmt: skip
def test_a_damaged_or_locked_zip_is_refused_in_our_words(tmp_path: Path, change: Any, sentence: str) -> None:
    file = zipped(tmp_path / "weg.zip", **{"weg.gpx": gpx(tmp_path)})
    file.write_bytes(change(file.read_bytes()))
    assert sentence in refusal(file)


def test_a_zip_without_geodata_names_what_it_holds(tmp_path: Path) -> None:
    file = zipped(tmp_path / "weg.zip", **{"fotos/a.jpg": FILES / "folders.kml"})
    refused = refusal(file)
    assert "weg.zip holds no geodata file, but: fotos/a.jpg." in refused
    assert all(suffix in refused for suffix in READERS)


def test_the_handbook_has_a_row_for_every_ending_that_is_read() -> None:
    page = (ROOT / "docs/trails.md").read_text(encoding="utf-8")
    table = page.split("## What a file may be\n")[1].split("\n\n")[0]
    assert set(re.findall(r"`(\.\w+)`", table)) >= set(SUFFIXES)


def test_archives_inside_an_archive_are_told(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "b.kmz", **{"doc.kml": FILES / "folders.kml"})
    file = zipped(tmp_path / "weg.zip", **{"a.kml": FILES / "folders.kml", "b.kmz": inner})
    assert any("Archives inside weg.zip are not opened: b.kmz. Import them on their own." in f for f in read(file)[1])


def test_names_that_macos_writes_in_a_zip_are_read_as_utf_8(tmp_path: Path) -> None:
    name = unicodedata.normalize("NFD", "Förster.gpx")
    file = zipped(tmp_path / "weg.zip", **{name: gpx(tmp_path), "b.kml": FILES / "folders.kml"})
    content, encoded = file.read_bytes(), name.encode()
    for flags in (b"\x00\x08\x00\x00", b"\x00\x08\x00\x08"):  # "names are in UTF-8" goes
        content = content.replace(b"PK\x03\x04\x14\x00" + flags[:2], b"PK\x03\x04\x14\x00\x00\x00")
        content = content.replace(b"PK\x01\x02\x14\x03\x14\x00" + flags[:2], b"PK\x01\x02\x14\x03\x14\x00\x00\x00")
    file.write_bytes(content)
    assert encoded in content
    assert read(file, layers=("Förster",))[0].name == "Weg"


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {one.name: (one.read_bytes(), one.stat().st_mtime_ns) for one in folder.iterdir()}


def geopackage(folder: Path) -> Path:
    return layers(
        folder / "weg.gpkg", "GPKG", "EPSG:25832",
        weg=([LineString(EASTWARDS)], [{"name": "Weg"}]), tafeln=([station(300)], [{"name": "1 Teich"}]),
    )  # fmt: skip


def test_a_geopackage_that_is_open_in_a_gis_is_read_with_its_last_changes_and_not_changed(tmp_path: Path) -> None:
    file = geopackage(tmp_path)
    gis = sqlite3.connect(file)
    try:
        gis.execute("PRAGMA journal_mode = WAL")
        drop_triggers(gis)
        gis.execute("UPDATE tafeln SET name = '1 Weiher'")
        gis.commit()
        before = state(tmp_path)
        assert "weg.gpkg-wal" in before
        draft, found = read(file)
        assert [one.name for one in draft.stations] == ["Weiher"]
        assert state(tmp_path) == before
        assert not found
        both = {name: tmp_path / name for name in ("weg.gpkg", "weg.gpkg-wal")}
        (tmp_path / "elsewhere").mkdir()
        packed = zipped(tmp_path / "elsewhere" / "weg.zip", **both)
        assert [one.name for one in read(packed)[0].stations] == ["Weiher"]
    finally:
        gis.close()


def test_a_geopackage_that_was_copied_without_its_last_changes_is_told_and_not_changed(tmp_path: Path) -> None:
    file = geopackage(tmp_path)
    with sqlite3.connect(file) as gis:
        gis.execute("PRAGMA journal_mode = WAL")
    gis.close()
    (tmp_path / "weg.gpkg-wal").unlink(missing_ok=True)
    before = state(tmp_path)
    _, found = read(file)
    assert any("warning: weg.gpkg was left open in a GIS: what was drawn last may be missing." in f for f in found)
    assert state(tmp_path) == before
    assert any("encoding is not used" in line for line in read(file, encoding="cp1252")[1])


def drop_triggers(connection: sqlite3.Connection) -> None:
    """They call functions that only GDAL knows."""
    for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f'DROP TRIGGER "{trigger}"')


def with_geometry(file: Path, kind: str, wkb: bytes, *, measures: int) -> Path:
    """The GeoPackage with ``wkb`` in place of its line."""
    with sqlite3.connect(file) as connection:
        drop_triggers(connection)
        blob = b"GP\0\1" + struct.pack("<i", 4326) + wkb
        connection.execute("UPDATE weg SET geom = ?", (blob,))
        connection.execute(
            "UPDATE gpkg_geometry_columns SET geometry_type_name = ?, m = ? WHERE table_name = 'weg'", (kind, measures)
        )
    connection.close()
    return file


def test_measures_and_curves_in_a_geopackage_are_findings_and_no_warnings_of_python(tmp_path: Path) -> None:
    line = LineString(EASTWARDS)
    file = layers(tmp_path / "weg.gpkg", "GPKG", "EPSG:4326", weg=([line], [{"name": "Weg"}]))
    measured = shapely.from_wkt("LINESTRING ZM (8.9 52.05 150 0, 8.905 52.05 151 350, 8.91 52.05 152 700)")
    draft, found = read(with_geometry(file, "LINESTRING", shapely.to_wkb(measured, flavor="iso"), measures=1))
    assert draft.line is not None
    assert [z for *_, z in draft.line.coords] == [150, 151, 152]
    assert "note: The geometry holds measures (M values) in addition to its heights: they are not read." in found
    places = [(8.9, 52.05), (8.905, 52.05), (8.905, 52.05), (8.907, 52.051), (8.91, 52.05)]
    xy = [struct.pack("<2d", *place) for place in places]
    parts = [struct.pack("<BII", 1, 2, 2), *xy[:2], struct.pack("<BII", 1, 8, 3), *xy[2:]]
    draft, found = read(
        with_geometry(file, "COMPOUNDCURVE", struct.pack("<BII", 1, 9, 2) + b"".join(parts), measures=0)
    )
    assert draft.line is not None
    assert len(draft.line.coords) > 10
    assert [line for line in found if "heights" not in line] == []


def test_every_warning_of_a_reader_becomes_one_finding_or_none() -> None:
    findings = Findings()
    with reader_warnings.as_findings(findings):
        for _ in range(2):
            warnings.warn("Non closed ring detected", RuntimeWarning, stacklevel=1)
            warnings.warn("Measured (M) geometry types are not supported.", UserWarning, stacklevel=1)
            warnings.warn("invalid value encountered in intersection", RuntimeWarning, stacklevel=1)
            warnings.warn("this will change", FutureWarning, stacklevel=1)
    assert [f"{one.severity}: {one.sentence}" for one in findings.found] == [
        "warning: The file's reader says: Non closed ring detected",
        "note: The geometry holds measures (M values) in addition to its heights: they are not read.",
    ]


def test_an_empty_file_and_a_folder_with_a_files_name_are_told(tmp_path: Path) -> None:
    (tmp_path / "leer.gpkg").write_bytes(b"")
    assert "leer.gpkg is empty. Expected a file." in refusal(tmp_path / "leer.gpkg")
    (tmp_path / "weg.gpx").mkdir()
    assert "weg.gpx is a folder. Expected a file. Give the file inside it." in refusal(tmp_path / "weg.gpx")
    zipped(tmp_path / "weg.zip", **{"a.geojson": tmp_path / "leer.gpkg"})
    assert "weg.zip/a.geojson is empty." in refusal(tmp_path / "weg.zip")


@pytest.mark.parametrize("suffix", ["shp", "gpkg", "geojson", "kml"])
def test_names_of_files_may_hold_umlauts_spaces_and_brackets_in_any_unicode_form(tmp_path: Path, suffix: str) -> None:
    driver = {"shp": "ESRI Shapefile", "gpkg": "GPKG", "geojson": "GeoJSON", "kml": "KML"}[suffix]
    plain = layers(tmp_path / f"a.{suffix}", driver, "EPSG:4326", a=([LineString(EASTWARDS)], [{"n": "1"}]))
    odd = unicodedata.normalize("NFD", "Weg [1] Förster ¿?")
    for part in tmp_path.glob("a.*"):
        part.rename(tmp_path / f"{odd}{part.suffix}")
    draft, _ = read(tmp_path / f"{odd}.{suffix}")
    assert draft.line is not None
    assert draft.file == f"Weg [1] Förster ¿?.{suffix}"
    assert not plain.exists()


def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    file = geojson(tmp_path / "weg.geojson", (LineString(EASTWARDS), {}))
    if os.geteuid() == 0:
        file = Path("/proc/self/mem").with_suffix(".gpx")
        assert "mem.gpx cannot be read: " in refusal(file)
        return
    file.chmod(0)
    assert "weg.geojson cannot be read: Permission denied." in refusal(file)
