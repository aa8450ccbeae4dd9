"""What stations counted by the hour, as it stands now, before anything of it is published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from geodata.store.transaction import Transaction
from geodata.vocabulary.figures import CountMeasure


@dataclass(frozen=True, slots=True)
class HourCount:
    """What ``station`` counted in the hour with this number, from 0, after the first; ``coverage`` 0 to 1."""

    station: str
    hour: int
    count: int
    coverage: float


# A counter whose hour is covered by nothing tells nothing of it: a gap, not 0.
_PASSES: LiteralString = (
    "SELECT mounting.station, (extract(epoch FROM hour - %(start)s) / 3600)::int4, sum(passes + shared)::int4,"
    " avg(covered_s)::float8 / 3600 FROM passes_hour JOIN counter_channel AS channel ON channel.id = channel"
    " JOIN counter_mounting AS mounting ON mounting.id = channel.mounting"
    " WHERE hour >= %(start)s AND hour < %(end)s AND mounting.station = ANY (%(stations)s)"
    " GROUP BY 1, 2 HAVING sum(covered_s) > 0 OR sum(passes + shared) > 0"
)
_SCANS: LiteralString = (
    "SELECT station, (extract(epoch FROM hour - %(start)s) / 3600)::int4, sum(count)::int4, 1.0::float8 FROM scan_hour"
    " WHERE hour >= %(start)s AND hour < %(end)s AND station = ANY (%(stations)s) GROUP BY 1, 2"
)
_SQL: dict[CountMeasure, LiteralString] = {CountMeasure.PASSES: _PASSES, CountMeasure.SCANS: _SCANS}


def by_hour(
    connection: Transaction, measure: CountMeasure, stations: Sequence[str], start: datetime, end: datetime
) -> list[HourCount]:
    """What these stations counted in the hours from ``start`` to before ``end``, where they counted anything."""
    parameters = {"start": start, "end": end, "stations": list(stations)}
    return [HourCount(*row) for row in connection.execute(_SQL[measure], parameters)]


def counting(
    connection: Transaction, measure: CountMeasure, stations: Sequence[str], start: datetime, end: datetime
) -> set[str]:
    """Which of these stations should have counted then: those with a counter, those whose sign was up."""
    if measure is CountMeasure.PASSES:
        rows = connection.execute(
            "SELECT DISTINCT station FROM counter_mounting WHERE station = ANY (%s)"
            " AND coalesce(starts_at, '-infinity') < %s AND coalesce(ends_at, 'infinity') > %s",
            [list(stations), end, start],
        )
    else:
        rows = connection.execute(
            "SELECT code FROM station WHERE code = ANY (%s) AND coalesce(retired_at, 'infinity') > %s",
            [list(stations), start],
        )
    return {row[0] for row in rows}


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
