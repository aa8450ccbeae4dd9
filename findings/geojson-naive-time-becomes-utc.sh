#!/usr/bin/env bash
# GDAL 3.12.4 (pyogrio 0.13.0), GeoJSON properties that look like times
#
# JSON has no times: a property such as "2026-06-01T10:00:00" is a text.
# One would guess: it comes as text, or as a time without zone where it names none.
# Seen: texts of times, days and clock times become such objects (even with a space before). A time without zone comes
# without zone as long as it is among its like. Beside one feature that names an offset it comes as UTC: the same text
# is another instant, two hours off for a German summer, and nothing says so.
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

import pyogrio

warnings.simplefilter("error")


def read(*texts: str) -> list[str]:
    features = [{"type": "Feature", "properties": {"p": text}, "geometry": None} for text in texts]
    Path("try.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return [f"{type(value).__name__} {value}" for value in pyogrio.read_dataframe("try.geojson")["p"]]


print(f"GDAL {pyogrio.__gdal_version_string__}")
NAIVE, WITH_OFFSET = "2026-06-01T10:00:00", "2026-06-01T10:00:00+02:00"
changed = False
for texts, expected in [
    ([NAIVE], ["Timestamp 2026-06-01 10:00:00"]),
    ([NAIVE, WITH_OFFSET], ["Timestamp 2026-06-01 10:00:00+00:00", "Timestamp 2026-06-01 08:00:00+00:00"]),
    (["10:30"], ["time 10:30:00"]),
    ([" 2026-06-01"], ["Timestamp 2026-06-01 00:00:00"]),
    (["10:30", "closed"], ["str 10:30", "str closed"]),
]:
    seen = read(*texts)
    changed |= seen != expected
    print(f"{texts}: {seen}")
if changed:
    sys.exit("the behaviour changed")
print("as before: a neighbour's offset makes UTC of a time without zone; one would guess that each stands for itself")
PY
venv/bin/python try.py
