"""Passkeys of staff: public keys, each with the name that its owner gave it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from psycopg.rows import TupleRow

from geodata.errors import InvalidInput
from geodata.store.transaction import Transaction

_PASSKEY: LiteralString = (
    "SELECT id, staff, name, credential, public_key, sign_count, created_at, last_used_at FROM staff_passkey"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """A public key (COSE) under ``credential``, its name for itself. ``sign_count``: 0 where it does not count."""

    id: int
    staff: int
    name: str
    credential: bytes
    public_key: bytes
    sign_count: int
    created_at: datetime
    last_used_at: datetime | None


def of_staff(connection: Transaction, staff: int) -> Sequence[Passkey]:
    """Those of a person, the oldest first."""
    return [_passkey(row) for row in connection.execute(_PASSKEY + " WHERE staff = %s ORDER BY id", [staff])]


def find(connection: Transaction, credential: bytes) -> Passkey | None:
    """The one that calls itself so."""
    row = connection.execute(_PASSKEY + " WHERE credential = %s", [credential]).fetchone()
    return _passkey(row) if row else None


def add(connection: Transaction, staff: int, name: str, credential: bytes, key: tuple[bytes, int]) -> None:
    """Keep one; ``key`` is its public key and its count. Raises InvalidInput for one that is here already."""
    row = connection.execute(
        "INSERT INTO staff_passkey (staff, name, credential, public_key, sign_count) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT (credential) DO NOTHING RETURNING id",
        [staff, name, credential, *key],
    ).fetchone()
    if row is None:
        raise InvalidInput("passkey", name, "one that is not here yet")


def note_use(connection: Transaction, passkey: int, sign_count: int) -> None:
    """It signed in somebody; ``sign_count`` is what it says now."""
    connection.execute(
        "UPDATE staff_passkey SET sign_count = %s, last_used_at = now() WHERE id = %s", [sign_count, passkey]
    )


def remove(connection: Transaction, staff: int, passkey: int) -> Passkey | None:
    """Forget one of a person's, and return what it was; None where the person has no such one."""
    row = connection.execute(_PASSKEY + " WHERE staff = %s AND id = %s", [staff, passkey]).fetchone()
    connection.execute("DELETE FROM staff_passkey WHERE staff = %s AND id = %s", [staff, passkey])
    return _passkey(row) if row else None


def _passkey(row: TupleRow) -> Passkey:
    return Passkey(
        id=row[0],
        staff=row[1],
        name=row[2],
        credential=bytes(row[3]),
        public_key=bytes(row[4]),
        sign_count=row[5],
        created_at=row[6],
        last_used_at=row[7],
    )
