#!/usr/bin/env bash
# GDAL 3.12.4 with pyogrio 0.13.0 and shapely 2.2.0, GPX
#
# A recorder that is switched on and off leaves a segment of one point; the schema allows even an empty one.
# One would guess: the segment is left out or comes as a point, and the other tracks of the file are read.
# Seen: GDAL hands on a line of one point, which GEOS cannot hold, and read_dataframe raises for the whole layer. With
# on_invalid="warn", "ignore" or "fix" the track has no geometry at all: its good segments are lost too, silently but
# for "warn", and "fix" fixes nothing. The points themselves are all in the layer `track_points`.
# Needs Python 3.11 with venv. Exits 0 as long as this is so, 1 when it changed, 2 when it could not be tried.
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv && venv/bin/pip install -q --disable-pip-version-check \
    pyogrio==0.13.0 geopandas==1.2.0 shapely==2.2.0 pyproj==3.7.2 pandas==3.1.1 numpy==2.4.6 2>pip.log || exit 2

cat >try.py <<'PY'
import sys
import warnings
from pathlib import Path

import pyogrio
from shapely.errors import GEOSException

ONE = '<trkseg><trkpt lat="49" lon="8"/></trkseg>'
TWO = '<trkseg><trkpt lat="49" lon="8"/><trkpt lat="49.1" lon="8"/></trkseg>'
Path("try.gpx").write_text(
    '<gpx version="1.1" creator="c" xmlns="http://www.topografix.com/GPX/1/1">'
    f"<trk>{TWO}</trk><trk>{TWO}{ONE}{TWO}</trk></gpx>"
)


def read(on_invalid: str) -> str:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            shapes = pyogrio.read_dataframe("try.gpx", layer="tracks", on_invalid=on_invalid).geometry
        except GEOSException as error:
            return f"GEOSException: {str(error).strip()}"
    return f"{[shape and shape.wkt for shape in shapes]}, {len(caught)} warnings"


print(f"GDAL {pyogrio.__gdal_version_string__}, two tracks, the second with segments of 2, 1 and 2 points")
seen = {mode: read(mode) for mode in ("raise", "warn", "ignore", "fix")}
points = len(pyogrio.read_dataframe("try.gpx", layer="track_points"))
for mode, result in seen.items():
    print(f"{mode}: {result}")
print(f"track_points: {points} of 7")
first_only = "['MULTILINESTRING ((8 49, 8 49.1))', None]"
expected = {
    "raise": "GEOSException: IllegalArgumentException: point array must contain 0 or >1 elements",
    "warn": f"{first_only}, 1 warnings",
    "ignore": f"{first_only}, 0 warnings",
    "fix": f"{first_only}, 0 warnings",
}
if seen != expected or points != 7:
    sys.exit("the behaviour changed")
print("as before: one point costs the layer or the whole track; one would guess that only its segment is left out")
PY
venv/bin/python try.py
