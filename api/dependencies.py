"""The parameters of the interface, each read and checked by one small function.

All of them are text here and checked by us, so that an error says what was expected in words; the OpenAPI document
gets the same rules as a pattern.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Literal, cast

from fastapi import Depends, Path, Query, Request
from fastapi.routing import APIRoute
from pydantic import BeforeValidator
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from geodata.errors import InvalidInput

MAX_LIMIT = 1000
MAX_RADIUS_M = 1_000_000

_NUMBER = r"[+-]?(\d+(\.\d*)?|\.\d+)"
_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?([Zz]|[+ -]\d\d:\d\d)", re.ASCII)
_TIME_EXPECTED = "a time with offset between 2000 and 2100 such as 2026-11-22T10:15:00Z or 2026-11-22T11:15:00%2B01:00"

Optional = str | SkipJsonSchema[None]
StationCode = Annotated[
    str, Path(description="The station's code as on its sign, in any spelling.", examples=["7K3Q9F"])
]
TrailSlug = Annotated[str, Path(description="The trail's slug, see /api/v1/trails.", examples=["stadtwald"])]
Variant = Literal["de", "en", "de_simple", "children"]


class Bucketing(StrEnum):
    """How finely a series is asked for."""

    RAW = "raw"
    HOUR = "hour"
    DAY = "day"


class Format(StrEnum):
    """How a series is written."""

    JSON = "json"
    CSV = "csv"


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


async def known_parameters_only(request: Request) -> None:
    """Refuse a misspelt parameter instead of answering another question than was asked."""
    if not request.scope["query_string"]:
        return
    route = cast("APIRoute", request.scope["route"])
    known = _query_names(route)
    for name in request.query_params:
        if name not in known:
            raise InvalidInput(
                name, request.query_params[name], f"no such parameter, only {', '.join(known) or 'none'}"
            )
    for name in known:
        if len(request.query_params.getlist(name)) > 1:
            raise InvalidInput(name, ", ".join(request.query_params.getlist(name)), "one value")


def _query_names(route: APIRoute) -> list[str]:
    dependants = [route.dependant]
    names: dict[str, None] = {}  # `near` is asked for twice
    while dependants:
        dependant = dependants.pop(0)
        names |= dict.fromkeys(parameter.alias for parameter in dependant.query_params)
        dependants += dependant.dependencies
    return list(names)


def _numbers(field: str, text: str, count: int, expected: str) -> list[float]:
    parts = text.split(",")
    if len(parts) != count or not all(re.fullmatch(_NUMBER, part.strip(), re.ASCII) for part in parts):
        raise InvalidInput(field, text, expected)
    return [float(part) for part in parts]


def _check_lonlat(field: str, text: str, lon: float, lat: float) -> None:
    if not -180 <= lon <= 180:
        raise InvalidInput(field, text, "a longitude from -180 to 180 degrees", "Longitude comes first.")
    if not -90 <= lat <= 90:
        raise InvalidInput(field, text, "a latitude from -90 to 90 degrees", "Longitude comes first, then latitude.")


async def bbox(
    bbox: Annotated[
        Optional,
        Query(
            description="Only what lies in this box: minLon,minLat,maxLon,maxLat in degrees (CRS84), edges included."
            " A box across the 180th meridian is refused: ask for its two halves.",
            openapi_examples={"Stadtwald": {"value": "8.90,52.03,8.94,52.06"}},
            json_schema_extra={"pattern": rf"^{_NUMBER}(,{_NUMBER}){{3}}$"},
        ),
    ] = None,
) -> BBox | None:
    """The parameter ``bbox``."""
    if bbox is None:
        return None
    box = BBox(*_numbers("bbox", bbox, 4, "four numbers minLon,minLat,maxLon,maxLat"))
    _check_lonlat("bbox", bbox, box.min_lon, box.min_lat)
    _check_lonlat("bbox", bbox, box.max_lon, box.max_lat)
    if box.min_lon > box.max_lon:
        raise InvalidInput(
            "bbox", bbox, "minLon ≤ maxLon", "Ask for the two halves of a box across the 180th meridian."
        )
    if box.min_lat > box.max_lat:
        raise InvalidInput("bbox", bbox, "minLat ≤ maxLat")
    return box


async def near(
    near: Annotated[
        Optional,
        Query(
            description="Sort by distance from this point, lon,lat in degrees (CRS84), and add `distance_m`.",
            openapi_examples={"Försterteiche": {"value": "8.916774,52.051552"}},
            json_schema_extra={"pattern": rf"^{_NUMBER},{_NUMBER}$"},
        ),
    ] = None,
) -> LonLat | None:
    """The parameter ``near``."""
    if near is None:
        return None
    point = LonLat(*_numbers("near", near, 2, "two numbers lon,lat"))
    _check_lonlat("near", near, point.lon, point.lat)
    return point


async def radius(
    near: Annotated[LonLat | None, Depends(near)],
    radius: Annotated[
        Optional,
        Query(
            description=f"Only what is at most this many metres from `near`; more than 0, at most {MAX_RADIUS_M}.",
            openapi_examples={"a short walk": {"value": "500"}},
            json_schema_extra={"pattern": rf"^{_NUMBER}$"},
        ),
    ] = None,
) -> float | None:
    """The parameter ``radius`` in metres."""
    if radius is None:
        return None
    (metres,) = _numbers("radius", radius, 1, "a number of metres")
    if not 0 < metres <= MAX_RADIUS_M:
        raise InvalidInput("radius", radius, f"more than 0 and at most {MAX_RADIUS_M} metres")
    if near is None:
        raise InvalidInput("radius", radius, "near=lon,lat beside it", "A radius needs its centre.")
    return metres


async def limit(
    limit: Annotated[
        int, Query(description="At most so many stations.", ge=1, le=MAX_LIMIT, openapi_examples={"ten": {"value": 10}})
    ] = MAX_LIMIT,
) -> int:
    """The parameter ``limit``."""
    return limit


def _plain_number(text: object) -> object:
    if isinstance(text, str) and "_" in text:
        raise PydanticCustomError("plain_number", "a number without underscores")
    return text


Degrees = Annotated[float, BeforeValidator(_plain_number)]


async def position(
    lon: Annotated[Degrees, Query(description="Longitude in degrees (CRS84).", ge=-180, le=180, allow_inf_nan=False)],
    lat: Annotated[Degrees, Query(description="Latitude in degrees (CRS84).", ge=-90, le=90, allow_inf_nan=False)],
) -> LonLat:
    """The parameters ``lon`` and ``lat``."""
    return LonLat(lon, lat)


async def variant(
    lang: Annotated[
        Variant, Query(description="Language or voice of the texts; where a station lacks it, `de` is delivered.")
    ] = "de",
) -> str:
    """The parameter ``lang``: one of geodata.model.VARIANTS."""
    return lang


def parse_time(field: str, text: str) -> datetime:
    """An RFC 3339 time as aware UTC; a space where the offset's plus sign was is forgiven. Raises InvalidInput."""
    if not _TIME.fullmatch(text):
        raise InvalidInput(field, text, _TIME_EXPECTED)
    if text[-6] == " ":
        text = f"{text[:-6]}+{text[-5:]}"
    try:
        moment = datetime.fromisoformat(text.upper())
    except ValueError:
        raise InvalidInput(field, text, _TIME_EXPECTED) from None
    if not 2000 <= moment.year <= 2100:
        raise InvalidInput(field, text, _TIME_EXPECTED)
    return moment.astimezone(UTC)


