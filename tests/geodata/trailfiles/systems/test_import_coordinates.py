"""Coordinates are what they say: accuracies, datums without a name, and numbers that mean something else.

The right places are computed by tests/geodata/trailfiles/geodesy.py from the textbooks' formulas, not by PROJ.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import rasterio
from affine import Affine
from pyproj import CRS
from shapely import LineString, Point

from geodata.findings.trail_file import Findings, Refused
from geodata.messages.message import message
from geodata.trailfiles.systems import conversion, known_systems
from tests.checkout import ROOT
from tests.geodata.trailfiles.geodesy import dhdn, gauss_krueger, utm
from tests.geodata.trailfiles.geofiles import EASTWARDS, GEOD, geojson, read

BESSEL = 'SPHEROID["Bessel_1841",6377397.155,299.1528128]'
GRS80 = 'SPHEROID["GRS_1980",6378137.0,298.257222101]'
PLACES = [place[:2] for place in EASTWARDS]


def prj(datum: str, spheroid: str, east: float, scale: float, meridian: float = 9.0) -> str:
    """A .prj as ESRI's programs write it."""
    return (
        f'PROJCS["x",GEOGCS["GCS_x",DATUM["{datum}",{spheroid}],PRIMEM["Greenwich",0.0],'
        'UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
        f'PARAMETER["False_Easting",{east}],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",{meridian}],'
        f'PARAMETER["Scale_Factor",{scale}],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
    )


def shapefile(file: Path, places: Sequence[Sequence[float]], system: str) -> Path:
    """A line through these very numbers, with this .prj."""
    frame: Any = geopandas.GeoDataFrame({"name": ["Weg"]}, geometry=[LineString(places)])
    with pytest.warns(UserWarning, match="'crs' was not provided"):
        frame.to_file(file, driver="ESRI Shapefile")
    if system:
        file.with_suffix(".prj").write_text(CRS(system).to_wkt("WKT1_ESRI") if "[" not in system else system)
    return file


def off_m(file: Path, **how: Any) -> float:
    """How far the line read lies from EASTWARDS at most."""
    draft, _ = read(file, **how)
    assert draft.line is not None
    return max(GEOD.inv(a[0], a[1], b[0], b[1])[2] for a, b in zip(draft.line.coords, PLACES, strict=True))


def refusal(file: Path, **how: Any) -> str:
    with pytest.raises(Refused) as caught:
        read(file, **how)
    return str(caught.value)


@pytest.mark.parametrize(
    ("system", "place"),
    [
        ("EPSG:31467", lambda lon, lat: gauss_krueger(lon, lat, 3)),
        ("EPSG:31468", lambda lon, lat: gauss_krueger(lon, lat, 4)),
        ("EPSG:5678", lambda lon, lat: gauss_krueger(lon, lat, 4)),
        ("EPSG:4314", dhdn),
    ],
)
def test_old_german_coordinates_land_where_helmerts_formula_puts_them_and_their_accuracy_is_told(
    tmp_path: Path, system: str, place: Callable[[float, float], tuple[float, float]]
) -> None:
    file = shapefile(tmp_path / "weg.shp", [place(*one) for one in PLACES], system)
    assert off_m(file, crs=system) < 0.01
    (sentence,) = [line for line in read(file, crs=system)[1] if "accuracy" in line]
    assert sentence.startswith("warning: Coordinates of the layer weg in DHDN")
    assert "are converted with an accuracy of only ±3 m (DHDN to WGS 84 (2))." in sentence
    assert "With the grid de_adv_BETA2007.tif in " in sentence
    assert "it is ±1 m" in sentence


def test_utm_lands_where_kruegers_series_puts_it_without_a_word(tmp_path: Path) -> None:
    file = shapefile(tmp_path / "weg.shp", [utm(*one, 32) for one in PLACES], "EPSG:25832")
    assert off_m(file) < 0.01
    assert not [line for line in read(file)[1] if "accura" in line or "layer" in line]


def test_numbers_of_a_helmert_without_an_accuracy_are_warned_of(tmp_path: Path) -> None:
    seven = "598.1,73.7,418.2,0.202,0.045,-2.455,6.7"
    system = f"+proj=tmerc +lon_0=9 +x_0=3500000 +ellps=bessel +towgs84={seven} +units=m"
    file = shapefile(tmp_path / "weg.shp", [gauss_krueger(*one, 3) for one in PLACES], "")
    assert off_m(file, crs=system) < 0.01
    assert any("are converted with unknown accuracy" in line for line in read(file, crs=system)[1])


