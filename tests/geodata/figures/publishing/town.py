"""A municipality in the database whose stations counted what a test says."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np

from geodata.figures.publishing import calendar
from geodata.statistics.disclosure.figure import NOTHING, Counts
from geodata.store.database import Database
from geodata.store.transaction import Transaction

TOWN = "kalletal"
LINE = bytes.fromhex(
    "0102000000020000000000000000002240000000000000 4A400000000000002440 0000000000004A40".replace(" ", "")
)
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def found(database: Database, trails: dict[str, int], timezone: str = "Europe/Berlin") -> dict[str, list[str]]:
    """Make the municipality with trails of so many stations; answer the codes of each."""
    codes: dict[str, list[str]] = {}
    with database.transaction() as connection:
        connection.execute(
            "INSERT INTO municipality (slug, name, timezone) VALUES (%s, 'Kalletal', %s)", [TOWN, timezone]
        )
        for letter, (trail, number) in enumerate(trails.items()):
            connection.execute(
                "INSERT INTO trail (slug, municipality, line, licence) VALUES (%s, %s, %s, 'CC0-1.0')",
                [trail, TOWN, LINE],
            )
            codes[trail] = [_code(letter, each) for each in range(number)]
            for each, code in enumerate(codes[trail], 1):
                connection.execute(
                    "INSERT INTO station (code, trail, number, lon, lat) VALUES (%s, %s, %s, 9, 52)",
                    [code, trail, each],
                )
    return codes


def scan(database: Database, codes: list[str], first: date, counts: Counts, timezone: str = "Europe/Berlin") -> None:
    """Page requests of these stations (stations x days x hours)."""
    rows = [
        (code, hour, "de", "sign", count) for code, hour, count in _hours(codes, first, counts, timezone) if count > 0
    ]
    with database.transaction() as connection, connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO scan_hour (station, hour, variant, entry, count) VALUES (%s, %s, %s, %s, %s)", rows
        )


def count(
    database: Database, trail: str, codes: list[str], first: date, counts: Counts, timezone: str = "Europe/Berlin"
) -> None:
    """Passes of counters at these stations (stations x days x hours); NOTHING: it said nothing."""
    with database.transaction() as connection, connection.cursor() as cursor:
        channels = {code: counter(connection, trail, code) for code in codes}
        rows = [(channels[code], hour, n) for code, hour, n in _hours(codes, first, counts, timezone) if n != NOTHING]
        cursor.executemany("INSERT INTO passes_hour (channel, hour, passes, covered_s) VALUES (%s, %s, %s, 3600)", rows)


def counter(connection: Transaction, trail: str, code: str) -> int:
    """A counter at this station; answer its channel."""
    device = f"zaehler-{code.lower()}"
    connection.execute("INSERT INTO device (id, trail, name) VALUES (%s, %s, %s)", [device, trail, device])
    datastream = connection.execute(
        "INSERT INTO datastream (device, observed_property) VALUES (%s, 'passes_in_total') RETURNING id", [device]
    ).fetchone()
    mounting = connection.execute(
        "INSERT INTO counter_mounting (device, trail, station) VALUES (%s, %s, %s) RETURNING id", [device, trail, code]
    ).fetchone()
    assert datastream
    assert mounting
    row = connection.execute(
        "INSERT INTO counter_channel (mounting, direction, total) VALUES (%s, 'both', %s) RETURNING id",
        [mounting[0], datastream[0]],
    ).fetchone()
    assert row
    return int(row[0])


def _hours(codes: list[str], first: date, counts: Counts, timezone: str) -> list[tuple[str, datetime, int]]:
    starts = [calendar.midnight(first + timedelta(days=number), timezone) for number in range(counts.shape[1])]
    return [
        (codes[station], starts[day] + timedelta(hours=hour), int(value))
        for (station, day, hour), value in np.ndenumerate(counts)
    ]


def _code(letter: int, number: int) -> str:
    return f"{_ALPHABET[letter + 10]}{number:05d}"
