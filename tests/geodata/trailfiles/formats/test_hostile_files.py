"""Files that are made, or broken, so that reading them takes all memory, all time or the process: one sentence each."""

from __future__ import annotations

import io
import sqlite3
import struct
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from shapely import LineString

from geodata.security import unpacking
from geodata.security.unpacking import ArchiveFault, BadArchive
from geodata.trailfiles import bounds
from geodata.trailfiles.formats.xml import repair
from tests.geodata.trailfiles.geofiles import EASTWARDS, GPX, layers, read, refusal

MB = 2**20
LINE = '{"type": "LineString", "coordinates": [[8.9, 52.1], [8.95, 52.1]]}'
NAME_BEHIND, LOCAL_BEHIND = 46, 30


def packed(content: bytes = GPX.encode(), name: str = "weg.gpx", method: int = zipfile.ZIP_DEFLATED) -> bytearray:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr(name, content)
    return bytearray(file.getvalue())


def changed(data: bytearray, width: str, value: int, *, directory: int, local: int | None = None) -> bytes:
    """With another number in the entry of the directory, and in the head of the file itself."""
    struct.pack_into(width, data, data.index(b"PK\1\2") + directory, value)
    if local is not None:
        struct.pack_into(width, data, local, value)
    return bytes(data)


def cut_within() -> bytes:
    data = packed()
    return bytes(data[:200] + data[230:])


def twice() -> bytes:
    file = io.BytesIO(packed())
    with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("weg.gpx", GPX)
    return file.getvalue()


DAMAGED = "weg.zip/weg.gpx cannot be unpacked: it is damaged"
ZIPS: dict[str, tuple[Callable[[], bytes], str]] = {
    "a wrong checksum": (lambda: changed(packed(), "<I", 7, directory=16, local=14), DAMAGED),
    "a size that is too small": (lambda: changed(packed(), "<I", 10, directory=24, local=22), DAMAGED),
    "a size that is too large": (lambda: changed(packed(), "<I", 10**6, directory=24, local=22), DAMAGED),
    "the same, stored": (
        lambda: changed(packed(method=zipfile.ZIP_STORED), "<I", 10**6, directory=24, local=22),
        DAMAGED,
    ),
    "a member beyond the end": (lambda: changed(packed(), "<I", 2**31 - 1, directory=42), DAMAGED),
    "a piece missing": (cut_within, DAMAGED),
    "another name": (lambda: changed(packed(), "<B", ord("x"), directory=NAME_BEHIND), "weg.zip/xeg.gpx cannot be"),
    "a name that is no UTF-8": (
        lambda: changed(bytearray(changed(packed(), "<H", 0x800, directory=8)), "<B", 255, directory=NAME_BEHIND),
        "weg.zip cannot be unpacked: it is damaged",
    ),
    "a file without a name": (
        lambda: changed(packed(), "<B", 0, directory=NAME_BEHIND),  # zipfile cuts names there
        "weg.zip cannot be unpacked: it is damaged",
    ),
    "a method of our own": (
        lambda: changed(packed(), "<H", 99, directory=10, local=8),
        "weg.zip/weg.gpx cannot be unpacked: it is packed in an unusual way. Expected a plain zip.",
    ),
    "bzip2": (lambda: bytes(packed(method=zipfile.ZIP_BZIP2)), "weg.zip/weg.gpx cannot be unpacked: it is packed in"),
    "LZMA": (lambda: bytes(packed(method=zipfile.ZIP_LZMA)), "weg.zip/weg.gpx cannot be unpacked: it is packed in"),
    "patches": (lambda: changed(packed(), "<H", 0x20, directory=8), "weg.zip/weg.gpx cannot be unpacked: it is packed"),
    "a password": (lambda: changed(packed(), "<H", 1, directory=8), "weg.zip/weg.gpx is locked with a password."),
    "a name twice": (twice, "weg.zip holds weg.gpx more than once. Expected each file once. Pack it again."),
    "an archive alone": (lambda: bytes(packed(name="weg.zip")), "weg.zip holds no geodata file, but: weg.zip."),
}


@pytest.mark.parametrize("fault", ZIPS)
def test_an_archive_that_is_not_what_it_says_is_refused_in_a_sentence(tmp_path: Path, fault: str) -> None:
    make, sentence = ZIPS[fault]
    (tmp_path / "weg.zip").write_bytes(make())
    assert sentence in refusal(tmp_path / "weg.zip")


def memory_of(what: Callable[[], object]) -> int:
    """Bytes that were taken at most, as Python's allocators see it."""
    tracemalloc.start()
    try:
        what()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_member_that_says_it_is_small_is_not_unpacked_into_memory(tmp_path: Path) -> None:
    (tmp_path / "weg.zip").write_bytes(changed(packed(b" " * 60 * MB), "<I", 10, directory=24, local=22))
    assert memory_of(lambda: refusal(tmp_path / "weg.zip")) < 3 * MB


