"""One value a day of slow series, and the hours in which a device was heard: cheap enough for lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from geodata.store.transaction import Transaction


def first_hours(
    connection: Transaction, datastreams: Sequence[int], today: date, days: int, step: int = 1
) -> dict[int, list[tuple[date, float]]]:
    """The mean of the first hour with a value of each of the last ``days`` days (UTC), by datastream in order of time.

    At night, where a battery is neither charged by the sun nor used by people. ``step`` 2: of every second day, today
    among them.
    """
    rows = connection.execute(
        """
        SELECT wanted.id, day::date, early.mean
        FROM unnest(%(datastreams)s::int4[]) AS wanted (id),
            generate_series(%(today)s::date, %(today)s::date - %(days)s::int4, make_interval(days => -%(step)s)) AS day,
            LATERAL (SELECT sum / count AS mean FROM rollup_hour
                WHERE datastream = wanted.id AND count > 0 AND hour >= day AT TIME ZONE 'UTC'
                    AND hour < (day + interval '1 day') AT TIME ZONE 'UTC'
                ORDER BY hour LIMIT 1) AS early
        ORDER BY wanted.id, day
        """,
        {"datastreams": list(datastreams), "today": today, "days": days, "step": step},
    )
    series: dict[int, list[tuple[date, float]]] = {}
    for datastream, day, mean in rows:
        series.setdefault(datastream, []).append((day, float(mean)))
    return series


def heard_hours(connection: Transaction, datastreams: Sequence[int], start: datetime, end: datetime) -> list[datetime]:
    """The hours from ``start`` to before ``end`` in which any of these series has something."""
    rows = connection.execute(
        "SELECT DISTINCT hour FROM rollup_hour WHERE datastream = ANY (%s) AND hour >= %s AND hour < %s ORDER BY hour",
        [list(datastreams), start, end],
    )
    return [row[0] for row in rows]
