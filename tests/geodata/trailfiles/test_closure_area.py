"""Areas of closures as GIS programs write them: read rightly, told, or refused with the hint."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from shapely import LineString

from geodata.errors import InvalidInput
from geodata.findings.trail_file import Findings
from geodata.trailfiles import closure_area, closure_reach
from geodata.trailfiles.closure_reach import TrailWay
from tests.geodata.trailfiles.geodesy import gauss_krueger, utm
from tests.geodata.trailfiles.geofiles import GEOD, walk

SQUARE = [(8.903, 52.046), (8.909, 52.046), (8.909, 52.051), (8.903, 52.051), (8.903, 52.046)]
EAST = [(8.915, 52.05), (8.918, 52.05), (8.918, 52.053), (8.915, 52.053), (8.915, 52.05)]
WAYS = {
    "waldweg": TrailWay(LineString([(8.9, 52.048, 150), (8.92, 52.048, 160)]), [(8.91, 52.049)]),
    "moorweg": TrailWay(LineString([(9.5, 52.048), (9.52, 52.048)])),
}


def polygon(ring: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [ring]}


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: Any, **members: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", **members, "features": [*features]}


def crs(name: str) -> dict[str, Any]:
    return {"crs": {"type": "name", "properties": {"name": name}}}


def taken(tmp_path: Path, document: Any, given: str = "", prefix: str = "") -> tuple[closure_area.Area, list[str]]:
    """The area, checked against waldweg, and what was told."""
    (tmp_path / "brut.geojson").write_text(prefix + json.dumps(document), encoding="utf-8")
    findings = Findings()
    area = closure_area.read(tmp_path / "brut.geojson", given, findings)
    closure_reach.check(area, "waldweg", WAYS, findings)
    return area, [str(one) for one in findings.found]


CONVERTED = "brut.geojson is converted from ETRS89 / UTM zone 32N (EPSG:25832)."


@pytest.mark.parametrize(
    ("document", "told"),
    [
        (polygon(SQUARE), []),
        (polygon(SQUARE[::-1]), []),
        (polygon([(*place, 150.0) for place in SQUARE]), []),
        (feature(polygon(SQUARE), name="Brut"), []),
        (collection(feature(polygon(SQUARE), arten=["Uhu", "Schwarzstorch"])), []),
        (collection(feature(polygon(SQUARE)), **crs("urn:ogc:def:crs:OGC:1.3:CRS84")), []),
        (collection(feature(polygon([utm(*one, 32) for one in SQUARE])), **crs("urn:ogc:def:crs:EPSG::25832")),
         [CONVERTED]),
        (collection(feature(None), feature(polygon(SQUARE))), ["1 object of brut.geojson is no area: left out."]),
        (collection(feature(polygon(SQUARE)), feature({"type": "Point", "coordinates": SQUARE[0]})),
         ["1 object of brut.geojson is no area: left out."]),
        (polygon(SQUARE[:4]), ["1 outline of brut.geojson ends before its start. They are closed."]),
    ],
    ids=["polygon", "clockwise", "heights", "feature", "list property", "CRS84", "UTM", "null", "point", "not closed"],
)  # fmt: skip
def test_one_area_is_read_whatever_it_is_wrapped_in(tmp_path: Path, document: Any, told: list[str]) -> None:
    area, found = taken(tmp_path, document)
    assert area.geom_type == "Polygon"
    assert area.bounds == pytest.approx((8.903, 52.046, 8.909, 52.051), abs=1e-7)
    assert found == told


def test_a_byte_order_mark_does_not_matter(tmp_path: Path) -> None:
    assert taken(tmp_path, polygon(SQUARE), prefix="\ufeff")[0].area == pytest.approx(0.006 * 0.005)


@pytest.mark.parametrize(
    "document",
    [
        collection(feature(polygon(SQUARE)), feature(polygon(EAST))),
        {"type": "MultiPolygon", "coordinates": [[SQUARE], [EAST]]},
        {"type": "GeometryCollection", "geometries": [polygon(SQUARE), polygon(EAST)]},
        collection(feature({"type": "GeometryCollection", "geometries": [polygon(SQUARE), polygon(EAST)]})),
    ],
    ids=["features", "multi-polygon", "collection", "collection in a feature"],
)
def test_several_areas_are_taken_together_and_told(tmp_path: Path, document: Any) -> None:
    area, found = taken(tmp_path, document)
    assert area.area == pytest.approx(0.006 * 0.005 + 0.003 * 0.003)
    elsewhere = "1 of the areas lies elsewhere and closes nothing here: an area 223 m beside the trail."
    assert found == ["2 areas of brut.geojson are taken together.", elsewhere]


def test_a_part_with_exchanged_axes_is_refused_beside_a_right_one(tmp_path: Path) -> None:
    swapped = [place[::-1] for place in SQUARE]
    with pytest.raises(InvalidInput, match="at most 5 degrees across"):
        taken(tmp_path, {"type": "MultiPolygon", "coordinates": [[SQUARE], [swapped]]})


def test_old_coordinates_are_converted_and_their_accuracy_told(tmp_path: Path) -> None:
    area, found = taken(tmp_path, polygon([gauss_krueger(*one, 3) for one in SQUARE]), "EPSG:31467")
    assert area.bounds == pytest.approx((8.903, 52.046, 8.909, 52.051), abs=1e-7)
    assert "an accuracy of only ±3 m" in found[0]


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (polygon([place[::-1] for place in SQUARE]), "with the axes exchanged it meets the trail."),
        (polygon([(lon + 0.6, lat) for lon, lat in SQUARE]), "It meets moorweg: say trail=moorweg."),
        (polygon([(lon, lat + 0.1) for lon, lat in SQUARE]), "an area 10.9 km from the trail"),
        (polygon([utm(*one, 32) for one in SQUARE]), "These look like metres in UTM zone 32: say crs=EPSG:25832."),
        (polygon([utm(*one, 32)[::-1] for one in SQUARE]), "Export it in EPSG:4326, lon before lat."),
        (polygon([SQUARE[i] for i in (0, 2, 1, 3, 0)]), "It does at 8.906 52.0485: draw it anew there."),
        ({"type": "LineString", "coordinates": SQUARE}, "It is a file with 1 lines and 0 other objects. Draw"),
        (collection(feature(None)), "It is a file with 0 lines and 1 other objects."),
        (polygon([]), "It holds the polygon [[]]."),
        (polygon([["a", "b"]] * 4), "It holds the polygon [[['a', 'b']"),
        (collection(feature(polygon(SQUARE)), **crs("EPSG:nonsense")), "expected a coordinate system"),
        (polygon([(float("nan"), 52.0), *SQUARE]), "It holds the position [nan, 52.0]."),
        (polygon([(-10, 40), (20, 40), (20, 60), (-10, 60), (-10, 40)]), "expected at most 5 degrees across"),
        ([1, 2], "It is a file with 0 lines and 0 other objects."),
        ({"type": ["Polygon"], "coordinates": SQUARE}, "It is a file with 0 lines and 1 other objects."),
    ],
)
def test_an_area_that_cannot_be_meant_is_refused_with_the_hint(tmp_path: Path, document: Any, sentence: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        taken(tmp_path, document)
    assert sentence in str(caught.value)


def test_what_is_no_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "brut.geojson").write_bytes(b"{7")
    with pytest.raises(InvalidInput, match="it is no JSON"):
        closure_area.read(tmp_path / "brut.geojson", "", Findings())


@pytest.mark.parametrize("content", [b"\xff{", '{"ort": "Höhe"}'.encode("latin-1"), "{}".encode("utf-16")])
def test_another_encoding_is_refused_with_the_one_to_save_it_in(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "brut.geojson").write_bytes(content)
    with pytest.raises(InvalidInput, match=r"expected text in UTF-8\. Save it anew as UTF-8."):
        closure_area.read(tmp_path / "brut.geojson", "", Findings())


@pytest.mark.timeout(20)
def test_a_file_without_end_is_refused_and_not_read_to_its_end() -> None:
    with pytest.raises(InvalidInput, match="area is 'zero', expected at most 2 MB"):
        closure_area.read(Path("/dev/zero"), "", Findings())


@pytest.mark.parametrize(("beside_m", "closes"), [(9.5, True), (10.5, False)])
def test_an_area_up_to_10_m_beside_the_way_closes_it_and_further_off_is_refused(
    tmp_path: Path, beside_m: float, closes: bool
) -> None:
    """Metres are walked on the ellipsoid, north of the line that runs east."""
    south = GEOD.fwd(8.905, 52.048, 0, beside_m)[1]
    corner = walk((90, 20), start=(8.902, south))[1][0]
    ring = [(8.902, south), (corner, south), (corner, south + 0.0001), (8.902, south + 0.0001)]
    if closes:
        assert taken(tmp_path, polygon(ring))[1]
    else:
        with pytest.raises(InvalidInput, match=r"an area 1[01] m beside the trail"):
            taken(tmp_path, polygon(ring))


def test_an_area_that_holds_a_station_beside_the_way_closes_it(tmp_path: Path) -> None:
    ring = [(8.9099, 52.0489), (8.9101, 52.0489), (8.9101, 52.0491), (8.9099, 52.0491), (8.9099, 52.0489)]
    assert taken(tmp_path, polygon(ring))[0].area > 0
