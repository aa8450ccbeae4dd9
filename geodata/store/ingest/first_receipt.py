"""The receipt-time policy: a reading without device time has the time of its first receipt.

One that came again before its first receipt was replayed is dated back to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString, cast

from geodata.model.observation import Flag
from geodata.store.channels import OBSERVATION_CHANNEL
from geodata.store.counting import queue
from geodata.store.ingest import hourly
from geodata.store.ingest.flush import Observations
from geodata.store.transaction import Transaction
from geodata.times import by_week, to_datetime, to_us

_Moved = tuple[str, datetime, datetime]
"""Device, the time under which a reading is stored, the time of its first receipt."""


def backdate(connection: Transaction, rows: Observations) -> None:
    """Move what is stored of these readings to their receipts in ``rows``, where those are earlier.

    Hours and latest values follow. Needs the owner's rights.
    """
    moved = _correct_receipts(connection, rows) if rows.without_device_time else []
    if not moved:
        return
    changed = _move(connection, moved)
    _recount(connection, changed)
    queue.note(connection, changed)
    connection.execute("SELECT pg_notify(%s, '')", [OBSERVATION_CHANNEL])


def has_later(connection: Transaction, rows: Observations) -> bool:
    """Whether backdate() may have anything to move."""
    first = _first_receipts(rows)
    if not first:
        return False
    row = connection.execute(
        "SELECT EXISTS (SELECT FROM receipt_time JOIN unnest(%s::text[], %s::text[], %s::int8[], %s::timestamptz[])"
        " AS input (device, boot, seq, first) USING (device, boot, seq) WHERE input.first < phenomenon_time)",
        [*(list(column) for column in zip(*first, strict=True)), [to_datetime(us) for us in first.values()]],
    ).fetchone()
    return bool(row and row[0])


def _first_receipts(rows: Observations) -> dict[tuple[str, str, int], int]:
    first: dict[tuple[str, str, int], int] = {}
    for i in rows.without_device_time:
        origin = rows.origins[i]
        key = origin.device, cast("str", origin.boot), cast("int", origin.seq)
        first[key] = min(rows.times_us[i], first.get(key, rows.times_us[i]))
    return first


def _correct_receipts(connection: Transaction, rows: Observations) -> list[_Moved]:
    """Note the earlier receipts; a time that another observation of the device has taken meanwhile is left to it."""
    first = _first_receipts(rows)
    keys = list(first)
    moved: list[_Moved] = []
    for begin, end, members in by_week(first.values()):
        week = [keys[member] for member in members]
        moved += connection.execute(
            _CORRECT,
            {
                "device": [key[0] for key in week],
                "boot": [key[1] for key in week],
                "seq": [key[2] for key in week],
                "first": [to_datetime(first[key]) for key in week],
                "begin": begin,
                "end": end,
            },
            prepare=False,  # only a plan that knows the bounds leaves the other chunks out before it starts
        )
    return moved


_CORRECT: LiteralString = """
    UPDATE receipt_time SET phenomenon_time = input.first
    FROM unnest(%(device)s::text[], %(boot)s::text[], %(seq)s::int8[], %(first)s::timestamptz[])
            AS input (device, boot, seq, first)
        JOIN receipt_time AS was USING (device, boot, seq)
        LEFT JOIN LATERAL (
            SELECT true AS found FROM datastream JOIN observation ON observation.datastream = datastream.id
            WHERE datastream.device = input.device AND observation.phenomenon_time = input.first
                AND observation.phenomenon_time >= %(begin)s AND observation.phenomenon_time < %(end)s
            LIMIT 1) AS taken ON true
    WHERE (receipt_time.device, receipt_time.boot, receipt_time.seq) = (was.device, was.boot, was.seq)
        AND input.first < was.phenomenon_time AND taken.found IS NULL
    RETURNING input.device, was.phenomenon_time, input.first
