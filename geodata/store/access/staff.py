"""Staff accounts. Passwords come in and go out as argon2id hashes only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from psycopg.rows import TupleRow

from geodata.errors import InvalidInput, NotFound
from geodata.model.staff import Role, Staff
from geodata.store.transaction import Transaction

ONE_TIME_DAYS: LiteralString = "7"
"""For so many days a generated password is good."""

_EXPIRED: LiteralString = (
    "one_time AND (password_set_at < now() - interval '" + ONE_TIME_DAYS + " days'"
    " OR password_set_at > now() + interval '1 hour')"
)
"""By the database's clock alone, which also says when a password was set. One that was set while that clock was far
ahead would be good until long after."""

_ACCOUNT: LiteralString = "SELECT id, name, role, one_time, argon2, disabled_at, " + _EXPIRED + " FROM staff"  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class StaffLogin:
    """An account with what a login compares; ``disabled_at`` accounts may not log in.

    ``is_expired``: its password was generated and not used for so long that it opens nothing any more.
    """

    staff: Staff
    argon2: str
    disabled_at: datetime | None
    is_expired: bool = False


def create(connection: Transaction, name: str, role: Role, argon2: str, *, one_time: bool = True) -> Staff:
    """Add an account; names are lower case. Raises InvalidInput when the name is taken or unusable."""
    wanted = name.strip().lower()
    if not 1 <= len(wanted) <= 100:
        raise InvalidInput("name", name, "1 to 100 characters")
    row = connection.execute(
        "INSERT INTO staff (name, role, argon2, one_time) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (name) DO NOTHING RETURNING id",
        [wanted, role, argon2, one_time],
    ).fetchone()
    if row is None:
        raise InvalidInput("name", wanted, "a name that nobody has yet", "Choose another name.")
    return Staff(id=int(row[0]), name=wanted, role=role, one_time=one_time)


def find(connection: Transaction, name: str) -> StaffLogin | None:
    """The account of this name in any case, or None."""
    row = connection.execute(_ACCOUNT + " WHERE name = lower(btrim(%s))", [name]).fetchone()
    if row is None:
        return None
    return StaffLogin(_staff(row), str(row[4]), row[5], bool(row[6]))


@dataclass(frozen=True, slots=True)
class StaffEntry:
    """An account as it is listed; ``sessions`` are the open ones."""

    name: str
    role: Role
    one_time: bool
    disabled_at: datetime | None
    sessions: int
    is_expired: bool = False
    """A generated password that nobody used within seven days opens nothing any more."""


def entries(connection: Transaction) -> list[StaffEntry]:
    """All accounts with their state, by name, also the disabled ones."""
    rows = connection.execute(
        "SELECT name, role, one_time, disabled_at, " + _EXPIRED + ", (SELECT count(*)::int4 FROM staff_session"  # noqa: S608 - constants
        " WHERE staff = staff.id AND revoked_at IS NULL AND expires_at > now()) FROM staff ORDER BY name"
    )
    return [StaffEntry(row[0], Role(row[1]), row[2], row[3], row[5], bool(row[4])) for row in rows]


def disable(connection: Transaction, name: str) -> None:
    """Refuse the account's logins from now on and end its sessions; raise NotFound for an unknown name."""
    row = connection.execute(
        "UPDATE staff SET disabled_at = coalesce(disabled_at, now()) WHERE name = lower(btrim(%s)) RETURNING id",
        [name],
    ).fetchone()
    if row is None:
        raise NotFound("staff member", name)
    _end_sessions(connection, int(row[0]))


def enable(connection: Transaction, name: str, argon2: str) -> None:
    """Allow a disabled account's logins again, with a one-time password; raise NotFound for an unknown name."""
    set_password(connection, name, argon2, one_time=True)
    connection.execute("UPDATE staff SET disabled_at = NULL WHERE name = lower(btrim(%s))", [name])


def set_password(connection: Transaction, name: str, argon2: str, *, one_time: bool = False) -> None:
    """Replace the password and end all sessions opened with the old one; raise NotFound for an unknown name."""
    row = connection.execute(
        "UPDATE staff SET argon2 = %s, one_time = %s, password_set_at = now()"
        " WHERE name = lower(btrim(%s)) RETURNING id",
        [argon2, one_time, name],
    ).fetchone()
    if row is None:
        raise NotFound("staff member", name)
    _end_sessions(connection, int(row[0]))


def renew_hash(connection: Transaction, staff: int, argon2: str) -> None:
    """Keep the same password with newer parameters of the hash; sessions continue."""
    connection.execute("UPDATE staff SET argon2 = %s WHERE id = %s", [argon2, staff])


def _end_sessions(connection: Transaction, staff: int) -> None:
    connection.execute("UPDATE staff_session SET revoked_at = now() WHERE staff = %s AND revoked_at IS NULL", [staff])


def _staff(row: TupleRow) -> Staff:
    return Staff(id=int(row[0]), name=str(row[1]), role=Role(row[2]), one_time=bool(row[3]))
