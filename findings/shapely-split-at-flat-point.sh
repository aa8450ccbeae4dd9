#!/usr/bin/env bash
# shapely 2.2.0, ops.split
#
# One would guess: a line with heights is split at a point without one (and the other way round), as every other operation
# on such pairs works in two dimensions.
# Seen: within an edge the two dimensions are glued together and numpy raises a ValueError about an inhomogeneous shape.
# At a vertex, even of another height, the same pair is split; and so it is by a short line across instead of the point.
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
from shapely.ops import split


def parts(line: str, splitter: str) -> str:
    try:
        return ", ".join(part.wkt for part in split(from_wkt(line), from_wkt(splitter)).geoms)
    except ValueError as error:
        return f"ValueError: {str(error).split('.')[0]}"


HIGH, FLAT = "LINESTRING Z (0 0 100, 10 0 200, 20 0 300)", "LINESTRING (0 0, 10 0, 20 0)"
RAISES = "ValueError: setting an array element with a sequence"
print(f"shapely {shapely.__version__}")
changed = False
for line, splitter, expected in [
    (HIGH, "POINT Z (5 0 150)", "LINESTRING Z (0 0 100, 5 0 150), LINESTRING Z (5 0 150, 10 0 200, 20 0 300)"),
    (HIGH, "POINT (5 0)", RAISES),
    (FLAT, "POINT Z (5 0 150)", RAISES),
    (HIGH, "POINT (10 0)", "LINESTRING Z (0 0 100, 10 0 200), LINESTRING Z (10 0 200, 20 0 300)"),
    (HIGH, "POINT Z (10 0 999)", "LINESTRING Z (0 0 100, 10 0 200), LINESTRING Z (10 0 200, 20 0 300)"),
    (HIGH, "LINESTRING (5 -1, 5 1)", "LINESTRING Z (0 0 100, 5 0 150), LINESTRING Z (5 0 150, 10 0 200, 20 0 300)"),
]:
    seen = parts(line, splitter)
    changed |= seen != expected
    print(f"{line}\n  at {splitter}: {seen}")
if changed:
    sys.exit("the behaviour changed")
print("as before: within an edge, point and line must have the same dimensions; one would guess that they need not")
PY
venv/bin/python try.py