def test_a_system_used_elsewhere_only_is_warned_of() -> None:
    findings = Findings()
    lemgo = np.array([PLACES[0]])
    conversion.chosen(CRS("EPSG:4121"), lemgo, message("the layer weg"), findings)  # Greece
    (finding,) = findings.found
    assert "is not used there: the accuracy is unknown." in str(finding)


@pytest.mark.parametrize("datum", ["D_Bessel_1841", "unknown"])
def test_a_datum_without_a_name_is_refused_with_the_probable_system_and_read_with_it(
    tmp_path: Path, datum: str
) -> None:
    file = shapefile(tmp_path / "weg.shp", [gauss_krueger(*one, 3) for one in PLACES], prj(datum, BESSEL, 3_500_000, 1))
    sentence = refusal(file)
    assert "names the ellipsoid Bessel" in sentence
    assert "but no datum: places may be wrong by some hundred metres." in sentence
    assert "It is probably EPSG:31467: then say crs=EPSG:31467." in sentence
    assert off_m(file, crs="EPSG:31467") < 0.01


def test_a_modern_ellipsoid_without_a_datum_is_taken_as_etrs89_and_told(tmp_path: Path) -> None:
    system = prj("D_unknown", GRS80, 500_000, 0.9996)
    file = shapefile(tmp_path / "weg.shp", [utm(*one, 32) for one in PLACES], system)
    assert off_m(file) < 0.01
    (sentence,) = [line for line in read(file)[1] if "datum" in line]
    assert "taken as ETRS89" in sentence
    assert "crs=EPSG:25832 says the same for certain." in sentence


def test_degrees_on_bessels_ellipsoid_are_refused_as_probably_dhdn(tmp_path: Path) -> None:
    degrees = f'GEOGCS["x",DATUM["D_Bessel_1841",{BESSEL}],PRIMEM["Greenwich",0],UNIT["Degree",0.0174532925199433]]'
    assert "probably EPSG:4314" in refusal(shapefile(tmp_path / "weg.shp", [dhdn(*one) for one in PLACES], degrees))


ZONE_32 = [(east + 32e6, north) for east, north in (utm(*one, 32) for one in PLACES)]


@pytest.mark.parametrize("how", [{}, {"crs": "EPSG:25832"}], ids=["as the file says", "as the option says"])
def test_the_zone_in_front_of_the_easting_is_named_with_the_system_that_has_it(
    tmp_path: Path, how: dict[str, str]
) -> None:
    file = shapefile(tmp_path / "weg.shp", ZONE_32, "EPSG:25832")
    sentence = refusal(file, **how)
    assert f"The layer weg has the coordinates {ZONE_32[0][0]:.10g}, " in sentence
    assert "they lie nowhere on Earth." in sentence
    assert "Zone 32 stands in front of the easting: say crs=EPSG:4647." in sentence
    assert "inf" not in sentence
    assert off_m(file, crs="EPSG:4647") < 0.01


UTM32, GK3 = utm(8.9, 52.05, 32), gauss_krueger(8.9, 52.05, 3)


@pytest.mark.parametrize(
    ("x", "y", "own", "hint"),
    [
        (*ZONE_32[0], "EPSG:25832", "Zone 32 stands in front of the easting: say crs=EPSG:4647."),
        (33e6 + utm(13.4, 52.5, 33)[0], utm(13.4, 52.5, 33)[1], "", ("Zone 33 stands in front of the easting: say "
         "crs=EPSG:5650.")),
        (31e6 + utm(5.98, 51.0, 31)[0], utm(5.98, 51.0, 31)[1], "EPSG:25831", ("Zone 31 stands in front of the easting:"
         " say crs=EPSG:5649.")),
        (*GK3, "EPSG:25832", "These look like metres in Gauß-Krüger zone 3: say crs=EPSG:31467."),
        (*UTM32, "EPSG:31467", "These look like metres in UTM zone 32: say crs=EPSG:25832."),
        (*UTM32, "", "These look like metres in UTM zone 32: say crs=EPSG:25832."),
        (*UTM32[::-1], "EPSG:25832", "The northing stands before the easting: turn them with swap-axes."),
        (*GK3[::-1], "EPSG:25832", ("The northing stands before the easting: turn them with swap-axes crs="
         "EPSG:31467.")),
        (UTM32[0] / 1000, UTM32[1] / 1000, "EPSG:25832", "These look like kilometres: export the file in metres."),
        (8.9, 52.05, "EPSG:25832", "These look like degrees: say crs=EPSG:4326."),
        (8.9e6, 52.05e6, "EPSG:4326", "These look like degrees times 1000000: export the file in degrees."),
        (8.9e7, 52.05e7, "EPSG:4326", "These look like degrees times 10000000: export the file in degrees."),
        (990_600.0, 6_806_000.0, "", "These look like metres of web maps: say crs=EPSG:3857."),
        (1.0, 2.0, "EPSG:25832", None),
    ],
)  # fmt: skip
def test_what_happened_to_numbers_is_told_by_where_they_land(x: float, y: float, own: str, hint: str | None) -> None:
    assert known_systems.mistake(x, y, CRS(own) if own else None) == hint


