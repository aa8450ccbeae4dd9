"""Time series of a station."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from api.catalogue.latest import is_public
from api.catalogue.lookup import find_station
from api.catalogue.snapshot import Snapshot
from api.catalogue.stays import when_here
from api.http.caches.etag import Answer, answer, respond
from api.licences import url_of
from api.limits.places import address_of
from api.limits.read_limits import REFUSED, Costly
from api.services import Services, WithServices
from api.v1 import series_format
from api.v1.parameters import Bucketing, Format, StationCode, csv_dialect, end_time, start_time
from api.v1.router import PREFIX, Responses, problems, public_router
from api.v1.schemas.series import BucketSeries, RawSeries
from api.v1.series_format import CSV_MEDIA_TYPE, Series
from api.v1.time_range import time_range
from geodata.errors import InvalidInput
from geodata.model.observation import Observation, ObservedProperty, by_name
from geodata.model.station import Station
from geodata.model.trail import Trail
from geodata.store.series import stood
from geodata.text.csv_table import Dialect
from geodata.times import rfc3339

MAX_ROWS = 50_000

router = public_router("series")

_LINKS = (
    "The licence (rel=license, where it has an address), the trail with licence and attribution (rel=describedby), and"
    " where the rest is (rel=next, where there is one)."
)
_ANSWERS: Responses = {
    200: {
        "description": "The series of every device that measures or measured the property here.",
        "headers": {"Link": {"description": _LINKS, "schema": {"type": "string"}}},
        "content": {
            "application/json": {
                "schema": {"oneOf": [{"$ref": f"#/components/schemas/{m.__name__}"} for m in (RawSeries, BucketSeries)]}
            },
            "text/csv": {"schema": {"type": "string"}},
        },
    },
    304: {"description": "Nothing has changed since the ETag in If-None-Match."},
}


@router.get(
    "/stations/{code}/series",
    summary="A time series of a station",
    response_class=Response,
    responses={**_ANSWERS, **problems(e404="No station has this code.", **REFUSED)},
)
async def get_series(
    request: Request,
    code: StationCode,
    services: WithServices,
    *,
    observed_property: Annotated[
        str,
        Query(
            alias="property",
            description="What was measured, such as `air_temperature`. Counts (running totals, and increments without"
            " a physical unit) are not given out: they could tell when somebody passed.",
        ),
    ],
    start: Annotated[date | None, Depends(start_time)],
    end: Annotated[date | None, Depends(end_time)],
    dialect: Annotated[Dialect | None, Depends(csv_dialect)],
    bucket: Annotated[
        Bucketing,
        Query(
            description="Single observations (at most 31 days), or hours (2 years) or days (20 years) with count, mean,"
            " min and max. Hours and days are whole: the interval is widened to them. Days begin at midnight"
            " of the municipality's time zone; `date` is the day there. A bucket without data is left out."
        ),
    ] = Bucketing.HOUR,
) -> Response:
    """Values that are not ok never appear: they are null next to their quality, and counted in buckets."""
    snapshot = services.keeper.current
    station = find_station(snapshot, code)
    prop = _property(snapshot, station, observed_property)
    trail, timezone = _trail(snapshot, station)
    series = Series(
        station=station.code,
        observed_property=prop,
        bucket=bucket.value,
        interval=time_range(start, end, bucket, timezone, services.clock()),
        timezone=timezone,
        devices=_devices(snapshot, station, prop),
        trail=trail,
    )
    return await _respond(request, services, series, dialect)


async def _respond(request: Request, services: Services, series: Series, dialect: Dialect | None) -> Response:
    services.limits.take_of(Costly.SERIES, request)
    async with services.limits.series_turn(address_of(request)):
        return await run_in_threadpool(lambda: respond(request, _read(services, series, dialect)))


def _read(services: Services, series: Series, dialect: Dialect | None) -> Answer:
    return (_raw if series.bucket == Bucketing.RAW else _buckets)(services, series, dialect)


def _trail(snapshot: Snapshot, station: Station) -> tuple[Trail, str]:
    """A station's trail and its time zone."""
    trail = snapshot.catalogue.trails[station.trail]
    return trail, snapshot.catalogue.timezone_of(trail.slug).key


