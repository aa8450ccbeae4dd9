"""A counter on a small trail that reports its running totals, and sessions of counting by hand beside it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from geodata.model.counting.count_session import CountDraft
from geodata.model.counting.counter import Direction
from geodata.store.database import Database
from tests.dashboards.office import observe, seed

START = datetime(2026, 5, 2, 12, 0, tzinfo=UTC)
NOW = START + timedelta(hours=6)
IN, OUT, BOTH = Direction.IN, Direction.OUT, Direction.BOTH


def at(minute: float) -> datetime:
    """So many minutes after START."""
    return START + timedelta(minutes=minute)


def mount(database: Database, *, ends_at: datetime | None = None, cannot_tell: bool = False) -> int:
    """Mount the device ``counter`` of the small trail for ever, or up to ``ends_at``; return the period's id.

    It counts ways in and out, or both together by its one running total. It reports every five minutes.
    """
    with database.transaction() as connection:
        connection.execute("UPDATE device SET interval_s = 300 WHERE id = 'counter'")
        row = connection.execute(
            "INSERT INTO counter_mounting (device, trail, station, ends_at)"
            " VALUES ('counter', 'stadtwald', 'K7YNX0', %s) RETURNING id",
            [ends_at],
        ).fetchone()
        assert row is not None
        channels = (
            [("both", "passes_in_total")] if cannot_tell else [("in", "passes_in_total"), ("out", "passes_out_total")]
        )
        for direction, observed_property in channels:
            connection.execute(
                "INSERT INTO counter_channel (mounting, direction, total)"
                " SELECT %s, %s, id FROM datastream WHERE device = 'counter' AND observed_property = %s",
                [row[0], direction, observed_property],
            )
        return int(row[0])


def reported(database: Database, *minutes: int, lost: float = 0.2) -> None:
    """Reports at these minutes of a counter that loses a share of 60 who go in and 30 who go out in an hour."""
    seen = 1 - lost
    for minute in minutes:
        observe(
            database, "counter", at(minute), passes_in_total=1000 + seen * minute, passes_out_total=seen * minute / 2
        )


def counter(database: Database, **mounted: Any) -> int:
    """The small trail with the counter, which has reported for six hours; the id of its mounting period."""
    seed(database)
    reported(database, *range(0, 360, 5))
    return mount(database, **mounted)


def draft(start: float = 30, end: float = 90, **other: Any) -> CountDraft:
    """A session between these minutes in which everybody was seen."""
    fields: dict[str, Any] = {
        "id": uuid4(), "device": "counter", "started_at": at(start), "ended_at": at(end), "counted_by": "ute",
        "seen": {IN: round(end - start), OUT: round((end - start) / 2)},
    }  # fmt: skip
    return CountDraft(**(fields | other))
