"""Which operation turns coordinates into CRS84 where they lie, how well, and which better one lacks its grid.

PROJ knows several operations for old datums (a few metres with seven numbers, better with a grid) and none for a datum
that has no name: then it silently moves nothing, which is up to some hundred metres off. Grids are taken from PROJ's
folders only, never from the network.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer, datadir, network
from pyproj.transformer import AreaOfInterest, TransformerGroup

from geodata.findings.trail_file import Findings, Refused
from geodata.messages.message import Message, message
from geodata.trailfiles.systems.known_systems import of_earth, probable

_DATADIR: Any = datadir  # half typed, as is the next
_NETWORK: Any = network
_NETWORK.set_network_enabled(active=False)

Coordinates = NDArray[np.float64]
"""Rows of x and y."""

CRS84 = CRS("OGC:CRS84")
NAME_IT = message("Say it with {option[crs]}, such as {option[crs]:EPSG:25832} (UTM zone 32, ETRS89).")
_SAME = (CRS84, CRS("EPSG:4326"), CRS("EPSG:4258"))  # ETRS89 counts as WGS 84
_WARN_FROM_M = 1.5


@dataclass(frozen=True, slots=True)
class Conversion:
    """From one coordinate system to CRS84 in one area; the best operation first, none where nothing changes."""

    operations: tuple[Transformer, ...]

    def to_lonlat(self, places: Coordinates) -> Coordinates:
        """Lon and lat; infinite where no operation reaches."""
        return self._moved(places, "FORWARD")

    def from_lonlat(self, lonlats: Coordinates) -> Coordinates:
        """The way back."""
        return self._moved(lonlats, "INVERSE")

    def _moved(self, places: Coordinates, direction: str) -> Coordinates:
        if not self.operations:
            return places
        moved = np.full_like(places, np.inf)
        for operation in self.operations:
            left = ~np.isfinite(moved).all(axis=1)
            if not left.any():
                break
            x, y = places[left].T
            moved[left] = np.column_stack(operation.transform(x, y, direction=direction))
        return moved


def horizontal(system: CRS) -> CRS:
    """The part of a coordinate system that says where, without heights."""
    if system.is_compound:
        return system.sub_crs_list[0]
    return system.to_2d() if len(system.axis_info) > 2 else system


def roughly(system: CRS, places: Coordinates) -> Coordinates:
    """Lon and lat in the datum of ``system`` itself, some hundred metres off at most; infinite where impossible."""
    base = system.geodetic_crs
    if system in _SAME or base is None:
        return places
    x, y = places.T
    return np.column_stack(Transformer.from_crs(system, base, always_xy=True).transform(x, y))


def chosen(system: CRS, lonlats: Coordinates, what: Message, findings: Findings) -> Conversion:
    """The conversion for the area of ``lonlats`` (rough ones will do); warns of a poor or unknown accuracy.

    Raises Refused where the datum is unknown.
    """
    if system in _SAME:
        return Conversion(())
    area = _area(lonlats)
    group = _group(system, area)
    if group.transformers:
        _tell(system, group, what, findings)
    else:
        group = _elsewhere(system, area, what, findings)
    return Conversion(tuple(group.transformers))


def named(system: CRS) -> str:
    """The name of ``system``, with the EPSG code where it has one."""
    return f"{system.name} (EPSG:{system.to_epsg()})" if system.to_epsg() else system.name


def _area(lonlats: Coordinates) -> AreaOfInterest | None:
    finite = lonlats[np.isfinite(lonlats).all(axis=1)]
    if not len(finite):
        return None
    (west, south), (east, north) = finite.min(axis=0).tolist(), finite.max(axis=0).tolist()
    return AreaOfInterest(max(west, -180), max(south, -90), min(east, 180), min(north, 90))


def _group(system: CRS, area: AreaOfInterest | None, *, ballpark: bool = False) -> TransformerGroup:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of missing grids: said in our own words
        return TransformerGroup(system, CRS84, always_xy=True, area_of_interest=area, allow_ballpark=ballpark)


def _tell(system: CRS, group: TransformerGroup, what: Message, findings: Findings) -> None:
    best = group.transformers[0]
    values = {"what": what, "system": named(system), "operation": _operation(best)}
    if best.accuracy < 0:
        findings.warn(
            message("Coordinates of {what} in {system} are converted with unknown accuracy ({operation}).", **values),
            hint=message("Ask for a file in EPSG:25832, or say with {option[crs]} what it is in."),
            reason="accuracy-unknown",
        )
    elif best.accuracy > _WARN_FROM_M:
        findings.warn(
            message(
                "Coordinates of {what} in {system} are converted with an accuracy of only ±{accuracy:.0f} m "
                "({operation}).",
                **values,
                accuracy=best.accuracy,
            ),
            hint=_better(group.unavailable_operations, best.accuracy),
            reason="accuracy-low",
        )


def _operation(transformer: Transformer) -> str:
    """The steps that change the datum, by the names that EPSG gives them."""
    steps: Sequence[Any] = transformer.operations or ()
    moves = [step.name for step in steps if "Transformation" in step.type_name]
    return ", ".join(moves) or transformer.description


def _better(unavailable: Sequence[Any], accuracy: float) -> str:
    for operation in unavailable:
        missing = [grid.short_name for grid in operation.grids if not grid.available]
        if missing and 0 <= operation.accuracy < accuracy:
            return message(
                "With the grid {grid} in {folder} it is ±{accuracy:.0f} m, as is a file in EPSG:25832.",
                grid=missing[0],
                folder=_DATADIR.get_user_data_dir(),
                accuracy=operation.accuracy,
            )
    return "A file in EPSG:25832 from your surveying office is better."


def _elsewhere(system: CRS, area: AreaOfInterest | None, what: Message, findings: Findings) -> TransformerGroup:
    """Operations where none is known for this area: those of another one, or for a modern ellipsoid none is needed."""
    values = {"what": what, "system": system.name, "ellipsoid": system.ellipsoid.name if system.ellipsoid else "?"}
    group = _group(system, None)
    if group.transformers:
        findings.warn(
            message("{system}, in which {what} is, is not used there: the accuracy is unknown.", **values),
            hint=message("Say with {option[crs]} what it is really in."),
            reason="system-not-used-there",
        )
        return group
    likely = probable(system)
    if of_earth(system):
        findings.warn(
            message(
                "{system}, in which {what} is, names the ellipsoid {ellipsoid} but no datum: taken as ETRS89, "
                "in Europe the same as WGS 84 to a metre.",
                **values,
            ),
            hint=message("{option[crs]:{likely}} says the same for certain.", likely=likely) if likely else "",
            reason="datum-assumed",
        )
        return _group(system, area, ballpark=True)
    raise Refused(
        message(
            "{system}, in which {what} is, names the ellipsoid {ellipsoid} but no datum: places may be wrong by "
            "some hundred metres.",
            **values,
        ),
        "a coordinate system with a known datum",
        message("It is probably {likely}: then say {option[crs]:{likely}}.", likely=likely) if likely else NAME_IT,
        reason="datum-unknown",
    )
