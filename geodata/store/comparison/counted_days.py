"""The passes of days, one row a mounted counter and day: both directions together."""

from __future__ import annotations

from datetime import date

from geodata.conditions.annotations import AnnotationScope
from geodata.statistics.comparison.day import ComparedDay
from geodata.store.transaction import Transaction


def load(connection: Transaction, scope: AnnotationScope, first: date, last: date) -> list[ComparedDay]:
    """The days from ``first`` to ``last`` (both within) of the counters at a station, of a trail, or of all trails.

    Each mounting period is a counter. Its day is valid where those of all its directions are; what was shared out from
    silences is not among the passes.
    """
    rows = connection.execute(
        """
        SELECT mounting.id, day, sum(passes)::int8,
            bool_and(valid) AND count(*) = (SELECT count(*) FROM counter_channel WHERE mounting = mounting.id)
        FROM passes_day JOIN counter_channel ON counter_channel.id = channel
        JOIN counter_mounting AS mounting ON mounting.id = counter_channel.mounting
        WHERE mounting.trail = ANY (ARRAY(SELECT slug FROM trail WHERE municipality = %(town)s
                AND (%(trail)s::text IS NULL OR slug = %(trail)s)))
            AND (%(station)s::text IS NULL OR mounting.station = %(station)s) AND day BETWEEN %(first)s AND %(last)s
        GROUP BY mounting.id, day ORDER BY day, mounting.id
        """,
        {"town": scope.municipality, "trail": scope.trail, "station": scope.station, "first": first, "last": last},
    )
    return [ComparedDay(counter, day, passes, valid=valid) for counter, day, passes, valid in rows]


def is_any_valid(connection: Transaction, scope: AnnotationScope, first: date, last: date) -> bool:
    """Whether load() may find a valid day there: one of which a direction at least is valid."""
    row = connection.execute(
        """
        SELECT EXISTS (
            SELECT FROM passes_day JOIN counter_channel ON counter_channel.id = channel
            JOIN counter_mounting AS mounting ON mounting.id = counter_channel.mounting
            WHERE mounting.trail = ANY (ARRAY(SELECT slug FROM trail WHERE municipality = %(town)s
                    AND (%(trail)s::text IS NULL OR slug = %(trail)s)))
                AND (%(station)s::text IS NULL OR mounting.station = %(station)s)
                AND valid AND day BETWEEN %(first)s AND %(last)s)
        """,
        {"town": scope.municipality, "trail": scope.trail, "station": scope.station, "first": first, "last": last},
    ).fetchone()
    return bool(row and row[0])
