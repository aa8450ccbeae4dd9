"""Readings without a clock that came again before their first receipt was replayed: the first receipt counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from psycopg import Connection
from psycopg.rows import TupleRow

from geodata.model import Flag
from geodata.store.channels import OBSERVATION_CHANNEL
from geodata.store.flush import Observations
from geodata.store.times import to_datetime

_Moved = tuple[str, datetime, datetime]
"""Device, the time under which a reading is stored, the time of its first receipt."""


def bring_forward(connection: Connection[TupleRow], rows: Observations) -> None:
    """Move what is stored of these readings to their receipts in ``rows``, where those are earlier.

    Hours and latest values follow. Needs the owner's rights.
    """
    moved = _correct_receipts(connection, rows) if rows.clockless else []
    if not moved:
        return
    datastreams, hours = _move(connection, moved)
    _recount(connection, datastreams, hours)
    connection.execute("SELECT pg_notify(%s, '')", [OBSERVATION_CHANNEL])


def _correct_receipts(connection: Connection[TupleRow], rows: Observations) -> list[_Moved]:
    """Note the earlier receipts; a time that another observation of the device has taken meanwhile is left to it."""
    first: dict[tuple[str, str, int], int] = {}
    for i in rows.clockless:
        origin = rows.origins[i]
        key = origin.device, cast("str", origin.boot), cast("int", origin.seq)
        first[key] = min(rows.times_us[i], first.get(key, rows.times_us[i]))
    return connection.execute(
        """
        UPDATE receipt_time SET phenomenon_time = input.first
        FROM unnest(%s::text[], %s::text[], %s::int8[], %s::timestamptz[]) AS input (device, boot, seq, first)
            JOIN receipt_time AS was USING (device, boot, seq)
        WHERE (receipt_time.device, receipt_time.boot, receipt_time.seq) = (was.device, was.boot, was.seq)
            AND input.first < was.phenomenon_time AND NOT EXISTS (
                SELECT FROM observation JOIN datastream ON datastream.id = observation.datastream
                WHERE datastream.device = input.device AND observation.phenomenon_time = input.first)
        RETURNING input.device, was.phenomenon_time, input.first
        """,
        [[key[0] for key in first], [key[1] for key in first], [key[2] for key in first],
         [to_datetime(us) for us in first.values()]],
    ).fetchall()  # fmt: skip


def _move(connection: Connection[TupleRow], moved: Sequence[_Moved]) -> tuple[list[int], list[datetime]]:
    """Store the observations under their new time; return the (datastream, hour) pairs that changed."""
    for _, _, first in moved:
        connection.execute("SELECT ensure_observation_partitions(%s, %s)", [first, first])
    rows = connection.execute(
        """
        WITH gone AS (
            DELETE FROM observation
            USING unnest(%s::text[], %s::timestamptz[], %s::timestamptz[]) AS input (device, was, first)
                JOIN datastream USING (device)
            WHERE observation.datastream = datastream.id AND observation.phenomenon_time = input.was
                AND observation.flags & %s <> 0
            RETURNING observation.*, input.first
        ), moved AS (
            INSERT INTO observation (phenomenon_time, result, datastream, quality, flags)
            SELECT first, result, datastream, quality, flags FROM gone
        )
        SELECT DISTINCT datastream, date_trunc('hour', at, 'UTC')
        FROM gone, unnest(ARRAY[phenomenon_time, first]) AS u (at)
        """,
        [*([row[i] for row in moved] for i in range(3)), int(Flag.TIME_OF_RECEIPT)],
    ).fetchall()
    return [row[0] for row in rows], [row[1] for row in rows]


def _recount(connection: Connection[TupleRow], datastreams: list[int], hours: list[datetime]) -> None:
    """Count these hours of these datastreams anew from the observations, and look up the latest of each."""
    connection.execute(
        "DELETE FROM rollup_hour USING unnest(%s::int4[], %s::timestamptz[]) AS input (datastream, hour)"
        " WHERE rollup_hour.datastream = input.datastream AND rollup_hour.hour = input.hour",
        [datastreams, hours],
    )
    connection.execute(
        """
        INSERT INTO rollup_hour (datastream, hour, count, sum, minimum, maximum,
            first_time, first_result, last_time, last_result, suspect, missing)
        SELECT datastream, hour, count(*) FILTER (WHERE quality = 0),
            coalesce(sum(result::numeric) FILTER (WHERE quality = 0), 0),
            min(result) FILTER (WHERE quality = 0), max(result) FILTER (WHERE quality = 0),
            min(phenomenon_time) FILTER (WHERE quality = 0),
            (array_agg(result ORDER BY phenomenon_time) FILTER (WHERE quality = 0))[1],
            max(phenomenon_time) FILTER (WHERE quality = 0),
            (array_agg(result ORDER BY phenomenon_time DESC) FILTER (WHERE quality = 0))[1],
            count(*) FILTER (WHERE quality = 1), count(*) FILTER (WHERE quality = 2)
        FROM unnest(%s::int4[], %s::timestamptz[]) AS input (datastream, hour)
            JOIN observation USING (datastream)
        WHERE phenomenon_time >= hour AND phenomenon_time < hour + interval '1 hour'
        GROUP BY datastream, hour
        """,
        [datastreams, hours],
    )
    connection.execute(
        """
        UPDATE latest SET phenomenon_time = newest.phenomenon_time, result = newest.result,
            quality = newest.quality, flags = newest.flags
        FROM unnest(%s::int4[]) AS input (datastream), LATERAL (
            SELECT * FROM observation WHERE observation.datastream = input.datastream
            ORDER BY phenomenon_time DESC LIMIT 1) AS newest
        WHERE latest.datastream = input.datastream
        """,
        [datastreams],
    )
