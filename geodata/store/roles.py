"""What each service may do in the database, as data; ``migrate`` makes it so.

A login becomes a gateway or a web service by being a member of the role; the migrating login makes itself one. Where
the roles are not there and it may not create any (some hosted databases), the services work with their login's own
rights.
"""

from __future__ import annotations

from contextlib import suppress
from typing import LiteralString

from psycopg import errors, sql

from geodata.errors import RoleRefused
from geodata.store.session_role import hint, membership, standing
from geodata.store.transaction import Transaction

GATEWAY = "digitalpfad_gateway"
WEB = "digitalpfad_web"

_READ: LiteralString = "SELECT"
_WRITE: LiteralString = "SELECT, INSERT, UPDATE"
_ALL: LiteralString = "SELECT, INSERT, UPDATE, DELETE"

GRANTS: dict[str, dict[str, LiteralString]] = {
    GATEWAY: {
        "observed_property": _READ,
        "device": _READ,
        "device_stay": _READ,
        "datastream": "SELECT, INSERT",
        "device_state": _WRITE,
        "device_interval": _ALL,
        "device_maintenance": _READ,
        "database_size": "SELECT, INSERT",
        "device_boot": _ALL,
        "receipt_time": "SELECT, INSERT, DELETE",
        "observation": "SELECT, INSERT",
        "rollup_hour": _WRITE,
        "latest": _WRITE,
        "quarantine": _ALL,
        "observation_horizon": _READ,
        "ingest_counter": _WRITE,
        "ingest_minute": _ALL,
        "broker_session": _ALL,
        "municipality": _READ,
        "trail": _READ,
        "counter_mounting": _WRITE,
        "counter_channel": _WRITE,
        "passes_queue": "SELECT, INSERT, DELETE",
        "passes_hour": _ALL,
        "counter_silence": _ALL,
        "passes_day": _ALL,
        "station": _READ,
        "scan_hour": _READ,
        "scan_uptime": _READ,
        "closed_period": "SELECT, INSERT",
        "published_figure": "SELECT, INSERT",
        "withheld_count": "SELECT, INSERT",
        "scan_receipt": "SELECT, DELETE",
        "sign_watch": _WRITE,
        "sign_case": _WRITE,
        "weather_day": _READ,
        "count_session": _READ,
        "count_tally": "SELECT, UPDATE",
        "count_slice": "SELECT, UPDATE",
        "quarantine_replay": "SELECT, UPDATE",
    },
    WEB: {
        "municipality": _READ,
        "trail": _WRITE,
        "trail_content": _ALL,
        "trail_place": "SELECT, INSERT, DELETE",
        "trail_section": "SELECT, INSERT, DELETE",
        "station": _WRITE,
        "station_content": _ALL,
        "content_version": _WRITE,
        "contribution_link": _WRITE,
        "contribution": _WRITE,
        "removed_code": _READ,
        "media": "SELECT, INSERT",
        "media_rendition": "SELECT, INSERT",
        "trail_upload": _ALL,
        "observed_property": _READ,
        "trail_audience": _READ,
        "device": _WRITE,
        "device_stay": "SELECT, INSERT, DELETE",
        "device_state": _READ,
        "device_maintenance": _ALL,
        "device_boot": _READ,
        "sensor": _READ,
        "datastream": _READ,
        "observation": _READ,
        "rollup_hour": _READ,
        "latest": _READ,
        "quarantine": _READ,
        "quarantine_replay": "SELECT, INSERT",
        "ingest_counter": _READ,
        "ingest_minute": _READ,
        "scan_hour": _WRITE,
        "scan_uptime": _WRITE,
        "database_size": _READ,
        "scan_journal": _ALL,
        "scan_receipt": "SELECT, INSERT",
        "count_session": "SELECT, INSERT, DELETE",
        "count_tally": _WRITE,
        "count_slice": _WRITE,
        "sign_case": _WRITE,
        "sign_case_report": "SELECT, INSERT",
        "sign_watch": "SELECT, UPDATE",
        "closure": _ALL,
        "closure_content": "SELECT, INSERT, DELETE",
        "notice_rule": _ALL,
        "notice_text": _ALL,
        "notice_override": "SELECT, INSERT",
        "care_task": _ALL,
        "care_visit": "SELECT, INSERT",
        "care_tick": "SELECT, INSERT",
        "care_picture": "SELECT, INSERT",
        "notice_log": "SELECT, INSERT",
        "staff": _WRITE,
        "staff_grant": "SELECT, INSERT, DELETE",
        "staff_session": _ALL,
        "mail": _ALL,
        "mail_wish": _ALL,
        "staff_token": _ALL,
        "staff_totp": _ALL,
        "staff_recovery_code": "SELECT, INSERT, DELETE",
        "staff_passkey": _ALL,
        "audit": _READ,
        "counter_mounting": _ALL,
        "counter_channel": "SELECT, INSERT",
        "passes_day": "SELECT, DELETE",
        "weather_day": _READ,
        "annotation": _ALL,
        "report": _ALL,
        "report_picture": "SELECT, INSERT, DELETE",
        "passes_queue": "INSERT",
        "passes_hour": "SELECT, DELETE",
        "counter_silence": "SELECT, DELETE",
        "schema_migration": _READ,
        "closed_period": _READ,
        "published_figure": _READ,
    },
}

