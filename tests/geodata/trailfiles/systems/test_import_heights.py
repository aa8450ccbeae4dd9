"""Heights are metres above sea level or none: ellipsoids, depths, feet, and KML's altitudes above the ground.

The geoid of these tests is a plane (tests/geodata/trailfiles/geodesy.py), so the right heights are sums on paper.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import rasterio
from affine import Affine
from pyproj import CRS
from shapely import LineString, Point

from geodata.errors import InvalidInput
from geodata.findings.trail_file import Findings, Refused
from geodata.messages.message import message
from geodata.trailfiles.systems import vertical
from geodata.trailfiles.systems.vertical import Above, HowHigh
from tests.geodata.trailfiles.draft.test_terrain import slope, tiff
from tests.geodata.trailfiles.geodesy import gtx, undulation, utm
from tests.geodata.trailfiles.geofiles import EASTWARDS, geojson, read, trail_file

SEA = [z for *_, z in EASTWARDS]
PLACES = [place[:2] for place in EASTWARDS]


def geopackage(file: Path, heights: list[float], system: str) -> Path:
    """The line and a station at its start, with these heights; coordinates in UTM where the system is projected."""
    plane = [utm(*one, 32) if CRS(system).is_projected else one for one in PLACES]
    line = LineString([(*place, z) for place, z in zip(plane, heights, strict=True)])
    for layer, geometry in (("weg", line), ("tafeln", Point(*plane[0], heights[0]))):
        frame: Any = geopandas.GeoDataFrame({"name": ["Weg"]}, geometry=[geometry], crs=system)
        frame.to_file(file, layer=layer, driver="GPKG")
    return file


def heights(file: Path, **how: Any) -> tuple[list[float], float | None, list[str]]:
    """Those of the line and of the station, and what was told of heights."""
    draft, found = read(file, **how)
    assert draft.line is not None
    station = draft.stations[0].height if draft.stations else None
    told = [line for line in found if "eights" in line or "altitude" in line]
    return [z for *_, z in draft.line.coords] if draft.line.has_z else [], station, told


@pytest.mark.parametrize("system", ["EPSG:4937", "EPSG:4979", "EPSG:4647"])
def test_heights_above_the_ellipsoid_are_left_out_and_told(tmp_path: Path, system: str) -> None:
    three = CRS(system).to_3d() if system == "EPSG:4647" else system
    said = vertical.said_by(CRS(three))
    assert said is not None
    assert said.above is Above.ELLIPSOID
    if system != "EPSG:4647":
        line, station, told = heights(geopackage(tmp_path / "weg.gpkg", SEA, system))
        assert (line, station) == ([], None)
        assert any(one.startswith("warning: Heights of the layer weg are above the ellipsoid") for one in told)
        assert any(one.startswith("warning: Heights of the layer tafeln are above the ellipsoid") for one in told)
        assert "geoid" in told[0]


@pytest.mark.parametrize("suffix", [".gtx", ".tif"])
def test_a_geoid_makes_heights_above_the_ellipsoid_heights_above_the_sea(tmp_path: Path, suffix: str) -> None:
    """The file's heights are the right ones plus the invented geoid at each place; the import takes it off again."""
    geoid = gtx(tmp_path / "geoid.gtx") if suffix == ".gtx" else geotiff(tmp_path / "geoid.tif")
    file = geopackage(
        tmp_path / "weg.gpkg", [z + undulation(*place) for place, z in zip(PLACES, SEA, strict=True)], "EPSG:4937"
    )
    line, station, told = heights(file, geoid=geoid)
    assert line == pytest.approx(SEA, abs=1e-3)
    assert station == pytest.approx(SEA[0], abs=1e-3)
    assert told[0].startswith(
        f"note: Heights of the layer weg are above the ellipsoid (ETRS89); the geoid geoid{suffix}"
    )
    assert "takes 46.4 m off." in told[0]  # 46 + 10 * 0.015 + 5 * 0.05 in the middle


