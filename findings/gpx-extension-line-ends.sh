#!/usr/bin/env bash
# GDAL 3.12.4 (PyPI pyogrio 0.13.0)
#
# A GPX file carries a text of two lines: once in a standard element of a track (desc), once in an element of an extension.
# One would guess: both are character data of XML, and come back as they are; or blanks are made of line ends in both.
# Seen: desc keeps its line end. The text of the extension comes without it, and nothing in its place: the last word of one
# line and the first of the next are one word. A list with an item per line cannot be told apart any more.
# Needs Python 3.11 with venv. Exits 0 as long as this is so, 1 when it changed, 2 when it could not be tried.
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pyogrio==0.13.0 2>pip.log || exit 2

cat >way.gpx <<'GPX'
<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="try" xmlns="http://www.topografix.com/GPX/1/1" xmlns:own="https://example.org/own">
  <trk><name>Way</name><desc>first line
second line</desc><extensions><own:ground>first line
second line</own:ground></extensions>
  <trkseg><trkpt lat="52" lon="8"/><trkpt lat="52.1" lon="8.1"/></trkseg></trk>
</gpx>
GPX
cat >try.py <<'PY'
import sys

import pyogrio
from pyogrio.raw import read

meta, _, _, columns = read("way.gpx", layer="tracks")
values = dict(zip(meta["fields"], (column[0] for column in columns), strict=True))
own = [value for name, value in values.items() if name.endswith("ground")]
print(f"GDAL {pyogrio.__gdal_version__}: desc {values['desc']!r}, extension {own!r}")
if values["desc"] != "first line\nsecond line" or own != ["first linesecond line"]:
    sys.exit("the behaviour changed")
print("as before: line ends in GPX extensions are gone, and nothing stands for them")
PY
venv/bin/python try.py
