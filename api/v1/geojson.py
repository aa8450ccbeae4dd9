"""GeoJSON (RFC 7946) as bytes: features are written once and put together as often as needed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import msgspec
import shapely
from shapely import LineString
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

MEDIA_TYPE = "application/geo+json"

_DEGREE_DIGITS = 7  # a centimetre
_HEIGHT_DIGITS = 1


def point(lon: float, lat: float, height: float | None = None) -> dict[str, object]:
    """A Point, with height in metres where it is known."""
    return {"type": "Point", "coordinates": _position((lon, lat) if height is None else (lon, lat, height))}


def line(line: LineString) -> dict[str, object]:
    """A LineString with the heights it has."""
    return {"type": "LineString", "coordinates": [_position(vertex) for vertex in line.coords]}


def shape(geometry: BaseGeometry) -> dict[str, object]:
    """Any geometry, without heights."""
    flat = shapely.transform(geometry, lambda lonlats: lonlats.round(_DEGREE_DIGITS))
    return mapping(flat)


def feature(identifier: str, geometry: Mapping[str, object], properties: Mapping[str, object]) -> bytes:
    """A Feature; its properties stand last."""
    return msgspec.json.encode({"type": "Feature", "id": identifier, "geometry": geometry, "properties": properties})


def with_number(feature: bytes, name: str, number: float) -> bytes:
    """A feature() with one property more."""
    return b'%b,"%b":%.1f}}' % (feature[:-2], name.encode(), number)


def collection(features: Sequence[bytes], matched: int) -> bytes:
    """A FeatureCollection of feature()s; ``matched`` counts those beyond the limit too, as in OGC API – Features."""
    return b'{"type":"FeatureCollection","numberMatched":%d,"numberReturned":%d,"features":[%b]}' % (
        matched,
        len(features),
        b",".join(features),
    )


def _position(vertex: Sequence[float]) -> list[float]:
    lon, lat, *rest = vertex
    return [
        round(lon, _DEGREE_DIGITS),
        round(lat, _DEGREE_DIGITS),
        *(round(z, _HEIGHT_DIGITS) for z in rest if math.isfinite(z)),
    ]