def geotiff(file: Path) -> Path:
    """The same geoid, as PROJ's own grids are."""
    lon, lat = [8 + i / 4 for i in range(9)], [53 - i / 4 for i in range(9)]
    with rasterio.open(
        file, "w", driver="GTiff", dtype="float32", crs="EPSG:4258", width=9, height=9, count=1,
        transform=Affine(0.25, 0, 7.875, 0, -0.25, 53.125),
    ) as grid:  # fmt: skip
        grid.write(np.array([[undulation(x, y) for x in lon] for y in lat], dtype="float32"), 1)
    return file


def test_a_geoid_of_another_region_or_no_geoid_is_refused(tmp_path: Path) -> None:
    file = geopackage(tmp_path / "weg.gpkg", SEA, "EPSG:4937")
    with pytest.raises(Refused, match=r"The geoid fern.gtx covers none of the places."):
        read(file, geoid=gtx(tmp_path / "fern.gtx", south=40))
    (tmp_path / "geoid.tif").write_text("nothing")
    with pytest.raises(InvalidInput, match=r"geoid is 'geoid.tif', expected a grid of the geoid"):
        read(file, geoid=tmp_path / "geoid.tif")
    (tmp_path / "geoid.asc").write_text("nothing")
    with pytest.raises(InvalidInput, match=r"geoid is 'geoid.asc', expected a file ending in .gtx .tif .tiff"):
        read(file, geoid=tmp_path / "geoid.asc")


def test_places_beyond_the_geoid_have_no_height_and_are_counted(tmp_path: Path) -> None:
    findings = Findings()
    how = HowHigh(geoid=gtx(tmp_path / "geoid.gtx"))
    places = np.array([PLACES[0], (11.5, 48.1)])
    made = vertical.above_sea(
        np.array([200.0, 600.0]), places, vertical.said_by(CRS("EPSG:4937")), how, message("the layer weg"), findings
    )
    assert made[0] == pytest.approx(200 - undulation(*PLACES[0]), abs=1e-3)
    assert math.isnan(made[1])
    assert "1 heights of the layer weg are left out: the geoid geoid.gtx does not reach there." in str(
        findings.found[1]
    )


def test_heights_above_the_sea_all_the_same_are_taken_when_told_so(tmp_path: Path) -> None:
    line, station, told = heights(geopackage(tmp_path / "weg.gpkg", SEA, "EPSG:4937"), heights_above_sea=True)
    assert (line, station) == (SEA, SEA[0])
    assert any("heights-above-sea overrules it." in one for one in told)


@pytest.mark.parametrize(
    ("system", "word"),
    [
        ("EPSG:25832+7837", ""),
        ("EPSG:5555", "note: Heights of the layer weg are in DHHN92 height: within 0.2 m of today's DHHN2016, kept."),
        ("EPSG:4258+7699", "note: Heights of the layer weg are in DHHN12 height: within 0.2 m of today's"),
        ("EPSG:4326+3855", "note: Heights of the layer weg are in EGM2008 height and kept as metres above sea level."),
        ("EPSG:4258+5709", "note: Heights of the layer weg are in NAP height and kept as metres above sea level."),
    ],
)
def test_heights_above_the_sea_are_kept_and_other_systems_than_todays_are_named(
    tmp_path: Path, system: str, word: str
) -> None:
    line, station, told = heights(geopackage(tmp_path / "weg.gpkg", SEA, system))
    assert line == pytest.approx(SEA)
    assert station == pytest.approx(SEA[0])
    assert told[0].startswith(word) if word else not told


