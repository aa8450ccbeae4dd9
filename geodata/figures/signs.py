"""Signs that somebody should look at: watched day by day, told of by visitors, closed by who looked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import groupby

import msgspec
import structlog

from geodata.model.counting.sign_case import CaseOutcome, SilenceEvidence
from geodata.model.report import Report, ReportKind
from geodata.statistics.signs.watch import SignDay, SignWatch, after, after_visit
from geodata.store.counting import sign_cases, sign_days
from geodata.store.counting.sign_days import StationDay
from geodata.store.transaction import Transaction

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

_OF_SIGNS = {ReportKind.CODE, ReportKind.SIGN}
_SATURDAY = 6


def watch_days(connection: Transaction, now: datetime) -> int:
    """Take the days that are over into the memory of each station; return how many are silent now.

    A day is taken once: passes that are known later than that are no evidence. Stations without a counter of their own
    are not watched.
    """
    memory = sign_days.remembered(connection)
    silent = 0
    for station, days in groupby(sign_days.unwatched(connection, now), lambda day: day.station):
        silent += _watch(connection, station, _watch_of(memory.get(station)), list(days), now)
    return silent


def report_came(connection: Transaction, report: Report, now: datetime) -> int | None:
    """Open or join the case of the station where a report says that sign or code fail; None where it says neither."""
    if report.kind not in _OF_SIGNS or report.place.station is None:
        return None
    return sign_cases.open_reported(connection, report.place.station, report.id, now)


def close(connection: Transaction, case: int, outcome: CaseOutcome, closed_by: str, now: datetime) -> None:
    """Close a case after a visit; the watch over the sign begins anew. Raises NotFound."""
    station = sign_cases.find(connection, case).station
    sign_cases.close(connection, case, outcome, closed_by, now)
    watch = _watch_of(sign_days.remembered(connection).get(station))
    begun = after_visit(watch, is_as_before=outcome is not CaseOutcome.CHANGED)
    sign_days.change_state(connection, station, msgspec.to_builtins(begun))


def _watch(connection: Transaction, station: str, watch: SignWatch, days: Iterable[StationDay], now: datetime) -> bool:
    last = None
    for last in days:
        watch = after(watch, SignDay(last.passes, last.scans, _kind(last)))
    if last is not None:
        sign_days.remember(connection, station, last.day, msgspec.to_builtins(watch))
    if watch.is_silent:
        evidence = SilenceEvidence(watch.days, round(watch.passes), round(watch.expected, 1), watch.scans)
        sign_cases.open_silent(connection, station, evidence, now)
        _log.warning("sign-silent", station=station, days=watch.days, passes=evidence.passes, scans=watch.scans)
    return watch.is_silent


def _watch_of(state: Mapping[str, object] | None) -> SignWatch:
    return SignWatch() if state is None else msgspec.convert(state, SignWatch)


def _kind(day: StationDay) -> str:
    return "free" if day.day.isoweekday() >= _SATURDAY else "work"
