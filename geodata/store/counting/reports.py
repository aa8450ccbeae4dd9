"""What counters reported, by the hour from the rollup, and report by report where the rollup does not tell all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import LiteralString

from geodata.statistics.counting.reports import HourOfIncrements, HourOfTotals, TotalReport
from geodata.store.arrays import array
from geodata.store.counting.touched import ChannelStretch
from geodata.store.transaction import Transaction
from geodata.times import HOUR_US, by_week, hour_begin, hour_of, to_datetime, to_us


def totals(connection: Transaction, stretches: Sequence[ChannelStretch]) -> list[list[HourOfTotals]]:
    """For each stretch the hours of its running total in order, with the last one before it and the first one after."""
    found = [list[HourOfTotals]() for _ in stretches]
    wanted = [i for i, stretch in enumerate(stretches) if stretch.channel.total is not None]
    for row in connection.execute(_TOTALS, _bounds(stretches, wanted)):
        found[int(row[0])].append(
            HourOfTotals(
                hour=hour_of(row[1]),
                count=row[2],
                first_us=to_us(row[3]),
                first=round(row[4]),
                last_us=to_us(row[5]),
                last=round(row[6]),
                minimum=round(row[7]),
                maximum=round(row[8]),
            )
        )
    _read_exact(connection, stretches, found)
    return found


def increments(connection: Transaction, stretches: Sequence[ChannelStretch]) -> list[list[HourOfIncrements]]:
    """For each stretch the hours of its increments in order.

    Of the hour in which the mounting period begins, or ends, the single ones count: what the first said after the
    beginning passed partly before.
    """
    found = [list[HourOfIncrements]() for _ in stretches]
    wanted = [i for i, stretch in enumerate(stretches) if stretch.channel.increment is not None]
    for number, hour, count, passes in connection.execute(_INCREMENTS, _bounds(stretches, wanted)):
        found[int(number)].append(HourOfIncrements(hour_of(hour), count, max(round(passes), 0)))
    for i in wanted:
        found[i] = [_uncut(connection, stretches[i], hour) for hour in found[i]]
    return [[hour for hour in hours if hour.count] for hours in found]


def _bounds(stretches: Sequence[ChannelStretch], wanted: Sequence[int]) -> dict[str, object]:
    chosen = [stretches[i] for i in wanted]
    edges = [(stretch.channel.traits.starts_us, stretch.channel.traits.ends_us) for stretch in chosen]
    return {
        "numbers": list(wanted),
        "totals": [stretch.channel.total for stretch in chosen],
        "increments": [stretch.channel.increment for stretch in chosen],
        "first": [hour_begin(stretch.first) for stretch in chosen],
        "last": [hour_begin(stretch.last) for stretch in chosen],
        "starts": [None if starts is None else hour_begin(starts // HOUR_US) for starts, _ in edges],
        "ends": [None if ends is None else to_datetime(ends) for _, ends in edges],
    }


_OF_TOTAL: LiteralString = """
    SELECT hour, count, first_time, first_result, last_time, last_result, minimum, maximum FROM rollup_hour
    WHERE datastream = total AND count > 0
"""
_TOTALS: LiteralString = f"""
    SELECT number, found.* FROM unnest(%(numbers)s::int4[], %(totals)s::int4[], %(first)s::timestamptz[],
            %(last)s::timestamptz[], %(starts)s::timestamptz[], %(ends)s::timestamptz[])
            AS stretch (number, total, first, last, starts, ends), LATERAL (
        ({_OF_TOTAL} AND hour < first AND (starts IS NULL OR hour >= starts) ORDER BY hour DESC LIMIT 1)
        UNION ALL ({_OF_TOTAL} AND hour BETWEEN first AND last)
        UNION ALL ({_OF_TOTAL} AND hour > last AND (ends IS NULL OR hour < ends) ORDER BY hour LIMIT 1)) AS found
    ORDER BY number, hour
"""  # noqa: S608 - constants

_INCREMENTS: LiteralString = """
    SELECT number, hour, count, sum FROM unnest(%(numbers)s::int4[], %(increments)s::int4[], %(first)s::timestamptz[],
            %(last)s::timestamptz[]) AS stretch (number, increment, first, last)
        JOIN rollup_hour ON datastream = increment AND hour BETWEEN first AND last AND count > 0
    ORDER BY number, hour
"""


def _read_exact(connection: Transaction, stretches: Sequence[ChannelStretch], found: list[list[HourOfTotals]]) -> None:
    """Give the hours that need them their single reports; of those whose raw rows are gone the rollup is all."""
    needed: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for i, hours in enumerate(found):
        channel = stretches[i].channel
        for k, hour in enumerate(hours):
            if channel.total is not None and hour.needs_reports(channel.traits):
                needed[channel.total, hour.hour].append((i, k))
    for key, reports in _single(connection, list(needed)).items():
        for i, k in needed[key]:
            exact = tuple(TotalReport(at_us, round(total)) for at_us, total in reports)
            found[i][k] = replace(found[i][k], exact=exact)


def _single(connection: Transaction, keys: Sequence[tuple[int, int]]) -> dict[tuple[int, int], list[tuple[int, float]]]:
    """The good raw values, as time and result in order, of each (datastream, hour) that has any still."""
    single: dict[tuple[int, int], list[tuple[int, float]]] = defaultdict(list)
    for begin, end, members in by_week(hour * HOUR_US for _, hour in keys):
        week = [keys[member] for member in members]
        columns = {"streams": array([stream for stream, _ in week]), "hours": [hour_begin(hour) for _, hour in week]}
        # Planned anew each time: only a plan that knows the bounds leaves the other chunks out before it starts.
        rows = connection.execute(_SINGLE, {**columns, "begin": begin, "end": end}, prepare=False)
        for stream, hour, at, result in rows:
            single[stream, hour_of(hour)].append((to_us(at), result))
    return single


_SINGLE: LiteralString = """
    SELECT input.datastream, input.hour, raw.phenomenon_time, raw.result
    FROM unnest(%(streams)s::int4[], %(hours)s::timestamptz[]) AS input (datastream, hour), LATERAL (
        SELECT phenomenon_time, result FROM observation
        WHERE observation.datastream = input.datastream AND quality = 0
            AND phenomenon_time >= input.hour AND phenomenon_time < input.hour + interval '1 hour'
            AND phenomenon_time >= %(begin)s AND phenomenon_time < %(end)s) AS raw
    ORDER BY 1, 3
"""


def _uncut(connection: Transaction, stretch: ChannelStretch, hour: HourOfIncrements) -> HourOfIncrements:
    """The hour as it is, or what of it belongs to the mounting period."""
    traits, stream = stretch.channel.traits, stretch.channel.increment
    interval_us = traits.interval_at(hour.hour * HOUR_US)
    begins_us = None if traits.starts_us is None else traits.starts_us + interval_us
    if stream is None or not traits.is_cut(hour.hour, interval_us):
        whole_before = begins_us is not None and (hour.hour + 1) * HOUR_US <= begins_us
        return HourOfIncrements(hour.hour, 0, 0) if whole_before else hour
    reports = _single(connection, [(stream, hour.hour)]).get((stream, hour.hour), [])
    kept = [passes for at_us, passes in reports if traits.holds(at_us) and (begins_us is None or at_us >= begins_us)]
    return HourOfIncrements(hour.hour, len(kept), max(round(sum(kept)), 0))
