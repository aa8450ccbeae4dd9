"""What each service may do in the database, as data; ``migrate`` makes it so.

A login becomes a gateway or a web service by being a member of the role. Where the migrating login may not create
roles (some hosted databases), the services work with their login's own rights.
"""

from __future__ import annotations

from contextlib import suppress
from typing import LiteralString

from psycopg import Connection, errors, sql
from psycopg.rows import TupleRow

GATEWAY = "digitalpfad_gateway"
WEB = "digitalpfad_web"

_READ: LiteralString = "SELECT"
_WRITE: LiteralString = "SELECT, INSERT, UPDATE"

GRANTS: dict[str, dict[str, LiteralString]] = {
    GATEWAY: {
        "observed_property": _READ,
        "device": _READ,
        "datastream": "SELECT, INSERT",
        "device_state": _WRITE,
        "device_boot": _WRITE,
        "receipt_time": "SELECT, INSERT, DELETE",
        "observation": "SELECT, INSERT",
        "rollup_hour": _WRITE,
        "latest": _WRITE,
        "quarantine": "SELECT, INSERT, UPDATE, DELETE",
        "observation_horizon": _READ,
        "ingest_counter": _WRITE,
        "ingest_minute": "SELECT, INSERT, UPDATE, DELETE",
        "broker_session": "SELECT, INSERT, UPDATE, DELETE",
    },
    WEB: {
        "municipality": _READ,
        "trail": _READ,
        "trail_content": _READ,
        "station": _READ,
        "station_content": _READ,
        "media": _READ,
        "media_rendition": _READ,
        "observed_property": _READ,
        "device": _READ,
        "device_state": _READ,
        "device_boot": _READ,
        "sensor": _READ,
        "datastream": _READ,
        "observation": _READ,
        "rollup_hour": _READ,
        "latest": _READ,
        "quarantine": _READ,
        "ingest_counter": _READ,
        "ingest_minute": _READ,
        "scan_hour": _WRITE,
        "closure": _READ,
        "closure_content": _READ,
        "notice_rule": _READ,
        "notice_text": _READ,
        "notice_override": _READ,
        "notice_log": "SELECT, INSERT",
        "staff": "SELECT, UPDATE",
        "staff_session": "SELECT, INSERT, UPDATE, DELETE",
        "schema_migration": _READ,
    },
}

FUNCTIONS: dict[str, list[LiteralString]] = {
    GATEWAY: [
        "ensure_observation_partitions",
        "drop_oldest_observations",
        "delete_rollups",
        "set_observation_policies",
    ],
}
"""Functions that work with the owner's rights; nobody else may call them."""


def grant(connection: Connection[TupleRow]) -> bool:
    """Create the roles and set their rights to GRANTS, no more; False where this login may not create roles."""
    row = connection.execute("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user").fetchone()
    if row is None or not row[0]:
        return False
    for role, tables in GRANTS.items():
        name = sql.Identifier(role)
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone() is None:
            # Roles belong to the whole server: another of its databases may be migrating at this moment.
            with suppress(errors.DuplicateObject, errors.UniqueViolation), connection.transaction():
                connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(name))
        connection.execute(sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(name))
        connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(name))
        for table, rights in tables.items():
            connection.execute(
                sql.SQL("GRANT {} ON TABLE {} TO {}").format(sql.SQL(rights), sql.Identifier(table), name)
            )
    for role, functions in FUNCTIONS.items():
        for function in map(sql.Identifier, functions):
            connection.execute(sql.SQL("REVOKE EXECUTE ON FUNCTION {} FROM PUBLIC").format(function))
            connection.execute(sql.SQL("GRANT EXECUTE ON FUNCTION {} TO {}").format(function, sql.Identifier(role)))
    return True
