"""Closures in the database. geodata.actions.end_closure holds the rules of an end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import cast

import shapely

from geodata.conditions.closures import Closure, ClosureContent
from geodata.errors import NotFound
from geodata.store.catalogue import trail_state
from geodata.store.transaction import Transaction
from geodata.vocabulary.season import Season, month_day, month_day_text


def add(connection: Transaction, closure: Closure) -> int:
    """Write a new closure with its texts; return its id. Its own ``id`` and ``updated_at`` do not count."""
    if not trail_state.is_known(connection, closure.trail):
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
    _add_contents(connection, identity, closure)
    return identity


def update(connection: Transaction, closure: Closure) -> None:
    """Write all of a stored closure anew, its texts too; it stays on its trail."""
    from_m, to_m = closure.stretch or (None, None)
    connection.execute(
        "UPDATE closure SET from_m = %s, to_m = %s, area = %s, season_from = %s, season_to = %s, legal_basis = %s,"
        " valid_from = %s, valid_until = %s, updated_at = clock_timestamp() WHERE id = %s",
        [
            from_m,
            to_m,
            shapely.to_wkb(closure.area) if closure.area is not None else None,
            closure.season and month_day_text(closure.season.first),
            closure.season and month_day_text(closure.season.last),
            closure.legal_basis,
            closure.valid_from,
            closure.valid_until,
            closure.id,
        ],
    )
    connection.execute("DELETE FROM closure_content WHERE closure = %s", [closure.id])
    _add_contents(connection, closure.id, closure)


def _add_contents(connection: Transaction, identity: int, closure: Closure) -> None:
    for content in closure.contents.values():
        connection.execute(
            "INSERT INTO closure_content (closure, variant, reason, detour) VALUES (%s, %s, %s, %s)",
            [identity, content.variant, content.reason, content.detour],
        )


def lock(connection: Transaction, identity: int) -> tuple[datetime, datetime | None]:
    """From when and until when it holds; its row is locked until the transaction ends. Raises NotFound."""
    row = connection.execute(
        "SELECT valid_from, valid_until FROM closure WHERE id = %s FOR UPDATE", [identity]
    ).fetchone()
    if row is None:
        raise NotFound("closure", str(identity))
    return row[0], row[1]


def present(connection: Transaction, identities: Collection[int]) -> dict[int, tuple[datetime | None, datetime]]:
    """Until when each of these holds that is there, None: open; and when it was last changed or confirmed."""
    rows = connection.execute("SELECT id, valid_until, updated_at FROM closure WHERE id = ANY (%s)", [list(identities)])
    return {row[0]: (row[1], row[2]) for row in rows}


def set_end(connection: Transaction, identity: int, at: datetime) -> None:
    """Let a closure end at ``at``."""
    connection.execute(
        "UPDATE closure SET valid_until = %s, updated_at = clock_timestamp() WHERE id = %s", [at, identity]
    )


def delete(connection: Transaction, identity: int) -> None:
    """Delete a closure with its texts."""
    connection.execute("DELETE FROM closure WHERE id = %s", [identity])


def load(connection: Transaction, only: str | None = None) -> dict[int, Closure]:
    """Closures with their texts, past ones too, by id: all, or those of the trail ``only`` (a slug)."""
    contents: defaultdict[int, dict[str, ClosureContent]] = defaultdict(dict)
    for closure, variant, reason, detour in connection.execute(
        "SELECT closure, variant, reason, detour FROM closure_content ORDER BY closure, variant"
    ):
        contents[closure][variant] = ClosureContent(variant=variant, reason=reason, detour=detour)
    rows = connection.execute(
        "SELECT id, trail, from_m, to_m, area, season_from, season_to, legal_basis, valid_from, valid_until, updated_at"
        " FROM closure WHERE %(only)s::text IS NULL OR trail = %(only)s ORDER BY id",
        {"only": only},
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


def confirm(connection: Transaction, identity: int, at: datetime) -> None:
    """Note that somebody said at ``at`` that it still holds. Raises NotFound."""
    lock(connection, identity)
    connection.execute("UPDATE closure SET updated_at = %s WHERE id = %s", [at, identity])
