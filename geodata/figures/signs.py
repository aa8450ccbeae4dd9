"""Signs that somebody should look at: watched day by day, told of by visitors, closed by who looked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby

import msgspec
import structlog

from geodata.figures.sign_habits import Habits
from geodata.model.counting.sign_case import CaseOutcome, SilenceEvidence
from geodata.model.report import Report, ReportKind
from geodata.statistics.signs.watch import SignDay, SignWatch, after, after_visit
from geodata.store.counting import sign_cases, sign_days
from geodata.store.counting.sign_days import StationDay
from geodata.store.reports import handling
from geodata.store.transaction import Transaction

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

_OF_SIGNS = {ReportKind.CODE, ReportKind.SIGN}


def watch_days(connection: Transaction, now: datetime) -> int:
    """Judge each sign by the days that are over; return of how many there is news of silence.

    Only closed days are taken into the memory of a station. The others are judged anew each time, with what arrived
    since. Stations on trails without counters are not watched.
    """
    memory, told = sign_days.remembered(connection), sign_cases.evidence(connection)
    news = 0
    for trail in sign_days.trails(connection):
        unwatched = sign_days.unwatched(connection, trail, now)
        habits = Habits(connection, unwatched)
        for station, days in groupby(unwatched, lambda day: day.station):
            watch = _watched(connection, _watch_of(memory.get(station)), list(days), habits)
            if watch.is_silent or (station in told and watch.bears_out_reports):
                news += _tell(connection, station, watch, told.get(station), now)
    return news


def report_came(connection: Transaction, report: Report, now: datetime) -> int | None:
    """Open or join the case of the station where a report says that sign or code fail; None where it says neither."""
    if report.kind not in _OF_SIGNS or report.place.station is None:
        return None
    return sign_cases.open_reported(connection, report.place.station, report.id, now)


def close(connection: Transaction, case: int, outcome: CaseOutcome, closed_by: str, now: datetime) -> int:
    """Close a case after a visit; the watch over the sign begins anew on the day after. Raises NotFound.

    The reports that told of it are done with it; returns how many these are.
    """
    found = sign_cases.find(connection, case)
    sign_cases.close(connection, case, outcome, closed_by, now)
    watch = _watch_of(sign_days.remembered(connection).get(found.station))
    begun = after_visit(watch, outcome, was_silent=found.evidence is not None)
    sign_days.begin_anew(connection, found.station, msgspec.to_builtins(begun), now)
    return handling.close_open(connection, found.reports, now)


def _watched(connection: Transaction, watch: SignWatch, days: Sequence[StationDay], habits: Habits) -> SignWatch:
    """The watch after all ``days``; remembered after those that are closed."""
    seen = [SignDay(day.passes, day.scans, habits.kind(day), tuple(day.mountings)) for day in days]
    number = sum(day.is_closed for day in days)  # closed ones come first
    for day in seen[:number]:
        watch = after(watch, day)
    if number:
        sign_days.remember(connection, days[0].station, days[number - 1].day, msgspec.to_builtins(watch))
    for day in seen[number:]:
        watch = after(watch, day)
    return watch


def _tell(connection: Transaction, station: str, watch: SignWatch, told: SilenceEvidence | None, now: datetime) -> bool:
    """Open or join the case of the station; whether that says what ``told`` did not."""
    evidence = SilenceEvidence(watch.days, round(watch.passes), round(watch.expected, 1), watch.scans)
    if evidence == told:
        return False
    sign_cases.open_silent(connection, station, evidence, now)
    _log.warning("sign-silent", station=station, days=watch.days, passes=evidence.passes, scans=watch.scans)
    return True


def _watch_of(state: Mapping[str, object] | None) -> SignWatch:
    return SignWatch() if state is None else msgspec.convert(state, SignWatch)
