"""The care round of a trail: read, planned, and made into what the page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from urllib.parse import urlencode
from uuid import uuid4

from api.catalogue.snapshot import Snapshot
from api.catalogue.texts import title_of
from dashboards.care import words
from dashboards.conditions import board
from dashboards.conditions import looks as conditions
from dashboards.conditions.looks import Common
from dashboards.languages import t
from dashboards.services import StaffServices
from geodata.conditions import care
from geodata.conditions.care import NOWHERE, CareStop, CareWork, DeviceState
from geodata.conditions.device_condition import BATTERY
from geodata.model.care.visit import CareVisit
from geodata.model.care.work import OUTCOMES, WorkKind
from geodata.model.trail import Trail
from geodata.store.care import tasks, visits
from geodata.store.counting import sign_cases
from geodata.store.devices import device_status
from geodata.store.reports import reading
from geodata.store.transaction import Transaction

VISITS = "/staff/care/visits"
_MOST_REPORTS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkRow:
    """Something to do, in words; ``name`` is that of its field, ``outcomes`` are values and words."""

    name: str
    heading: str
    short: str
    about: str
    text: str
    last: str
    href: str
    outcomes: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRow:
    """A stop in words. ``key`` is one of the page, ``code`` and ``number`` are empty beside the stations."""

    key: str
    id: str
    code: str
    number: str
    title: str
    where: str
    seen: str
    action: str
    works: Sequence[WorkRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class CareRound:
    """All that the page shows of a trail."""

    trail: Trail
    made_at: datetime
    common: Common | None
    bring: Sequence[str]
    stops: Sequence[StopRow]
    last: str
    open_works: int


def build(services: StaffServices, trail: Trail) -> CareRound:
    """The round as it is now."""
    now, snapshot = services.clock(), services.keeper.current
    zone = snapshot.catalogue.timezone_of(trail.slug)
    with services.database.transaction() as connection:
        planned, common = _planned(connection, services, trail, now)
        newest = visits.newest(connection, trail.slug, 1)
    works = [work for stop in planned for work in stop.works]
    return CareRound(
        trail=trail, made_at=now, common=common, bring=words.bring(works), open_works=len(works),
        stops=[_row(stop, trail, number, now, zone) for number, stop in enumerate(planned)],
        last=_last(newest, now, zone),
    )  # fmt: skip


def _planned(
    connection: Transaction, services: StaffServices, trail: Trail, now: datetime
) -> tuple[list[CareStop], Common | None]:
    snapshot = services.keeper.current
    zone, stations = snapshot.catalogue.timezone_of(trail.slug), snapshot.stations_of_trail.get(trail.slug, [])
    geometry = snapshot.geometries.get(trail.slug)
    place = care.placing(geometry)
    codes = {station.code for station in stations}
    cases = [case for case in sign_cases.open_cases(connection) if case.station in codes]
    reports = reading.open_of_trail(connection, trail.slug, _MOST_REPORTS)
    states = _states(connection, services, trail, now)
    last = visits.last_ticks(connection, WorkKind.DEVICE, [state.device.id for state in states])
    elsewhere = device_status.is_heard_elsewhere(connection, trail.slug, now)
    of_devices = care.of_devices(states, place, last, heard_elsewhere=elsewhere)
    closures = [each for each in snapshot.catalogue.closures.values() if each.trail == trail.slug]
    works = [
        *of_devices.works,
        *care.of_signs(cases, reports),
        *care.of_reports(reports, place, cases),
        *care.of_closures(closures, geometry, stations, now, zone),
        *care.of_tasks(tasks.open_of_trail(connection, trail.slug)),
    ]
    common = None if of_devices.common is None else conditions.common(of_devices.common, now, zone)
    return care.plan(stations, works, visits.last_seen(connection, codes)), common


def _states(connection: Transaction, services: StaffServices, trail: Trail, now: datetime) -> list[DeviceState]:
    snapshot, latest = services.keeper.current, services.keeper.latest
    devices = device_status.list_of_trail(connection, trail.slug)
    return [
        DeviceState(row.device, row.condition, _battery_at(snapshot, services, row.device.id))
        for row in board.rows(snapshot, latest, devices, now)
    ]


def _battery_at(snapshot: Snapshot, services: StaffServices, device: str) -> datetime | None:
    streams = snapshot.datastreams_of_device.get(device, [])
    values = [services.keeper.latest(stream.id) for stream in streams if stream.observed_property == BATTERY]
    return max((value.phenomenon_time for value in values if value is not None), default=None)


def _row(stop: CareStop, trail: Trail, number: int, now: datetime, zone: tzinfo) -> StopRow:
    station = stop.station
    things = [(work.kind.value, work.ref) for work in stop.works]
    named = [("trail", trail.slug), *([("station", station.code)] if station else []), *things]
    seen = t("zuletzt gesehen: %(day)s", day=words.day(stop.seen_at, now, zone)) if stop.seen_at else ""
    return StopRow(
        key=station.code if station else " ".join(f"{kind}:{ref}" for kind, ref in things),
        id=f"stop-{number}",
        code=station.code if station else "",
        number=str(station.number) if station else "",
        title=title_of(station) if station else t("Am Weg"),
        where=_where(stop),
        seen=seen if station else "",
        action=f"{VISITS}?{urlencode(named)}",
        works=[_work_row(work, now, zone) for work in stop.works],
    )


def _where(stop: CareStop) -> str:
    if stop.along_m == NOWHERE:
        return t("ohne genauen Ort")
    return t("bei %(metres)s m", metres=round(stop.along_m))


def _work_row(work: CareWork, now: datetime, zone: tzinfo) -> WorkRow:
    last = work.last
    facts = [work.text if work.kind is WorkKind.DEVICE else ""]
    if work.since is not None:
        facts.append(t("seit %(day)s", day=words.day(work.since, now, zone)))
    if work.bring:
        facts.append(t("mitnehmen: %(what)s", what=work.bring))
    return WorkRow(
        name=f"{work.kind}:{work.ref}",
        heading=words.heading(work),
        short=words.short(work),
        about=" · ".join(filter(None, facts)),
        text=work.text if work.kind in {WorkKind.SIGN, WorkKind.REPORT, WorkKind.CLOSURE} else "",
        last="" if last is None else t(
            "%(day)s, %(name)s: %(outcome)s",
            day=words.day(last.at, now, zone), name=last.by, outcome=words.outcome(work.kind, last.outcome),
        ),
        href=f"/staff/reports/{work.ref}" if work.kind is WorkKind.REPORT else "",
        outcomes=[(outcome.value, words.outcome(work.kind, outcome)) for outcome in OUTCOMES[work.kind]],
    )  # fmt: skip


def _last(newest: Sequence[CareVisit], now: datetime, zone: tzinfo) -> str:
    if not newest:
        return t("Noch hat hier niemand eine Runde eingetragen.")
    visit = newest[0]
    return t("Letzte Runde: %(day)s, %(name)s", day=words.day(visit.visited_at, now, zone), name=visit.visited_by)


def new_id() -> str:
    """The id of a visit for a browser that makes none itself."""
    return str(uuid4())
