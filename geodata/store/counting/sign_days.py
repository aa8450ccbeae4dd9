"""What passed stations and was scanned there day by day, and what is remembered of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import LiteralString

from psycopg.types.json import Jsonb

from geodata.store.transaction import Transaction

_DAYS: LiteralString = """
    WITH passed AS (
        SELECT mounting.station, mounting.trail, passes_hour.hour, sum(passes) AS passes
        FROM passes_hour
        JOIN counter_channel AS channel ON channel.id = passes_hour.channel
        JOIN counter_mounting AS mounting ON mounting.id = channel.mounting
        LEFT JOIN sign_watch ON sign_watch.station = mounting.station
        WHERE mounting.station IS NOT NULL AND passes_hour.hour >= coalesce(sign_watch.watched_on, '-infinity'::date)
        GROUP BY mounting.id, mounting.station, mounting.trail, passes_hour.hour
        HAVING min(covered_s) = 3600
            AND count(*) = (SELECT count(*) FROM counter_channel WHERE counter_channel.mounting = mounting.id)
    ), hours AS (
        SELECT passed.*, (passed.hour AT TIME ZONE timezone)::date AS day,
            (%(now)s::timestamptz AT TIME ZONE timezone)::date AS today,
            coalesce((SELECT sum(count) FROM scan_hour WHERE scan_hour.station = passed.station
                AND scan_hour.hour = passed.hour AND entry <> 'link'), 0) AS scans
        FROM passed JOIN trail ON trail.slug = passed.trail JOIN municipality ON municipality.slug = trail.municipality
    )
    SELECT hours.station, day, sum(passes)::float8, sum(scans)::int FROM hours
    LEFT JOIN sign_watch ON sign_watch.station = hours.station
    WHERE day < today AND day > coalesce(sign_watch.watched_on, '-infinity'::date)
    GROUP BY hours.station, day ORDER BY hours.station, day
"""
"""Hours in which every channel of the counter reported throughout, summed to the days of the municipality's zone."""


@dataclass(frozen=True, slots=True)
class StationDay:
    """What passed ``station`` and was scanned there by sign and tag, in the hours of ``day`` that its counter knows."""

    station: str
    day: date
    passes: float
    scans: int


def lock(connection: Transaction) -> None:
    """Let one watch after the other take days, until the commit: so no day is taken twice."""
    connection.execute("SELECT pg_advisory_xact_lock(hashtext('digitalpfad'), hashtext('sign-watch'))")


def unwatched(connection: Transaction, now: datetime) -> list[StationDay]:
    """The days that are over and not in the memory of their station yet, by station and day."""
    return [StationDay(*row) for row in connection.execute(_DAYS, {"now": now})]


def remembered(connection: Transaction) -> dict[str, Mapping[str, object]]:
    """What is remembered of each station, as it was given to remember()."""
    return dict(connection.execute("SELECT station, state FROM sign_watch").fetchall())


def remember(connection: Transaction, station: str, watched_on: date, state: object) -> None:
    """Keep the memory of a station with the last day that is in it; ``state`` is made of plain values."""
    connection.execute(
        "INSERT INTO sign_watch (station, watched_on, state) VALUES (%s, %s, %s) ON CONFLICT (station)"
        " DO UPDATE SET watched_on = excluded.watched_on, state = excluded.state",
        [station, watched_on, Jsonb(state)],
    )


def change_state(connection: Transaction, station: str, state: object) -> None:
    """Keep another memory of a station, of the same days; nothing where there is none."""
    connection.execute("UPDATE sign_watch SET state = %s WHERE station = %s", [Jsonb(state), station])
