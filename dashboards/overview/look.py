"""All that the start page shows, read in one transaction: of one trail, or of all that somebody sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from api.catalogue.snapshot import Snapshot
from api.catalogue.texts import name_of
from api.drawing.map import TrailMap, draw
from dashboards import words
from dashboards.access.visible import own_trails, trail_asked_for, visible_municipalities, visible_trails
from dashboards.conditions import board
from dashboards.conditions import looks as conditions
from dashboards.conditions.board import DeviceRow
from dashboards.conditions.looks import Common
from dashboards.languages import t
from dashboards.overview import closures, todo, visitors
from dashboards.overview.closures import ClosedNow
from dashboards.overview.todo import Todo, WaitingPaper
from dashboards.overview.visitors import WeekOfVisitors
from dashboards.services import StaffServices
from geodata.conditions import legal_gaps, silence
from geodata.conditions.device_condition import Condition, silences
from geodata.conditions.legal_gaps import Gap
from geodata.model.device import Device
from geodata.model.staff import Staff
from geodata.model.trail import Trail
from geodata.store.access import scan
from geodata.store.counting import passes_since, sign_cases
from geodata.store.devices import device_status
from geodata.store.devices.device import load_devices_at
from geodata.store.ingest import quarantine, throughput
from geodata.store.ingest.quarantine import Selection
from geodata.store.reports import reading
from geodata.store.transaction import Transaction

_MOST_ROWS = 200
"""Of a trail with more devices only those that need somebody are listed, and no more than this."""

Judged = Sequence[tuple[Device, Condition]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailLine:
    """A trail in the table of all: what walked there, what was opened today, how its devices are."""

    trail: Trail
    visitors: WeekOfVisitors
    scans: int
    visits: int
    devices: str
    is_closed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewView:
    """What the template of the start page shows. ``slug`` is empty for all trails; then there is no map and no board.

    ``others``: tasks that are not listed here, being too many.
    """

    slug: str
    heading: str
    made_at: str
    trails: Sequence[Trail]
    closed: Sequence[ClosedNow]
    common: Mapping[str | None, Common]
    visitors: WeekOfVisitors
    scans: int
    busiest: str
    visits: int
    visits_words: str
    todo: Sequence[Todo]
    others: int
    messages_per_minute: str
    gaps: Sequence[Gap]
    lines: Sequence[TrailLine] = ()
    rows: Sequence[DeviceRow] = ()
    map: TrailMap | None = None
    has_devices: bool = True

    def condition_of(self, code: str) -> Condition | None:
        """The worst condition at a station; None when no device stands there."""
        return Condition.worst(row.condition for row in self.rows if row.station and row.station.code == code)


@dataclass(frozen=True, slots=True, kw_only=True)
class _OverviewRead:
    """What was read for the trails that are shown."""

    devices: Sequence[Device]
    passed: Mapping[str, int]
    scans: Mapping[str, int]
    weeks: Mapping[str, WeekOfVisitors]
    waiting: WaitingPaper
    closed: Sequence[ClosedNow]
    per_minute: float
    heard_elsewhere: bool


def look(services: StaffServices, staff: Staff, slug: str) -> OverviewView:
    """The page of one trail; without a slug of all where there are several. Raises NotFound for an unknown one."""
    snapshot, now = services.keeper.current, services.clock()
    seen = visible_trails(snapshot, staff)
    one = trail_asked_for(snapshot, staff, slug) if slug or len(seen) == 1 else None
    shown = {one.slug: one} if one else seen
    zone = snapshot.catalogue.timezone_of(next(iter(shown)))
    with services.database.transaction() as connection:
        read = _read(connection, snapshot, staff, shown, (now, zone))
    judged = [(device, board.condition_of(snapshot, services.keeper.latest, device, now)) for device in read.devices]
    common = _common(judged, read, now, zone, one)
    rows = _rows(services, read, judged, now, only_ailing=one is None or len(judged) > _MOST_ROWS)
    ailing = [row for row in rows if row.condition.needs_visit or row.condition is Condition.MAINTENANCE]
    listed = [row for row in ailing if None not in common and row.device.trail not in common]
    tasks = todo.tasks(listed, seen if one is None else shown, read.waiting, now, zone)
    visits = [(device, condition) for device, condition in judged if condition.needs_visit]
    return OverviewView(
        slug=one.slug if one else "",
        heading=name_of(one) if one else t("Alle Pfade"),
        made_at=words.clock(now, zone),
        trails=list(seen.values()),
        closed=read.closed,
        common=common,
        visitors=read.weeks[""],
        scans=sum(read.scans.values()),
        busiest=visitors.busiest(snapshot, read.scans),
        visits=len(visits),
        visits_words=_visits_words(judged, common),
        todo=tasks[: todo.MOST],
        others=max(len(tasks) - todo.MOST, 0),
        messages_per_minute=_rate(read.per_minute),
        gaps=legal_gaps.find(list(seen.values()), snapshot.catalogue.municipalities, services.around.operator),
        lines=[] if one else [_line(snapshot, trail, read, judged) for trail in shown.values()],
        rows=rows[:_MOST_ROWS] if one else [],
        map=_map(snapshot, one),
        has_devices=bool(judged),
    )


def _read(
    connection: Transaction,
    snapshot: Snapshot,
    staff: Staff,
    shown: Mapping[str, Trail],
    moment: tuple[datetime, ZoneInfo],
) -> _OverviewRead:
    now, zone = moment
    midnight = board.midnight(now, zone)
    codes = [station.code for trail in shown for station in snapshot.stations_of_trail.get(trail, [])]
    devices = [each for each in load_devices_at(connection, list(shown)).values() if each.revoked_at is None]
    return _OverviewRead(
        devices=devices,
        passed=passes_since.by_device(connection, list(shown), midnight),
        scans=scan.count_since(connection, midnight, codes),
        weeks=visitors.read(connection, list(shown), zone, now.astimezone(zone).date()),
        waiting=_waiting(connection, snapshot, staff, now),
        closed=closures.closed_now(connection, snapshot, shown, now),
        per_minute=throughput.per_minute(connection, now),
        heard_elsewhere=_all_quiet(devices, now)
        and len(shown) == 1
        and device_status.is_heard_elsewhere(connection, next(iter(shown)), now),
    )


def _waiting(connection: Transaction, snapshot: Snapshot, staff: Staff, now: datetime) -> WaitingPaper:
    """Of all that ``staff`` sees, whichever trail is shown."""
    reports = reading.count_open(connection, visible_municipalities(snapshot, staff))
    zone = snapshot.catalogue.timezones()[0]
    return WaitingPaper(
        reports=reports.count,
        reports_since=words.since(reports.oldest, now, zone) if reports.oldest else "",
        signs=sign_cases.count_open(connection, visible_trails(snapshot, staff)),
        quarantined=quarantine.count_open(connection, Selection(trails=own_trails(snapshot, staff))),
    )


def _common(
    judged: Judged, read: _OverviewRead, now: datetime, zone: ZoneInfo, one: Trail | None
) -> dict[str | None, Common]:
    """What all devices have in common where they are silent (None), or all of a trail (its slug)."""
    found = silences(judged)
    if one is not None and read.heard_elsewhere and found:
        found = [(one.slug, found[0][1].of_one_trail())]
    return {trail: conditions.common(each, now, zone) for trail, each in found}


def _rows(
    services: StaffServices, read: _OverviewRead, judged: Judged, now: datetime, *, only_ailing: bool
) -> list[DeviceRow]:
    """The devices in walking direction by trail; of all trails only those that need somebody, which are listed."""
    chosen = [
        device
        for device, condition in judged
        if not only_ailing or condition.needs_visit or condition is Condition.MAINTENANCE
    ]
    snapshot, latest = services.keeper.current, services.keeper.latest
    rows = [board.row(snapshot, latest, device, now, read.passed) for device in chosen]
    return sorted(rows, key=lambda row: (row.device.trail, row.along_m, row.device.id))


def _visits_words(judged: Judged, common: Mapping[str | None, Common]) -> str:
    if common and len(common) == len({None, *(device.trail for device, _ in judged)} & set(common)) and None in common:
        return t("alle Geräte schweigen")
    return conditions.summary([condition for _, condition in judged])


def _line(snapshot: Snapshot, trail: Trail, read: _OverviewRead, judged: Judged) -> TrailLine:
    own = [condition for device, condition in judged if device.trail == trail.slug]
    stations = snapshot.stations_of_trail.get(trail.slug, [])
    return TrailLine(
        trail=trail,
        visitors=read.weeks[trail.slug],
        scans=sum(read.scans.get(station.code, 0) for station in stations),
        visits=sum(condition.needs_visit for condition in own),
        devices=conditions.summary(own) if own else t("noch kein Gerät"),
        is_closed=any(way.trail == trail.slug for way in read.closed),
    )


def _map(snapshot: Snapshot, one: Trail | None) -> TrailMap | None:
    if one is None:
        return None
    geometry, stations = snapshot.geometries.get(one.slug), snapshot.stations_of_trail.get(one.slug, [])
    return draw(geometry, one.line, stations) if geometry and stations else None


def _rate(per_minute: float) -> str:
    return words.number(per_minute, 0 if per_minute > 10 or per_minute.is_integer() else 1)


def _all_quiet(devices: Sequence[Device], now: datetime) -> bool:
    """Whether it may matter how the devices of other trails are."""
    heard = [device.last_seen_at for device in devices if device.last_seen_at is not None]
    return bool(heard) and now - max(heard) > silence.AT_LEAST
