"""What is published of a trail's passes and scans, read from the database; reads block, so call them from a thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

import structlog

from api.catalogue.snapshot import Snapshot
from geodata.conditions.annotations import AnnotationScope, PublicAnnotation
from geodata.errors import StoreError
from geodata.figures.publishing import public
from geodata.figures.publishing.public import FigureBucket, FigurePlace
from geodata.model.station import Station
from geodata.model.trail import Trail
from geodata.statistics.figure import Figure, FigureState
from geodata.store.database import Database
from geodata.store.transaction import Transaction
from geodata.vocabulary.figures import CountMeasure, FigureScope

_MONTHS = timedelta(days=13 * 31)  # a year, and the same month of the year before
_DAYS = timedelta(days=31)

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailFigures:
    """What is published of a trail: passes by month and by day, each station's last closed month, and what was when.

    ``stations``: passes and scans of the last of ``months`` at each station; None where there is nothing of it.
    """

    months: Sequence[Figure]
    days: Sequence[Figure]
    stations: Sequence[tuple[Station, Figure | None, Figure | None]]
    annotations: Sequence[PublicAnnotation] = ()


@dataclass(frozen=True, slots=True)
class LastWeek:
    """The last closed week of a trail; ``figure`` is None where none is closed yet, or the database is away."""

    figure: Figure | None
    is_reachable: bool = True


class PublishedFigures:
    """Figures of trails from what is published."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_page(self, snapshot: Snapshot, trail: Trail) -> TrailFigures:
        """What the page of a trail's figures shows; raises StoreError."""
        place = _place(snapshot, trail)
        with self._database.transaction() as connection:
            until = public.closed_until(connection, trail.municipality)
            if until is None:
                return TrailFigures(months=(), days=(), stations=())
            passes = partial(public.read, connection, place, CountMeasure.PASSES)
            months = passes(FigureBucket.MONTH, _span(until, _MONTHS))[-13:]
            days = passes(FigureBucket.DAY, (until - _DAYS, until))
            stations = snapshot.stations_of_trail.get(trail.slug, [])
            of_stations = _of_stations(connection, place, stations, months[-1]) if months else ()
            annotations = public.written_down(connection, _scope(trail), _span(until, _MONTHS))
        return TrailFigures(months=months, days=days, stations=of_stations, annotations=annotations)

    def last_week(self, snapshot: Snapshot, trail: Trail) -> LastWeek:
        """How many passed in the last closed week."""
        try:
            with self._database.transaction() as connection:
                until = public.closed_until(connection, trail.municipality)
                if until is None:
                    return LastWeek(None)
                within = until - timedelta(days=14), until
                weeks = public.read(connection, _place(snapshot, trail), CountMeasure.PASSES, FigureBucket.WEEK, within)
        except StoreError as error:
            _log.warning("trail-without-figures", trail=trail.slug, error=str(error))
            return LastWeek(None, is_reachable=False)
        return LastWeek(weeks[-1] if weeks else None)


def _place(snapshot: Snapshot, trail: Trail) -> FigurePlace:
    zone = snapshot.catalogue.timezone_of(trail.slug)
    return FigurePlace(scope=FigureScope.TRAIL, code=trail.slug, municipality=trail.municipality, zone=zone)


def _scope(trail: Trail) -> AnnotationScope:
    return AnnotationScope(municipality=trail.municipality, trail=trail.slug)


def _of_stations(
    connection: Transaction, of_trail: FigurePlace, stations: Sequence[Station], month: Figure
) -> list[tuple[Station, Figure | None, Figure | None]]:
    """Passes and scans of each station in ``month``; None where nothing of it counted then."""
    places = [replace(of_trail, scope=FigureScope.STATION, code=station.code) for station in stations]
    first, last = (moment.astimezone(of_trail.zone).date() for moment in (month.start, month.end))
    passes, scans = (
        map(_counted, public.read_each(connection, places, measure, FigureBucket.MONTH, (first, last)))
        for measure in (CountMeasure.PASSES, CountMeasure.SCANS)
    )
    return list(zip(stations, passes, scans, strict=True))


def _counted(figures: list[Figure]) -> Figure | None:
    """The one figure, where anything was to be counted."""
    return next((figure for figure in figures if figure.state is not FigureState.NO_DATA), None)


def _span(until: date, length: timedelta) -> tuple[date, date]:
    return public.whole(FigureBucket.MONTH, until - length, until)
