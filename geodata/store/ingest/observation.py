"""Observations into their table, each key once, with their hours and the latest of each series.

The hours of counters are noted for whoever counts the passes.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import LiteralString, cast

from psycopg.errors import UniqueViolation

from geodata.store.arrays import array
from geodata.store.counting import queue
from geodata.store.ingest import hourly
from geodata.store.ingest.flush import CONFLICT, Flush, Observations, Refusal, SourceMessage
from geodata.store.transaction import Transaction
from geodata.times import DAY_US, by_week, to_datetime


@dataclass(slots=True)
class Inserted:
    """What became of the observations of a flush; ``fresh`` are the indexes of those that were new."""

    stored: int = 0
    duplicates: int = 0
    conflicts: list[tuple[SourceMessage, Refusal]] = field(default_factory=list[tuple[SourceMessage, Refusal]])
    fresh: Sequence[int] = ()


def insert(connection: Transaction, flush: Flush) -> Inserted:
    """Insert the observations of ``flush`` with their hours and latest values; raise as the database does."""
    rows = flush.observations
    if not rows.datastreams:
        return Inserted()
    if rows.without_device_time:
        _settle_receipt_times(connection, rows)
    keep, doubled = _first_of_each_key(rows)
    _ensure_partitions(connection, rows.times_us)
    fresh = _insert(connection, rows, keep, optimistic=flush.optimistic)
    outcome = Inserted(stored=len(fresh))
    if len(fresh) < len(rows):
        _sort_out(connection, rows, fresh, [*keep, *doubled], outcome)
    outcome.fresh = fresh
    return outcome


def _sort_out(
    connection: Transaction, rows: Observations, fresh: Sequence[int], offered: list[int], outcome: Inserted
) -> None:
    """Tell duplicates from conflicts among the rows that were not new.

    ``offered`` are all indexes, the first row of each key before those that repeat it in this flush: conflicts are
    told in this order.
    """
    new = set(fresh)
    repeated = [i for i in offered if i not in new]
    # What a repeated row has to equal: the row of this flush that has just been stored, where there is one. The table
    # is asked for the others alone, and only after the insert: by then another gateway's row for the key, which made
    # this one no new one, is committed and seen.
    present = {(rows.datastreams[i], rows.times_us[i]): rows.results[i] for i in fresh}
    unknown = [i for i in repeated if (rows.datastreams[i], rows.times_us[i]) not in present]
    present |= _results(connection, rows, unknown)
    for i in repeated:
        first = present[rows.datastreams[i], rows.times_us[i]]
        if first == rows.results[i]:
            outcome.duplicates += 1
        else:
            outcome.conflicts.append((rows.origins[i].source, _conflict(rows, i, first)))


def _first_of_each_key(rows: Observations) -> tuple[Sequence[int], list[int]]:
    """Indexes of the first row of each (datastream, time), and of the others."""
    if len(set(zip(rows.datastreams, rows.times_us, strict=True))) == len(rows):
        return range(len(rows)), []
    seen: set[tuple[int, int]] = set()
    keep: list[int] = []
    doubled: list[int] = []
    for i, key in enumerate(zip(rows.datastreams, rows.times_us, strict=True)):
        if key in seen:
            doubled.append(i)
        else:
            seen.add(key)
            keep.append(i)
    return keep, doubled


_STATEMENT: LiteralString = """
    WITH fresh AS (
        INSERT INTO observation (phenomenon_time, result, datastream, quality, flags)
        SELECT to_timestamp(us / 1e6::float8), result, datastream, quality, flags
        FROM unnest(%s::int8[], %s::float8[], %s::int4[], %s::int2[], %s::int2[])
            AS input (us, result, datastream, quality, flags)
        ORDER BY datastream, us
        {unless_known}
        RETURNING datastream, phenomenon_time, result, quality, flags
    ), hours AS (
        INSERT INTO rollup_hour AS old (datastream, hour, {columns})
        SELECT datastream, date_bin('1 hour', phenomenon_time, '2000-01-01Z') AS hour, {aggregates}
        FROM fresh GROUP BY 1, 2 ORDER BY 1, 2
        ON CONFLICT (datastream, hour) DO UPDATE SET
            count = old.count + excluded.count,
            sum = old.sum + excluded.sum,
            minimum = least(old.minimum, excluded.minimum),
            maximum = greatest(old.maximum, excluded.maximum),
            first_time = least(old.first_time, excluded.first_time),
            first_result = CASE WHEN old.first_time < excluded.first_time OR excluded.first_time IS NULL
                THEN old.first_result ELSE excluded.first_result END,
            last_time = greatest(old.last_time, excluded.last_time),
            last_result = CASE WHEN old.last_time > excluded.last_time OR excluded.last_time IS NULL
                THEN old.last_result ELSE excluded.last_result END,
            suspect = old.suspect + excluded.suspect,
            missing = old.missing + excluded.missing
        RETURNING datastream, hour
    ), counters AS (
        INSERT INTO passes_queue (datastream, hour)
        SELECT datastream, hour FROM hours AS changed WHERE EXISTS ({counts})
    ), newest AS (
        INSERT INTO latest AS old (datastream, phenomenon_time, result, quality, flags)
        SELECT DISTINCT ON (datastream) datastream, phenomenon_time, result, quality, flags
        FROM fresh ORDER BY datastream, phenomenon_time DESC
        ON CONFLICT (datastream) DO UPDATE SET phenomenon_time = excluded.phenomenon_time,
            result = excluded.result, quality = excluded.quality, flags = excluded.flags
        WHERE old.phenomenon_time < excluded.phenomenon_time
    )
    SELECT array_agg(datastream), array_agg(round(extract(epoch FROM phenomenon_time) * 1000000)::int8)
    FROM fresh HAVING count(*) < %s  -- usually all are new: then nothing is sent back
