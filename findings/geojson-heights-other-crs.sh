#!/usr/bin/env bash
# GDAL 3.12.4 (pyogrio 0.13.0), GeoJSON with heights; with geopandas 1.2.0
#
# One would guess: a GeoJSON without `crs` is EPSG:4326, whatever it holds.
# Seen: one third number is enough, in one of 51 points, and the whole layer is EPSG:4979, the three-dimensional WGS 84.
# Both call themselves "WGS 84", yet are not equal: geopandas refuses to concatenate a file with heights and one without
# (it names the two as 'WGS 84' and 'WGS 84'), sjoin warns of a mismatch, and what is written as GeoJSON again carries the
# `crs` member that RFC 7946 took out.
# Needs Python 3.11 with venv. Exits 0 as long as this is so, 1 when it changed, 2 when it could not be tried.
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv && venv/bin/pip install -q --disable-pip-version-check \
    pyogrio==0.13.0 geopandas==1.2.0 shapely==2.2.0 pyproj==3.7.2 pandas==3.1.1 numpy==2.4.6 2>pip.log || exit 2

cat >try.py <<'PY'
import json
import sys
import warnings
from pathlib import Path

import geopandas
import pandas
import pyogrio


def read(name: str, *positions: list[float]) -> geopandas.GeoDataFrame:
    features = [
        {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": position}}
        for position in positions
    ]
    Path(name).write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return pyogrio.read_dataframe(name)


print(f"GDAL {pyogrio.__gdal_version_string__}")
flat = read("flat.geojson", *50 * [[8.4, 49.0]])
mixed = read("mixed.geojson", *50 * [[8.4, 49.0]], [8.4, 49.0, 120.0])
seen = [f"50 points without height: {flat.crs}", f"with one point more that has a height: {mixed.crs}"]
try:
    pandas.concat([flat, mixed])
    seen.append("concat works")
except ValueError as error:
    seen.append(f"concat: {str(error).split('. ')[0]}")
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    flat.sjoin(mixed)
seen.append(f"sjoin warns: {any('CRS mismatch' in str(one.message) for one in caught)}")
for name, frame in (("flat", flat), ("mixed", mixed)):
    pyogrio.write_dataframe(frame, "again.geojson")
    seen.append(f"{name}, written again: {json.loads(Path('again.geojson').read_text())['crs']['properties']['name']}")
print("\n".join(seen))
expected = [
    "50 points without height: EPSG:4326",
    "with one point more that has a height: EPSG:4979",
    "concat: Cannot determine common CRS for concatenation inputs, got ['WGS 84', 'WGS 84']",
    "sjoin warns: True",
    "flat, written again: urn:ogc:def:crs:OGC:1.3:CRS84",
    "mixed, written again: urn:ogc:def:crs:EPSG::4979",
]
if seen != expected:
    sys.exit("the behaviour changed")
print("as before: one height changes the system of the layer; one would guess EPSG:4326 both times")
PY
venv/bin/python try.py
