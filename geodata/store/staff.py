"""Staff accounts. Passwords come in and go out as argon2id hashes only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from psycopg import Connection
from psycopg.errors import UniqueViolation
from psycopg.rows import TupleRow

from geodata.errors import InvalidInput, NotFound
from geodata.model import Role, Staff


@dataclass(frozen=True, slots=True)
class StaffLogin:
    """An account with what a login compares; ``disabled_at`` accounts may not log in."""

    staff: Staff
    argon2: str
    disabled_at: datetime | None


def create(connection: Connection[TupleRow], name: str, role: Role, argon2: str, *, one_time: bool = True) -> Staff:
    """Add an account; names are lower case. Raises InvalidInput when the name is taken or unusable."""
    wanted = name.strip().lower()
    if not 1 <= len(wanted) <= 100:
        raise InvalidInput("name", name, "1 to 100 characters")
    try:
        with connection.transaction():
            row = connection.execute(
                "INSERT INTO staff (name, role, argon2, one_time) VALUES (%s, %s, %s, %s) RETURNING id",
                [wanted, role, argon2, one_time],
            ).fetchone()
    except UniqueViolation as error:
        raise InvalidInput("name", wanted, "a name that nobody has yet", "Choose another name.") from error
    if row is None:  # pragma: no cover - INSERT … RETURNING answers or raises
        raise RuntimeError("no id for a new member of staff")
    return Staff(id=int(row[0]), name=wanted, role=role, one_time=one_time)


def find(connection: Connection[TupleRow], name: str) -> StaffLogin | None:
    """The account of this name in any case, or None."""
    row = connection.execute(
        "SELECT id, name, role, one_time, argon2, disabled_at FROM staff WHERE name = lower(btrim(%s))", [name]
    ).fetchone()
    if row is None:
        return None
    return StaffLogin(_staff(row), str(row[4]), row[5])


def list_all(connection: Connection[TupleRow]) -> list[Staff]:
    """All accounts that are not disabled, by name."""
    rows = connection.execute("SELECT id, name, role, one_time FROM staff WHERE disabled_at IS NULL ORDER BY name")
    return [_staff(row) for row in rows]


def set_password(connection: Connection[TupleRow], name: str, argon2: str, *, one_time: bool = False) -> None:
    """Replace the password and end all sessions opened with the old one; raise NotFound for an unknown name."""
    row = connection.execute(
        "UPDATE staff SET argon2 = %s, one_time = %s WHERE name = lower(btrim(%s)) RETURNING id",
        [argon2, one_time, name],
    ).fetchone()
    if row is None:
        raise NotFound("staff", name)
    connection.execute(
        "UPDATE staff_session SET revoked_at = now() WHERE staff = %s AND revoked_at IS NULL", [int(row[0])]
    )


def renew_hash(connection: Connection[TupleRow], staff: int, argon2: str) -> None:
    """Keep the same password with newer parameters of the hash; sessions go on."""
    connection.execute("UPDATE staff SET argon2 = %s WHERE id = %s", [argon2, staff])


def _staff(row: TupleRow) -> Staff:
    return Staff(id=int(row[0]), name=str(row[1]), role=Role(row[2]), one_time=bool(row[3]))