"""


def _move(connection: Transaction, moved: Sequence[_Moved]) -> list[tuple[int, datetime]]:
    """Store the observations under their new time; return the (datastream, hour) pairs that changed."""
    for _, _, first in moved:
        connection.execute("SELECT ensure_observation_partitions(%s, %s)", [first, first])
    changed: set[tuple[int, datetime]] = set()
    for begin, end, members in by_week(to_us(was) for _, was, _ in moved):
        week = [moved[member] for member in members]
        rows = connection.execute(
            _MOVE,
            {
                "device": [row[0] for row in week],
                "was": [row[1] for row in week],
                "first": [row[2] for row in week],
                "flag": int(Flag.TIME_OF_RECEIPT),
                "begin": begin,
                "end": end,
            },
            prepare=False,
        )
        changed.update((row[0], row[1]) for row in rows)
    return sorted(changed)


_MOVE: LiteralString = """
    WITH gone AS (
        DELETE FROM observation
        USING unnest(%(device)s::text[], %(was)s::timestamptz[], %(first)s::timestamptz[]) AS input (device, was, first)
            JOIN datastream USING (device)
        WHERE observation.datastream = datastream.id AND observation.phenomenon_time = input.was
            AND observation.phenomenon_time >= %(begin)s AND observation.phenomenon_time < %(end)s
            AND observation.flags & %(flag)s <> 0
        RETURNING observation.*, input.first
    ), moved AS (
        INSERT INTO observation (phenomenon_time, result, datastream, quality, flags)
        SELECT first, result, datastream, quality, flags FROM gone
    )
    SELECT DISTINCT datastream, date_trunc('hour', at, 'UTC')
    FROM gone, unnest(ARRAY[phenomenon_time, first]) AS u (at)
"""


def _recount(connection: Transaction, changed: Sequence[tuple[int, datetime]]) -> None:
    """Count these hours of these datastreams anew from the observations, and look up the latest of each."""
    connection.execute(
        "DELETE FROM rollup_hour USING unnest(%s::int4[], %s::timestamptz[]) AS input (datastream, hour)"
        " WHERE rollup_hour.datastream = input.datastream AND rollup_hour.hour = input.hour",
        [[datastream for datastream, _ in changed], [hour for _, hour in changed]],
    )
    for begin, end, members in by_week(to_us(hour) for _, hour in changed):
        week = [changed[member] for member in members]
        columns = {"datastreams": [datastream for datastream, _ in week], "hours": [hour for _, hour in week]}
        connection.execute(_RECOUNT, {**columns, "begin": begin, "end": end}, prepare=False)
    connection.execute(
        """
        UPDATE latest SET phenomenon_time = newest.phenomenon_time, result = newest.result,
            quality = newest.quality, flags = newest.flags
        FROM unnest(%s::int4[]) AS input (datastream), LATERAL (
            SELECT * FROM observation WHERE observation.datastream = input.datastream
            ORDER BY phenomenon_time DESC LIMIT 1) AS newest
        WHERE latest.datastream = input.datastream
        """,
        [sorted({datastream for datastream, _ in changed})],
    )


_RECOUNT_STATEMENT: LiteralString = """
    INSERT INTO rollup_hour (datastream, hour, {columns})
    SELECT input.datastream, input.hour, counted.*
    FROM unnest(%(datastreams)s::int4[], %(hours)s::timestamptz[]) AS input (datastream, hour), LATERAL (
        SELECT {aggregates}
        FROM observation
        WHERE observation.datastream = input.datastream
            AND phenomenon_time >= input.hour AND phenomenon_time < input.hour + interval '1 hour'
            AND phenomenon_time >= %(begin)s AND phenomenon_time < %(end)s
        HAVING count(*) > 0) AS counted
"""
_RECOUNT = _RECOUNT_STATEMENT.format(columns=hourly.COLUMNS, aggregates=hourly.AGGREGATES)
