"""What a database server says about itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from psycopg import Connection
from psycopg.rows import TupleRow


@dataclass(frozen=True, slots=True)
class Server:
    """Versions and clock; ``timescale`` is None where the extension is not enabled in this database."""

    version: str
    timescale: str | None
    now: datetime


def server(connection: Connection[TupleRow]) -> Server:
    """Ask the server; works before the first migration too."""
    row = connection.execute(
        "SELECT current_setting('server_version'),"
        " (SELECT extversion FROM pg_extension WHERE extname = 'timescaledb'), clock_timestamp()"
    ).fetchone()
    if row is None:  # pragma: no cover - a SELECT without FROM has one row
        raise RuntimeError("the server said nothing")
    return Server(str(row[0]).split(" ")[0], row[1], row[2])
