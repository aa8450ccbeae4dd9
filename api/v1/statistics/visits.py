"""How visit statistics are asked for: of one place, in periods of a fixed lattice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import Depends, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import JsonValue

from api.catalogue.lookup import find_station, find_trail
from api.catalogue.snapshot import Snapshot
from api.http.caches.etag import Answer, respond
from api.limits.places import address_of
from api.limits.read_limits import REFUSED, Costly
from api.services import Services, WithServices
from api.v1.parameters import OptionalText, csv_dialect
from api.v1.parsing import DAY, parse_day_or_time
from api.v1.router import Responses, problems, public_router
from api.v1.schemas.visits import VisitStatistics
from api.v1.statistics import visit_format
from api.v1.statistics.visit_format import VisitAnswer
from geodata.conditions.annotations import AnnotationScope, PublicAnnotation
from geodata.errors import InvalidInput, NotFound
from geodata.figures.publishing import public
from geodata.figures.publishing.public import FigureBucket, FigurePlace
from geodata.model.trail import Trail, TrailState
from geodata.text.csv_table import Dialect
from geodata.vocabulary.figures import CountMeasure, FigureScope

router = public_router("statistics")

_ONE_DAY = timedelta(days=1)
_YEAR = timedelta(days=366)
_LONGEST = dict.fromkeys(FigureBucket, 100 * _YEAR) | {FigureBucket.HOUR: _YEAR, FigureBucket.DAY: 20 * _YEAR}
"""The longest interval that one question may cover."""
_DEFAULT = dict.fromkeys(FigureBucket, 10 * _YEAR) | {
    FigureBucket.HOUR: timedelta(days=7),
    FigureBucket.DAY: _YEAR,
    FigureBucket.WEEK: _YEAR,
}
_ANSWERS: Responses = {
    200: {
        "description": "Closed periods, in order. Periods that are not closed yet are left out.",
        "content": {
            "application/json": {"schema": {"$ref": f"#/components/schemas/{VisitStatistics.__name__}"}},
            "text/csv": {"schema": {"type": "string"}},
        },
    },
    304: {"description": "Nothing has changed since the ETag in If-None-Match."},
}
_DAY: dict[str, JsonValue] = {"pattern": f"^{DAY}$"}


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked: of which place, in which buckets, from the one day to the other, included; None: not said."""

    place: FigurePlace
    trail: Trail | None
    bucket: FigureBucket
    first: date | None
    last: date | None


def _place(
    services: WithServices,
    station: Annotated[OptionalText, Query(description="The code of a station.")] = None,
    trail: Annotated[
        OptionalText, Query(description="The slug of a trail.", openapi_examples={"Stadtwald": {"value": "stadtwald"}})
    ] = None,
    municipality: Annotated[OptionalText, Query(description="The slug of a municipality.")] = None,
) -> tuple[FigurePlace, Trail | None]:
    """The one place that the parameters name."""
    named = {
        name: text for name, text in (("station", station), ("trail", trail), ("municipality", municipality)) if text
    }
    if len(named) != 1:
        given = ", ".join(named) or None
        raise InvalidInput("trail", given, "one of station, trail and municipality", "Figures are of one place each.")
    return _found(services.keeper.current, *next(iter(named.items())))


def _found(snapshot: Snapshot, kind: str, text: str) -> tuple[FigurePlace, Trail | None]:
    if kind == "municipality":
        if text not in snapshot.catalogue.municipalities:
            raise NotFound("municipality", text)
        zone = ZoneInfo(snapshot.catalogue.municipalities[text].timezone)
        return FigurePlace(scope=FigureScope.MUNICIPALITY, code=text, municipality=text, zone=zone), None
    station = find_station(snapshot, text) if kind == "station" else None
    trail = find_trail(snapshot, station.trail if station else text)
    zone = snapshot.catalogue.timezone_of(trail.slug)
    scope, code = (FigureScope.STATION, station.code) if station else (FigureScope.TRAIL, trail.slug)
    return FigurePlace(scope=scope, code=code, municipality=trail.municipality, zone=zone), trail


