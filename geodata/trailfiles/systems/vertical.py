"""Heights as metres above sea level: what a coordinate system says of them, and the geoid for those that are not.

Heights of satellite receivers are above the ellipsoid, in Germany 36 to 50 m higher than above sea level. A geoid, a
grid of that difference, makes the one of the other; without a grid such heights are left out and never taken for the
other.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError

from geodata.errors import InvalidInput
from geodata.findings.trail_file import Findings, Refused
from geodata.messages.message import Message, message
from geodata.security import bounded_file
from geodata.trailfiles.systems.known_systems import of_earth

Heights = NDArray[np.float64]
Lonlats = NDArray[np.float64]

_DHHN2016 = "Deutsches Haupthoehennetz 2016"
_OLD_GERMAN = ("Deutsches Haupthoehennetz 1992", "Deutsches Haupthoehennetz 1985", "Deutsches Haupthoehennetz 1912",
               "SNN76")  # fmt: skip
_INSTALLED = ("de_bkg_gcg2016.tif", "us_nga_egm08_25.tif", "egm08_25.gtx", "us_nga_egm96_15.tif", "egm96_15.gtx")
_GRID_ENDINGS = (".gtx", ".tif", ".tiff")
_DEEPEST_M, _HIGHEST_M = -110.0, 90.0  # the geoid: south of India, New Guinea


class Above(Enum):
    """What heights are measured from."""

    SEA = auto()
    ELLIPSOID = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class HeightSystem:
    """What a coordinate system says of heights: ``metres`` is what one unit is, negative where it counts downwards."""

    name: str
    datum: str
    above: Above
    metres: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HowHigh:
    """What is said of heights on the command line: a geoid's file, or that they are above sea level all the same."""

    geoid: Path | None = None
    above_sea: bool = False


def said_by(system: CRS) -> HeightSystem | None:
    """None where ``system`` has no word about heights."""
    vertical = next((part for part in system.sub_crs_list if part.is_vertical), None) if system.is_compound else None
    if vertical is None and len(system.axis_info) < 3:
        return None
    axis = (vertical or system).axis_info[-1]
    metres = axis.unit_conversion_factor * (-1 if axis.direction.lower() == "down" else 1)
    if vertical is None:
        return HeightSystem(system.name, "", Above.ELLIPSOID if of_earth(system) else Above.UNKNOWN, metres)
    datum = vertical.datum.name if vertical.datum else ""
    unknown = not datum or "unknown" in datum.casefold()
    return HeightSystem(vertical.name, datum, Above.UNKNOWN if unknown else Above.SEA, metres)


def above_sea(
    heights: Heights, lonlats: Lonlats, system: HeightSystem | None, how: HowHigh, what: Message, findings: Findings
) -> Heights:
    """Metres above sea level, NaN where unknown; says what was done. ``what`` has these heights. Raises Refused."""
    if system is None or not np.isfinite(heights).any():
        return heights
    values = {"what": what, "system": system.name}
    if how.above_sea:
        findings.note(
            message("Heights of {what} are in {system}; {option[heights-above-sea]} overrules it.", **values),
            reason="height-system-overruled",
        )
        return heights
    metres = heights * system.metres
    if system.metres != 1:
        _tell_unit(system.metres, values, findings)
    if system.above is Above.ELLIPSOID:
        return _from_ellipsoid(metres, lonlats, how.geoid, values, findings)
    if system.above is Above.UNKNOWN:
        findings.warn(
            message("Nobody says what the heights of {what} ({system}) are measured from; left out.", **values),
            hint=message(
                "Take heights from a terrain model ({option[dem]}); {option[heights-above-sea]} takes them as they are."
            ),
            reason="height-system-unknown",
        )
        return np.full_like(metres, np.nan)
    if system.datum in _OLD_GERMAN:
        findings.note(
            message("Heights of {what} are in {system}: within 0.2 m of today's DHHN2016, kept.", **values),
            reason="height-system-near",
        )
    elif system.datum != _DHHN2016 and system.metres == 1:
        findings.note(
            message("Heights of {what} are in {system} and kept as metres above sea level.", **values),
            reason="height-system-taken",
        )
    return metres


def _tell_unit(metres: float, values: dict[str, str], findings: Findings) -> None:
    unit = message("{metres:g} m, counted upwards", metres=metres)
    if metres < 0:
        unit = message("{metres:g} m, counted downwards", metres=-metres)
    findings.note(
        message("Heights of {what} are in units of {unit} ({system}); converted.", unit=unit, **values),
        reason="height-unit-converted",
    )


def _from_ellipsoid(
    metres: Heights, lonlats: Lonlats, geoid: Path | None, values: dict[str, str], findings: Findings
) -> Heights:
    grid, undulations = _undulations(geoid, lonlats)
    if grid:
        inside = undulations[np.isfinite(undulations)]
        findings.note(
            message(
                "Heights of {what} are above the ellipsoid ({system}); the geoid {grid} takes {lower:.1f} m off.",
                grid=Path(grid).name,
                lower=float(inside.mean()),
                **values,
            ),
            reason="geoid-used",
        )
        if len(inside) < len(undulations):
            findings.warn(
                message(
                    "{count} heights of {what} are left out: the geoid {grid} does not reach there.",
                    count=len(undulations) - len(inside),
                    grid=Path(grid).name,
                    **values,
                ),
                reason="geoid-too-small",
            )
        return metres - undulations
    findings.warn(
        message(
            "Heights of {what} are above the ellipsoid ({system}), in Germany 36 to 50 m more than above sea level; "
            "left out.",
            **values,
        ),
        hint=message(
            "Give a geoid with {option[geoid]}, such as de_bkg_gcg2016.tif, or take heights from a terrain model"
            " ({option[dem]}). If they are above sea level all the same: {option[heights-above-sea]}."
        ),
        reason="heights-above-ellipsoid",
    )
    return np.full_like(metres, np.nan)


def _undulations(geoid: Path | None, lonlats: Lonlats) -> tuple[str, Lonlats]:
    """The grid and how high the geoid lies above the ellipsoid in metres, NaN outside; "" where there is no grid."""
    for grid in [str(geoid)] if geoid else _INSTALLED:
        try:
            if geoid is not None:
                bounded_file.refuse_pipe(geoid)
            undulations = _of_grid(grid, lonlats)
        except (ProjError, OSError) as error:
            if geoid is None:
                continue  # it is not installed
            raise InvalidInput(
                message("{option[geoid]}"), geoid.name, "a grid of the geoid, GTX or GeoTIFF", str(error)
            ) from error
        if np.isfinite(undulations).any():
            return grid, undulations
        if geoid is not None:
            raise Refused(
                message("The geoid {grid} covers none of the places.", grid=geoid.name),
                "the right region",
                reason="geoid-elsewhere",
            )
    return "", lonlats


def _of_grid(grid: str, lonlats: Lonlats) -> Heights:
    if "/" in grid and Path(grid).suffix.lower() not in _GRID_ENDINGS:
        raise InvalidInput(
            message("{option[geoid]}"),
            Path(grid).name,
            message("a file ending in {endings}", endings=" ".join(_GRID_ENDINGS)),
        )
    steps = f'+step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=vgridshift +grids="{grid}" +multiplier=1'
    shift = Transformer.from_pipeline(f"+proj=pipeline {steps}")
    *_, shifted = shift.transform(lonlats[:, 0], lonlats[:, 1], np.zeros(len(lonlats)))
    heights = np.asarray(shifted, dtype=np.float64)
    return np.where((heights > _DEEPEST_M) & (heights < _HIGHEST_M), heights, np.nan)
