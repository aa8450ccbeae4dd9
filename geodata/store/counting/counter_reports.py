"""What counters reported one by one around a session."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from geodata.model.observation import Quality
from geodata.store.transaction import Transaction


def reports(connection: Transaction, datastream: int, start: datetime, end: datetime) -> list[tuple[datetime, float]]:
    """The results of a datastream from ``start`` to ``end``, both within, that are plainly ok, rising in time."""
    rows = connection.execute(
        "SELECT phenomenon_time, result FROM observation WHERE datastream = %s AND phenomenon_time BETWEEN %s AND %s"
        " AND quality = %s ORDER BY phenomenon_time",
        [datastream, start, end, Quality.OK],
    )
    return [(row[0], float(row[1])) for row in rows]


def first_report(connection: Transaction, datastreams: Sequence[int]) -> datetime | None:
    """When the first single observation of these series was measured of which the database still knows."""
    row = connection.execute(
        "SELECT min(first) FROM unnest(%s::integer[]) AS wanted (datastream) CROSS JOIN LATERAL"
        " (SELECT min(phenomenon_time) FROM observation"
        " WHERE observation.datastream = wanted.datastream) AS own (first)",
        [list(datastreams)],
    ).fetchone()
    return row[0] if row else None
