#!/usr/bin/env bash
# GDAL 3.12.4 (pyogrio 0.13.0), writing a Shapefile in an old encoding
#
# Names hold letters that the encoding does not have, such as those of a partner town: Łódź.
# One would guess: whatever stands for such a letter is the same in each encoding, and something does stand there.
# Seen: in ISO-8859-1 it becomes a question mark, in CP1252 it vanishes: "Łódź" is "ód", and of two names that differ in
# such letters only, one remains. All that tells it is a warning, once for the file; the write succeeds.
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

import geopandas
import pyogrio
from shapely import Point

NAMES = ["Łódź", "Café", "Weg → Tal"]
print(f"GDAL {pyogrio.__gdal_version_string__}")
frame = geopandas.GeoDataFrame({"name": NAMES}, geometry=3 * [Point(8, 49)], crs=4326)
changed = False
for encoding, expected in [
    ("ISO-8859-1", ["?ód?", "Café", "Weg ? Tal"]),
    ("CP1252", ["ód", "Café", "Weg  Tal"]),
    ("UTF-8", NAMES),
]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        pyogrio.write_dataframe(frame, f"{encoding}.shp", encoding=encoding)
    seen = pyogrio.read_dataframe(f"{encoding}.shp")["name"].tolist()
    changed |= seen != expected or len(caught) != (encoding != "UTF-8")
    print(f"{encoding}: {seen}, {len(caught)} warnings")
if changed:
    sys.exit("the behaviour changed")
print("as before: CP1252 loses letters without a trace; one would guess a question mark there too")
PY
venv/bin/python try.py