@pytest.mark.parametrize(
    ("system", "unit", "word"),
    [
        ("EPSG:4326+8050", 0.3048, "in units of 0.3048 m, counted upwards (MSL height (ft)); converted."),
        ("EPSG:4326+6360", 1200 / 3937, "in units of 0.304801 m, counted upwards"),
        ("EPSG:4326+5715", -1.0, "in units of 1 m, counted downwards (MSL depth); converted."),
    ],
)
def test_feet_and_depths_become_metres_above_the_sea(tmp_path: Path, system: str, unit: float, word: str) -> None:
    line, _, told = heights(geopackage(tmp_path / "weg.gpkg", [z / unit for z in SEA], system))
    assert line == pytest.approx(SEA)
    assert word in told[0]


def test_heights_from_nobody_knows_where_are_left_out() -> None:
    system = CRS(
        'COMPD_CS["x",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],'
        'UNIT["degree",0.0174532925199433]],VERT_CS["local",VERT_DATUM["unknown",2005],UNIT["metre",1]]]'
    )
    findings = Findings()
    places = np.array(PLACES[:1])
    made = vertical.above_sea(
        np.array([3.0]), places, vertical.said_by(system), HowHigh(), message("the layer weg"), findings
    )
    assert math.isnan(made[0])
    assert "Nobody says what the heights of the layer weg (local) are measured from; left out." in str(
        findings.found[0]
    )


def test_geojson_heights_are_above_the_sea_unless_the_file_says_otherwise(tmp_path: Path) -> None:
    line, _, told = heights(trail_file(tmp_path))
    assert line == SEA
    assert told == [
        (
            "note: Heights of the layer waldweg are taken as metres above sea level, as programs write them; GeoJSON's "
            "standard has them above the ellipsoid. crs=EPSG:4979 says so."
        )
    ]
    assert heights(trail_file(tmp_path), crs="EPSG:4979")[0] == []
    old = trail_file(tmp_path).read_text()
    member = '"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4979"}}, "features"'
    (tmp_path / "alt.geojson").write_text(old.replace('"features"', member, 1))
    assert heights(tmp_path / "alt.geojson")[0] == []


def kml(file: Path, mode: str, *altitudes: float | None, point: str = "") -> Path:
    """A line in places 100 m and more apart with these altitudes, None for a vertex without; and a point."""
    places = [f"{lon},{lat}" + ("" if z is None else f",{z}") for (lon, lat), z in zip(PLACES, altitudes, strict=False)]
    coordinates = f"<coordinates>{' '.join(places)}</coordinates>"
    said = f"<altitudeMode>{mode}</altitudeMode>" if mode else ""
    station = f"<Placemark><name>Eiche</name><Point>{said}<coordinates>{point}</coordinates></Point></Placemark>"
    file.write_text(
        f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>Weg</name><LineString>{said}'
        f"{coordinates}</LineString></Placemark>{station if point else ''}</Document></kml>"
    )
    return file


@pytest.mark.parametrize("mode", ["relativeToGround", "clampToGround", ""])
def test_kml_altitudes_above_the_ground_are_left_out_and_told(tmp_path: Path, mode: str) -> None:
    file = kml(tmp_path / "weg.kml", mode, 2, 3, 2.5, point="8.9,52.05,20")
    line, station, told = heights(file)
    assert (line, station) == ([], None)
    assert told[0].startswith(
        "warning: 4 altitudes, 2 to 20 m, are no heights above sea level: the file says altitudeMode "
        f"{mode or 'clampToGround'}; left out."
    )
    assert "heights-above-sea" in told[0]
    assert heights(file, heights_above_sea=True)[:2] == ([2, 3, 2.5], 20)


def test_kml_altitudes_above_the_sea_are_heights(tmp_path: Path) -> None:
    assert heights(kml(tmp_path / "weg.kml", "absolute", 120, 121, 122, point="8.9,52.05,119")) == (
        [120, 121, 122], 119, []
    )  # fmt: skip


def test_a_kml_that_a_drawing_program_wrote_with_zeros_says_nothing_of_altitudes(tmp_path: Path) -> None:
    line, _, told = heights(kml(tmp_path / "weg.kml", "", 0, 0, 0))
    assert line == []
    assert [one for one in told if "altitude" in one] == []