@router.get(
    "/statistics/visits",
    summary="How many passed and scanned",
    response_class=Response,
    responses={**_ANSWERS, **problems(e404="There is no such place.", **REFUSED)},
)
async def get_visits(
    request: Request,
    services: WithServices,
    *,
    place: Annotated[tuple[FigurePlace, Trail | None], Depends(_place)],
    from_: Annotated[
        OptionalText,
        Query(
            alias="from",
            description="The first day. Default: a week (hour), a year (day, week) or ten years before `to`.",
            openapi_examples={"a day": {"value": "2026-10-01"}},
            json_schema_extra=_DAY,
        ),
    ] = None,
    to: Annotated[
        OptionalText,
        Query(
            description="The last day, included. Default: the last closed one.",
            openapi_examples={"a day": {"value": "2026-10-31"}},
            json_schema_extra=_DAY,
        ),
    ] = None,
    bucket: Annotated[
        Literal["hour", "day", "week", "month", "year"],
        Query(description="Only these periods are published, in the municipality's time zone; weeks are of ISO 8601."),
    ] = "day",
    dialect: Annotated[Dialect | None, Depends(csv_dialect)],
) -> Response:
    """Counts of closed periods. One that could tell of single persons is hidden, and so is what would reveal it."""
    asked = _Asked(place[0], place[1], FigureBucket(bucket), _day("from", from_), _day("to", to))
    services.limits.take_of(Costly.SERIES, request)
    async with services.limits.series_turn(address_of(request)):
        return await run_in_threadpool(lambda: respond(request, _answer(services, asked, dialect)))


def _day(name: str, text: str | None) -> date | None:
    if text is None:
        return None
    day = parse_day_or_time(name, text)
    if isinstance(day, datetime):
        raise InvalidInput(name, text, "a day such as 2026-10-31", "Figures are published by whole periods.")
    return day


def _answer(services: Services, asked: _Asked, dialect: Dialect | None) -> Answer:
    with services.database.transaction() as connection:
        closed_until = public.closed_until(connection, asked.place.municipality)
        within = _within(asked, closed_until, services.clock().astimezone(asked.place.zone).date())
        passes, scans = (
            public.read(connection, asked.place, measure, asked.bucket, within)
            for measure in (CountMeasure.PASSES, CountMeasure.SCANS)
        )
        least = public.least(connection, asked.place.municipality)
        annotations = _annotations(
            services.keeper.current, asked, public.written_down(connection, _scope(asked), within)
        )
    rows = VisitAnswer(
        place=asked.place,
        trail=asked.trail,
        bucket=asked.bucket,
        within=within,
        closed_until=closed_until,
        least=least,
        annotations=annotations,
        rows=tuple(zip(passes, scans, strict=True)),
    )
    return visit_format.csv(rows, dialect) if dialect else visit_format.json(rows)


def _scope(asked: _Asked) -> AnnotationScope:
    return AnnotationScope(
        municipality=asked.place.municipality,
        trail=asked.trail.slug if asked.trail else None,
        station=asked.place.code if asked.place.scope is FigureScope.STATION else None,
    )


def _annotations(snapshot: Snapshot, asked: _Asked, annotations: Sequence[PublicAnnotation]) -> list[PublicAnnotation]:
    """A municipality's without those of trails that no list names."""
    trails = snapshot.catalogue.trails.values()
    told = {None, *(trail.slug for trail in trails if asked.trail or trail.state is not TrailState.HIDDEN)}
    return [each for each in annotations if each.trail in told]


def _within(asked: _Asked, closed_until: date | None, today: date) -> tuple[date, date]:
    """The days of whole buckets that are asked for, the last not included; raises InvalidInput where none is closed."""
    end = closed_until or today
    last = end if asked.last is None else asked.last + _ONE_DAY
    first = last - _DEFAULT[asked.bucket] if asked.first is None else asked.first
    if asked.first is not None and first >= end:
        hint = "No day is closed yet." if closed_until is None else f"Figures are closed up to {end - _ONE_DAY}."
        raise InvalidInput("from", first.isoformat(), "a day that is closed", hint)
    if first >= last:
        raise InvalidInput("from", first.isoformat(), f"a day up to 'to', which is {last - _ONE_DAY}")
    if last - first > _LONGEST[asked.bucket]:
        expected = f"at most {_LONGEST[asked.bucket].days} days before 'to' with bucket={asked.bucket}"
        raise InvalidInput("from", first.isoformat(), expected, "Ask for a coarser bucket or in several parts.")
    return public.whole(asked.bucket, first, last)