def test_northing_before_easting_is_refused_and_read_when_turned(tmp_path: Path) -> None:
    file = shapefile(tmp_path / "weg.shp", [utm(*one, 32)[::-1] for one in PLACES], "EPSG:25832")
    assert "turn them with swap-axes." in refusal(file)
    assert off_m(file, swap_axes=True) < 0.01
    right = shapefile(tmp_path / "gut.shp", [utm(*one, 32) for one in PLACES], "EPSG:25832")
    assert "Try it without swap-axes." in refusal(right, swap_axes=True)


def test_a_file_without_a_system_is_refused_with_the_one_its_numbers_fit(tmp_path: Path) -> None:
    file = shapefile(tmp_path / "weg.shp", [gauss_krueger(*one, 3) for one in PLACES], "")
    assert "does not say in which coordinate system it is." in refusal(file)
    assert "say crs=EPSG:31467." in refusal(file)


def test_a_trail_far_from_europe_in_a_system_of_its_own_is_read(tmp_path: Path) -> None:
    file = shapefile(tmp_path / "weg.shp", [(500_000 + 100 * i, 5_800_000) for i in range(5)], "EPSG:32718")
    draft, found = read(file, crs="EPSG:32718")  # Chile; as EPSG:25832 these numbers would lie in Germany
    assert draft.line is not None
    assert draft.line.coords[0][0] == pytest.approx(-75, abs=0.01)
    assert any("lies outside Europe" in line for line in found)


def test_degrees_times_a_million_without_a_system_are_refused_by_name(tmp_path: Path) -> None:
    line = LineString([(lon * 1e6, lat * 1e6) for lon, lat in PLACES])
    sentence = refusal(geojson(tmp_path / "weg.geojson", (line, {})))
    assert "The line has the coordinates 8900000, 52050000." in sentence
    assert "These look like degrees times 1000000" in sentence


def test_distances_from_the_centre_of_the_earth_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "weg.gpkg"
    frame: Any = geopandas.GeoDataFrame({"n": [1]}, geometry=[Point(3884000, 608000, 5007000)], crs="EPSG:4978")
    frame.to_file(file, driver="GPKG")
    assert "distances from the centre of the Earth" in refusal(file)


def test_a_grid_that_the_operator_installed_is_used_and_none_is_fetched(tmp_path: Path) -> None:
    """The grid shifts by 4 seconds south and 5 west everywhere: so it is read, not the seven numbers."""
    profile: dict[str, Any] = {
        "driver": "GTiff",
        "dtype": "float32",
        "crs": "EPSG:4314",
        "width": 9,
        "height": 9,
        "count": 2,
    }
    transform = Affine(0.25, 0, 7.875, 0, -0.25, 53.125)
    with rasterio.open(tmp_path / "de_adv_BETA2007.tif", "w", transform=transform, **profile) as grid:
        for band, (name, seconds) in enumerate([("latitude_offset", -4), ("longitude_offset", -5)], 1):
            grid.write(np.full((9, 9), seconds, dtype="float32"), band)
            grid.set_band_description(band, name)
            grid.update_tags(band, positive_value="east")
        grid.update_tags(TYPE="HORIZONTAL_OFFSET")
        grid.units = ("arc-second", "arc-second")
    code = (
        "import json, numpy as np\n"
        "from pyproj import CRS, network\n"
        "from geodata.trailfiles.systems import conversion\n"
        "from geodata.findings.trail_file import Findings\n"
        "from geodata.messages.message import message\n"
        "found, place = Findings(), np.array([[8.9, 52.05]])\n"
        "moved = conversion.chosen(CRS('EPSG:4314'), place, message('x'), found).to_lonlat(place)\n"
        "told = [str(one) for one in found.found]\n"
        "print(json.dumps([((moved - place) * 3600).tolist(), told, network.is_network_enabled()]))\n"
    )
    environment = {"PROJ_USER_WRITABLE_DIRECTORY": str(tmp_path), "PROJ_NETWORK": "ON"}
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    shift, found, network = json.loads(ended.stdout)
    assert shift == [pytest.approx([-5, -4], abs=1e-5)]
    assert found == []
    assert network is False  # although PROJ_NETWORK is ON