FUNCTIONS: dict[str, list[LiteralString]] = {
    GATEWAY: [
        "ensure_observation_partitions",
        "drop_oldest_observations",
        "delete_rollups",
        "set_observation_policies",
        "delete_audit",
        "delete_reports",
    ],
    WEB: ["audit_done", "audit_refused", "settle_quarantine", "keep_device_credential", "delete_device_credential"],
}
"""Functions that work with the owner's rights; nobody else may call them."""


def grant(connection: Transaction) -> None:
    """Create the roles, set their rights to GRANTS, no more, and let this login take them: as far as it may."""
    for functions in FUNCTIONS.values():
        for function in map(sql.Identifier, functions):
            connection.execute(sql.SQL("REVOKE EXECUTE ON FUNCTION {} FROM PUBLIC").format(function))
    for role, tables in GRANTS.items():
        if not _made(connection, role):
            continue
        name = sql.Identifier(role)
        _revoke_all(connection, name)
        connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(name))
        for table, rights in tables.items():
            connection.execute(
                sql.SQL("GRANT {} ON TABLE {} TO {}").format(sql.SQL(rights), sql.Identifier(table), name)
            )
        for function in map(sql.Identifier, FUNCTIONS.get(role, [])):
            connection.execute(sql.SQL("GRANT EXECUTE ON FUNCTION {} TO {}").format(function, name))
        _join(connection, role)


def refusals(connection: Transaction) -> list[RoleRefused]:
    """The roles that this login may not take, with what has to be run."""
    standings = {role: standing(connection, role) for role in GRANTS}
    return [
        RoleRefused(role_standing.login, role, hint(connection, role, role_standing))
        for role, role_standing in standings.items()
        if role_standing.outside
    ]


def missing_rights(connection: Transaction, role: str) -> list[str]:
    """What of GRANTS and FUNCTIONS this session lacks, as "INSERT on latest"."""
    tables = [(table, right) for table, rights in GRANTS[role].items() for right in rights.split(", ")]
    lacking = connection.execute(
        "SELECT wanted.right || ' on ' || name FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY"
        ' AS wanted (name, "right", number) WHERE has_table_privilege(to_regclass(name), "right") IS NOT TRUE'
        " ORDER BY number",
        [[table for table, _ in tables], [right for _, right in tables]],
    ).fetchall()
    functions = connection.execute(
        "SELECT 'EXECUTE on ' || name FROM unnest(%s::text[]) AS name"
        " WHERE has_function_privilege(to_regproc(name), 'EXECUTE') IS NOT TRUE ORDER BY name",
        [FUNCTIONS.get(role, [])],
    ).fetchall()
    return [str(row[0]) for row in lacking + functions]


def _made(connection: Transaction, role: str) -> bool:
    """Whether the role is there, if need be now; roles belong to the whole server, not to this database."""
    if standing(connection, role).exists:
        return True
    row = connection.execute("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user").fetchone()
    if row is None or not row[0]:
        return False
    # Another of the server's databases may be migrating at this moment.
    with suppress(errors.DuplicateObject, errors.UniqueViolation), connection.transaction():
        connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))
    return True


def _revoke_all(connection: Transaction, name: sql.Identifier) -> None:
    """On this login's own tables: those of others in the schema (extensions') it may not touch."""
    own = connection.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        " AND pg_has_role(relowner, 'USAGE')"
    ).fetchall()
    tables = sql.SQL(", ").join(sql.Identifier(row[0]) for row in own)
    connection.execute(sql.SQL("REVOKE ALL ON TABLE {} FROM {}").format(tables, name))


def _join(connection: Transaction, role: str) -> None:
    """Let this login take the role where it may grant it: that it created it does not say so from PostgreSQL 16 on."""
    role_standing = standing(connection, role)
    if not role_standing.may_set and role_standing.may_grant:
        connection.execute(membership(connection, role, role_standing.login))