def test_a_vertex_without_altitude_is_not_at_sea_level(tmp_path: Path) -> None:
    """At the coast, where 0 m is a height: 6 m lies half way between 4 and 8 m, on equal legs of 200 m."""
    line, _, told = heights(kml(tmp_path / "weg.kml", "absolute", 4, None, 8))
    assert line == pytest.approx([4, 6, 8], abs=0.01)
    assert told[0] == "note: 1 vertices have no altitude while others do: unknown, not 0 m."
    coordinates = [[*PLACES[0], 4], [*PLACES[1]], [*PLACES[2], 8]]
    file = geojson(tmp_path / "weg.geojson", (LineString(EASTWARDS[:3]), {}))
    text = file.read_text()
    start, end = text.index("[["), text.index("]]") + 2
    file.write_text(text[:start] + str(coordinates) + text[end:])
    line, _, told = heights(file)
    assert line == pytest.approx([4, 6, 8], abs=0.01)
    assert told[0] == "note: 1 vertices have no altitude while others do: unknown, not 0 m."


def test_modes_count_for_each_geometry_and_tracks_have_them_too(tmp_path: Path) -> None:
    times = "".join(f"<when>2026-05-0{day}T00:00:00Z</when>" for day in (1, 2, 3))
    coords = "".join(
        f"<gx:coord>{lon} {lat} {z}</gx:coord>" for (lon, lat), z in zip(PLACES[2:], (7, 8, 9), strict=False)
    )
    first = " ".join(f"{lon},{lat}, {z}" for (lon, lat), z in zip(PLACES, (120, 122, 124), strict=False))
    (tmp_path / "weg.kml").write_text(
        '<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Document><Placemark>'
        f"<LineString><altitudeMode>absolute</altitudeMode><coordinates>{first}</coordinates></LineString></Placemark>"
        f"<Placemark><gx:Track><gx:altitudeMode>relativeToSeaFloor</gx:altitudeMode>{times}{coords}</gx:Track>"
        "</Placemark></Document></kml>"
    )
    line, _, told = heights(tmp_path / "weg.kml")
    assert line == pytest.approx([120, 122, 124, 124, 124])  # level from where the known ones end
    assert (
        "3 altitudes, 7 to 9 m, are no heights above sea level: the file says altitudeMode relativeToSeaFloor"
        in told[0]
    )


def test_a_terrain_model_in_feet_or_above_the_ellipsoid_gives_metres_above_the_sea(tmp_path: Path) -> None:
    feet = tiff(tmp_path / "fuss.tif")
    with rasterio.open(feet, "r+") as raster:
        raster.write((raster.read(1) / 0.3048).astype("float32"), 1)
        raster.units = ("ft",)
    line, _, told = heights(trail_file(tmp_path), dem=(feet,))
    right = [slope(*utm(lon, lat, 32)) for lon, lat in PLACES]
    assert line == pytest.approx(right, abs=0.01)
    assert any("Heights of the terrain model fuss.tif are in units of 0.3048 m" in one for one in told)
    high = tiff(tmp_path / "hoch.tif", crs=CRS("EPSG:25832").to_3d().to_wkt())
    line, _, told = heights(trail_file(tmp_path), dem=(high,), geoid=gtx(tmp_path / "geoid.gtx"))
    assert line == pytest.approx([z - undulation(*place) for z, place in zip(right, PLACES, strict=True)], abs=0.01)
    assert any("Heights of the terrain model hoch.tif are above the ellipsoid" in one for one in told)


def test_a_terrain_model_on_an_unknown_datum_is_refused(tmp_path: Path) -> None:
    bessel = "+proj=tmerc +lon_0=9 +x_0=3500000 +ellps=bessel +units=m"
    with pytest.raises(Refused, match="It is probably EPSG:31467"):
        read(trail_file(tmp_path), dem=(tiff(tmp_path / "dgm.tif", crs=None),), dem_crs=bessel)
