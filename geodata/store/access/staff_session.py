"""Sessions of staff who are signed in. The table holds digests of the tokens only: it alone opens no session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import LiteralString

from geodata.model.staff import Staff
from geodata.store.access.staff import GRANTS, grants_of
from geodata.store.transaction import Transaction

_USED_RESOLUTION = timedelta(minutes=1)
"""How exactly a session's last use is kept: not every request needs to write."""

_CLOCK_STEP = timedelta(hours=1)
"""How far a clock may be set back while sessions continue. One begun later than that was begun by a wrong clock: left
open, it would last until the end that clock gave it, years maybe."""

_OPEN: LiteralString = (
    "SELECT staff.id, name, " + GRANTS + ", one_time FROM staff_session JOIN staff ON staff.id = staff_session.staff"  # noqa: S608 - a constant
    " WHERE token_digest = %s AND revoked_at IS NULL AND disabled_at IS NULL"
    " AND expires_at > %s AND last_used_at > %s AND staff_session.created_at < %s"
)


def begin(connection: Transaction, staff: int, token_digest: bytes, now: datetime, lifetime: timedelta) -> None:
    """Begin a session that ends after ``lifetime`` at the latest; forget those that are long over."""
    connection.execute("DELETE FROM staff_session WHERE expires_at < %s", [now - lifetime])
    connection.execute(
        "INSERT INTO staff_session (token_digest, staff, created_at, last_used_at, expires_at)"
        " VALUES (%s, %s, %s, %s, %s)",
        [token_digest, staff, now, now, now + lifetime],
    )


def find(connection: Transaction, token_digest: bytes, now: datetime, idle: timedelta) -> Staff | None:
    """Whose open session this is; None when it is unknown, revoked, expired, unused for ``idle`` or not begun yet."""
    row = connection.execute(
        _OPEN,
        [token_digest, now, now - idle, now + _CLOCK_STEP],
    ).fetchone()
    return Staff(id=row[0], name=row[1], grants=grants_of(row[2]), one_time=row[3]) if row else None


def touch(connection: Transaction, token_digest: bytes, now: datetime) -> None:
    """Note that a person has just used the session."""
    connection.execute(
        "UPDATE staff_session SET last_used_at = %s WHERE token_digest = %s AND last_used_at < %s",
        [now, token_digest, now - _USED_RESOLUTION],
    )


def revoke(connection: Transaction, token_digest: bytes, now: datetime) -> None:
    """End one session."""
    connection.execute(
        "UPDATE staff_session SET revoked_at = %s WHERE token_digest = %s AND revoked_at IS NULL", [now, token_digest]
    )


def revoke_all(connection: Transaction, staff: int, now: datetime) -> int:
    """End all sessions of a person; returns how many were open."""
    return connection.execute(
        "UPDATE staff_session SET revoked_at = %s WHERE staff = %s AND revoked_at IS NULL AND expires_at > %s",
        [now, staff, now],
    ).rowcount


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session as its owner sees it; ``number`` names it and opens nothing."""

    number: int
    created_at: datetime
    last_used_at: datetime
    is_this: bool


def open_sessions(
    connection: Transaction, staff: int, this: bytes, now: datetime, idle: timedelta
) -> Sequence[OpenSession]:
    """Those of a person that are open, the one used last first; ``this`` is the digest of whoever asks."""
    rows = connection.execute(
        "SELECT number, created_at, last_used_at, token_digest = %s FROM staff_session WHERE staff = %s"
        " AND revoked_at IS NULL AND expires_at > %s AND last_used_at > %s ORDER BY last_used_at DESC, number DESC",
        [this, staff, now, now - idle],
    )
    return [OpenSession(*row) for row in rows]


def end(connection: Transaction, staff: int, number: int, now: datetime) -> bool:
    """End one of a person's by its number; whether the person has such a one."""
    return (
        connection.execute(
            "UPDATE staff_session SET revoked_at = coalesce(revoked_at, %s) WHERE staff = %s AND number = %s",
            [now, staff, number],
        ).rowcount
        > 0
    )
