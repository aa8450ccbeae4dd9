#!/usr/bin/env bash
# GDAL 3.12.4 (pyogrio 0.13.0), GPX extensions
#
# A waypoint carries a code in <extensions>, as the schema allows: any element of another namespace.
# One would guess: the text of an XML element without any declared type comes as text.
# Seen: the type is guessed from all values of the file. 012345 comes as 12345, 0E8413 as 0.0, 12E345 as infinity; one
# code with another letter in the same file, and all come as written. The same text in <name> stays text.
# Needs Python 3.11 with venv. Exits 0 as long as this is so, 1 when it changed, 2 when it could not be tried.
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv && venv/bin/pip install -q --disable-pip-version-check \
    pyogrio==0.13.0 geopandas==1.2.0 shapely==2.2.0 pyproj==3.7.2 pandas==3.1.1 numpy==2.4.6 2>pip.log || exit 2

cat >try.py <<'PY'
import sys
from pathlib import Path

import pyogrio

GPX = '<gpx version="1.1" creator="c" xmlns="http://www.topografix.com/GPX/1/1" xmlns:x="urn:example:x">{}</gpx>'
WAYPOINT = '<wpt lat="49" lon="8"><name>{0}</name><extensions><x:code>{0}</x:code></extensions></wpt>'


def codes(*written: str) -> list[object]:
    Path("try.gpx").write_text(GPX.format("".join(map(WAYPOINT.format, written))))
    frame = pyogrio.read_dataframe("try.gpx", layer="waypoints")
    if frame["name"].tolist() != list(written):
        sys.exit("the behaviour changed: <name> is no text")
    return frame["x_code"].tolist()


print(f"GDAL {pyogrio.__gdal_version_string__}")
changed = False
for written, expected in [
    (["012345"], [12345]),
    (["0E8413", "12E345"], [0.0, float("inf")]),
    (["012345", "0E8413", "12E345", "AB3456"], ["012345", "0E8413", "12E345", "AB3456"]),
]:
    seen = codes(*written)
    changed |= seen != expected or list(map(type, seen)) != list(map(type, expected))
    print(f"written {written}, read {seen}")
if changed:
    sys.exit("the behaviour changed")
print("as before: codes become numbers unless a neighbour is none; one would guess the text")
PY
venv/bin/python try.py
