"""Texts of parameters as values; InvalidInput says what was expected instead."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from geodata.errors import InvalidInput

MAX_LIMIT = 1000
MAX_RADIUS_M = 1_000_000

NUMBER = r"[+-]?(\d+(\.\d*)?|\.\d+)"
"""The pattern of a plain decimal number, also for the OpenAPI document."""
_PLAIN = re.compile(NUMBER, re.ASCII)

DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
TIME = rf"{DAY}[Tt ][0-9]{{2}}:[0-9]{{2}}(:[0-9]{{2}}(\.[0-9]{{1,6}})?)?([Zz]|[+ -][0-9]{{2}}:[0-9]{{2}})"
"""The patterns of a day and of a time with offset, also for the OpenAPI document."""
_DAY = re.compile(DAY)
_TIME = re.compile(TIME)
_TIME_EXPECTED = "a time with offset between 2000 and 2100 such as 2026-11-22T10:15:00Z or 2026-11-22T11:15:00%2B01:00"

_DAY_OR_TIME_EXPECTED = f"a day such as 2026-11-22, or {_TIME_EXPECTED}"


@dataclass(frozen=True, slots=True)
class BBox:
    """A box in degrees, edges included."""

    min_lon: float
    min_lat: float
    max_lon: float
    max_lat: float


@dataclass(frozen=True, slots=True)
class LonLat:
    """A point in degrees (CRS84)."""

    lon: float
    lat: float


def read_bbox(text: str) -> BBox:
    """minLon,minLat,maxLon,maxLat."""
    box = BBox(*_numbers("bbox", text, 4, "four numbers minLon,minLat,maxLon,maxLat"))
    _check_lonlat("bbox", text, box.min_lon, box.min_lat)
    _check_lonlat("bbox", text, box.max_lon, box.max_lat)
    if box.min_lon > box.max_lon:
        raise InvalidInput(
            "bbox", text, "minLon ≤ maxLon", "Ask for the two halves of a box across the 180th meridian."
        )
    if box.min_lat > box.max_lat:
        raise InvalidInput("bbox", text, "minLat ≤ maxLat")
    return box


def read_near(text: str) -> LonLat:
    """lon,lat."""
    point = LonLat(*_numbers("near", text, 2, "two numbers lon,lat"))
    _check_lonlat("near", text, point.lon, point.lat)
    return point


def read_radius(text: str, near: LonLat | None) -> float:
    """Metres around ``near``."""
    (metres,) = _numbers("radius", text, 1, "a number of metres")
    if not 0 < metres <= MAX_RADIUS_M:
        raise InvalidInput("radius", text, f"more than 0 and at most {MAX_RADIUS_M} metres")
    if near is None:
        raise InvalidInput("radius", text, "near=lon,lat as well", "A radius needs its centre.")
    return metres


def plain_number(text: str, lowest: float, highest: float) -> float | None:
    """A plain decimal number within these bounds; None for every other text."""
    number = float(text) if _PLAIN.fullmatch(text) else math.nan
    return number if lowest <= number <= highest else None


def parse_day_or_time(field: str, text: str) -> date | datetime:
    """A day of the calendar, without a zone, or what parse_time() reads. Raises InvalidInput."""
    if not _DAY.fullmatch(text):
        return parse_time(field, text, _DAY_OR_TIME_EXPECTED)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(field, text, _DAY_OR_TIME_EXPECTED, "The calendar has no such day.") from None
    if not 2000 <= day.year <= 2100:
        raise InvalidInput(field, text, _DAY_OR_TIME_EXPECTED)
    return day


def parse_time(field: str, text: str, expected: str = _TIME_EXPECTED) -> datetime:
    """An RFC 3339 time as aware UTC; a space where the offset's plus sign was is forgiven. Raises InvalidInput."""
    if not _TIME.fullmatch(text):
        raise InvalidInput(field, text, expected)
    if text[-6] == " ":
        text = f"{text[:-6]}+{text[-5:]}"
    try:
        moment = datetime.fromisoformat(text.upper())
    except ValueError:
        raise InvalidInput(field, text, expected) from None
    if not 2000 <= moment.year <= 2100:
        raise InvalidInput(field, text, expected)
    return moment.astimezone(UTC)


def _numbers(field: str, text: str, count: int, expected: str) -> list[float]:
    parts = text.split(",")
    if len(parts) != count or not all(_PLAIN.fullmatch(part.strip()) for part in parts):
        raise InvalidInput(field, text, expected)
    return [float(part) for part in parts]


def _check_lonlat(field: str, text: str, lon: float, lat: float) -> None:
    if not -180 <= lon <= 180:
        raise InvalidInput(field, text, "a longitude from -180 to 180 degrees", "Longitude comes first.")
    if not -90 <= lat <= 90:
        raise InvalidInput(field, text, "a latitude from -90 to 90 degrees", "Longitude comes first, then latitude.")
