#!/usr/bin/env bash
# shapely 2.2.0 (GEOS 3.14.1), overlays of shapes with and without heights
#
# One would guess: an overlay decides in two dimensions; a vertex keeps its own height, and a shape without heights stays
# without, or takes NaN.
# Seen: heights are invented from the other operand. A flat path minus a point with a height, 60 m away, comes back at that
# height all along. Cut by an area with heights, it takes their mean. Where a trail at 0 m passes under one at 100 m,
# union_all gives both a vertex at 50 m: a climb of 50 m on the level. has_z of the result tells nothing about the source.
# Needs Python 3.11 with venv. Exits 0 as long as this is so, 1 when it changed, 2 when it could not be tried.
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv && venv/bin/pip install -q --disable-pip-version-check shapely==2.2.0 numpy==2.4.6 2>pip.log || exit 2

cat >try.py <<'PY'
import sys

import shapely
from shapely import from_wkt

path = from_wkt("LINESTRING (0 0, 10 0)")
level = from_wkt("LINESTRING Z (0 0 0, 10 10 0)")
bridge = from_wkt("LINESTRING Z (0 10 100, 10 0 100)")
far_point = from_wkt("POINT Z (70 0 7)")
slope = from_wkt("POLYGON Z ((-1 -1 0, 11 -1 0, 11 1 100, -1 1 100, -1 -1 0))")
print(f"shapely {shapely.__version__}, GEOS {shapely.geos_version_string}")
changed = False
for what, seen, expected in [
    ("flat path minus a far point", path.difference(far_point), "LINESTRING Z (0 0 7, 10 0 7)"),
    ("flat path in an area with heights", path.intersection(slope), "LINESTRING Z (0 0 50, 10 0 50)"),
    ("flat path in a flat area", path.intersection(shapely.force_2d(slope)), "LINESTRING (0 0, 10 0)"),
    (
        "union of 0 m and 100 m",
        shapely.union_all([level, bridge]),
        "MULTILINESTRING Z ((0 0 0, 5 5 50), (5 5 50, 10 10 0), (0 10 100, 5 5 50), (5 5 50, 10 0 100))",
    ),
]:
    changed |= seen.wkt != expected
    print(f"{what}: {seen.wkt}")
if changed:
    sys.exit("the behaviour changed")
print("as before: heights come from the other shape; one would guess that flat stays flat and level stays level")
PY
venv/bin/python try.py