def test_a_directory_of_many_names_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "weg.zip", "w") as archive:
        for number in range(16_000):
            archive.writestr(f"{number:05}.txt" + "x" * 30, b"")
    assert memory_of(lambda: refusal(tmp_path / "weg.zip")) < 3 * MB
    assert "weg.zip holds more than is unpacked. Expected at most 200 files" in refusal(tmp_path / "weg.zip")


def test_what_a_member_holds_is_counted(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(packed(b" " * MB))
    with unpacking.opened(tmp_path / "a.zip") as archive:
        (member,) = archive.infolist()
        assert sum(map(len, unpacking.pieces(archive, member, MB))) == MB
        with pytest.raises(BadArchive) as caught:
            list(unpacking.pieces(archive, member, MB - 1))
    assert (caught.value.fault, caught.value.member) == (ArchiveFault.TOO_LARGE, "weg.gpx")


@pytest.mark.parametrize("depth", [100, 1000, 90_000])
@pytest.mark.parametrize(
    ("name", "before", "opening", "closing", "after"),
    [
        ("weg.gpx", "<gpx version='1.1'><extensions>", "<a>", "</a>", "</extensions></gpx>"),
        ("weg.kml", "<kml><Document>", "<Folder>", "</Folder>", "</Document></kml>"),
        ("weg.geojson", '{"type": "LineString", "coordinates": ', "[", "]", "}"),
        ("weg.geojson", '{"type": "Feature", "properties": {"a": NaN, "b": ', "[", "]", f'}}, "geometry": {LINE}}}'),
    ],
)  # fmt: skip
def test_what_is_nested_without_end_is_refused_in_a_sentence(
    tmp_path: Path, name: str, before: str, opening: str, closing: str, after: str, depth: int
) -> None:
    content = before + opening * depth + closing * depth + after
    (tmp_path / name).write_text(content)
    if depth > bounds.MAX_DEPTH * 10 or not name.endswith("json"):  # JSON in between is read, or refused by GDAL
        assert f"{name} is nested too deep. Expected at most 64 levels." in refusal(tmp_path / name)


def test_a_kmz_that_is_nested_without_end_names_the_file_in_it(tmp_path: Path) -> None:
    content = f"<kml>{'<Folder>' * 1000}{'</Folder>' * 1000}</kml>".encode()
    (tmp_path / "weg.kmz").write_bytes(packed(content, "doc.kml"))
    assert "weg.kmz/doc.kml is nested too deep." in refusal(tmp_path / "weg.kmz")


MANY = "holds more than a trail has. Expected at most 100,000 places. Leave out what is not the trail"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("weg.gpx", "<gpx version='1.1'>" + "<a/>" * 400_000 + "</gpx>"),
        ("weg.gpx", "<gpx version='1.1' " + " ".join(f'a{i}=""' for i in range(400_001)) + "/>"),
        ("weg.kml", f"<kml><Placemark><coordinates>{'8,52,0 ' * 150_001}</coordinates></Placemark></kml>"),
        ("weg.geojson", '{"type": "LineString", "coordinates": [' + "[1,2]," * 100_000 + "[1,2]]}"),
        ("weg.geojson", '{"type": "Feature", "properties": {"a": [' + "1," * 400_001 + '1]}, "geometry": null}'),
        ("weg.geojson", '{"type": "Feature", "properties": {"a": [' + "{}," * 100_001 + '1]}, "geometry": null}'),
    ],
    ids=["elements", "attributes", "a line of KML", "a line of GeoJSON", "values", "objects"],
)
def test_more_parts_than_a_trail_has_are_refused_before_a_tree_is_made(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    assert MANY in refusal(tmp_path / name)


@pytest.mark.parametrize("suffix", ["gpx", "kml", "gpkg", "shp"])
def test_more_places_than_a_trail_has_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str) -> None:
    file = tmp_path / f"weg.{suffix}"
    if suffix == "gpx":
        file.write_text(GPX)
    elif suffix == "kml":
        places = " ".join(f"{lon},{lat}" for lon, lat, _ in EASTWARDS)
        file.write_text(
            f"<kml><Placemark><LineString><coordinates>{places}</coordinates></LineString></Placemark></kml>"
        )
    else:
        driver = {"gpkg": "GPKG", "shp": "ESRI Shapefile"}[suffix]
        layers(file, driver, "EPSG:25832", weg=([LineString(EASTWARDS)], [{"NAME": "Weg"}]))
    assert read(file)[0].line is not None
    monkeypatch.setattr(bounds, "MAX_VERTICES", len(EASTWARDS) - 1)
    assert f"weg.{suffix} holds more than a trail has." in refusal(file)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (f'{{"type": "Feature", "properties": {{"a": NaN, "b": {"1" * 5000}}}, "geometry": {LINE}}}',
         "weg.geojson holds a number with thousands of digits."),
        ('{"type": 5}', "weg.geojson has the type ''."),
        ('{"type": "FeatureCollection", "features": 5}' * 2, "weg.geojson holds no geometry."),
        ('{"type": "FeatureCollection", "features": null}\n{"type": ["Feature"]}', "weg.geojson has the type ''."),
    ],
)  # fmt: skip
def test_json_that_is_no_geojson_is_refused_in_a_sentence(tmp_path: Path, content: str, sentence: str) -> None:
    (tmp_path / "weg.geojson").write_text(content)
    assert sentence in refusal(tmp_path / "weg.geojson")


