#!/usr/bin/env bash
# pyogrio 0.13.0 (GDAL 3.12.4), GeoJSON properties that are lists
#
# One would guess: a list of booleans is read like a list of numbers or texts, which come as arrays.
# Seen: lists of one boolean come as that boolean, no list; as soon as one has two, the whole file is refused with numpy's
# "setting an array element with a sequence". Leaving the column out by `columns` reads the rest; numbers and texts are read.
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
from pathlib import Path

import pyogrio


def read(*lists: list[object], columns: list[str] | None = None) -> str:
    features = [
        {"type": "Feature", "properties": {"name": "Mill", "open": one}, "geometry": None} for one in lists
    ]
    Path("try.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    try:
        frame = pyogrio.read_dataframe("try.geojson", columns=columns)
    except ValueError as error:
        return f"ValueError: {error}"
    values = frame["open" if columns is None else columns[0]]
    return str([one.tolist() if hasattr(one, "tolist") else one for one in values])


print(f"pyogrio {pyogrio.__version__}, GDAL {pyogrio.__gdal_version_string__}")
changed = False
for lists, columns, expected in [
    (([1, 2], [3]), None, "[[1, 2], [3]]"),
    ((["a", "b"], ["c"]), None, "[['a', 'b'], ['c']]"),
    (([True], [False]), None, "[True, False]"),
    (([True, False], [True]), None, "ValueError: setting an array element with a sequence."),
    (([True, False], [True]), ["name"], "['Mill', 'Mill']"),
]:
    seen = read(*lists, columns=columns)
    changed |= seen != expected
    print(f"{list(lists)}{', columns ' + str(columns) if columns else ''}: {seen}")
if changed:
    sys.exit("the behaviour changed")
print("as before: lists of booleans lose their brackets or the whole file; one would guess lists")
PY
venv/bin/python try.py
