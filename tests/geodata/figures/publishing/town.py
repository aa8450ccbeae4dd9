"""A municipality in the database whose stations counted what a test says."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np

from geodata.figures.publishing import calendar
from geodata.statistics.disclosure.figure import NOTHING, Counts
from geodata.store.database import Database
from geodata.store.transaction import Transaction
from tests.fixtures.web.uptime import web_ran

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
    """Page requests of these stations (stations x days x hours); the web process runs for years after."""
    rows = [
        (code, hour, "de", "sign", count) for code, hour, count in _hours(codes, first, counts, timezone) if count > 0
    ]
    begin = calendar.midnight(first, timezone)
    with database.transaction() as connection, connection.cursor() as cursor:
        web_ran(connection, begin, begin + timedelta(days=1000))
        cursor.executemany(
            "INSERT INTO scan_hour (station, hour, variant, entry, count) VALUES (%s, %s, %s, %s, %s)", rows
        )


def count(
    database: Database, trail: str, codes: list[str], first: date, counts: Counts, timezone: str = "Europe/Berlin"
) -> None:
    """Passes of counters at these stations (stations x days x hours); NOTHING: it said nothing."""
    with database.transaction() as connection:
        channels = {code: counter(connection, trail, code) for code in codes}
    recount(database, channels, first, counts, timezone)


def recount(
    database: Database, channels: dict[str, int], first: date, counts: Counts, timezone: str = "Europe/Berlin"
) -> None:
    """Other passes of the counters at these stations, by their channels, whatever they were before."""
    hours = _hours(list(channels), first, counts, timezone)
    with database.transaction() as connection, connection.cursor() as cursor:
        cursor.execute("DELETE FROM passes_hour WHERE channel = ANY (%s)", [list(channels.values())])
        rows = [(channels[code], hour, passes) for code, hour, passes in hours if passes != NOTHING]
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


def day_of(day: date, timezone: str = "Europe/Berlin") -> tuple[datetime, datetime]:
    """When this day begins and ends."""
    return calendar.midnight(day, timezone), calendar.midnight(day + timedelta(days=1), timezone)


def move(database: Database, channel: int, station: str | None, at: datetime) -> None:
    """As is known now, a counter hung at another ``station`` of any trail since ``at``, a full hour; None: at none."""
    with database.transaction() as connection:
        row = connection.execute(
            "UPDATE counter_mounting SET ends_at = %s FROM counter_channel AS of"
            " WHERE of.mounting = counter_mounting.id AND of.id = %s RETURNING device, total",
            [at, channel],
        ).fetchone()
        assert row
        if station is None:
            connection.execute("DELETE FROM passes_hour WHERE channel = %s AND hour >= %s", [channel, at])
            return
        new = connection.execute(
            "WITH mounting AS (INSERT INTO counter_mounting (device, trail, station, starts_at)"
            " SELECT %s, trail, code, %s FROM station WHERE code = %s RETURNING id)"
            " INSERT INTO counter_channel (mounting, direction, total) SELECT id, 'both', %s FROM mounting"
            " RETURNING id",
            [row[0], at, station, row[1]],
        ).fetchone()
        assert new
        connection.execute(
            "UPDATE passes_hour SET channel = %s WHERE channel = %s AND hour >= %s", [new[0], channel, at]
        )


def _hours(codes: list[str], first: date, counts: Counts, timezone: str) -> list[tuple[str, datetime, int]]:
    starts = [calendar.midnight(first + timedelta(days=number), timezone) for number in range(counts.shape[1])]
    return [
        (codes[station], starts[day] + timedelta(hours=hour), int(value))
        for (station, day, hour), value in np.ndenumerate(counts)
    ]


def _code(letter: int, number: int) -> str:
    return f"{_ALPHABET[letter + 10]}{number:05d}"
