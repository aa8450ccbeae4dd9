"""A layer's coordinates as lon, lat and metres above sea level: what system they are in, and whether that can be so."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import ProjError

from geodata.findings.trail_file import Findings, Refused
from geodata.messages.message import Message, message
from geodata.trailfiles.source import Source
from geodata.trailfiles.systems import conversion, vertical
from geodata.trailfiles.systems.conversion import Coordinates
from geodata.trailfiles.systems.known_systems import EUROPE, inside, mistake
from geodata.trailfiles.systems.vertical import HowHigh

_SHAPELY: Any = shapely  # half typed
_CRS = re.compile(rb'"crs"\s*:\s*\{')


@dataclass(frozen=True, slots=True, kw_only=True)
class Systems:
    """What is said of coordinates besides the file's own word; ``crs`` overrules it."""

    crs: str = ""
    swap_axes: bool = False
    heights: HowHigh = field(default_factory=HowHigh)


def reprojected(frame: Any, layer: str, source: Source, systems: Systems, findings: Findings) -> Any:
    """The frame of ``source`` in CRS84, with heights in metres above sea level or without any. Raises Refused."""
    what = message("the layer {layer}", layer=layer)
    system = _system(frame, layer, systems.crs, findings)
    plane = conversion.horizontal(system)
    geometries = frame.geometry.to_numpy()
    places = shapely.get_coordinates(geometries)[:, :: -1 if systems.swap_axes else 1]
    try:
        lonlats = _converted(places, plane, what, systems, findings) if len(places) else places
    except ProjError as error:
        reason = message(
            "The coordinates of {what} ({system}) cannot be converted: {error}.",
            what=what,
            system=conversion.named(system),
            error=error,
        )
        raise Refused(
            reason, "a coordinate system of the Earth", conversion.NAME_IT, reason="not-convertible"
        ) from error
    height_system = vertical.said_by(system)
    if height_system and not systems.crs and _is_geojson_without_crs(source):
        _tell_geojson(what, findings)
        height_system = None
    moved = frame.set_crs(conversion.CRS84, allow_override=True)
    moved["geometry"] = _placed(geometries, lonlats, height_system, systems, what, findings)
    return moved


def _converted(places: Coordinates, system: CRS, what: Message, systems: Systems, findings: Findings) -> Coordinates:
    """In lon, lat, by the operation for the corners of their extent and one in their middle."""
    (west, south), (east, north) = places.min(axis=0), places.max(axis=0)
    corners = np.array([(west, south), (west, north), (east, south), (east, north), places[len(places) // 2]])
    rough = conversion.roughly(system, corners)
    if not np.isfinite(rough).all():
        corners, rough = places, conversion.roughly(system, places)
    _possible(corners, rough, system, what, systems)
    lonlats = conversion.chosen(system, rough, what, findings).to_lonlat(places)
    if not np.isfinite(lonlats).all():
        _possible(places, lonlats, system, what, systems)
    return lonlats


def _system(frame: Any, layer: str, crs: str, findings: Findings) -> CRS:
    """The one given, else the frame's."""
    own = None if frame.crs is None else CRS(frame.crs)
    if crs:
        if own is not None and own != CRS(crs):
            findings.note(
                message(
                    "The layer {layer} says {own}; {option[crs]:{given}} overrules it.",
                    layer=layer,
                    own=conversion.named(own),
                    given=crs,
                ),
                reason="system-overruled",
            )
        return CRS(crs)
    if own is None:
        places = shapely.get_coordinates(frame.geometry.to_numpy()).tolist()
        x, y = places[len(places) // 2] if places else (0.0, 0.0)
        raise Refused(
            message("The layer {layer} does not say in which coordinate system it is.", layer=layer),
            "a .prj or a CRS",
            mistake(x, y, None) or conversion.NAME_IT,
            reason="system-unknown",
        )
    if own.is_geocentric:
        raise Refused(
            message(
                "The layer {layer} holds distances from the centre of the Earth ({own}).", layer=layer, own=own.name
            ),
            "lon and lat, or a map projection",
            "Export it in EPSG:25832.",
            reason="system-geocentric",
        )
    return own


def _possible(places: Coordinates, rough: Coordinates, system: CRS, what: Message, systems: Systems) -> None:
    """Refuse places that lie nowhere, or so far off that another reading of the same numbers explains it."""
    if system.is_geographic and np.isfinite(rough).all():
        return  # checks.on_earth() has its own words for degrees
    nowhere = np.flatnonzero(~np.isfinite(rough).all(axis=1))
    at = int(nowhere[0]) if len(nowhere) else -1
    lon, lat = rough[at].tolist()
    if not len(nowhere) and (inside(lon, lat, EUROPE) or _used_there(lon, lat, system)):
        return
    x, y = places[at].tolist()
    hint = mistake(x, y, system)
    if not len(nowhere) and hint is None:
        return
    if systems.swap_axes:
        hint = message("Try it without {option[swap-axes]}.")
    raise Refused(
        message(
            "{what} has the coordinates {x:.10g}, {y:.10g}: in {system} they lie {where}.",
            what=message("The layer {layer}", layer=what.values["layer"]),
            x=x,
            y=y,
            system=conversion.named(system),
            where=message("nowhere on Earth")
            if len(nowhere)
            else message("at {lon:.2f}, {lat:.2f} (lon, lat)", lon=lon, lat=lat),
        ),
        "easting and northing in metres",
        hint or conversion.NAME_IT,
        reason="outside-system",
    )


def _used_there(lon: float, lat: float, system: CRS) -> bool:
    use = system.area_of_use
    return use is not None and inside(lon, lat, use.bounds)


def _is_geojson_without_crs(source: Source) -> bool:
    """GDAL calls each GeoJSON with heights EPSG:4979, after RFC 7946, 3.1.1; only the old ``crs`` says so really."""
    if source.format != "geojson":
        return False
    content = source.path.read_bytes()
    return _CRS.search(content) is None or not json.loads(content).get("crs")


def _tell_geojson(what: Message, findings: Findings) -> None:
    findings.note(
        message(
            "Heights of {what} are taken as metres above sea level, as programs write them; GeoJSON's standard"
            " has them above the ellipsoid. {option[crs]:EPSG:4979} says so.",
            what=what,
        ),
        reason="heights-taken-as-above-sea",
    )


def _placed(
    geometries: Any,
    lonlats: Coordinates,
    height_system: vertical.HeightSystem | None,
    systems: Systems,
    what: Message,
    findings: Findings,
) -> Any:
    """The geometries at their places; those without heights stay without."""
    deep: NDArray[np.bool_] = _SHAPELY.has_z(geometries)
    if not deep.any():
        return shapely.set_coordinates(geometries.copy(), lonlats)
    counts: NDArray[np.int32] = _SHAPELY.get_num_coordinates(geometries)
    with_height = np.repeat(deep, counts)
    placed = geometries.copy()
    placed[~deep] = shapely.set_coordinates(geometries[~deep], lonlats[~with_height])
    heights = shapely.get_coordinates(geometries[deep], include_z=True)[:, 2]
    heights = vertical.above_sea(heights, lonlats[with_height], height_system, systems.heights, what, findings)
    placed[deep] = shapely.set_coordinates(geometries[deep], np.column_stack([lonlats[with_height], heights]))
    return placed


def is_crs(text: str) -> bool:
    """Whether ``text`` names a coordinate system, such as EPSG:25832."""
    try:
        CRS(text)
    except ProjError:
        return False
    return True
