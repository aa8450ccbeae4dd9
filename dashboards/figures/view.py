"""All that the page of figures shows of a trail, read in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from api.catalogue.texts import name_of
from dashboards.access.visible import trail_asked_for
from dashboards.conditions import board
from dashboards.figures import answers, comparison, counters, profile, weeks
from dashboards.figures.annotations import NumberedNote, numbered
from dashboards.figures.answers import FigureAnswer, Need
from dashboards.figures.comparison import ComparedSpan, ComparisonAnswer
from dashboards.figures.counters import CounterRow, CounterSurroundings
from dashboards.figures.profile import ProfileChart
from dashboards.figures.weeks import WeekChart
from dashboards.services import StaffServices
from geodata.conditions.annotations import AnnotationScope
from geodata.figures import trail_weeks
from geodata.figures.by_hand import calibrations
from geodata.figures.comparison import can_be_answered, compare_years
from geodata.figures.trail_weeks import WeekAndYearBefore
from geodata.model.counting.counter import Channel, Direction, Mounting
from geodata.model.staff import Staff
from geodata.model.station import Station
from geodata.model.trail import Trail
from geodata.statistics.counting.periods import midnight
from geodata.statistics.counting.trail_sums import ChannelAtTrail
from geodata.store.access import scan
from geodata.store.comparison import annotation
from geodata.store.counting import mountings, reading, sign_cases
from geodata.store.devices import device_status, maintenance
from geodata.store.transaction import Transaction

_YEAR = timedelta(days=365)
_Hanging = Sequence[tuple[Mounting, list[Channel]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresAsked:
    """What somebody asked for: the ``station`` of the profile (empty: the first), and what to compare, if anything."""

    station: str = ""
    compared: ComparedSpan | None = None
    without_annotated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresView:
    """What ``figures.html`` shows. ``profile`` is None where no counter hangs at a station."""

    trail: Trail
    name: str
    week: str
    passes: FigureAnswer
    scans: FigureAnswer
    needed: int
    needs: Sequence[Need]
    chart: WeekChart
    notes: Sequence[NumberedNote]
    counters: Sequence[CounterRow]
    offered: Mapping[ComparedSpan, str]
    chosen: ComparedSpan | None
    comparison: ComparisonAnswer | None
    profile: ProfileChart | None
    profile_station: Station | None
    profile_stations: Sequence[Station]
    stations: Sequence[Station]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailOfFigures:
    """A trail with what its figures are reckoned by."""

    trail: Trail
    zone: ZoneInfo
    today: date
    scope: AnnotationScope

    @classmethod
    def of(cls, services: StaffServices, staff: Staff, slug: str) -> TrailOfFigures:
        """The trail with this slug, the first that ``staff`` sees without; raises NotFound."""
        snapshot = services.keeper.current
        trail = trail_asked_for(snapshot, staff, slug)
        zone = snapshot.catalogue.timezone_of(trail.slug)
        return cls(
            trail=trail,
            zone=zone,
            today=services.clock().astimezone(zone).date(),
            scope=AnnotationScope(municipality=trail.municipality, trail=trail.slug),
        )


def look(services: StaffServices, of: TrailOfFigures, asked: FiguresAsked) -> FiguresView:
    """Read and compute the page."""
    snapshot = services.keeper.current
    stations = snapshot.stations_of_trail.get(of.trail.slug, [])
    offered = comparison.offered(of.today)
    with services.database.transaction() as connection:
        days = trail_weeks.read(connection, of.trail.slug, of.zone, of.today)
        year = trail_weeks.last_weeks(days, of.zone, of.today)
        hanging = _hanging(connection, services, of)
        rows = _counters(connection, services, of, hanging, days)
        signs = sum(case.station in {each.code for each in stations} for case in sign_cases.open_cases(connection))
        notes = read_notes(connection, services, of, year)
        shown = _profile_stations(stations, hanging)
        station = next((each for each in shown if each.code == asked.station), shown[0] if shown else None)
        return FiguresView(
            trail=of.trail,
            name=name_of(of.trail),
            week=weeks.span(year[-1].week.start, year[-1].week.end - timedelta(days=1)),
            passes=answers.passes(year[-1].week),
            scans=answers.scans(_scans(connection, of, year[-1], stations), stations),
            needed=answers.needed(rows, signs),
            needs=answers.needs(rows, signs),
            chart=weeks.chart(year, notes),
            notes=notes,
            counters=rows,
            offered=offered,
            chosen=asked.compared or _answerable(connection, of, offered),
            comparison=_compare(connection, of, asked, offered),
            profile=_profile(connection, of, station, hanging) if station else None,
            profile_station=station,
            profile_stations=shown,
            stations=stations,
        )


def read_notes(
    connection: Transaction, services: StaffServices, of: TrailOfFigures, year: Sequence[WeekAndYearBefore]
) -> list[NumberedNote]:
    """The annotations of the trail from the first week of the chart on."""
    written = annotation.load(connection, of.trail.municipality)
    return numbered(written, of.scope, year[0].week.start, services.keeper.current)


def _hanging(connection: Transaction, services: StaffServices, of: TrailOfFigures) -> _Hanging:
    found = groupby(mountings.hanging(connection, services.clock()), lambda channel: channel.mounting)
    return [(mounting, list(channels)) for mounting, channels in found if mounting.trail == of.trail.slug]


def _counters(
    connection: Transaction,
    services: StaffServices,
    of: TrailOfFigures,
    hanging: _Hanging,
    days: Sequence[ChannelAtTrail],
) -> list[CounterRow]:
    snapshot, latest = services.keeper.current, services.keeper.latest
    devices = board.rows(snapshot, latest, device_status.list_of_trail(connection, of.trail.slug), services.clock())
    end = midnight(of.today, of.zone)
    own = [mounting.device for mounting, _ in hanging]
    work = maintenance.within(connection, own, end - timedelta(days=counters.COVERAGE_DAYS), end)
    around = CounterSurroundings(
        snapshot=snapshot, latest=latest, devices={row.device.id: row for row in devices}, days=days, zone=of.zone,
        today=of.today, at_work=work.keys(),
    )  # fmt: skip
    return [
        counters.row(
            mounting, channels, calibrations.of_mounting(connection, mounting.id)[_direction(channels)], around
        )
        for mounting, channels in hanging
    ]


def _direction(channels: Sequence[Channel]) -> Direction:
    """All that the counter tells apart, together."""
    return channels[0].direction if len(channels) == 1 else Direction.BOTH


def _scans(
    connection: Transaction, of: TrailOfFigures, last: WeekAndYearBefore, stations: Sequence[Station]
) -> dict[str, int]:
    start, end = midnight(last.week.start, of.zone), midnight(last.week.end, of.zone)
    return scan.count_between(connection, start, end, [station.code for station in stations])


def _answerable(
    connection: Transaction, of: TrailOfFigures, offered: Mapping[ComparedSpan, str]
) -> ComparedSpan | None:
    """The newest of what is offered that can be answered; None where nothing can."""
    for span in sorted(offered, key=comparison.NEWEST_FIRST.index):
        question = comparison.question(span, of.scope, of.today, leave_out_annotated=False)
        if can_be_answered(connection, question):
            return span
    return None


def _compare(
    connection: Transaction, of: TrailOfFigures, asked: FiguresAsked, offered: Mapping[ComparedSpan, str]
) -> ComparisonAnswer | None:
    span = asked.compared
    if span is None or span not in offered:
        return None
    question = comparison.question(span, of.scope, of.today, leave_out_annotated=asked.without_annotated)
    without = ", ohne Tage mit Anmerkungen" if asked.without_annotated else ""
    return comparison.answer(compare_years(connection, question), offered[span] + without)


def _profile_stations(stations: Sequence[Station], hanging: _Hanging) -> list[Station]:
    codes = {mounting.station for mounting, _ in hanging}
    return [station for station in stations if station.code in codes]


def _profile(connection: Transaction, of: TrailOfFigures, station: Station, hanging: _Hanging) -> ProfileChart:
    """Of a year back from today's midnight."""
    end = midnight(of.today, of.zone)
    hours = reading.profile(connection, station.code, end - _YEAR, end, of.zone)
    channels = sum(len(channels) for mounting, channels in hanging if mounting.station == station.code)
    return profile.chart(hours, channels)
