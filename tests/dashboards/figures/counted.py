"""Counted days at the entrance and at the boardwalk of the staff's trail, written as the counting of passes does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from geodata.store.database import Database
from geodata.store.transaction import Transaction

BERLIN = ZoneInfo("Europe/Berlin")
TODAY = datetime.now(UTC).astimezone(BERLIN).date()
MONDAY = TODAY - timedelta(days=TODAY.weekday() + 7)
"""The first day of the last full week."""
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
ENTRANCE, BOARDWALK = ("counter", "K7YNX0"), ("boardwalk", "R7TZ2H")


def mount(
    connection: Transaction, place: tuple[str, str] = ENTRANCE, directions: Iterable[str] = ("in", "out")
) -> list[int]:
    """Hang a counter there for ever, with its running totals; return its channels."""
    device, station = place
    connection.execute("UPDATE device SET registered_at = '2020-01-01 12:00Z' WHERE id = %s", [device])
    mounting = connection.execute(
        "INSERT INTO counter_mounting (device, trail, station, starts_at)"
        " VALUES (%s, 'stadtwald', %s, '2020-01-01 12:00Z') RETURNING id",
        [device, station],
    ).fetchone()
    assert mounting is not None
    return [_channel(connection, device, mounting[0], direction) for direction in directions]


def _channel(connection: Transaction, device: str, mounting: int, direction: str) -> int:
    row = connection.execute(
        "WITH stream AS (INSERT INTO datastream (device, observed_property) VALUES (%s, %s)"
        " ON CONFLICT (device, observed_property) DO UPDATE SET device = excluded.device RETURNING id)"
        " INSERT INTO counter_channel (mounting, direction, total) SELECT %s, %s, id FROM stream RETURNING id",
        [device, f"passes_{direction}_total", mounting, direction],
    ).fetchone()
    assert row is not None
    return int(row[0])


def count(
    connection: Transaction, channel: int, day: date, passes: int, *, shared: int = 0, hours: float | None = None
) -> None:
    """So many passed on ``day``; without ``hours`` all that it has are covered."""
    midnights = [datetime(each.year, each.month, each.day, tzinfo=BERLIN) for each in (day, day + DAY)]
    covered_s = (midnights[1].astimezone(UTC) - midnights[0].astimezone(UTC)).seconds or 86_400
    if hours is not None:
        covered_s = round(3600 * hours)
    connection.execute(
        "INSERT INTO passes_day (channel, day, passes, shared, covered_s, covered_hours, valid)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        [channel, day, passes, shared, covered_s, covered_s // 3600, covered_s >= 20 * 3600],
    )


def count_week(connection: Transaction, channel: int, monday: date, passes: int) -> None:
    """So many passed on each of the seven days."""
    for number in range(7):
        count(connection, channel, monday + number * DAY, passes)


def annotate(database: Database, first: date, last: date, text: str, station: str | None = None) -> None:
    """Write an annotation of a feast."""
    with database.transaction() as connection:
        connection.execute(
            "INSERT INTO annotation (municipality, trail, station, kind, first_day, last_day, text, created_by)"
            " VALUES ('lemgo', 'stadtwald', %s, 'event', %s, %s, %s, 'ute')",
            [station, first, last, text],
        )
