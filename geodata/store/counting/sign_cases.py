"""Cases of signs that somebody should look at: opened once for a station, joined by reports, closed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import LiteralString
from uuid import UUID

import msgspec
from psycopg.rows import TupleRow
from psycopg.types.json import Jsonb

from geodata.errors import NotFound
from geodata.model.counting.sign_case import CaseOutcome, CaseReason, SignCase, SilenceEvidence
from geodata.store.transaction import Transaction

_CASE: LiteralString = """
    SELECT id, station, reason, opened_at, evidence, closed_at, closed_by, outcome,
        ARRAY(SELECT report FROM sign_case_report WHERE sign_case = sign_case.id ORDER BY report),
        (SELECT max(hour) FROM scan_hour WHERE scan_hour.station = sign_case.station AND entry <> 'link'
            AND hour >= sign_case.opened_at AND hour <= coalesce(sign_case.closed_at, 'infinity'))
    FROM sign_case
"""


def open_cases(connection: Transaction) -> list[SignCase]:
    """The cases that wait, the oldest first."""
    return _cases(connection.execute(_CASE + " WHERE closed_at IS NULL ORDER BY opened_at, id").fetchall())


def count_open(connection: Transaction, trails: Collection[str] | None = None) -> int:
    """How many wait for somebody to look; on these trails (slugs), or all."""
    row = connection.execute(
        "SELECT count(*) FROM sign_case JOIN station ON station.code = sign_case.station"
        " WHERE closed_at IS NULL AND (%(trails)s::text[] IS NULL OR trail = ANY (%(trails)s))",
        {"trails": None if trails is None else list(trails)},
    ).fetchone()
    return int(row[0]) if row else 0


def evidence(connection: Transaction) -> dict[str, SilenceEvidence | None]:
    """What speaks for the silence of the signs that wait, by station; None where visitors told it and nothing else."""
    rows = connection.execute("SELECT station, evidence FROM sign_case WHERE closed_at IS NULL").fetchall()
    return {row[0]: None if row[1] is None else msgspec.convert(row[1], SilenceEvidence) for row in rows}


def of_station(connection: Transaction, station: str) -> list[SignCase]:
    """All cases of a station, the newest first."""
    rows = connection.execute(_CASE + " WHERE station = %s ORDER BY opened_at DESC, id DESC", [station])
    return _cases(rows.fetchall())


def find(connection: Transaction, case: int) -> SignCase:
    """The case with this id; raises NotFound."""
    found = _cases(connection.execute(_CASE + " WHERE id = %s", [case]).fetchall())
    if not found:
        raise NotFound("case of a sign", str(case))
    return found[0]


def open_silent(connection: Transaction, station: str, evidence: SilenceEvidence, now: datetime) -> int:
    """Open a case of a silent sign, or add the evidence to the one that is open; return its id."""
    return _opened(connection, station, CaseReason.SILENT, now, Jsonb(msgspec.to_builtins(evidence)))


def open_reported(connection: Transaction, station: str, report: UUID, now: datetime) -> int:
    """Open a case by what a visitor told, or join the one that is open; the same report again changes nothing."""
    there = connection.execute("SELECT sign_case FROM sign_case_report WHERE report = %s", [report]).fetchone()
    if there is not None:
        return int(there[0])
    case = _opened(connection, station, CaseReason.REPORTED, now, None)
    connection.execute("INSERT INTO sign_case_report (report, sign_case) VALUES (%s, %s)", [report, case])
    return case


def close(connection: Transaction, case: int, outcome: CaseOutcome, closed_by: str, now: datetime) -> None:
    """Close a case that is open; raises NotFound where there is no open one of this id."""
    closed = connection.execute(
        "UPDATE sign_case SET closed_at = %s, closed_by = %s, outcome = %s WHERE id = %s AND closed_at IS NULL",
        [now, closed_by, outcome, case],
    )
    if not closed.rowcount:
        raise NotFound("open case of a sign", str(case))


def _opened(connection: Transaction, station: str, reason: CaseReason, now: datetime, evidence: Jsonb | None) -> int:
    row = connection.execute(
        "INSERT INTO sign_case AS there (station, reason, opened_at, evidence) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (station) WHERE closed_at IS NULL"
        " DO UPDATE SET evidence = coalesce(excluded.evidence, there.evidence) RETURNING id",
        [station, reason, now, evidence],
    ).fetchone()
    assert row is not None, "inserted or updated"  # noqa: S101 - for the type
    return int(row[0])


def _cases(rows: Sequence[TupleRow]) -> list[SignCase]:
    return [
        SignCase(
            id=row[0], station=row[1], reason=CaseReason(row[2]), opened_at=row[3],
            evidence=None if row[4] is None else msgspec.convert(row[4], SilenceEvidence),
            closed_at=row[5], closed_by=row[6], outcome=None if row[7] is None else CaseOutcome(row[7]),
            reports=row[8], scanned_at=row[9],
        )
        for row in rows
    ]  # fmt: skip
