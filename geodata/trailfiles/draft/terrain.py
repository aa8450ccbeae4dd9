"""Heights from a digital terrain model: GeoTIFF, ESRI ASCII grid or XYZ, as surveying offices publish them in tiles."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from pyproj import CRS
from pyproj.exceptions import ProjError

from geodata.findings.trail_file import Findings, Refused
from geodata.messages.message import message, phrase
from geodata.runtime.extras import install_command
from geodata.security import bounded_file
from geodata.trailfiles.draft.assembly import Vertex
from geodata.trailfiles.systems import conversion, vertical

try:
    import rasterio
except ImportError:  # it is the optional extra `dem`
    rasterio = None

_RASTERIO: Any = rasterio  # untyped
_DRIVERS = {".tif": "GTiff", ".tiff": "GTiff", ".asc": "AAIGrid", ".xyz": "XYZ"}  # none that opens further files
_MAX_CELLS = 50_000_000
_FEET = {"ft": 0.3048, "foot": 0.3048, "feet": 0.3048, "us survey foot": 1200 / 3937, "us-ft": 1200 / 3937}


def heights(
    tiles: Sequence[Path],
    crs: str,
    line: Sequence[Vertex],
    how: vertical.HowHigh | None = None,
    findings: Findings | None = None,
) -> list[float]:
    """Metres above sea level at each vertex, between the four cells around it; NaN outside of all tiles.

    ``crs`` is that of tiles which do not name theirs. Of overlapping tiles the first counts. ``findings`` hear of
    tiles in an old coordinate system, or with heights that are not above sea level. Raises Refused.
    """
    if _RASTERIO is None:
        raise Refused(
            "Terrain models need rasterio, which is not installed.",
            hint=message("Run: {command}", command=install_command("rasterio")),
            reason="terrain-reader-missing",
        )
    at_vertices = [math.nan] * len(line)
    for tile in tiles:
        for i, height in enumerate(_of_tile(tile, crs, line, how or vertical.HowHigh(), findings or Findings())):
            at_vertices[i] = height if math.isnan(at_vertices[i]) else at_vertices[i]
    return at_vertices


def _of_tile(
    tile: Path, crs: str, line: Sequence[Vertex], how: vertical.HowHigh, findings: Findings
) -> Sequence[float]:
    driver = _DRIVERS.get(tile.suffix.lower())
    if driver is None:
        ending = tile.suffix or phrase("nothing")
        raise Refused(
            message("{name} ends in {ending}.", name=tile.name, ending=ending),
            message("one of {endings}", endings=" ".join(_DRIVERS)),
            reason="terrain-suffix",
        )
    try:
        bounded_file.refuse_pipe(tile)
        with _RASTERIO.open(tile, driver=driver) as raster:
            system = _system(raster, tile, crs)
            cell_heights = _sampled(raster, tile, _cells(raster, tile, system, line, findings))
            height_system = _heights_said(raster, system)
    except OSError as error:
        raise Refused(
            message("{name} cannot be read: {error}.", name=tile.name, error=error),
            "GeoTIFF, ESRI ASCII grid or XYZ",
            "Check the file.",
            reason="terrain-unreadable",
        ) from error
    lonlats = np.array([vertex[:2] for vertex in line])
    what = message("the terrain model {name}", name=tile.name)
    return vertical.above_sea(np.array(cell_heights), lonlats, height_system, how, what, findings).tolist()


def _system(raster: Any, tile: Path, crs: str) -> CRS:
    system = None
    with suppress(ProjError):
        system = CRS(raster.crs.to_wkt() if raster.crs else crs) if raster.crs or crs else None
    if system is None:
        raise Refused(
            message("{name} does not say in which coordinate system it is.", name=tile.name),
            "a CRS",
            message("Say it with {option[dem-crs]}, such as {option[dem-crs]:EPSG:25832}."),
            reason="terrain-without-system",
        )
    return system


def _heights_said(raster: Any, system: CRS) -> vertical.HeightSystem | None:
    """What the system says of heights, else the unit of the cells where it is not the metre."""
    unit = str(raster.units[0] or "").casefold() if raster.units else ""
    metres = _FEET.get(unit, 1.0)
    height_system = vertical.said_by(system)
    if height_system or metres == 1:
        return height_system
    return vertical.HeightSystem(unit, unit, vertical.Above.SEA, metres)


def _cells(
    raster: Any, tile: Path, system: CRS, line: Sequence[Vertex], findings: Findings
) -> list[tuple[float, float]]:
    """Where each vertex lies in the raster: column and row, counted from the middle of the first cell."""
    width, turned, west, turned_too, height, north = raster.transform[:6]
    if turned or turned_too:
        raise Refused(
            message("The cells of {name} are turned.", name=tile.name),
            "rows from west to east",
            "Export it north up.",
            reason="terrain-turned",
        )
    lonlats = np.array([vertex[:2] for vertex in line])
    what = message("the terrain model {name}", name=tile.name)
    places = conversion.chosen(conversion.horizontal(system), lonlats, what, findings).from_lonlat(lonlats)
    return [((x - west) / width - 0.5, (y - north) / height - 0.5) for x, y in places.tolist()]


def _sampled(raster: Any, tile: Path, cells: Sequence[tuple[float, float]]) -> list[float]:
    """Bilinear; at the tile's outer half cell the nearest row or column counts alone."""
    inside = [-0.5 <= c <= raster.width - 0.5 and -0.5 <= r <= raster.height - 0.5 for c, r in cells]
    if not any(inside):
        return [math.nan] * len(cells)
    columns = [min(max(c, 0), raster.width - 1) for (c, _), there in zip(cells, inside, strict=True) if there]
    rows = [min(max(r, 0), raster.height - 1) for (_, r), there in zip(cells, inside, strict=True) if there]
    left, top = math.floor(min(columns)), math.floor(min(rows))
    width, height = math.floor(max(columns)) + 2 - left, math.floor(max(rows)) + 2 - top
    if width * height > _MAX_CELLS:
        many = message("{name} has {cells} cells along the trail.", name=tile.name, cells=width * height)
        raise Refused(many, message("at most {cells}", cells=_MAX_CELLS), "Cut it.", reason="terrain-too-large")
    window = ((top, min(top + height, raster.height)), (left, min(left + width, raster.width)))
    grid: list[list[float]] = raster.read(1, window=window, masked=True).astype("float64").filled(math.nan).tolist()
    values = iter([_bilinear(grid, c - left, r - top) for c, r in zip(columns, rows, strict=True)])
    return [next(values) if there else math.nan for there in inside]


def _bilinear(grid: Sequence[Sequence[float]], column: float, row: float) -> float:
    left, top = int(column), int(row)
    right, bottom = min(left + 1, len(grid[0]) - 1), min(top + 1, len(grid) - 1)
    x, y = column - left, row - top
    upper = _mix(grid[top][left], grid[top][right], x)
    return _mix(upper, _mix(grid[bottom][left], grid[bottom][right], x), y)


def _mix(a: float, b: float, share: float) -> float:
    return a if share == 0 else a + (b - a) * share