def _property(snapshot: Snapshot, station: Station, name: str) -> ObservedProperty:
    series = snapshot.series_of_station.get(station.code, {})
    here = [prop_id for prop_id in sorted(series) if is_public(snapshot.catalogue.properties[prop_id])]
    prop = by_name(snapshot.catalogue.properties.values()).get(name)
    if prop is not None and prop.id in here:
        return prop
    if prop is not None and prop.id in series:
        raise InvalidInput(
            "property", name, "no count", "Counts are not given out one by one: they could tell when somebody passed."
        )
    raise InvalidInput("property", name, f"one of {', '.join(here)}" if here else "nothing: nothing is measured here")


def _devices(snapshot: Snapshot, station: Station, observed_property: ObservedProperty) -> dict[int, str]:
    streams = snapshot.series_of_station[station.code][observed_property.id]
    return {stream: snapshot.catalogue.datastreams[stream].device for stream in streams}


def _raw(services: Services, series: Series, dialect: Dialect | None) -> Answer:
    interval = series.interval
    wanted = when_here(services.keeper.current, series.station, series.devices)
    with services.database.transaction() as connection:
        rows = stood.raw(connection, wanted, interval.start, interval.end, MAX_ROWS + 1)
    rows, following = _page(series, rows, dialect)
    headers = _links(series, following)
    if dialect:
        body = series_format.raw_csv(series, rows, dialect)
        return answer(body, CSV_MEDIA_TYPE, headers=headers | _file(series, dialect))
    return answer(series_format.raw_json(series, rows, following), "application/json", headers=headers)


def _page(series: Series, rows: list[Observation], dialect: Dialect | None) -> tuple[list[Observation], str | None]:
    """The rows of one answer, and where the rest is: it begins at a time of which no row was delivered."""
    if len(rows) <= MAX_ROWS:
        return rows, None
    rest = rows[-1].phenomenon_time
    query = {
        "property": series.observed_property.id,
        "from": rfc3339(rest),
        "to": rfc3339(series.interval.end),
        "bucket": series.bucket,
        "format": Format.CSV if dialect else Format.JSON,
    }
    if dialect:
        query["dialect"] = dialect
    page = [row for row in rows if row.phenomenon_time < rest]
    return page, f"{PREFIX}/stations/{series.station}/series?{urlencode(query)}"


def _buckets(services: Services, series: Series, dialect: Dialect | None) -> Answer:
    interval = series.interval
    wanted = when_here(services.keeper.current, series.station, series.devices)
    with services.database.transaction() as connection:
        if series.bucket == Bucketing.HOUR:
            buckets = stood.hours(connection, wanted, interval.start, interval.end)
        else:
            buckets = stood.days(connection, wanted, interval.start, interval.end, series.timezone)
    headers = _links(series)
    if dialect:
        body = series_format.buckets_csv(series, buckets, dialect)
        return answer(body, CSV_MEDIA_TYPE, headers=headers | _file(series, dialect))
    return answer(series_format.buckets_json(series, buckets), "application/json", headers=headers)


def _links(series: Series, following: str | None = None) -> dict[str, str]:
    """What belongs to a series (RFC 8288): a CSV has no other place for it."""
    targets = {
        "next": following,
        "license": url_of(series.trail.licence),
        "describedby": f"{PREFIX}/trails/{series.trail.slug}",  # also where the licence has no address
    }
    return {"Link": ", ".join(f'<{target}>; rel="{rel}"' for rel, target in targets.items() if target)}


def _file(series: Series, dialect: Dialect) -> dict[str, str]:
    first, last = series.interval.days(series.timezone)
    parts = [series.station, series.observed_property.id, series.bucket, f"{first:%Y%m%d}-{last:%Y%m%d}"]
    name = "_".join(parts if dialect is Dialect.PLAIN else [*parts, dialect])
    return {"Content-Disposition": f'attachment; filename="{name}.csv"'}
