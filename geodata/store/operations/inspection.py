"""What a database server says about itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from geodata.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Server:
    """Versions and clock; ``timescale`` is None where the extension is not enabled in this database."""

    version: str
    timescale: str | None
    now: datetime


def server(connection: Transaction) -> Server:
    """Ask the server; works before the first migration too."""
    row = connection.execute(
        "SELECT current_setting('server_version'),"
        " (SELECT extversion FROM pg_extension WHERE extname = 'timescaledb'), clock_timestamp()"
    ).fetchone()
    if row is None:  # pragma: no cover - a SELECT without FROM has one row
        raise RuntimeError("the server said nothing")
    return Server(str(row[0]).split(" ")[0], row[1], row[2])


def instance(connection: Transaction) -> str:
    """16 hex digits that tell this database from every other, also from one restored from its backup; no secret.

    Made from when its first migration ran, and its number on the server. Needs the first migration.
    """
    row = connection.execute(
        "SELECT left(encode(sha256(convert_to(oid || ' ' || extract(epoch FROM applied_at), 'UTF8')), 'hex'), 16)"
        " FROM schema_migration, pg_database WHERE datname = current_database() ORDER BY number LIMIT 1"
    ).fetchone()
    return str(row[0]) if row else ""


@dataclass(frozen=True, slots=True)
class FailedJob:
    """A job of TimescaleDB for the observations whose last run failed; ``reason`` is empty where it is not told us."""

    id: int
    name: str
    reason: str


def failed_jobs(connection: Transaction) -> list[FailedJob]:
    """Jobs that failed and did not succeed since; none without TimescaleDB."""
    if server(connection).timescale is None:
        return []
    rows = connection.execute(
        """
        SELECT job_id, proc_name::text, coalesce(
            (SELECT err_message FROM timescaledb_information.job_errors AS told WHERE told.job_id = jobs.job_id
                ORDER BY finish_time DESC LIMIT 1), '')
        FROM timescaledb_information.jobs JOIN timescaledb_information.job_stats USING (job_id)
        WHERE jobs.hypertable_schema = 'public' AND jobs.hypertable_name = 'observation' AND last_run_status = 'Failed'
        ORDER BY job_id
        """
    )
    return [FailedJob(*row) for row in rows]
