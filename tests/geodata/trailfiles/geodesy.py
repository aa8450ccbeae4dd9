"""Geodesy by hand: the right values of the tests, worked out from the textbooks' formulas and not by PROJ.

Sources: EPSG Guidance Note 7-2 (geocentric conversion, position vector transformation, transverse Mercator after
Krüger); the seven numbers of EPSG:1777, DHDN to WGS 84 (2).
"""

from __future__ import annotations

import math
import struct
from pathlib import Path

BESSEL = (6377397.155, 1 / 299.1528128)  # half axis in metres, flattening
GRS80 = (6378137.0, 1 / 298.257222101)
_SHIFT_M = (598.1, 73.7, 418.2)
_TURN = tuple(math.radians(seconds / 3600) for seconds in (0.202, 0.045, -2.455))
_SCALE = 1 + 6.7e-6


def dhdn(lon: float, lat: float) -> tuple[float, float]:
    """Lon and lat on Bessel's ellipsoid of a place in WGS 84: EPSG:1777 backwards."""
    shifted = [value - shift for value, shift in zip(_cartesian(lon, lat, GRS80), _SHIFT_M, strict=True)]
    x, y, z = (value / _SCALE for value in shifted)
    rx, ry, rz = _TURN
    return _geographic(x + rz * y - ry * z, -rz * x + y + rx * z, ry * x - rx * y + z, BESSEL)


def gauss_krueger(lon: float, lat: float, zone: int) -> tuple[float, float]:
    """Easting with its zone digit and northing in metres of a place in WGS 84, in the system of before 1990."""
    east, north = transverse_mercator(*dhdn(lon, lat), 3 * zone, BESSEL)
    return east + zone * 1e6 + 500_000, north


def utm(lon: float, lat: float, zone: int) -> tuple[float, float]:
    """Easting and northing in metres, ETRS89."""
    east, north = transverse_mercator(lon, lat, 6 * zone - 183, GRS80)
    return 0.9996 * east + 500_000, 0.9996 * north


def transverse_mercator(lon: float, lat: float, meridian: float, ellipsoid: tuple[float, float]) -> tuple[float, float]:
    """Metres east of the meridian and north of the equator at scale 1; Krüger's series, good to a millimetre."""
    axis, flattening = ellipsoid
    n = flattening / (2 - flattening)
    e = math.sqrt(flattening * (2 - flattening))
    rectifying = axis / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    h = (
        n / 2 - 2 / 3 * n**2 + 5 / 16 * n**3,
        13 / 48 * n**2 - 3 / 5 * n**3,
        61 / 240 * n**3,
    )
    sine = math.sin(math.radians(lat))
    conformal = math.sinh(math.atanh(sine) - e * math.atanh(e * sine))
    away = math.radians(lon - meridian)
    xi = math.atan2(conformal, math.cos(away))
    eta = math.asinh(math.sin(away) / math.hypot(conformal, math.cos(away)))
    north, east = xi, eta
    for i, factor in enumerate(h, 1):
        north += factor * math.sin(2 * i * xi) * math.cosh(2 * i * eta)
        east += factor * math.cos(2 * i * xi) * math.sinh(2 * i * eta)
    return rectifying * east, rectifying * north


def _cartesian(lon: float, lat: float, ellipsoid: tuple[float, float]) -> tuple[float, float, float]:
    axis, flattening = ellipsoid
    square = flattening * (2 - flattening)
    away, up = math.radians(lon), math.radians(lat)
    radius = axis / math.sqrt(1 - square * math.sin(up) ** 2)
    return (
        radius * math.cos(up) * math.cos(away),
        radius * math.cos(up) * math.sin(away),
        radius * (1 - square) * math.sin(up),
    )


def _geographic(x: float, y: float, z: float, ellipsoid: tuple[float, float]) -> tuple[float, float]:
    axis, flattening = ellipsoid
    square = flattening * (2 - flattening)
    across = math.hypot(x, y)
    lat = math.atan2(z, across * (1 - square))
    for _ in range(6):
        radius = axis / math.sqrt(1 - square * math.sin(lat) ** 2)
        height = across / math.cos(lat) - radius
        lat = math.atan2(z, across * (1 - square * radius / (radius + height)))
    return math.degrees(math.atan2(y, x)), math.degrees(lat)


def undulation(lon: float, lat: float) -> float:
    """Metres of an invented geoid over the ellipsoid: a plane, which bilinear interpolation keeps exactly."""
    return 46 + 10 * (lon - 8.9) + 5 * (lat - 52)


def gtx(file: Path, south: float = 51.0, west: float = 8.0) -> Path:
    """That geoid over 2 by 2 degrees as NOAA's format has it: big-endian, rows from south to north."""
    step, size = 0.25, 9
    rows = [undulation(west + step * column, south + step * row) for row in range(size) for column in range(size)]
    file.write_bytes(struct.pack(f">4d2i{size * size}f", south, west, step, step, size, size, *rows))
    return file
