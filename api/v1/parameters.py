"""The parameters of the interface, each read and checked by one small function.

All of them are text here and checked by us, so that an error says what was expected in words; the OpenAPI document
gets the same rules as a pattern.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal, cast

from fastapi import Depends, Path, Query, Request
from fastapi.routing import APIRoute
from pydantic import BeforeValidator, JsonValue
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from api.v1.parsing import (
    DAY,
    MAX_LIMIT,
    MAX_RADIUS_M,
    NUMBER,
    TIME,
    BBox,
    LonLat,
    parse_day_or_time,
    parse_time,
    read_bbox,
    read_near,
    read_radius,
)
from geodata.errors import InvalidInput
from geodata.text.csv_table import Dialect
from geodata.vocabulary.languages import DEFAULT, VARIANTS

OptionalText = str | SkipJsonSchema[None]
StationCode = Annotated[
    str, Path(description="The station's code as on its sign, in any spelling.", examples=["7K3Q9F"])
]
TrailSlug = Annotated[str, Path(description="The trail's slug, see /api/v1/trails.", examples=["stadtwald"])]
_DAY_OR_TIME: dict[str, JsonValue] = {"pattern": rf"^({DAY}|{TIME})$"}
if TYPE_CHECKING:
    Variant = str
else:
    Variant = Literal[VARIANTS]  # described as an enumeration; made from the table, which no checker can follow


class Bucketing(StrEnum):
    """How finely a series is asked for."""

    RAW = "raw"
    HOUR = "hour"
    DAY = "day"


class Format(StrEnum):
    """How a series is written."""

    JSON = "json"
    CSV = "csv"


async def csv_dialect(
    format_: Annotated[Format, Query(alias="format", description="JSON, or CSV with a header line.")] = Format.JSON,
    dialect: Annotated[
        Dialect,
        Query(
            description="Of CSV. `plain` is RFC 4180 for programs: commas, decimal points, times in UTC. `excel-de`"
            " opens rightly in a German Excel or LibreOffice: semicolons, decimal commas, a byte-order mark, times as"
            " `21.11.2026 13:00:00` once in the municipality's time zone and once in UTC (the header names both), and"
            ' texts that would be taken for numbers or dates as `="012345"`.'
        ),
    ] = Dialect.PLAIN,
) -> Dialect | None:
    """The parameters ``format`` and ``dialect``: which CSV, None for JSON."""
    if format_ is Format.CSV:
        return dialect
    if dialect is not Dialect.PLAIN:
        raise InvalidInput("dialect", dialect.value, "format=csv as well", "JSON has no dialects.")
    return None


async def known_parameters_only(request: Request) -> None:
    """Refuse a misspelt parameter instead of answering another question than was asked."""
    if not request.scope["query_string"]:
        return
    route = cast("APIRoute", request.scope["route"])
    names = _query_names(route)
    for name in request.query_params:
        if name not in names:
            raise InvalidInput(
                name, request.query_params[name], f"no such parameter, only {', '.join(names) or 'none'}"
            )
    for name in names:
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


async def bbox(
    bbox: Annotated[
        OptionalText,
        Query(
            description="Only what lies in this box: minLon,minLat,maxLon,maxLat in degrees (CRS84), edges included."
            " A box across the 180th meridian is refused: ask for its two halves.",
            openapi_examples={"Stadtwald": {"value": "8.90,52.03,8.94,52.06"}},
            json_schema_extra={"pattern": rf"^{NUMBER}(,{NUMBER}){{3}}$"},
        ),
    ] = None,
) -> BBox | None:
    """The parameter ``bbox``."""
    return None if bbox is None else read_bbox(bbox)


async def near(
    near: Annotated[
        OptionalText,
        Query(
            description="Sort by distance from this point, lon,lat in degrees (CRS84), and add `distance_m`.",
            openapi_examples={"Försterteiche": {"value": "8.916774,52.051552"}},
            json_schema_extra={"pattern": rf"^{NUMBER},{NUMBER}$"},
        ),
    ] = None,
) -> LonLat | None:
    """The parameter ``near``."""
    return None if near is None else read_near(near)


async def radius(
    near: Annotated[LonLat | None, Depends(near)],
    radius: Annotated[
        OptionalText,
        Query(
            description=f"Only what is at most this many metres from `near`; more than 0, at most {MAX_RADIUS_M}.",
            openapi_examples={"a short walk": {"value": "500"}},
            json_schema_extra={"pattern": rf"^{NUMBER}$"},
        ),
    ] = None,
) -> float | None:
    """The parameter ``radius`` in metres."""
    return None if radius is None else read_radius(radius, near)


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
    ] = DEFAULT,
) -> str:
    """The parameter ``lang``: one of geodata.vocabulary.languages.VARIANTS."""
    return lang


async def start_time(
    from_: Annotated[
        OptionalText,
        Query(
            alias="from",
            description="Beginning: RFC 3339 with offset, or a day, which begins at midnight of the municipality's time"
            " zone. Default: before `to` by 24 hours (raw), 7 days (hour) or 365 days (day).",
            openapi_examples={
                "a day": {"value": "2026-11-01"},
                "with offset": {"value": "2026-11-21T00:00:00+01:00"},
            },
            json_schema_extra=_DAY_OR_TIME,
        ),
    ] = None,
) -> date | datetime | None:
    """The parameter ``from``; a date that is no datetime is a day of the municipality's calendar."""
    return None if from_ is None else parse_day_or_time("from", from_)


async def end_time(
    to: Annotated[
        OptionalText,
        Query(
            description="End: RFC 3339 with offset, not included, or a day, which is included to its end: from the 1st"
            " to the 30th are thirty days. Default: now.",
            openapi_examples={"a day": {"value": "2026-11-30"}, "UTC": {"value": "2026-11-22T00:00:00Z"}},
            json_schema_extra=_DAY_OR_TIME,
        ),
    ] = None,
) -> date | datetime | None:
    """The parameter ``to``; a date that is no datetime is a day of the municipality's calendar."""
    return None if to is None else parse_day_or_time("to", to)


async def moment(
    at: Annotated[
        OptionalText,
        Query(
            description="The moment asked about, RFC 3339 with offset. Default: now.",
            openapi_examples={"a day in spring": {"value": "2027-03-28T12:00:00+02:00"}},
            json_schema_extra={"format": "date-time"},
        ),
    ] = None,
) -> datetime | None:
    """The parameter ``at``."""
    return None if at is None else parse_time("at", at)
