#!/usr/bin/env bash
# pyogrio 0.13.0 (GDAL 3.12.4), a Shapefile with two columns of one name, as programs write it that cut names to ten bytes
#
# One would guess: two columns with their own values, or an error, or the second renamed as pandas' CSV reader does.
# Seen: two columns of the same name, and both hold the values of the second; those of the first stand nowhere, though
# read_info() names both columns. A column called "geometry" is missing altogether: the shapes stand in its place.
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

import geopandas
import pyogrio
import shapely


def read(first: str, second: str) -> str:
    """Columns and values of a table that was written with other names of the same length."""
    values = {"a" * len(first): ["Mill"], "b" * len(second): ["Pond"]}
    frame = geopandas.GeoDataFrame(values, geometry=[shapely.Point(8.9, 52.05)], crs=4326)
    frame.to_file("try.shp")
    table = Path("try.dbf")
    content = table.read_bytes().replace(b"a" * len(first), first.encode(), 1)
    table.write_bytes(content.replace(b"b" * len(second), second.encode(), 1))
    found = pyogrio.read_dataframe("try.shp")
    named = pyogrio.read_info("try.shp")["fields"].tolist()
    rows = [
        (name, found.iloc[0, at]) for at, name in enumerate(found.columns) if isinstance(found.iloc[0, at], str)
    ]
    return f"fields {named}, read {rows}"


print(f"pyogrio {pyogrio.__version__}, GDAL {pyogrio.__gdal_version_string__}")
changed = False
for first, second, expected in [
    ("name", "text", "fields ['name', 'text'], read [('name', 'Mill'), ('text', 'Pond')]"),
    ("name", "NAME", "fields ['name', 'NAME'], read [('name', 'Mill'), ('NAME', 'Pond')]"),
    ("label", "label", "fields ['label', 'label'], read [('label', 'Pond'), ('label', 'Pond')]"),
    ("name", "geometry", "fields ['name', 'geometry'], read [('name', 'Mill')]"),
]:
    seen = read(first, second)
    changed |= seen != expected
    print(f"written {first!r}: Mill, {second!r}: Pond; {seen}")
if changed:
    sys.exit("the behaviour changed")
print("as before: of two columns of one name the first one's values are lost without a word")
PY
venv/bin/python try.py
