"""Page requests of stations, counted by hour; nothing else about a request is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import LiteralString

from psycopg import errors

from geodata.store.transaction import Transaction

ScanKey = tuple[str, datetime, str, str]
"""Station code, full hour (UTC), content variant, entry (``sign``, ``nfc`` or ``link``)."""

COUNT_SINCE: LiteralString = (
    "SELECT station, sum(count)::int4 FROM scan_hour WHERE station = ANY (%s) AND hour >= %s GROUP BY station"
)
"""Its parameters are the station codes and the first hour. By station, as the index is: also without skip scans."""


def add(connection: Transaction, counts: Mapping[ScanKey, int]) -> None:
    """Add ``counts`` to what is there."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO scan_hour AS old (station, hour, variant, entry, count) VALUES (%s, %s, %s, %s, %s)"
            " ON CONFLICT (station, hour, variant, entry) DO UPDATE SET count = old.count + excluded.count",
            [(*key, count) for key, count in sorted(counts.items())],
        )


def add_possible(connection: Transaction, counts: Mapping[ScanKey, int]) -> list[ScanKey]:
    """Add ``counts`` but those that no try would add, such as a removed station's, and return the keys of these."""
    return (
        []
        if _is_added(connection, counts)
        else [key for key, count in sorted(counts.items()) if not _is_added(connection, {key: count})]
    )


def _is_added(connection: Transaction, counts: Mapping[ScanKey, int]) -> bool:
    try:
        with connection.transaction():
            add(connection, counts)
    except (errors.DataError, errors.IntegrityError):
        return False
    return True


def count_since(connection: Transaction, start: datetime, stations: Sequence[str]) -> dict[str, int]:
    """Scans of these stations per code in the hours from ``start`` on."""
    rows = connection.execute(COUNT_SINCE, [list(stations), start])
    return {row[0]: row[1] for row in rows}


def count_between(connection: Transaction, start: datetime, end: datetime, stations: Sequence[str]) -> dict[str, int]:
    """Scans of these stations per code in the hours from ``start`` to before ``end``."""
    rows = connection.execute(
        "SELECT station, sum(count)::int4 FROM scan_hour WHERE station = ANY (%s) AND hour >= %s AND hour < %s"
        " GROUP BY station",
        [list(stations), start, end],
    )
    return {row[0]: row[1] for row in rows}