def test_what_stands_before_the_root_takes_no_more_memory_than_its_length(tmp_path: Path) -> None:
    (tmp_path / "weg.gpx").write_text("<!---->" * 1_500_000 + "<gpx")
    child = subprocess.run([sys.executable, "-c", _PEAK, tmp_path / "weg.gpx"], check=True, capture_output=True)
    assert int(child.stdout) < 30 * MB  # tracemalloc does not see the memory of regular expressions


_PEAK = """
import re, sys
from pathlib import Path
from geodata.trailfiles.formats.xml.document import _PROLOG
text = Path(sys.argv[1]).read_text()
peak = lambda: int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
before = peak()
assert _PROLOG.match(text).end() == len(text) - 4
print((peak() - before) * 1024)
"""


def test_more_bare_signs_than_a_trail_has_are_not_mended(tmp_path: Path) -> None:
    (tmp_path / "weg.gpx").write_text("<gpx version='1.1'>" + "&a;" * (bounds.MAX_PARTS + 1) + "</gpx>")
    assert MANY in refusal(tmp_path / "weg.gpx")


def test_extensions_that_never_end_are_looked_for_once() -> None:
    text = "<extensions>" * 300_000 + "<q:extensions></q:extensions>"
    assert [text[begin:end] for begin, end in repair._extensions(text)] == ["<q:extensions></q:extensions>"]


def package(folder: Path, *statements: str) -> Path:
    """A GeoPackage in which SQL was at work."""
    file = layers(folder / "weg.gpkg", "GPKG", "EPSG:25832", weg=([LineString(EASTWARDS)], [{"NAME": "Weg"}]))
    connection = sqlite3.connect(file, isolation_level=None)
    for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f'DROP TRIGGER "{trigger}"')
    for statement in statements:
        connection.execute(statement)
    connection.close()
    return file


@pytest.mark.parametrize(
    "column", ["zeroblob(1000)", "hex(zeroblob(30000000))"], ids=["rows without end", "a column of 60 MB"]
)
def test_a_view_of_a_geopackage_that_gives_more_than_the_file_holds_is_refused(tmp_path: Path, column: str) -> None:
    counting = "WITH RECURSIVE x(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM x)"
    view = f"CREATE VIEW weg AS {counting} SELECT i AS fid, (SELECT geom FROM w) AS geom, {column} AS a FROM x"
    file = package(tmp_path, "ALTER TABLE weg RENAME TO w", view)
    assert file.stat().st_size < MB
    assert "weg.gpkg holds more than a trail has." in refusal(file, layers=("weg",))


def test_a_geopackage_with_a_broken_view_whose_name_is_no_utf_8_is_refused_as_damaged(tmp_path: Path) -> None:
    file = package(tmp_path, "CREATE VIEW namenlos AS SELECT 1 AS fid")
    file.write_bytes(
        file.read_bytes().replace(b"namenlos AS SELECT", b"namenl\xf8s AS SELEKT").replace(b"namenlos", b"namenl\xf8s")
    )
    assert f"{file.name} is damaged" in refusal(file)


def test_a_view_of_a_geopackage_that_never_gives_a_row_is_given_up(tmp_path: Path) -> None:
    counting = "WITH RECURSIVE x(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM x)"
    view = f"CREATE VIEW weg AS {counting} SELECT i AS fid, (SELECT geom FROM w) AS geom FROM x WHERE i < 0"
    file = package(tmp_path, "ALTER TABLE weg RENAME TO w", view)
    assert "weg.gpkg holds more than a trail has." in refusal(file, layers=("weg",))


def test_a_damaged_page_of_a_geopackage_is_told_as_damage(tmp_path: Path) -> None:
    content = package(tmp_path).read_bytes()
    (tmp_path / "weg.gpkg").write_bytes(content[: len(content) // 2])
    assert "weg.gpkg is damaged: database disk image is malformed." in refusal(tmp_path / "weg.gpkg")
