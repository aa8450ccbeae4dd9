#!/usr/bin/env bash
# GDAL 3.12.4 (pyogrio 0.13.0), GeoJSON with unsigned 64-bit numbers, such as the ids of cells and devices
#
# One would guess: an integer beyond the signed 64 bits is treated in one way: refused, or rounded, or kept as text.
# Seen: from 2^63 to 9999999999999999999 the whole file is refused, also where only another column is asked for. One digit
# more, and the number is read, rounded to a float without a warning: of two ids one. The largest that fits, 2^63 - 1,
# is read exactly, with a warning that it may be out of range.
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
from pyogrio.errors import DataSourceError


def read(*ids: int, column: str = "id64") -> str:
    features = [{"type": "Feature", "properties": {"name": "Mill", "id64": one}, "geometry": None} for one in ids]
    Path("try.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            values = pyogrio.read_dataframe("try.geojson", columns=[column])[column]
        except DataSourceError as error:
            return f"refused: {str(error).split('; ')[0]}"
    return f"{values.tolist()}, {len(caught)} warnings"


print(f"GDAL {pyogrio.__gdal_version_string__}")
REFUSED = "refused: Failed to read GeoJSON data"
changed = False
for what, seen, expected in [
    ("2^63 - 2", read(2**63 - 2), "[9223372036854775806], 0 warnings"),
    ("2^63 - 1", read(2**63 - 1), "[9223372036854775807], 1 warnings"),
    ("2^63", read(2**63), REFUSED),
    ("2^63, only the name is asked for", read(2**63, column="name"), REFUSED),
    ("9999999999999999999", read(10**19 - 1), REFUSED),
    (
        "11540474045136890001 and …2",
        read(11540474045136890001, 11540474045136890002),
        "[1.154047404513689e+19, 1.154047404513689e+19], 0 warnings",
    ),
]:
    changed |= seen != expected
    print(f"{what}: {seen}")
if changed:
    sys.exit("the behaviour changed")
print("as before: 19 digits beyond 2^63 - 1 end the file, 20 are rounded; one would guess the same for both")
PY
venv/bin/python try.py
