"""The minutes in which a web process counted scans: what tells a night without hikers from one without the web app."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from geodata.store.transaction import Transaction


def add(connection: Transaction, minutes: Mapping[datetime, int]) -> None:
    """Add minutes to what is there, by full hour: of the 60 bits the highest is the first minute of the hour."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO scan_uptime AS old (hour, minutes) VALUES (%s, %s::bigint::bit(60))"
            " ON CONFLICT (hour) DO UPDATE SET minutes = old.minutes | excluded.minutes",
            sorted(minutes.items()),
        )


def shares(connection: Transaction, start: datetime, end: datetime) -> dict[int, float]:
    """In which share of each hour scans were counted, by its number after ``start``, from 0; none where none ran."""
    rows = connection.execute(
        "SELECT (extract(epoch FROM hour - %(start)s) / 3600)::int4, bit_count(minutes)::float8 / 60 FROM scan_uptime"
        " WHERE hour >= %(start)s AND hour < %(end)s",
        {"start": start, "end": end},
    )
    return {hour: share for hour, share in rows if share}
