"""Draw the line and the stations of the bundled demonstration trail; run it again after a change of the sketch.

    python tools/make_demo_trail.py

The sketch is invented: places in the order of the real walk, metres east and north of the sourced point of the
Försterteiche, heights within the sourced range. Only that point is real.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise
from pathlib import Path

from pyproj import Transformer
from shapely import LineString

from geodata.geometry.line import TrailGeometry

FOLDER = Path(__file__).parent.parent / "geodata" / "trails" / "stadtwald"
PONDS = (8.916774, 52.051552)
LENGTH_M = 4870.0
STEP_M = 24.0

# east, north (m from the ponds), height (m above sea level); clockwise from the car park
SKETCH = [
    (-800, -500, 158),  # car park
    (-770, -440, 156),
    (-762, -360, 151),
    (-735, -290, 146),
    (-672, -232, 141),
    (-655, -180, 138),  # boardwalk over the stream
    (-668, -120, 139),
    (-640, -30, 145),
    (-598, 60, 153),
    (-520, 118, 161),
    (-430, 150, 167),
    (-352, 172, 172),  # wild boar
    (-270, 205, 174),
    (-215, 252, 173),
    (-160, 250, 170),
    (-132, 200, 166),
    (-118, 120, 163),
    (-90, 50, 161),
    (-48, -8, 160),  # ponds
    (6, -26, 161),
    (62, -6, 164),
    (96, 52, 168),
    (150, 96, 173),
    (240, 118, 180),
    (330, 150, 187),  # where the spruces stood
    (410, 196, 191),
    (470, 262, 193),
    (540, 282, 193),
    (596, 246, 190),
    (624, 186, 186),
    (700, 130, 181),
    (742, 60, 177),  # water from the forest
    (740, -20, 180),
    (712, -90, 185),
    (705, -160, 190),
    (676, -235, 195),  # deer
    (600, -268, 198),
    (560, -330, 200),
    (572, -400, 202),
    (545, -470, 204),  # Landwehr, view
    (470, -520, 202),
    (390, -548, 196),
    (300, -590, 187),
    (220, -650, 176),
    (130, -676, 165),
    (40, -690, 154),
    (-20, -730, 146),
    (-60, -790, 137),
    (-130, -822, 130),
    (-200, -815, 126),  # landscape park
    (-262, -842, 125),
    (-300, -890, 128),
    (-370, -905, 133),
    (-430, -870, 138),
    (-455, -800, 142),
    (-500, -745, 139),
    (-560, -715, 134),
    (-620, -672, 138),  # young forest
    (-665, -610, 146),
    (-735, -590, 152),
    (-790, -560, 156),
]

# number: code (permanent, never change one), metres east and north as in the sketch
STATIONS = {
    1: ("K7YNX0", -784, -476),
    2: ("2FYJEM", -660, -178),
    3: ("6G1EBG", -356, 182),
    4: ("3DVB54", 0, 0),
    5: ("8XBJQN", 332, 160),
    6: ("T7VVFS", 752, 58),
    7: ("R7TZ2H", 668, -242),
    8: ("7KPWJW", 554, -474),
    9: ("WYJ1T4", -204, -804),
    10: ("PHN4ZB", -630, -668),
}

SOURCES = [
    "https://lipperland.de/?page_id=506 (point of the Försterteiche)",
    "https://teutoburgerwald.de/natur/in-der-natur/tour/foersterteiche-staffpark (length, heights, order of places)",
]


def spline(points: Sequence[tuple[float, float, float]], parts: int = 12) -> list[tuple[float, ...]]:
    """A closed Catmull-Rom curve through ``points``, each piece in ``parts``."""
    curve: list[tuple[float, ...]] = []
    for i in range(len(points)):
        corners = [points[(i + k - 1) % len(points)] for k in range(4)]
        for part in range(parts):
            t = part / parts
            weights = (
                (-t + 2 * t**2 - t**3) / 2,
                (2 - 5 * t**2 + 3 * t**3) / 2,
                (t + 4 * t**2 - 3 * t**3) / 2,
                (t**3 - t**2) / 2,
            )
            columns = zip(*corners, strict=True)
            curve.append(tuple(sum(w * c for w, c in zip(weights, column, strict=True)) for column in columns))
    return [*curve, curve[0]]


class Place:
    """Lon and lat of metres east and north of the ponds, with the sketch enlarged by ``factor``."""

    def __init__(self, factor: float) -> None:
        self._factor = factor
        self._east, self._north = Transformer.from_crs("OGC:CRS84", "EPSG:25832", always_xy=True).transform(*PONDS)
        self._back = Transformer.from_crs("EPSG:25832", "OGC:CRS84", always_xy=True)

    def lonlat(self, east: float, north: float) -> tuple[float, float]:
        """Rounded to 0.1 m; the ponds stay what the source says."""
        lon, lat = self._back.transform(self._east + east * self._factor, self._north + north * self._factor)
        return round(lon, 6), round(lat, 6)


def sampled(curve: list[tuple[float, ...]]) -> list[tuple[float, float, float]]:
    """One point every STEP_M or so."""
    flat, heights = LineString([point[:2] for point in curve]), [point[2] for point in curve]
    alongs = list(accumulate((math.dist(a[:2], b[:2]) for a, b in pairwise(curve)), initial=0.0))
    points: list[tuple[float, float, float]] = []
    count = round(LENGTH_M / STEP_M)
    for along in (i * flat.length / count for i in range(count)):
        point = flat.interpolate(along)
        i = bisect_right(alongs, along) - 1
        share = (along - alongs[i]) / (alongs[i + 1] - alongs[i])
        points.append((point.x, point.y, heights[i] + share * (heights[i + 1] - heights[i])))
    return [*points, points[0]]


def draw() -> tuple[LineString, Place]:
    """The line, of LENGTH_M in all."""
    points = sampled(spline(SKETCH))
    place = Place(LENGTH_M / sum(math.dist(a[:2], b[:2]) for a, b in pairwise(points)))
    return LineString([(*place.lonlat(east, north), round(height, 1)) for east, north, height in points]), place


def trail_feature(line: LineString) -> str:
    """The GeoJSON Feature, one vertex a line so that a change can be read."""
    feature = {
        "type": "Feature",
        "properties": {
            "slug": "stadtwald",
            "municipality": {"slug": "lemgo", "name": "Lemgo", "timezone": "Europe/Berlin"},
            "licence": "CC0-1.0",
            "attribution": "Digitalpfad, Vorführung (demonstration)",
            "surveyed": False,
            "invented": "The line, its heights and all station points are invented for demonstration;"
            " only the point of the Försterteiche (station 4) comes from a source.",
            "sources": SOURCES,
        },
        "geometry": {"type": "LineString", "coordinates": "@"},
    }
    vertices = ",\n".join(f"      {json.dumps(vertex)}" for vertex in line.coords)
    return json.dumps(feature, ensure_ascii=False, indent=2).replace('"@"', f"[\n{vertices}\n    ]") + "\n"


def main() -> None:
    """Write trail.geojson and stations.json, and say how the trail came out."""
    line, place = draw()
    geometry = TrailGeometry(line)
    stations: list[dict[str, object]] = []
    for number, (code, east, north) in STATIONS.items():
        lon, lat = place.lonlat(east, north)
        found = geometry.locate(lon, lat)
        stations.append({"code": code, "number": number, "lon": lon, "lat": lat, "along_m": round(found.along_m)})
        print(f"{number:2} {code} {found.along_m:6.0f} m along, {found.off_m:3.0f} m off")
    FOLDER.joinpath("trail.geojson").write_text(trail_feature(line), encoding="utf-8")
    rows = ",\n".join(f"  {json.dumps(station)}" for station in stations)
    FOLDER.joinpath("stations.json").write_text(f"[\n{rows}\n]\n", encoding="utf-8")
    heights = [vertex[2] for vertex in line.coords]
    print(f"{len(heights)} vertices, {geometry.length_m:.0f} m, {min(heights)} to {max(heights)} m above sea level,")
    print(f"{geometry.ascent_m:.0f} m up, {geometry.descent_m:.0f} m down, {geometry.minutes:.0f} minutes")


if __name__ == "__main__":
    main()
