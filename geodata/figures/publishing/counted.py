"""What the stations of each trail counted on a day, hour by hour, and how much of the day is known of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from geodata.figures.publishing import calendar
from geodata.figures.publishing.town import PublishingTown
from geodata.statistics.disclosure.figure import NOTHING, Counts, Mask
from geodata.statistics.disclosure.silences import HeardDay
from geodata.statistics.known_time import KnownTime, known_time
from geodata.store.access import scan_uptime
from geodata.store.figures import counts
from geodata.store.figures.counts import HourCount, Silence
from geodata.store.transaction import Transaction
from geodata.vocabulary.figures import CountMeasure

_Rows = defaultdict[str, list[HourCount]]


@dataclass(frozen=True, slots=True)
class DayOfStations:
    """The stations of a trail that should have counted, what they did (stations x hours), and how much of the time.

    ``silent``: those whose hours would tell how many passed in a silence.
    """

    codes: list[str]
    counts: Counts
    times: list[KnownTime]
    silent: Mask


@dataclass(frozen=True, slots=True)
class _CountedStation:
    """The hours of one station, as DayOfStations has those of all."""

    counts: Counts
    time: KnownTime
    silent: bool = False


def of_day(connection: Transaction, town: PublishingTown, measure: CountMeasure, day: date) -> dict[str, DayOfStations]:
    """By trail, of those that have a station that should have counted; an hour of which nothing is known is NOTHING."""
    start, length = calendar.hours(day, town.publishes.timezone)
    rows: _Rows = defaultdict(list)
    for row in counts.by_hour(connection, measure, town.stations, start, start + timedelta(hours=length)):
        rows[row.station].append(row)
    load = _passes if measure is CountMeasure.PASSES else _scans
    stations = load(connection, town, rows, start, length)
    found: dict[str, DayOfStations] = {}
    for trail, codes in town.trails.items():
        known = [code for code in codes if code in stations]
        if known:
            each = [stations[code] for code in known]
            silent = np.array([one.silent for one in each])
            found[trail] = DayOfStations(
                known, np.stack([one.counts for one in each]), [one.time for one in each], silent
            )
    return found


def _passes(
    connection: Transaction, town: PublishingTown, rows: _Rows, start: datetime, length: int
) -> dict[str, _CountedStation]:
    """A counter that says nothing of an hour knows nothing of it."""
    end = start + timedelta(hours=length)
    silences = counts.silences(connection, town.stations, start, end)
    found: dict[str, _CountedStation] = {}
    for code in counts.counting(connection, town.stations, start, end) | rows.keys():
        heard = _heard(rows[code], length)
        known = heard.known(town.rule)
        is_gap = (known == NOTHING).all()
        time = KnownTime() if is_gap else _time(rows[code], silences.get(code, Silence()), length)
        found[code] = _CountedStation(known, time, heard.is_told_by_hours(town.rule))
    return found


def _heard(rows: list[HourCount], length: int) -> HeardDay:
    heard = np.zeros(length, dtype=bool)
    shares = np.full(length, NOTHING)
    for row in rows:
        heard[row.hour] = row.coverage > 0 or row.count > (row.shared or 0)
        if row.shared is not None:
            shares[row.hour] = row.shared
    return HeardDay(_with(np.full(length, NOTHING), rows), shares, heard)


def _scans(
    connection: Transaction, town: PublishingTown, rows: _Rows, start: datetime, length: int
) -> dict[str, _CountedStation]:
    """An hour without a scan is a 0 where a web process counted and there was a sign to scan, else it is not known."""
    end = start + timedelta(hours=length)
    shares = np.zeros(length)
    for hour, share in scan_uptime.shares(connection, start, end).items():
        shares[hour] = share
    scannable = counts.scannable(connection, town.stations, start, end)
    found: dict[str, _CountedStation] = {}
    for code in scannable.keys() | rows.keys():
        known = np.where(np.arange(length) < scannable.get(code, 0), 0, shares)
        hours = np.where(known > 0, 0, NOTHING)
        found[code] = _CountedStation(_with(hours, rows[code]), known_time(float(known.sum()) / length))
    return found


def _with(hours: Counts, rows: list[HourCount]) -> Counts:
    """``hours`` with what was counted in some of them."""
    for row in rows:
        hours[row.hour] = row.count
    return hours


def _time(rows: list[HourCount], silence: Silence, length: int) -> KnownTime:
    """How much of a day of ``length`` hours is known of a station's passes, of which something is counted.

    A silence in which nobody passed is estimated like any other: that share tells nothing of the count.
    """
    covered = sum(row.coverage for row in rows)
    return known_time(covered / length, silence.hours / length, at_least=silence.at_least)
