"""The next care round: all that is to be done on a trail, in walking order, one stop for each station.

Pure. What is seen at a station and what lies beside the way are of the same list, so that nobody walks twice.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from geodata.conditions.closures import Closure, affected_stations, is_active
from geodata.conditions.device_condition import CommonSilence, Condition, common_silence
from geodata.geometry.line import TrailGeometry
from geodata.model.care.visit import LastTick
from geodata.model.care.work import CareTask, WorkKind, WorkOutcome
from geodata.model.counting.sign_case import SignCase
from geodata.model.device import Device
from geodata.model.report import Report
from geodata.model.station import Station

NOWHERE = math.inf
"""Metres of what nobody can place on the trail: it comes last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CareWork:
    """One thing to do. ``about`` says what is wrong in a word of its kind, ``text`` what people wrote of it."""

    kind: WorkKind
    ref: str
    station: str | None
    along_m: float = NOWHERE
    about: str = ""
    text: str = ""
    bring: str = ""
    since: datetime | None = None
    last: LastTick | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CareStop:
    """A place on the round; ``station`` None: beside the stations."""

    station: Station | None
    along_m: float
    works: Sequence[CareWork]
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeviceState:
    """A device with how it is; ``battery_at``: when it last said how full its battery is."""

    device: Device
    condition: Condition
    battery_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeviceWorks:
    """What the devices need; ``common``: they are silent for one cause, which no walk to each of them mends."""

    works: Sequence[CareWork]
    common: CommonSilence | None


Place = Callable[[float | None, float | None], float]
"""From lon, lat to metres along the trail; NOWHERE of what has none."""


def placing(geometry: TrailGeometry | None) -> Place:
    """Finds places on the trail's line."""

    def along(lon: float | None, lat: float | None) -> float:
        if geometry is None or lon is None or lat is None:
            return NOWHERE
        return geometry.locate(lon, lat).along_m

    return along


def of_devices(
    states: Sequence[DeviceState], place: Place, last: Mapping[str, LastTick], *, heard_elsewhere: bool
) -> DeviceWorks:
    """Visits that devices need. A battery that was changed since it last told its charge is no work any more."""
    common = common_silence(((each.device, each.condition) for each in states), heard_elsewhere=heard_elsewhere)
    works = [
        CareWork(
            kind=WorkKind.DEVICE, ref=state.device.id, station=state.device.station,
            along_m=place(state.device.lon, state.device.lat), about=state.condition,
            text=state.device.name or state.device.id, since=state.device.last_seen_at,
            last=last.get(state.device.id),
        )
        for state in states
        if state.condition.needs_visit
        and not (common is not None and state.condition is Condition.SILENT)
        and not _is_changed(state, last.get(state.device.id))
    ]  # fmt: skip
    return DeviceWorks(works, common)


def _is_changed(state: DeviceState, last: LastTick | None) -> bool:
    if state.condition is not Condition.BATTERY or last is None or last.outcome is not WorkOutcome.BATTERY:
        return False
    return state.battery_at is None or last.at > state.battery_at


def of_signs(cases: Iterable[SignCase], reports: Iterable[Report]) -> list[CareWork]:
    """Signs that somebody should look at, with what visitors wrote of them."""
    written = {report.id: report.text for report in reports}
    return [
        CareWork(
            kind=WorkKind.SIGN, ref=str(case.id), station=case.station, about=case.reason, since=case.opened_at,
            text="\n".join(filter(None, (written.get(report, "") for report in case.reports))),
        )
        for case in cases
    ]  # fmt: skip


def of_reports(reports: Iterable[Report], place: Place, cases: Iterable[SignCase] = ()) -> list[CareWork]:
    """Open reports; those that told of a sign are done with its case."""
    in_cases = {report for case in cases for report in case.reports}
    return [
        CareWork(
            kind=WorkKind.REPORT, ref=str(report.id), station=report.place.station,
            along_m=place(report.place.lon, report.place.lat), about=report.kind, text=report.text,
            since=report.received_at,
        )
        for report in reports
        if report.id not in in_cases
    ]  # fmt: skip


def of_closures(
    closures: Iterable[Closure],
    geometry: TrailGeometry | None,
    stations: Sequence[Station],
    now: datetime,
    zone: tzinfo,
) -> list[CareWork]:
    """Closures that hold with an open end: is it still so? At the first station that they close."""
    works: list[CareWork] = []
    for closure in closures:
        if closure.valid_until is not None or closure.season is not None or not is_active(closure, now, zone):
            continue
        inside = affected_stations(closure, geometry, stations) if geometry else []
        first = min(inside, key=lambda station: station.along_m, default=None)
        reason = next(iter(closure.contents.values()), None)
        works.append(
            CareWork(
                kind=WorkKind.CLOSURE, ref=str(closure.id), station=first.code if first else None,
                along_m=closure.stretch[0] if closure.stretch else NOWHERE, text=reason.reason if reason else "",
                since=closure.valid_from,
            )
        )  # fmt: skip
    return works


def of_tasks(tasks: Iterable[CareTask]) -> list[CareWork]:
    """What staff wrote down themselves."""
    return [
        CareWork(
            kind=WorkKind.TASK, ref=str(task.id), station=task.station, text=task.text, bring=task.bring,
            along_m=NOWHERE if task.along_m is None else task.along_m, since=task.created_at,
        )
        for task in tasks
    ]  # fmt: skip


def plan(stations: Iterable[Station], works: Iterable[CareWork], seen: Mapping[str, datetime]) -> list[CareStop]:
    """The round: every station once, with all that is to be done there, and the places beside them, in walking order.

    ``seen``: when somebody last was at a station, by code. Work of a station that is not among ``stations`` is beside
    the way.
    """
    live = {station.code: station for station in stations}
    at_station: defaultdict[str, list[CareWork]] = defaultdict(list)
    beside: defaultdict[float, list[CareWork]] = defaultdict(list)
    for work in works:
        if work.station in live:
            at_station[work.station].append(work)
        else:
            beside[work.along_m].append(work)
    stops = [
        CareStop(station=station, along_m=station.along_m, works=at_station[code], seen_at=seen.get(code))
        for code, station in live.items()
    ]
    stops += [CareStop(station=None, along_m=along_m, works=there) for along_m, there in beside.items()]
    return sorted(stops, key=_order)


def _order(stop: CareStop) -> tuple[float, int]:
    return stop.along_m, stop.station.number if stop.station else 0
