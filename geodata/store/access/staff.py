"""Staff accounts. Passwords come in and go out as argon2id hashes only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from psycopg.rows import TupleRow

from geodata.errors import InvalidInput, NotFound
from geodata.model.staff import Grant, Role, Staff
from geodata.store.transaction import Transaction

ONE_TIME_DAYS: LiteralString = "7"
"""For so many days a generated password is good."""

_EXPIRED: LiteralString = (
    "one_time AND (password_set_at < now() - interval '" + ONE_TIME_DAYS + " days'"
    " OR password_set_at > now() + interval '1 hour')"
)
"""By the database's clock alone, which also says when a password was set. One that was set while that clock was far
ahead would be good until long after."""

GRANTS: LiteralString = (
    "(SELECT coalesce(jsonb_agg(jsonb_build_array(role, municipality) ORDER BY municipality NULLS FIRST), '[]')"
    " FROM staff_grant WHERE staff = staff.id)"
)
"""The grants of a row of ``staff``, as grants_of() reads them."""

_ACCOUNT: LiteralString = (
    "SELECT id, name, " + GRANTS + ", one_time, argon2, disabled_at, " + _EXPIRED + " FROM staff"  # noqa: S608 - constants
)


@dataclass(frozen=True, slots=True)
class StaffLogin:
    """An account with what a login compares; ``disabled_at`` accounts may not log in.

    ``argon2`` is None where no password opens it. ``is_expired``: its password was generated and not used for so long
    that it opens nothing any more.
    """

    staff: Staff
    argon2: str | None
    disabled_at: datetime | None
    is_expired: bool = False


def create(
    connection: Transaction, name: str, grants: Sequence[Grant], argon2: str | None, *, one_time: bool = True
) -> Staff:
    """Add an account with what it may do; names are lower case. Without a hash no password opens it.

    Raises InvalidInput when the name is taken or unusable, NotFound for an unknown municipality.
    """
    wanted = name.strip().lower()
    if not 1 <= len(wanted) <= 100:
        raise InvalidInput("name", name, "1 to 100 characters")
    row = connection.execute(
        "INSERT INTO staff (name, argon2, one_time) VALUES (%s, %s, %s) ON CONFLICT (name) DO NOTHING RETURNING id",
        [wanted, argon2, one_time],
    ).fetchone()
    if row is None:
        raise InvalidInput("name", wanted, "a name that nobody has yet", "Choose another name.")
    identity = int(row[0])
    set_grants(connection, identity, grants)
    return Staff(id=identity, name=wanted, grants=tuple(grants), one_time=one_time)


def set_grants(connection: Transaction, staff: int, grants: Sequence[Grant]) -> None:
    """Replace what somebody may do. Raises InvalidInput without any grant or with two for one municipality.

    Raises NotFound for a municipality that there is not.
    """
    towns = [grant.municipality for grant in grants]
    if not grants or len(set(towns)) != len(towns):
        raise InvalidInput("grants", ", ".join(map(str, towns)), "one role in each municipality, and at least one")
    for town in filter(None, towns):
        if connection.execute("SELECT FROM municipality WHERE slug = %s", [town]).fetchone() is None:
            raise NotFound("municipality", town)
    connection.execute("DELETE FROM staff_grant WHERE staff = %s", [staff])
    for grant in grants:
        connection.execute(
            "INSERT INTO staff_grant (staff, municipality, role) VALUES (%s, %s, %s)",
            [staff, grant.municipality, grant.role],
        )


def grants_of(pairs: Sequence[tuple[str, str | None]]) -> tuple[Grant, ...]:
    """What GRANTS selected."""
    return tuple(Grant(Role(role), municipality) for role, municipality in pairs)


def find(connection: Transaction, name: str) -> StaffLogin | None:
    """The account of this name in any case, or None."""
    return _login(connection.execute(_ACCOUNT + " WHERE name = lower(btrim(%s))", [name]).fetchone())


def get(connection: Transaction, staff: int) -> StaffLogin:
    """The account with this id; raises NotFound."""
    account = _login(connection.execute(_ACCOUNT + " WHERE id = %s", [staff]).fetchone())
    if account is None:
        raise NotFound("staff member", str(staff))
    return account


def _login(row: TupleRow | None) -> StaffLogin | None:
    return StaffLogin(_staff(row), row[4], row[5], bool(row[6])) if row is not None else None


_ENTRIES: LiteralString = (
    "SELECT id, name, " + GRANTS + ", one_time, disabled_at, " + _EXPIRED + ", (SELECT count(*)::int4"  # noqa: S608 - constants
    " FROM staff_session WHERE staff = staff.id AND revoked_at IS NULL AND expires_at > now()),"
    " (SELECT max(last_used_at) FROM staff_session WHERE staff = staff.id),"
    " argon2 IS NOT NULL, EXISTS (SELECT FROM staff_passkey WHERE staff = staff.id),"
    " EXISTS (SELECT FROM staff_totp WHERE staff = staff.id AND confirmed_at IS NOT NULL),"
    " (SELECT max(created_at) FROM staff_token WHERE staff = staff.id AND purpose = 'invitation') FROM staff"
    " WHERE %(id)s::int IS NULL OR id = %(id)s ORDER BY name"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffEntry:
    """An account as it is listed; ``sessions`` are the open ones."""

    id: int
    name: str
    grants: tuple[Grant, ...]
    one_time: bool
    disabled_at: datetime | None
    is_expired: bool = False
    """A generated password that nobody used within seven days opens nothing any more."""
    sessions: int
    last_used_at: datetime | None
    """When somebody last did something with it, as far as sessions are kept."""
    has_password: bool
    has_passkey: bool
    has_totp: bool
    invited_at: datetime | None
    """Since when an invitation waits; it is good for seven days."""


def entries(connection: Transaction, identity: int | None = None) -> list[StaffEntry]:
    """All accounts with their state, by name, also the disabled ones; or the one with this id."""
    rows = connection.execute(_ENTRIES, {"id": identity})
    return [
        StaffEntry(
            id=row[0],
            name=row[1],
            grants=grants_of(row[2]),
            one_time=row[3],
            disabled_at=row[4],
            is_expired=bool(row[5]),
            sessions=row[6],
            last_used_at=row[7],
            has_password=row[8],
            has_passkey=row[9],
            has_totp=row[10],
            invited_at=row[11],
        )
        for row in rows
    ]


def lock_grants(connection: Transaction) -> None:
    """Let nobody else change what people may do until this ends: two admins who each remove the other, for one."""
    connection.execute("SELECT pg_advisory_xact_lock(hashtext('digitalpfad: grants of staff'))")


def count_admins(connection: Transaction, municipality: str | None) -> int:
    """How many people who can sign in are admins of a municipality, or of the whole installation (None)."""
    row = connection.execute(
        "SELECT count(DISTINCT staff.id)::int4 FROM staff JOIN staff_grant ON staff_grant.staff = staff.id"
        " WHERE (municipality IS NULL OR municipality = %s) AND role = 'admin' AND disabled_at IS NULL"
        " AND (argon2 IS NOT NULL OR EXISTS (SELECT FROM staff_passkey WHERE staff_passkey.staff = staff.id))",
        [municipality],
    ).fetchone()
    return int(row[0]) if row else 0


def disable(connection: Transaction, name: str) -> None:
    """Refuse the account's logins from now on and end its sessions; raise NotFound for an unknown name."""
    row = connection.execute(
        "UPDATE staff SET disabled_at = coalesce(disabled_at, now()) WHERE name = lower(btrim(%s)) RETURNING id",
        [name],
    ).fetchone()
    if row is None:
        raise NotFound("staff member", name)
    _end_sessions(connection, int(row[0]))


def allow(connection: Transaction, staff: int) -> None:
    """Allow a disabled account's logins again, as they were."""
    connection.execute("UPDATE staff SET disabled_at = NULL WHERE id = %s", [staff])


def enable(connection: Transaction, name: str, argon2: str) -> None:
    """Allow a disabled account's logins again, with a one-time password; raise NotFound for an unknown name."""
    set_password(connection, name, argon2, one_time=True)
    connection.execute("UPDATE staff SET disabled_at = NULL WHERE name = lower(btrim(%s))", [name])


def set_password(connection: Transaction, name: str, argon2: str | None, *, one_time: bool = False) -> None:
    """Replace the password and end all sessions opened with the old one; raise NotFound for an unknown name.

    Without a hash no password opens it any more.
    """
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
    return Staff(id=int(row[0]), name=str(row[1]), grants=grants_of(row[2]), one_time=bool(row[3]))