async def start_time(
    from_: Annotated[
        Optional,
        Query(
            alias="from",
            description="Beginning, RFC 3339 with offset. Default: before `to` by 24 hours (raw), 7 days (hour) or"
            " 365 days (day).",
            openapi_examples={"with offset": {"value": "2026-11-21T00:00:00+01:00"}},
            json_schema_extra={"format": "date-time"},
        ),
    ] = None,
) -> datetime | None:
    """The parameter ``from``."""
    return None if from_ is None else parse_time("from", from_)


async def end_time(
    to: Annotated[
        Optional,
        Query(
            description="End, not included, RFC 3339 with offset. Default: now.",
            openapi_examples={"UTC": {"value": "2026-11-22T00:00:00Z"}},
            json_schema_extra={"format": "date-time"},
        ),
    ] = None,
) -> datetime | None:
    """The parameter ``to``."""
    return None if to is None else parse_time("to", to)


async def moment(
    at: Annotated[
        Optional,
        Query(
            description="The moment asked about, RFC 3339 with offset. Default: now.",
            openapi_examples={"a day in spring": {"value": "2027-03-28T12:00:00+02:00"}},
            json_schema_extra={"format": "date-time"},
        ),
    ] = None,
) -> datetime | None:
    """The parameter ``at``."""
    return None if at is None else parse_time("at", at)
