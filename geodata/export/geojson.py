"""A trail as GeoJSON (RFC 7946): the line, then stations, places and stretches."""

from __future__ import annotations

import json

from shapely import Point
from shapely.geometry import mapping

from geodata.export import records
from geodata.export.records import TrailExport, lon_lat_height

MEDIA_TYPE = "application/geo+json"


def write(export: TrailExport) -> bytes:
    """A FeatureCollection."""
    features = [
        (export.trail.line, records.of_trail(export.trail)),
        *((Point(*lon_lat_height(station)), records.of_station(station)) for station in export.stations),
        *((Point(place.lon, place.lat), records.of_place(place)) for place in export.places),
        *zip(export.section_lines(), map(records.of_section, export.sections), strict=True),
    ]
    collection = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": record, "geometry": mapping(geometry)} for geometry, record in features
        ],
    }
    return (json.dumps(collection, ensure_ascii=False, indent=1) + "\n").encode()
