"""Sessions in which people were counted by hand: kept once, compared with the counter, read, deleted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from psycopg.rows import TupleRow

from geodata.errors import NotFound
from geodata.model.counting.count_session import CountSession, CountSlice, CountTally
from geodata.model.counting.counter import Direction
from geodata.store.transaction import Transaction

_SESSION: LiteralString = (
    "SELECT count_session.id, mounting, device, started_at, ended_at, counted_by, count_session.note"
    " FROM count_session JOIN counter_mounting ON counter_mounting.id = mounting"
)


def lock(connection: Transaction) -> None:
    """Let one session after the other be kept, until the commit: so those sent at the same moment see each other."""
    connection.execute("SELECT pg_advisory_xact_lock(hashtext('digitalpfad'), hashtext('count-session'))")


def find(connection: Transaction, session: UUID) -> CountSession | None:
    """The session with this id."""
    rows = connection.execute(_SESSION + " WHERE count_session.id = %s", [session]).fetchall()
    return next(iter(_sessions(connection, rows)), None)


def of_device(connection: Transaction, device: str) -> list[CountSession]:
    """The sessions of a counter in all its mounting periods, the newest first."""
    rows = connection.execute(_SESSION + " WHERE device = %s ORDER BY started_at DESC", [device]).fetchall()
    return _sessions(connection, rows)


def of_mounting(connection: Transaction, mounting: int) -> list[CountSession]:
    """The sessions of one mounting period, the newest first."""
    rows = connection.execute(_SESSION + " WHERE mounting = %s ORDER BY started_at DESC", [mounting]).fetchall()
    return _sessions(connection, rows)


def since(connection: Transaction, moment: datetime) -> list[CountSession]:
    """All sessions that ended after ``moment``, the newest first."""
    rows = connection.execute(_SESSION + " WHERE ended_at > %s ORDER BY started_at DESC", [moment]).fetchall()
    return _sessions(connection, rows)


def overlapping(connection: Transaction, device: str, start: datetime, end: datetime) -> CountSession | None:
    """A session of this counter that shares time with the span."""
    rows = connection.execute(
        _SESSION + " WHERE device = %s AND started_at < %s AND ended_at > %s LIMIT 1", [device, end, start]
    ).fetchall()
    return next(iter(_sessions(connection, rows)), None)


def add(connection: Transaction, session: CountSession) -> None:
    """Keep a session of an id that is not there yet."""
    connection.execute(
        "INSERT INTO count_session (id, mounting, started_at, ended_at, counted_by, note)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        [session.id, session.mounting, session.started_at, session.ended_at, session.counted_by, session.note],
    )
    connection.execute(
        "INSERT INTO count_tally (session, direction, seen, counted, interpolated)"
        " SELECT %s, * FROM unnest(%s::text[], %s::integer[], %s::double precision[], %s::boolean[])",
        [session.id, *_tally_columns(session)],
    )
    connection.execute(
        "INSERT INTO count_slice (session, direction, starts_at, seen, counted)"
        " SELECT %s, * FROM unnest(%s::text[], %s::timestamptz[], %s::integer[], %s::double precision[])",
        [session.id, *_slice_columns(session)],
    )


def set_counted(connection: Transaction, session: CountSession) -> None:
    """Keep what the counter counted meanwhile, as it is known now; what was seen stays."""
    directions, _, counted, interpolated = _tally_columns(session)
    connection.execute(
        "UPDATE count_tally SET counted = new.counted, interpolated = new.interpolated"
        " FROM unnest(%s::text[], %s::double precision[], %s::boolean[]) AS new (direction, counted, interpolated)"
        " WHERE session = %s AND count_tally.direction = new.direction",
        [directions, counted, interpolated, session.id],
    )
    directions, starts, _, counted = _slice_columns(session)
    connection.execute(
        "UPDATE count_slice SET counted = new.counted"
        " FROM unnest(%s::text[], %s::timestamptz[], %s::double precision[]) AS new (direction, starts_at, counted)"
        " WHERE session = %s AND count_slice.direction = new.direction AND count_slice.starts_at = new.starts_at",
        [directions, starts, counted, session.id],
    )


def delete(connection: Transaction, session: UUID) -> None:
    """Delete a session, such as one in which somebody lost count. Raises NotFound."""
    if not connection.execute("DELETE FROM count_session WHERE id = %s", [session]).rowcount:
        raise NotFound("count session", str(session))


def _tally_columns(session: CountSession) -> tuple[list[object], ...]:
    rows = [(each.direction, each.seen, each.counted, each.is_interpolated) for each in session.tallies]
    return tuple([row[column] for row in rows] for column in range(4))


def _slice_columns(session: CountSession) -> tuple[list[object], ...]:
    rows = [(each.direction, each.starts_at, each.seen, each.counted) for each in session.slices]
    return tuple([row[column] for row in rows] for column in range(4))


def _sessions(connection: Transaction, rows: Sequence[TupleRow]) -> list[CountSession]:
    ids = [row[0] for row in rows]
    tallies: dict[UUID, list[CountTally]] = {each: [] for each in ids}
    slices: dict[UUID, list[CountSlice]] = {each: [] for each in ids}
    for session, direction, seen, counted, interpolated in connection.execute(
        "SELECT session, direction, seen, counted, interpolated FROM count_tally WHERE session = ANY(%s)"
        " ORDER BY direction",
        [ids],
    ):
        tallies[session].append(CountTally(Direction(direction), seen, counted, interpolated))
    for session, direction, starts_at, seen, counted in connection.execute(
        "SELECT session, direction, starts_at, seen, counted FROM count_slice WHERE session = ANY(%s)"
        " ORDER BY direction, starts_at",
        [ids],
    ):
        slices[session].append(CountSlice(Direction(direction), starts_at, seen, counted))
    return [
        CountSession(
            id=row[0], mounting=row[1], device=row[2], started_at=row[3], ended_at=row[4], counted_by=row[5],
            note=row[6], tallies=tallies[row[0]], slices=slices[row[0]],
        )
        for row in rows
    ]  # fmt: skip
