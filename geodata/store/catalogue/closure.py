"""Closures in the database."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import cast

import shapely

from geodata.conditions.closures import Closure, ClosureContent
from geodata.errors import InvalidInput, NotFound
from geodata.messages.message import message
from geodata.store.transaction import Transaction
from geodata.vocabulary.season import Season, month_day, month_day_text


def add(connection: Transaction, closure: Closure) -> int:
    """Write a new closure with its texts; return its id. Its own ``id`` and ``updated_at`` do not count."""
    if connection.execute("SELECT 1 FROM trail WHERE slug = %s", [closure.trail]).fetchone() is None:
        raise NotFound("trail", closure.trail)
    from_m, to_m = closure.stretch or (None, None)
    row = connection.execute(
        "INSERT INTO closure (trail, from_m, to_m, area, season_from, season_to, legal_basis, valid_from, valid_until)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id",
        [
            closure.trail,
            from_m,
            to_m,
            shapely.to_wkb(closure.area) if closure.area is not None else None,
            closure.season and month_day_text(closure.season.first),
            closure.season and month_day_text(closure.season.last),
            closure.legal_basis,
            closure.valid_from,
            closure.valid_until,
        ],
    ).fetchone()
    identity = int(row[0]) if row else 0
    for content in closure.contents.values():
        connection.execute(
            "INSERT INTO closure_content (closure, variant, reason, detour) VALUES (%s, %s, %s, %s)",
            [identity, content.variant, content.reason, content.detour],
        )
    return identity


def end(connection: Transaction, identity: int, at: datetime) -> None:
    """Let a closure end at ``at``; one that has not begun by then is removed.

    Raises NotFound, or InvalidInput where it has ended already.
    """
    row = connection.execute(
        "SELECT valid_from, valid_until FROM closure WHERE id = %s FOR UPDATE", [identity]
    ).fetchone()
    if row is None:
        raise NotFound("closure", str(identity))
    valid_from, valid_until = row
    if valid_until is not None and valid_until <= at:
        hint = message("It ended at {end}.", end=valid_until.isoformat())
        raise InvalidInput("ID", identity, "a closure that still holds", hint)
    if valid_from >= at:
        connection.execute("DELETE FROM closure WHERE id = %s", [identity])
        return
    connection.execute("UPDATE closure SET valid_until = %s, updated_at = now() WHERE id = %s", [at, identity])


def load(connection: Transaction) -> dict[int, Closure]:
    """All closures with their texts, past ones too, by id."""
    contents: defaultdict[int, dict[str, ClosureContent]] = defaultdict(dict)
    for closure, variant, reason, detour in connection.execute(
        "SELECT closure, variant, reason, detour FROM closure_content ORDER BY closure, variant"
    ):
        contents[closure][variant] = ClosureContent(variant=variant, reason=reason, detour=detour)
    rows = connection.execute(
        "SELECT id, trail, from_m, to_m, area, season_from, season_to, legal_basis, valid_from, valid_until, updated_at"
        " FROM closure ORDER BY id"
    )
    return {
        row[0]: Closure(
            id=row[0],
            trail=row[1],
            stretch=None if row[2] is None else (row[2], row[3]),
            area=None if row[4] is None else cast("shapely.Polygon", shapely.from_wkb(row[4])),
            season=None if row[5] is None else Season(month_day(row[5]), month_day(row[6])),
            legal_basis=row[7],
            valid_from=row[8],
            valid_until=row[9],
            updated_at=row[10],
            contents=contents[row[0]],
        )
        for row in rows
    }
