"""Which times of a municipality are closed, and what it lets be published."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime

from geodata.errors import NotFound
from geodata.model.municipality import Publishing
from geodata.store.transaction import Transaction
from geodata.vocabulary.figures import Span

RULE = 1
"""The version of the rules of suppression, as closed periods name it."""


def publishing(connection: Transaction) -> list[Publishing]:
    """What each municipality publishes."""
    rows = connection.execute(
        "SELECT slug, timezone, smallest_count, finest_published, close_after_days FROM municipality ORDER BY slug"
    )
    return [
        Publishing(slug=row[0], timezone=row[1], smallest_count=row[2], finest=row[3], close_after_days=row[4])
        for row in rows
    ]


def set_publishing(connection: Transaction, wanted: Publishing) -> None:
    """Change what a municipality publishes from now on; raises NotFound."""
    row = connection.execute(
        "UPDATE municipality SET smallest_count = %s, finest_published = %s, close_after_days = %s"
        " WHERE slug = %s RETURNING slug",
        [wanted.smallest_count, wanted.finest, wanted.close_after_days, wanted.slug],
    ).fetchone()
    if row is None:
        raise NotFound("municipality", wanted.slug)


def stations_by_trail(connection: Transaction, municipality: str) -> dict[str, list[str]]:
    """The codes of all stations of each of its trails, retired ones too."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for trail, code in connection.execute(
        "SELECT trail, code FROM station JOIN trail ON trail.slug = station.trail WHERE municipality = %s"
        " ORDER BY trail, number, code",
        [municipality],
    ):
        found[trail].append(code)
    return dict(found)


def last_closed(connection: Transaction, municipality: str) -> dict[Span, date]:
    """The begin of the last closed day, week, month and year."""
    rows = connection.execute(
        "SELECT bucket, max(start) FROM closed_period WHERE municipality = %s GROUP BY bucket", [municipality]
    )
    return {Span(bucket): start for bucket, start in rows}


def hold(connection: Transaction) -> None:
    """Let nobody close anything until this transaction ends."""
    connection.execute("LOCK TABLE closed_period IN SHARE ROW EXCLUSIVE MODE")


def as_closed(connection: Transaction, publishes: Publishing, span: Span, start: date) -> Publishing | None:
    """What the municipality published when this time closed; None where it is not closed."""
    row = connection.execute(
        "SELECT smallest_count, finest_published FROM closed_period WHERE municipality = %s AND bucket = %s"
        " AND start = %s",
        [publishes.slug, span, start],
    ).fetchone()
    return None if row is None else replace(publishes, smallest_count=row[0], finest=row[1])


def close(connection: Transaction, publishes: Publishing, span: Span, start: date, now: datetime) -> bool:
    """Write down that it is closed; False where somebody else has done so, who is waited for while at it."""
    row = connection.execute(
        "INSERT INTO closed_period VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING bucket",
        [publishes.slug, span, start, now, publishes.smallest_count, publishes.finest, RULE],
    ).fetchone()
    return row is not None
