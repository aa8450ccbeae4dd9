"""What stations counted by the hour, as it stands now, before anything of it is published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from geodata.store.transaction import Transaction
from geodata.vocabulary.figures import CountMeasure


@dataclass(frozen=True, slots=True)
class Silence:
    """For how many of the ``hours`` from one moment to another counters were silent and told afterwards what passed.

    ``at_least``: more may have passed in them than they told.
    """

    hours: float = 0.0
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class HourCount:
    """What ``station`` counted in the hour with this number, from 0, after the first.

    ``coverage``, 0 to 1, is the counter's; when scans were counted is geodata.store.access.scan_uptime.
    ``shared``: what of it are shares of silences, which may be 0; None where there was none.
    """

    station: str
    hour: int
    count: int
    coverage: float
    shared: int | None


# A counter whose hour is covered by nothing tells nothing of it: a gap, not 0. Of a silence all hours are read.
_PASSES: LiteralString = (
    "SELECT mounting.station, (extract(epoch FROM hour - %(start)s) / 3600)::int4, sum(passes + shared)::int4,"
    " avg(covered_s)::float8 / 3600, (sum(shared) FILTER (WHERE flags & 1 <> 0))::int4"
    " FROM passes_hour JOIN counter_channel AS channel ON channel.id = channel"
    " JOIN counter_mounting AS mounting ON mounting.id = channel.mounting"
    " WHERE hour >= %(start)s AND hour < %(end)s AND mounting.station = ANY (%(stations)s)"
    " GROUP BY 1, 2 HAVING sum(covered_s) > 0 OR sum(passes + shared) > 0 OR bool_or(flags & 1 <> 0)"
)
_SCANS: LiteralString = (
    "SELECT station, (extract(epoch FROM hour - %(start)s) / 3600)::int4, sum(count)::int4, 1.0::float8, NULL"
    " FROM scan_hour"
    " WHERE hour >= %(start)s AND hour < %(end)s AND station = ANY (%(stations)s) GROUP BY 1, 2"
)
# As with the coverage of an hour, each channel that says anything of it counts the same; it has a row of passes_hour
# for each hour of its silences. These follow each other, so that none before the last that began earlier is read.
_SILENT: LiteralString = """
    WITH channel AS (
        SELECT channel.id, station FROM counter_channel AS channel
            JOIN counter_mounting AS mounting ON mounting.id = channel.mounting
        WHERE station = ANY (%(stations)s)),
    silence AS MATERIALIZED (
        SELECT channel.id, starts_at, ends_at, flags FROM channel JOIN counter_silence AS of ON of.channel = channel.id
        WHERE starts_at < %(end)s AND ends_at > %(start)s AND starts_at >= coalesce((
            SELECT max(before.starts_at) FROM counter_silence AS before
            WHERE before.channel = channel.id AND before.starts_at <= %(start)s), %(start)s)),
    of_channel AS (
        SELECT station, hour, bool_or(silence.flags & 2 <> 0) AS at_least, sum(extract(
            epoch FROM least(ends_at, hour + interval '1 hour') - greatest(starts_at, hour)
        )) FILTER (WHERE silence.id IS NOT NULL) AS seconds
        FROM channel JOIN passes_hour ON passes_hour.channel = channel.id
            LEFT JOIN silence ON silence.id = channel.id
                AND starts_at < hour + interval '1 hour' AND ends_at > hour
        WHERE hour >= %(start)s AND hour < %(end)s GROUP BY channel.id, station, hour),
    of_hour AS (
        SELECT station, bool_or(at_least) AS at_least, avg(coalesce(seconds, 0)) AS seconds
        FROM of_channel GROUP BY station, hour)
    SELECT station, sum(seconds)::float8 / 3600, coalesce(bool_or(at_least), false) FROM of_hour GROUP BY station
"""
_SQL: dict[CountMeasure, LiteralString] = {CountMeasure.PASSES: _PASSES, CountMeasure.SCANS: _SCANS}


def by_hour(
    connection: Transaction, measure: CountMeasure, stations: Sequence[str], start: datetime, end: datetime
) -> list[HourCount]:
    """What these stations counted in the hours from ``start`` to before ``end``, where they counted anything."""
    parameters = {"start": start, "end": end, "stations": list(stations)}
    return [HourCount(*row) for row in connection.execute(_SQL[measure], parameters)]


def silences(connection: Transaction, stations: Sequence[str], start: datetime, end: datetime) -> dict[str, Silence]:
    """How long the counters of each of these stations were silent from ``start`` to before ``end``, full hours."""
    rows = connection.execute(_SILENT, {"start": start, "end": end, "stations": list(stations)})
    return {station: Silence(hours, at_least) for station, hours, at_least in rows}


def counting(connection: Transaction, stations: Sequence[str], start: datetime, end: datetime) -> set[str]:
    """Which of these stations had a counter then, which should have counted."""
    rows = connection.execute(
        "SELECT DISTINCT station FROM counter_mounting WHERE station = ANY (%s)"
        " AND coalesce(starts_at, '-infinity') < %s AND coalesce(ends_at, 'infinity') > %s",
        [list(stations), end, start],
    )
    return {row[0] for row in rows}


def scannable(connection: Transaction, stations: Sequence[str], start: datetime, end: datetime) -> dict[str, int]:
    """The stations that there were then, each with the number of the hour after ``start`` in which it was made.

    That is 0 too where it was made before.
    """
    rows = connection.execute(
        "SELECT code, greatest(extract(epoch FROM date_trunc('hour', made_at, 'UTC') - %(start)s) / 3600, 0)::int4"
        " FROM station WHERE code = ANY (%(stations)s) AND coalesce(made_at, '-infinity') < %(end)s"
        " AND coalesce(retired_at, 'infinity') > %(start)s",
        {"stations": list(stations), "start": start, "end": end},
    )
    return dict(rows)


def first_hour(connection: Transaction, stations: Sequence[str]) -> datetime | None:
    """The first hour of which anything is known at these stations."""
    row = connection.execute(
        "SELECT least((SELECT min(hour) FROM scan_hour WHERE station = ANY (%(stations)s)),"
        " (SELECT min(hour) FROM passes_hour JOIN counter_channel AS channel ON channel.id = channel"
        " JOIN counter_mounting AS mounting ON mounting.id = channel.mounting"
        " WHERE mounting.station = ANY (%(stations)s)))",
        {"stations": list(stations)},
    ).fetchone()
    return row[0] if row else None
