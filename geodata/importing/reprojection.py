"""Coordinates of a file as lon, lat: which coordinate system they are in, and how well they convert to CRS84."""

from __future__ import annotations

from typing import Any

from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError

from geodata.importing.findings import Findings, Refused

_CRS84 = "OGC:CRS84"
_MEND_CRS = "Say it with --crs, such as --crs EPSG:25832 (UTM zone 32, ETRS89)."


def reprojected(frame: Any, layer: str, given: str, findings: Findings) -> Any:
    """The frame in CRS84."""
    if given:
        if frame.crs is not None and CRS(frame.crs) != CRS(given):
            findings.note(f"The layer {layer} says {_name(frame.crs)}; --crs {given} overrules it.")
        frame = frame.set_crs(given, allow_override=True)
    if frame.crs is None:
        raise Refused(f"The layer {layer} does not say in which coordinate system it is.", "a .prj or a CRS", _MEND_CRS)
    try:
        accuracy = Transformer.from_crs(frame.crs, _CRS84, always_xy=True).accuracy
        moved = frame.to_crs(_CRS84)
    except ProjError as error:
        reason = f"The coordinates of the layer {layer} ({_name(frame.crs)}) cannot be converted: {error}."
        raise Refused(reason, "a coordinate system of the Earth", _MEND_CRS) from error
    if accuracy > 1.5:
        findings.warn(
            f"Coordinates in {_name(frame.crs)} are converted with an accuracy of only ±{accuracy:.0f} m.",
            mend="A file in EPSG:25832 from your surveying office is better.",
        )
    return moved


def _name(crs: Any) -> str:
    known = CRS(crs)
    return f"{known.name} (EPSG:{known.to_epsg()})" if known.to_epsg() else known.name


def is_crs(text: str) -> bool:
    """Whether ``text`` names a coordinate system, such as EPSG:25832."""
    try:
        CRS(text)
    except ProjError:
        return False
    return True