"""

_INSERT_NEW = _STATEMENT.format(
    unless_known="", columns=hourly.COLUMNS, aggregates=hourly.AGGREGATES, counts=queue.OF_COUNTERS
)
_INSERT_UNKNOWN = _STATEMENT.format(
    unless_known="ON CONFLICT DO NOTHING",
    columns=hourly.COLUMNS,
    aggregates=hourly.AGGREGATES,
    counts=queue.OF_COUNTERS,
)


def _insert(connection: Transaction, rows: Observations, keep: Sequence[int], *, optimistic: bool) -> Sequence[int]:
    """Insert with rollup and latest in one statement; return the indexes of the rows that were new, rising."""
    columns = (rows.times_us, rows.results, rows.datastreams, rows.qualities, rows.flags)
    parameters = [*(array(_pick(column, keep)) for column in columns), len(keep)]
    if optimistic:  # looking up each key first is a third of the work
        with suppress(UniqueViolation), connection.transaction():
            connection.execute(_INSERT_NEW, parameters)
            return keep
    row = connection.execute(_INSERT_UNKNOWN, parameters).fetchone()
    if row is None:
        return keep
    new = set(zip(row[0] or (), row[1] or (), strict=True))
    return [i for i in keep if (rows.datastreams[i], rows.times_us[i]) in new]


def _pick(column: Sequence[float | None], keep: Sequence[int]) -> Sequence[float | None]:
    return column if len(keep) == len(column) else [column[i] for i in keep]


_KNOWN: LiteralString = """
    SELECT input.datastream, input.us, known.result
    FROM unnest(%s::int4[], %s::int8[]) AS input (datastream, us), LATERAL (
        SELECT result FROM observation
        WHERE observation.datastream = input.datastream
            AND observation.phenomenon_time = to_timestamp(input.us / 1e6::float8)
            AND observation.phenomenon_time >= %s AND observation.phenomenon_time < %s
        LIMIT 1  -- key by key through the index: a plain join is planned as a scan of all that lies in the bounds
    ) AS known
"""


def _results(connection: Transaction, rows: Observations, indexes: list[int]) -> dict[tuple[int, int], float | None]:
    """What the table holds for these rows' keys; however large it is, only the weeks of these rows are read."""
    results: dict[tuple[int, int], float | None] = {}
    # TimescaleDB would compare each key with the chunk again, which takes longer than to look it up.
    connection.execute("SET LOCAL timescaledb.enable_runtime_exclusion = off")
    for begin, end, members in by_week(rows.times_us[i] for i in indexes):
        keys = [indexes[member] for member in members]
        columns = ([rows.datastreams[i] for i in keys], [rows.times_us[i] for i in keys])
        # Planned anew each time: only a plan that knows the bounds leaves the other chunks out before it starts.
        answer = connection.execute(_KNOWN, [*map(array, columns), begin, end], prepare=False)
        results |= {(int(datastream), int(us)): result for datastream, us, result in answer}
    return results


def _settle_receipt_times(connection: Transaction, rows: Observations) -> None:
    """Give rows of devices without a clock the time of their first receipt, also when this is a redelivery."""
    wanted: dict[tuple[str, str, int], int] = {}
    for i in rows.without_device_time:
        origin = rows.origins[i]
        wanted.setdefault((origin.device, cast("str", origin.boot), cast("int", origin.seq)), rows.times_us[i])
    keys = sorted(wanted)
    parameters = [
        [key[0] for key in keys],
        [key[1] for key in keys],
        array([key[2] for key in keys]),
        array([wanted[key] for key in keys]),
    ]
    connection.execute(
        "INSERT INTO receipt_time (device, boot, seq, phenomenon_time)"
        " SELECT device, boot, seq, to_timestamp(us / 1e6::float8)"
        " FROM unnest(%s::text[], %s::text[], %s::int8[], %s::int8[]) AS input (device, boot, seq, us)"
        " ON CONFLICT DO NOTHING",
        parameters,
    )
    settled = {
        (str(device), str(boot), int(seq)): int(us)
        for device, boot, seq, us in connection.execute(
            "SELECT device, boot, seq, round(extract(epoch FROM phenomenon_time) * 1000000)::int8 FROM receipt_time"
            " JOIN unnest(%s::text[], %s::text[], %s::int8[]) AS input (device, boot, seq) USING (device, boot, seq)",
            parameters[:3],
        )
    }
    for i in rows.without_device_time:
        origin = rows.origins[i]
        rows.times_us[i] = settled[origin.device, cast("str", origin.boot), cast("int", origin.seq)]


def _ensure_partitions(connection: Transaction, times_us: list[int]) -> None:
    """Make room for each month that occurs: one late reading must not make partitions for all months since."""
    first_of_month: dict[tuple[int, int], datetime] = {}
    for day in sorted({us // DAY_US for us in times_us}):
        moment = to_datetime(day * DAY_US)
        first_of_month.setdefault((moment.year, moment.month), moment)
    for moment in first_of_month.values():
        connection.execute("SELECT ensure_observation_partitions(%s, %s)", [moment, moment])


def _conflict(rows: Observations, i: int, first: float | None) -> Refusal:
    seq = rows.origins[i].seq
    time = to_datetime(rows.times_us[i]).isoformat()
    return Refusal(
        CONFLICT,
        f"{rows.properties[i]} at {time} is already stored as {first}; the first value stays, {rows.results[i]} is kept"
        " here. Send each measurement once, with its own time.",
        f"time {time}" if seq is None else f"seq {seq}",
    )
