"""Sessions of staff who are signed in. The table holds digests of the tokens only: it alone opens no session."""

from __future__ import annotations

from datetime import datetime, timedelta

from geodata.model.staff import Role, Staff
from geodata.store.transaction import Transaction

_USED_RESOLUTION = timedelta(minutes=1)
"""How exactly a session's last use is kept: not every request needs to write."""

_CLOCK_STEP = timedelta(hours=1)
"""How far a clock may be set back while sessions continue. One begun later than that was begun by a wrong clock: left
open, it would last until the end that clock gave it, years maybe."""


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
        "SELECT staff.id, name, role, one_time FROM staff_session JOIN staff ON staff.id = staff_session.staff"
        " WHERE token_digest = %s AND revoked_at IS NULL AND disabled_at IS NULL"
        " AND expires_at > %s AND last_used_at > %s AND staff_session.created_at < %s",
        [token_digest, now, now - idle, now + _CLOCK_STEP],
    ).fetchone()
    return Staff(id=row[0], name=row[1], role=Role(row[2]), one_time=row[3]) if row else None


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
