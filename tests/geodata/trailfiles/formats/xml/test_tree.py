"""XML counted while it is read: what a format takes out of an element counts no longer."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from geodata.trailfiles.formats import gpx, kml
from geodata.trailfiles.formats.xml.tree import Trim, size

POINT = '<trkpt xmlns="http://www.topografix.com/GPX/1/1" lat="52" lon="8"><ele>1</ele><e a="1"><f b="2"/></e></trkpt>'


@pytest.mark.parametrize(
    ("trim", "text", "went"),
    [
        (gpx._trim, POINT, 4),
        (gpx._trim, "<rtept><time/></rtept>", 0),
        (kml._trim, '<when xmlns="http://www.opengis.net/kml/2.2" a="1" b="2">2026</when>', 2),
        (kml._trim, '<angles><x c="3"/></angles>', 2),
        (kml._trim, "<coord>8 52</coord>", 0),
    ],
)
def test_a_trim_says_how_many_parts_went(trim: Trim, text: str, went: int) -> None:
    element = ET.fromstring(text)
    before = size(element)
    assert trim(element) == went
    assert before - size(element) == went
