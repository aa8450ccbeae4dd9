"""Tasks that staff wrote down for the next care round."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from geodata.model.care.work import CareTask
from geodata.store.transaction import Transaction


def add(connection: Transaction, task: CareTask) -> int:
    """Write a new task; return its id. Its own ``id`` does not count."""
    row = connection.execute(
        "INSERT INTO care_task (trail, station, along_m, text, bring, created_by, created_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id",
        [task.trail, task.station, task.along_m, task.text, task.bring, task.created_by, task.created_at],
    ).fetchone()
    return int(row[0]) if row else 0


def open_of_trail(connection: Transaction, trail: str) -> list[CareTask]:
    """Those that nobody has done, the oldest first."""
    rows = connection.execute(
        "SELECT id, trail, station, along_m, text, bring, created_by, created_at FROM care_task"
        " WHERE trail = %s AND done_at IS NULL ORDER BY created_at, id",
        [trail],
    )
    return [
        CareTask(
            id=row[0], trail=row[1], station=row[2], along_m=row[3], text=row[4], bring=row[5], created_by=row[6],
            created_at=row[7],
        )
        for row in rows
    ]  # fmt: skip


def texts(connection: Transaction, ids: Collection[int]) -> dict[int, str]:
    """What these tasks say, those that are done too."""
    rows = connection.execute("SELECT id, text FROM care_task WHERE id = ANY (%s)", [list(ids)])
    return {row[0]: row[1] for row in rows}


def finish(connection: Transaction, task: int, trail: str, by: str, at: datetime) -> str | None:
    """Note who did a task of this trail; return what it says, None where it is done already or not there."""
    row = connection.execute(
        "UPDATE care_task SET done_by = %s, done_at = %s WHERE id = %s AND trail = %s AND done_at IS NULL"
        " RETURNING text",
        [by, at, task, trail],
    ).fetchone()
    return None if row is None else str(row[0])


def remove(connection: Transaction, task: int) -> CareTask | None:
    """Delete a task that nobody has to do; return what it was, None where it is done already or not there."""
    row = connection.execute(
        "DELETE FROM care_task WHERE id = %s AND done_at IS NULL"
        " RETURNING id, trail, station, along_m, text, bring, created_by, created_at",
        [task],
    ).fetchone()
    if row is None:
        return None
    return CareTask(
        id=row[0], trail=row[1], station=row[2], along_m=row[3], text=row[4], bring=row[5], created_by=row[6],
        created_at=row[7],
    )  # fmt: skip
