"""What staff and housekeeping do with reports: answer, close, delete."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from geodata.errors import NotFound
from geodata.model.report import ReportState
from geodata.store.transaction import Transaction


def change(connection: Transaction, report: UUID, state: ReportState, answer: str, note: str, now: datetime) -> None:
    """Set state, answer and note; a report that stays closed keeps the time it was closed. Raises NotFound."""
    changed = connection.execute(
        "UPDATE report SET state = %(state)s, answer = %(answer)s, note = %(note)s,"
        " closed_at = CASE WHEN %(closed)s THEN coalesce(closed_at, %(now)s) END WHERE id = %(id)s",
        {"state": state, "answer": answer, "note": note, "closed": state.is_closed, "now": now, "id": report},
    )
    if not changed.rowcount:
        raise NotFound("report", str(report))


def close_open(connection: Transaction, reports: Sequence[UUID], now: datetime) -> int:
    """Set those of these that are not closed yet done; return how many. What was answered and noted stays."""
    return connection.execute(
        "UPDATE report SET state = %s, closed_at = %s WHERE id = ANY (%s) AND state <> ALL (%s)",
        [ReportState.DONE, now, list(reports), [state for state in ReportState if state.is_closed]],
    ).rowcount


def delete(connection: Transaction, report: UUID) -> None:
    """Delete a report and its picture at once, such as one that names people. Raises NotFound."""
    if not connection.execute("DELETE FROM report WHERE id = %s", [report]).rowcount:
        raise NotFound("report", str(report))


def delete_picture(connection: Transaction, report: UUID) -> None:
    """Delete the picture alone, such as one that shows people; none is no error."""
    connection.execute("DELETE FROM report_picture WHERE report = %s", [report])


def delete_closed(connection: Transaction, before: datetime, contact_before: datetime, most: int) -> int:
    """Delete reports closed before the one time, and contacts in those closed before the other; return how many."""
    row = connection.execute("SELECT delete_reports(%s, %s, %s)", [before, contact_before, most]).fetchone()
    return int(row[0]) if row else 0
