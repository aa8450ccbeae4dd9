"""Files that other software wrote: every format, odd namespaces, folders, coordinate systems, parts."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from shapely import LineString, MultiLineString

from tests.geodata.trailfiles.geofiles import EASTWARDS, FILES, GEOD, geojson, layers, read, station


def near(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return GEOD.inv(a[0], a[1], b[0], b[1])[2] < 0.01


def test_a_hand_made_gpx_with_odd_namespaces_gives_its_track_and_waypoints() -> None:
    draft, found = read(FILES / "hand-made-1.0.gpx")
    assert draft.line is not None
    assert draft.name == "Kalletaler Waldweg"
    assert [(one.number, one.name, one.height) for one in draft.stations] == [
        (1, "Am Mühlenbach", 181.5),
        (2, "Große Buche", None),
    ]
    assert [round(z, 1) for *_, z in draft.line.coords] == [180, 190, 200, 201, 210]
    assert (
        "note: The file holds tracks and routes: the tracks are taken. layer=routes takes the others: 'gezeichnet'."
        in found
    )
    assert any("1 of 5 heights are missing and interpolated." in line for line in found)
    assert any("2 parts are joined, 0 of them turned round; the widest gap is 6.5 m." in line for line in found)


def test_a_kml_with_folders_gives_the_line_of_one_and_the_points_of_another() -> None:
    draft, found = read(FILES / "folders.kml")
    assert draft.line is not None
    assert draft.name == "Rund um den Teich"
    assert [(one.number, one.name, one.height) for one in draft.stations] == [
        (2, "Teichblick", None),
        (1, "Start", None),
    ]
    assert draft.columns == "number from 'Nr_', name from 'Name', no code"
    assert len(draft.line.coords) == 6
    assert any("2 parts are joined, 1 of them turned round" in line for line in found)
    assert "note: Areas are left out, 1 of them: 'Naturwaldzelle'. A trail is a line, stations are points." in found


def test_a_kmz_is_a_kml_in_a_zip(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "map.kmz", "w") as archive:
        archive.write(FILES / "folders.kml", "doc.kml")
        archive.writestr("images/icon.png", b"")
    assert read(tmp_path / "map.kmz")[0].line == read(FILES / "folders.kml")[0].line


def test_a_geopackage_of_several_layers_in_utm_is_read_in_degrees(tmp_path: Path) -> None:
    file = layers(
        tmp_path / "stadt.gpkg", "GPKG", "EPSG:25832",
        wege=([LineString(EASTWARDS)], [{"bezeichnung": "Weg F"}]),
        tafeln=([station(300), station(900)], [{"NR": 1, "Titel": "Eiche", "Kennung": "K7YNX0"},
                                               {"NR": 2, "Titel": "Teich", "Kennung": None}]),
    )  # fmt: skip
    draft, _ = read(file)
    assert draft.line is not None
    assert draft.name == "Weg F"
    assert draft.columns == "number from 'NR', name from 'Titel', code from 'Kennung'"
    assert all(near(a, b) for a, b in zip(draft.line.coords, EASTWARDS, strict=True))
    assert [z for *_, z in draft.line.coords] == pytest.approx([z for *_, z in EASTWARDS])
    assert [(one.number, one.name, one.code) for one in draft.stations] == [(1, "Eiche", "K7YNX0"), (2, "Teich", "")]
    assert read(file, layers=("wege",))[0].stations == ()


def test_a_shapefile_in_gauss_krueger_with_cut_column_names_is_read_and_its_accuracy_told(tmp_path: Path) -> None:
    file = layers(
        tmp_path / "tafeln.shp", "ESRI Shapefile", "EPSG:31467",
        tafeln=([station(300)], [{"Stationsnu": "04", "Bezeichnun": "Teich am Wäldchen"}]),
    )  # fmt: skip
    draft, found = read(file)
    assert draft.line is None
    assert [(one.number, one.name) for one in draft.stations] == [(4, "Teich am Wäldchen")]
    assert GEOD.inv(draft.stations[0].lon, draft.stations[0].lat, station(300).x, station(300).y)[2] < 5
    assert len([line for line in found if "accuracy of only ±3 m" in line]) == 1


def test_a_zipped_shapefile_is_read(tmp_path: Path) -> None:
    parts = MultiLineString([EASTWARDS[:4], EASTWARDS[3:]])
    layers(tmp_path / "weg.shp", "ESRI Shapefile", "EPSG:25832", weg=([parts], [{"NAME": "Weg F"}]))
    with zipfile.ZipFile(tmp_path / "weg.zip", "w") as archive:
        for part in tmp_path.glob("weg.*"):
            if part.suffix != ".zip":
                archive.write(part, f"lieferung/{part.name}")
    draft, _ = read(tmp_path / "weg.zip")
    assert draft.line is not None
    assert len(draft.line.coords) == len(EASTWARDS)
    assert draft.name == "Weg F"


@pytest.mark.parametrize("driver", ["GPX", "KML", "LIBKML", "GeoJSON", "GPKG", "ESRI Shapefile"])
def test_the_line_is_the_same_from_every_driver(tmp_path: Path, driver: str) -> None:
    suffix = {"LIBKML": "kml", "ESRI Shapefile": "shp"}.get(driver, driver.lower())
    name = "routes" if driver == "GPX" else "weg"
    file = layers(
        tmp_path / f"weg.{suffix}", driver, "EPSG:4326", **{name: ([LineString(EASTWARDS)], [{"name": "Weg"}])}
    )
    draft, _ = read(file, heights_above_sea=suffix == "kml")  # GDAL writes them as above the ground
    assert draft.line is not None
    assert all(near(a, b) for a, b in zip(draft.line.coords, EASTWARDS, strict=True))
    if driver != "GPX":  # GDAL writes heights of GPX routes only when told
        assert [z for *_, z in draft.line.coords] == pytest.approx([z for *_, z in EASTWARDS])


def test_geojson_with_a_byte_order_mark_and_an_old_crs_member_is_read(tmp_path: Path) -> None:
    utm = "urn:ogc:def:crs:EPSG::25832"
    line = [[493000 + 100 * i, 5766000] for i in range(5)]
    file = tmp_path / "weg.json"
    feature = f'{{"type": "Feature", "properties": {{}}, "geometry": {{"type": "LineString", "coordinates": {line}}}}}'
    crs = f'"crs": {{"type": "name", "properties": {{"name": "{utm}"}}}}'
    file.write_text(f'\ufeff{{"type": "FeatureCollection", {crs}, "features": [{feature}]}}', encoding="utf-8")
    draft, _ = read(file)
    assert draft.line is not None
    assert draft.line.coords[0] == pytest.approx((8.898, 52.0445), abs=0.01)


def test_a_crs_given_overrules_the_files(tmp_path: Path) -> None:
    line = LineString([(493000 + 100 * i, 5766000) for i in range(5)])
    draft, _ = read(geojson(tmp_path / "weg.geojson", (line, {})), crs="EPSG:25832")
    assert draft.line is not None
    assert draft.line.coords[0] == pytest.approx((8.898, 52.0445), abs=0.01)


def test_swapped_axes_are_turned_when_asked_for(tmp_path: Path) -> None:
    line = LineString([(lat, lon, z) for lon, lat, z in EASTWARDS])
    draft, _ = read(geojson(tmp_path / "weg.geojson", (line, {})), swap_axes=True)
    assert draft.line is not None
    assert list(draft.line.coords) == EASTWARDS


def test_the_other_way_round_is_the_line_reversed(tmp_path: Path) -> None:
    draft, _ = read(geojson(tmp_path / "weg.geojson", (LineString(EASTWARDS), {})), reverse=True)
    assert draft.line is not None
    assert list(draft.line.coords) == EASTWARDS[::-1]


def test_one_of_several_named_lines_is_chosen_by_its_name(tmp_path: Path) -> None:
    west, east = LineString(EASTWARDS[:4]), LineString(EASTWARDS[4:])
    file = geojson(tmp_path / "alle.geojson", (west, {"Name": "Weg A"}), (east, {"Name": "Weg B"}))
    draft, _ = read(file, lines=("weg b",))
    assert draft.line == east


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["4 Teiche", "05 - Eiche"], [(4, "Teiche"), (5, "Eiche")]),
        (["Station 4: Teiche", "Tafel 12 – Moor"], [(4, "Teiche"), (12, "Moor")]),
        (["Teiche", "1648er Stein"], [(None, "Teiche"), (None, "1648er Stein")]),
        (["Station 7", " Zwei  Linden "], [(7, ""), (None, "Zwei Linden")]),
    ],
)
def test_numbers_come_from_names_where_no_column_has_them(
    tmp_path: Path, names: list[str], expected: list[tuple[int | None, str]]
) -> None:
    points = [(station(100 * i), {"name": name}) for i, name in enumerate(names)]
    draft, _ = read(geojson(tmp_path / "stationen.geojson", *points))
    assert [(one.number, one.name) for one in draft.stations] == expected


def test_a_column_of_numbers_leaves_the_names_alone(tmp_path: Path) -> None:
    file = geojson(tmp_path / "stationen.geojson", (station(1), {"name": "3 Eichen", "Stations-Nr": 7.0}))
    assert [(one.number, one.name) for one in read(file)[0].stations] == [(7, "3 Eichen")]
