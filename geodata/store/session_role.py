"""The role in which a service's sessions work: taken where the login may take it, refused with the hint elsewhere.

From PostgreSQL 16 on a membership says by itself whether it allows SET ROLE: whoever creates a role gets the right to
administer it and no more. Before, every member may.
"""

from __future__ import annotations

from dataclasses import dataclass

from psycopg import sql

from geodata.errors import RoleRefused
from geodata.messages.message import message
from geodata.store.transaction import Transaction

MEMBERSHIP_OPTIONS = 16_00_00
"""The first server version whose memberships have the options SET, INHERIT and ADMIN."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the session's login is to a role. ``owner``: it owns the tables, or may do as their owner does."""

    login: str
    exists: bool
    may_set: bool
    inherits: bool
    may_grant: bool
    owner: bool

    @property
    def outside(self) -> bool:
        """Whether the role is there, but this login can neither take it nor has its rights by inheritance."""
        return self.exists and not self.may_set and not self.inherits

    @property
    def refused(self) -> bool:
        """Whether the login cannot work as the role. The tables' owner can, with more rights than the role has.

        Roles belong to the whole server: whoever makes them for another database must not stop the services of this.
        """
        return self.outside and not self.owner


def standing(connection: Transaction, role: str) -> Standing:
    """Ask the server; works before the first migration too."""
    version = connection.info.server_version
    row = connection.execute(
        """
        SELECT current_user::text, oid IS NOT NULL, coalesce(pg_has_role(oid, %(set)s), false),
            coalesce(pg_has_role(oid, 'USAGE'), false),
            coalesce(pg_has_role(oid, 'MEMBER WITH ADMIN OPTION'), false)
                OR %(creator_grants)s AND (SELECT rolcreaterole FROM pg_roles WHERE rolname = current_user),
            coalesce((SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = to_regclass('schema_migration')),
                false)
        FROM (SELECT (SELECT oid FROM pg_roles WHERE rolname = %(role)s) AS oid) AS found
        """,
        {
            "role": role,
            "set": "SET" if version >= MEMBERSHIP_OPTIONS else "MEMBER",
            "creator_grants": version < MEMBERSHIP_OPTIONS,
        },
    ).fetchone()
    if row is None:  # pragma: no cover - a SELECT from one row has one row
        raise RuntimeError("the server said nothing")
    return Standing(*row)


def take(connection: Transaction, role: str) -> None:
    """Work as ``role`` from now on, or with the login's own rights where these suffice.

    They do where the role is inherited or does not exist, and where the login owns the tables.

    Raises RoleRefused where this login may do neither.
    """
    if not role:
        return
    role_standing = standing(connection, role)
    if role_standing.refused:
        raise RoleRefused(role_standing.login, role, hint(connection, role, role_standing))
    if role_standing.may_set:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))


def hint(connection: Transaction, role: str, role_standing: Standing) -> str:
    """What has to be run so that the login may take the role."""
    if role_standing.may_grant and role_standing.owner:
        return message("Run {action[migrate]} with this login: it may grant itself the role.")
    statement = membership(connection, role, role_standing.login).as_string(connection)
    return message("Let a superuser, or whoever made the role, run: {statement};", statement=statement)


def membership(connection: Transaction, role: str, login: str) -> sql.Composed:
    """The statement that lets ``login`` take ``role``, as this server's version writes it."""
    options = " WITH SET TRUE" if connection.info.server_version >= MEMBERSHIP_OPTIONS else ""
    return sql.SQL("GRANT {} TO {}{}").format(sql.Identifier(role), sql.Identifier(login), sql.SQL(options))
