"""Trail files that wait between their plan and the word to carry it out: few, small, and for a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from psycopg.rows import TupleRow
from psycopg.types.json import Jsonb

from geodata.errors import NotFound
from geodata.store.transaction import Transaction

KEPT = timedelta(days=1)
MOST = 5
"""Files that a municipality may have waiting; the oldest goes when one more comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailUpload:
    """A file with the plan for it. ``asked``: options by name; ``outcome``: packed; ``state``: a digest."""

    id: UUID
    municipality: str
    file_name: str
    asked: dict[str, object]
    outcome: bytes
    state: str
    uploaded_at: datetime
    uploaded_by: str


def add(
    connection: Transaction,
    *,
    municipality: str,
    file_name: str,
    content: bytes,
    by: str,
    planned: tuple[dict[str, object], bytes, str],
    now: datetime,
) -> UUID:
    """Keep a file with what was asked, what came of it and of which state; what is older than a day goes."""
    connection.execute("DELETE FROM trail_upload WHERE uploaded_at < %s", [now - KEPT])
    connection.execute(
        "DELETE FROM trail_upload WHERE id IN (SELECT id FROM trail_upload WHERE municipality = %s"
        " ORDER BY uploaded_at DESC, id OFFSET %s)",
        [municipality, MOST - 1],
    )
    identity = uuid4()
    asked, outcome, state = planned
    connection.execute(
        "INSERT INTO trail_upload (id, municipality, file_name, content, asked, outcome, state, uploaded_at,"
        " uploaded_by) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [identity, municipality, file_name, content, Jsonb(asked), outcome, state, now, by],
    )
    return identity


def plan_anew(connection: Transaction, identity: UUID, asked: dict[str, object], outcome: bytes, state: str) -> None:
    """Keep another plan for a file; raises NotFound where the file is gone."""
    row = connection.execute(
        "UPDATE trail_upload SET asked = %s, outcome = %s, state = %s WHERE id = %s RETURNING id",
        [Jsonb(asked), outcome, state, identity],
    ).fetchone()
    if row is None:
        raise NotFound("file", str(identity))


def find(connection: Transaction, identity: UUID, now: datetime) -> TrailUpload:
    """The file with its plan; raises NotFound where there is none, or its day is over."""
    row = connection.execute(
        "SELECT id, municipality, file_name, asked, outcome, state, uploaded_at, uploaded_by FROM trail_upload"
        " WHERE id = %s AND uploaded_at >= %s",
        [identity, now - KEPT],
    ).fetchone()
    if row is None:
        raise NotFound("file", str(identity))
    return _upload(row)


def content(connection: Transaction, identity: UUID) -> bytes:
    """The bytes of a file; raises NotFound."""
    row = connection.execute("SELECT content FROM trail_upload WHERE id = %s", [identity]).fetchone()
    if row is None:
        raise NotFound("file", str(identity))
    return bytes(row[0])


def waiting(connection: Transaction, municipalities: Sequence[str], now: datetime) -> list[TrailUpload]:
    """Those of these municipalities, the newest first."""
    rows = connection.execute(
        "SELECT id, municipality, file_name, asked, outcome, state, uploaded_at, uploaded_by FROM trail_upload"
        " WHERE municipality = ANY(%s) AND uploaded_at >= %s ORDER BY uploaded_at DESC, id",
        [list(municipalities), now - KEPT],
    )
    return [_upload(row) for row in rows]


def delete(connection: Transaction, identity: UUID) -> None:
    """Delete a file with its plan; one that is gone stays so."""
    connection.execute("DELETE FROM trail_upload WHERE id = %s", [identity])


def _upload(row: TupleRow) -> TrailUpload:
    identity, municipality, file_name, asked, outcome, state, uploaded_at, uploaded_by = row
    return TrailUpload(
        id=identity,
        municipality=municipality,
        file_name=file_name,
        asked=asked,
        outcome=outcome,
        state=state,
        uploaded_at=uploaded_at,
        uploaded_by=uploaded_by,
    )
