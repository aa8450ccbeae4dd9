"""Time series: raw observations, and buckets by hour or day from the rollup."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from psycopg.rows import TupleRow

from geodata.model.observation import Bucket, Flag, Observation, Quality
from geodata.store.transaction import Transaction


def raw(
    connection: Transaction, datastreams: Sequence[int], start: datetime, end: datetime, limit: int
) -> list[Observation]:
    """Observations with ``start`` ≤ phenomenon_time < ``end`` in order of time, the first ``limit`` of them."""
    rows = connection.execute(
        "SELECT datastream, phenomenon_time, result, quality, flags FROM observation"
        " WHERE datastream = ANY (%s) AND phenomenon_time >= %s AND phenomenon_time < %s"
        " ORDER BY phenomenon_time, datastream LIMIT %s",
        [list(datastreams), start, end, limit],
    )
    return [Observation(row[0], row[1], row[2], Quality(row[3]), Flag(row[4])) for row in rows]


def recent(connection: Transaction, datastreams: Sequence[int], limit: int) -> list[Observation]:
    """The newest ``limit`` observations of each datastream, the newest of all first."""
    rows = connection.execute(
        "SELECT newest.* FROM unnest(%s::int4[]) AS wanted (id), LATERAL ("
        " SELECT datastream, phenomenon_time, result, quality, flags FROM observation WHERE datastream = wanted.id"
        " ORDER BY phenomenon_time DESC LIMIT %s) AS newest ORDER BY phenomenon_time DESC, datastream",
        [list(datastreams), limit],
    )
    return [Observation(row[0], row[1], row[2], Quality(row[3]), Flag(row[4])) for row in rows]


def hours(
    connection: Transaction, datastreams: Sequence[int], start: datetime, end: datetime
) -> dict[int, list[Bucket]]:
    """Hourly buckets that begin in ``start`` ≤ hour < ``end``, by datastream. An hour without data has no bucket."""
    rows = connection.execute(
        "SELECT datastream, hour, count, (sum / nullif(count, 0))::float8, minimum, maximum, first_result, last_result,"
        " suspect, missing FROM rollup_hour"
        " WHERE datastream = ANY (%s) AND hour >= %s AND hour < %s ORDER BY datastream, hour",
        [list(datastreams), start, end],
        binary=True,  # reading a year of hours takes half the time
    )
    return _by_datastream(rows.fetchall())


def days(
    connection: Transaction, datastreams: Sequence[int], start: datetime, end: datetime, timezone: str
) -> dict[int, list[Bucket]]:
    """Buckets of whole days in ``timezone`` (23 to 25 hours long), from hours in ``start`` ≤ hour < ``end``."""
    rows = connection.execute(
        """
        SELECT datastream, date_trunc('day', hour, %s) AS day, sum(count)::int4,
            (sum(sum) / nullif(sum(count), 0))::float8, min(minimum), max(maximum),
            (array_agg(first_result ORDER BY first_time) FILTER (WHERE count > 0))[1],
            (array_agg(last_result ORDER BY last_time DESC) FILTER (WHERE count > 0))[1],
            sum(suspect)::int4, sum(missing)::int4
        FROM rollup_hour WHERE datastream = ANY (%s) AND hour >= %s AND hour < %s
        GROUP BY datastream, day ORDER BY datastream, day
        """,
        [timezone, list(datastreams), start, end],
        binary=True,
    )
    return _by_datastream(rows.fetchall())


def _by_datastream(rows: list[TupleRow]) -> dict[int, list[Bucket]]:
    """Rows of a datastream and the fields of a bucket, in their order."""
    series: dict[int, list[Bucket]] = {}
    for datastream, *bucket in rows:
        series.setdefault(datastream, []).append(Bucket(*bucket))
    return series
