"""Files of 50 MB, of each format: read or refused in a sentence, in less than 300 MB of memory."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from shapely import LineString

from geodata.store.database import Database
from geodata.store.operations import backup
from tests.fixtures.databases.database import url_of
from tests.fixtures.process.peak_memory import run_measured
from tests.geodata.flushes import NOW
from tests.geodata.trailfiles.geofiles import layers

long = pytest.mark.long
MOST_MB = 300
MB = 2**20
HEAD_OF = {
    "gpx": "<gpx version='1.1'><trk><name>🌲</name><trkseg>",
    "kml": "<?xml version='1.0'?><kml xmlns='http://www.opengis.net/kml/2.2'><Placemark><name>🌲</name><LineString>"
    "<coordinates>",
    "geojson": '{"type": "Feature", "properties": {"name": "🌲"}, "geometry": {"type": "LineString", "coordinates": [',
}
PLACE_IN = {
    "gpx": '<trkpt lat="52.{0:07}" lon="8.9{0:05}"><ele>151</ele><time>2026-05-01T10:00:00Z</time></trkpt>\n',
    "kml": "8.9{0:05},52.{0:07},151 ",
    "geojson": "[8.9{0:05}, 52.{0:07}, 151],\n",
}
END_OF = {
    "gpx": "</trkseg></trk></gpx>",
    "kml": "</coordinates></LineString></Placemark></kml>",
    "geojson": "[8.9, 53, 151]]}}",
}


def text_file(suffix: str) -> Callable[[Path, int], Path]:
    def make(folder: Path, size: int) -> Path:
        file = folder / f"weg.{suffix}"
        with file.open("w", encoding="utf-8") as stream:
            stream.write(HEAD_OF[suffix])
            number = 0
            while stream.tell() < size:
                stream.writelines(PLACE_IN[suffix].format(number + i) for i in range(1000))
                number += 1000
            stream.write(END_OF[suffix])
        return file

    return make


def by_gis(suffix: str, driver: str, bytes_a_place: int) -> Callable[[Path, int], Path]:
    def make(folder: Path, size: int) -> Path:
        line = LineString([(8.9 + i % 1000 / 1e5, 52 + i / 1e7) for i in range(size // bytes_a_place)])
        return layers(folder / f"weg.{suffix}", driver, "EPSG:25832", weg=([line], [{"NAME": "Weg"}]))

    return make


def packed(make: Callable[[Path, int], Path]) -> Callable[[Path, int], Path]:
    def pack(folder: Path, size: int) -> Path:
        (folder / "in").mkdir()
        make(folder / "in", size)
        with zipfile.ZipFile(folder / "weg.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for part in (folder / "in").iterdir():
                archive.write(part, part.name)
        return folder / "weg.zip"

    return pack


FORMATS: dict[str, Callable[[Path, int], Path]] = {
    "GPX": text_file("gpx"),
    "KML": text_file("kml"),
    "GeoJSON": text_file("geojson"),
    "GeoPackage": by_gis("gpkg", "GPKG", 16),
    "Shapefile": by_gis("shp", "ESRI Shapefile", 16),
    "zip of a KML": packed(text_file("kml")),
    "zip of a Shapefile": packed(by_gis("shp", "ESRI Shapefile", 16)),
}
LARGE = [pytest.param(size, marks=long, id=f"{size} MB") for size in (49, 11, 5)]


@pytest.mark.parametrize("size", LARGE)
@pytest.mark.parametrize("name", FORMATS)
def test_an_import_takes_less_than_300_mb(demo: dict[str, str], tmp_path: Path, name: str, size: int) -> None:
    file = FORMATS[name](tmp_path, size * MB)
    taken = run_measured(
        "trail", "import", str(file), "--trail", "weg", "--municipality", "Kalletal", "--dry-run",
        **demo,
    )  # fmt: skip
    assert "Unexpected" not in taken.said
    assert taken.code == 1, "so many places are no trail"
    assert taken.peak_mb < MOST_MB, taken


def test_an_import_of_as_many_places_as_are_read_takes_less_than_300_mb(demo: dict[str, str], tmp_path: Path) -> None:
    file = text_file("gpx")(tmp_path, 7 * MB)
    taken = run_measured(
        "trail", "import", str(file), "--trail", "weg", "--municipality", "Kalletal", "--dry-run", "--json",
        **demo,
    )  # fmt: skip
    assert taken.peak_mb < MOST_MB, taken
    assert "holds more than a trail has" not in taken.said


def as_setting(conninfo: str) -> dict[str, str]:
    return {"DIGITALPFAD_DATABASE_URL": url_of(conninfo)}


@long
def test_a_backup_of_50_mb_is_restored_in_less_than_300_mb(
    demo: dict[str, str], database_url: str, empty_database_url: str, tmp_path: Path
) -> None:
    with Database(database_url) as database:
        with database.transaction() as connection:
            connection.execute(
                "INSERT INTO quarantine (digest, topic, payload, reason, detail, received_at)"
                " SELECT sha256(i::text::bytea), 't', decode(repeat(encode(sha256(i::text::bytea),"
                " 'hex'), 200), 'hex'),"
                " 'topic', '', now() FROM generate_series(1, 8000) AS i"
            )
        with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_STORED) as archive:
            backup.write(database, archive, NOW)
    assert (tmp_path / "b.zip").stat().st_size > 50 * MB
    taken = run_measured("restore", str(tmp_path / "b.zip"), **as_setting(empty_database_url))
    assert taken.code == 0, taken
    assert taken.peak_mb < MOST_MB, taken


@long
@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("de.md", b"---\ntitle: x\n---\n" + b"Wald und Teich. " * 3_300_000, "expected at most 200,000"),
        ("a.jpg", b"\xff\xd8\xff" + bytes(52_000_000), "25,000,000"),
        ("a.mp3", b"ID3" + bytes(52_000_000), "12,000,000"),
        ("a.mp4", b"\0\0\0\x18ftypisom" + bytes(52_000_000), "30,000,000"),
    ],
    ids=["text", "picture", "recording", "film"],
)
def test_a_folder_with_a_file_of_50_mb_is_checked_in_less_than_300_mb(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    station = tmp_path / "04-teiche"
    station.mkdir()
    kind = {".jpg": "picture", ".mp3": "audio", ".mp4": "sign_video"}.get(Path(name).suffix, "")
    (station / "de.md").write_text(f'---\ntitle: "Teiche"\n{kind}: {name}\n---\nText\n')
    (station / name).write_bytes(content)
    taken = run_measured("content", "check", str(tmp_path))
    assert sentence in taken.said
    assert taken.peak_mb < MOST_MB, taken


@long
def test_a_file_of_notices_of_50_mb_is_refused_in_less_than_300_mb(demo: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "notices.json").write_bytes(b"[" + b"{}," * 17_000_000 + b"{}]")
    taken = run_measured("notice", "import", str(tmp_path / "notices.json"), "--trail", "stadtwald", **demo)
    assert (taken.code, "expected at most 5,000,000 bytes" in taken.said) == (2, True), taken
    assert taken.peak_mb < MOST_MB
