"""Coordinate systems that towns in and around Germany have: recognised by their numbers, or by where places land."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

from pyproj import CRS, Transformer

from geodata.messages.message import Message, message

Bounds = tuple[float, float, float, float]
"""West, south, east, north in degrees."""

EUROPE: Bounds = (-25.0, 34.0, 45.0, 72.0)
_GERMANY: Bounds = (5.5, 47.0, 15.5, 55.3)
_UTM_WITH_ZONE = {5649: 31, 4647: 32, 5650: 33}
_GAUSS_KRUEGER = {31467: 3, 31466: 2, 31468: 4, 31469: 5}
_UTM = {25832: 32, 25833: 33}
_OTHERS = (4314, 25831, 3068, 2398, 2399, 4178, 31254, 31255, 31256, 31287, 21781, 28992)
_WGS84, _WEB_MERCATOR = 4326, 3857
_LIKELY = (*_UTM_WITH_ZONE, *_GAUSS_KRUEGER, *_UTM, _WEB_MERCATOR, _WGS84)


def inside(lon: float, lat: float, bounds: Bounds) -> bool:
    """Whether a place lies within ``bounds``, their edges included; False where it is not finite."""
    west, south, east, north = bounds
    return west <= lon <= east and south <= lat <= north


def of_earth(system: CRS) -> bool:
    """Whether its ellipsoid is that of the whole Earth (GRS 80, WGS 84), on which datums differ by a metre only."""
    ellipsoid = system.ellipsoid
    return ellipsoid is not None and abs(ellipsoid.semi_major_metre - 6_378_137) < 0.5


def probable(system: CRS) -> str:
    """The EPSG code of the first known system with the same ellipsoid and projection, whatever the datum; or ""."""
    own = _numbers(system)
    for code in (*_GAUSS_KRUEGER, *_UTM, *_UTM_WITH_ZONE, *_OTHERS):
        if _numbers(_system(code)) == own:
            return f"EPSG:{code}"
    return ""


def mistake(x: float, y: float, own: CRS | None) -> Message | None:
    """What could have happened to coordinates that land elsewhere in their own system, and the hint.

    Told by what makes them land in Germany: another system, axes exchanged, kilometres, whole millionths of degrees.
    """
    return next(_mistakes(x, y, own), None)


def _mistakes(x: float, y: float, own: CRS | None) -> Iterator[Message]:
    for code in _LIKELY:
        if _lands(x, y, _system(code)):
            yield _hint(code)
    systems = [*([own] if own else []), *map(_system, _LIKELY)]
    for system in systems:
        if _lands(y, x, system):
            other = "" if system is own else message(" {option[crs]:EPSG:{code}}", code=system.to_epsg())
            yield message(
                "The northing stands before the easting: turn them with {option[swap-axes]}{other}.", other=other
            )
    if any(_lands(1000 * x, 1000 * y, system) for system in systems):
        yield message("These look like kilometres: export the file in metres.")
    for factor in (1e6, 1e7):
        if _lands(x / factor, y / factor, _system(_WGS84)):
            yield message("These look like degrees times {factor:.0f}: export the file in degrees.", factor=factor)


def _hint(code: int) -> Message:
    crs = message("{option[crs]:EPSG:{code}}", code=code)
    zone = _UTM_WITH_ZONE.get(code) or _GAUSS_KRUEGER.get(code) or _UTM.get(code) or 0
    if code in _UTM_WITH_ZONE:
        return message("Zone {zone} stands in front of the easting: say {crs}.", zone=zone, crs=crs)
    if code in _GAUSS_KRUEGER:
        return message("These look like metres in Gauß-Krüger zone {zone}: say {crs}.", zone=zone, crs=crs)
    if code in _UTM:
        return message("These look like metres in UTM zone {zone}: say {crs}.", zone=zone, crs=crs)
    if code == _WEB_MERCATOR:
        return message("These look like metres of web maps: say {crs}.", crs=crs)
    return message("These look like degrees: say {crs}.", crs=crs)


def _lands(x: float, y: float, system: CRS) -> bool:
    return inside(*_to_degrees(system)(x, y), _GERMANY)


@cache
def _to_degrees(system: CRS) -> Callable[[float, float], tuple[float, float]]:
    base = system.geodetic_crs
    if base is None or system.is_geographic:
        return lambda x, y: (x, y)
    return Transformer.from_crs(system, base, always_xy=True).transform


@cache
def _system(code: int) -> CRS:
    return CRS(f"EPSG:{code}")


def _numbers(system: CRS) -> tuple[object, ...]:
    """What a system is without its datum: the ellipsoid, and the projection's method and parameters in basic units."""
    ellipsoid, projection = system.ellipsoid, system.coordinate_operation
    shape = (round(ellipsoid.semi_major_metre, 2), round(ellipsoid.inverse_flattening, 4)) if ellipsoid else ()
    if projection is None:
        return shape
    values = {
        (parameter.name, round(float(parameter.value) * parameter.unit_conversion_factor, 8))
        for parameter in projection.params
    }
    return (*shape, projection.method_name, frozenset(values))
