"""What passed stations and was scanned there day by day, and what is remembered of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import LiteralString

from psycopg.types.json import Jsonb

from geodata.store.transaction import Transaction

_REMEMBERED = timedelta(days=90)
_DAYS: LiteralString = """
    WITH watched AS (
        SELECT station.code AS station, trail.slug AS trail, municipality, timezone, close_after_days,
            coalesce(watched_on, %(earliest)s) AS watched_on,
            (%(now)s::timestamptz AT TIME ZONE timezone)::date AS today
        FROM station JOIN trail ON trail.slug = station.trail
        JOIN municipality ON municipality.slug = trail.municipality
        LEFT JOIN sign_watch ON sign_watch.station = station.code
        WHERE station.trail = %(trail)s AND retired_at IS NULL
    ), known AS (
        SELECT mounting.id AS mounting, mounting.station, hour, sum(passes) AS passes
        FROM passes_hour
        JOIN counter_channel AS channel ON channel.id = passes_hour.channel
        JOIN counter_mounting AS mounting ON mounting.id = channel.mounting
        WHERE mounting.trail = %(trail)s AND hour >= (SELECT min(watched_on) FROM watched)
        GROUP BY mounting.id, hour
        HAVING min(covered_s) = 3600
            AND count(*) = (SELECT count(*) FROM counter_channel WHERE counter_channel.mounting = mounting.id)
    ), hung AS (
        SELECT there.hour, count(*) AS of_trail, array_agg(station) AS at_stations
        FROM (SELECT DISTINCT hour FROM known) AS there
        JOIN counter_mounting AS mounting ON mounting.trail = %(trail)s
            AND tstzrange(starts_at, ends_at) && tstzrange(there.hour, there.hour + interval '1 hour')
        GROUP BY there.hour
    ), hours AS (
        SELECT watched.station, (hour AT TIME ZONE timezone)::date AS day, hour,
            sum(passes) AS passes, array_agg(mounting) AS mountings
        FROM known JOIN hung USING (hour) JOIN watched ON hour >= watched_on
        CROSS JOIN LATERAL (SELECT cardinality(array_positions(at_stations, watched.station)) AS own) AS hanging
        WHERE known.station = watched.station OR own = 0
        GROUP BY watched.station, timezone, hour, own, of_trail
        HAVING count(*) = CASE own WHEN 0 THEN of_trail ELSE own END
    ), days AS (
        SELECT station, day, sum(passes) AS passes,
            sum((SELECT sum(count) FROM scan_hour WHERE scan_hour.station = hours.station
                AND scan_hour.hour = hours.hour AND entry <> 'link')) AS scans
        FROM hours GROUP BY station, day
    ), counters AS (
        SELECT station, day, array_agg(DISTINCT mounting ORDER BY mounting) AS mountings
        FROM hours CROSS JOIN LATERAL unnest(mountings) AS mounting GROUP BY station, day
    )
    SELECT station, trail, municipality, day, passes::float8, coalesce(scans, 0)::int, mountings,
        day + 1 + close_after_days <= today
    FROM days JOIN counters USING (station, day) JOIN watched USING (station)
    WHERE day < today AND day > watched_on ORDER BY station, day
"""
"""Hours in which each channel of each counter reported throughout, summed to the days of the municipality's zone.

The counters are those that hang at the station, and where none hangs there in this hour, all those of its trail.
"""


@dataclass(frozen=True, slots=True)
class StationDay:
    """What passed the counters of ``station`` and was scanned there by sign and tag in the hours that they all know.

    ``mountings``: their mounting periods, the smallest first; ``is_closed``: nothing is waited for any more.
    """

    station: str
    trail: str
    municipality: str
    day: date
    passes: float
    scans: int
    mountings: list[int]
    is_closed: bool


def lock(connection: Transaction) -> None:
    """Let one watch after the other take days, until the commit: so no day is taken twice."""
    connection.execute("SELECT pg_advisory_xact_lock(hashtext('digitalpfad'), hashtext('sign-watch'))")


def trails(connection: Transaction) -> list[str]:
    """The trails on which counters hang or hung."""
    return [row[0] for row in connection.execute("SELECT DISTINCT trail FROM counter_mounting ORDER BY trail")]


def unwatched(connection: Transaction, trail: str, now: datetime) -> list[StationDay]:
    """The days of a trail that are over and not in the memory of their station yet, by station and day.

    Of a station without memory, those of the last three months: earlier ones would be as good as forgotten.
    """
    earliest = now.date() - _REMEMBERED
    rows = connection.execute(_DAYS, {"now": now, "trail": trail, "earliest": earliest})
    return [StationDay(*row) for row in rows]


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


def begin_anew(connection: Transaction, station: str, state: object, now: datetime) -> None:
    """Keep another memory of a station, in which all days are up to today's; nothing where there is none."""
    connection.execute(
        """
        UPDATE sign_watch SET state = %s,
            watched_on = greatest(watched_on, (%s::timestamptz AT TIME ZONE timezone)::date)
        FROM station JOIN trail ON trail.slug = station.trail
        JOIN municipality ON municipality.slug = trail.municipality
        WHERE sign_watch.station = station.code AND station.code = %s
        """,
        [Jsonb(state), now, station],
    )
