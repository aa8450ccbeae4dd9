"""Replays of the quarantine that staff ask for: written by the staff pages, carried out by a gateway."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from psycopg.rows import TupleRow

from geodata.store.ingest.quarantine import Selection
from geodata.store.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayRequest:
    """What was asked for, and how far it is. ``total`` is None until a gateway has begun.

    ``done`` and ``staying`` are messages, ``stored`` values. ``trails`` None: also what belongs to no device.
    """

    id: int
    device: str | None
    reason: str | None
    trails: list[str] | None
    asked_by: str
    asked_at: datetime
    total: int | None = None
    done: int = 0
    stored: int = 0
    staying: int = 0
    finished_at: datetime | None = None

    @property
    def selection(self) -> Selection:
        """The entries that are meant."""
        return Selection(device=self.device, reason=self.reason, trails=self.trails)


_REQUEST: LiteralString = (
    "SELECT id, device, reason, trails, asked_by, asked_at, total, done, stored, staying, finished_at"
    " FROM quarantine_replay"
)


def ask(connection: Transaction, selection: Selection, asked_by: str) -> int:
    """Ask for a replay of a device, a reason or all of some trails; return the number of the request.

    Where the same is asked for and not finished yet, it is that one: who presses twice asks once.
    """
    wanted = {"device": selection.device, "reason": selection.reason, "trails": selection.trails, "by": asked_by}
    row = connection.execute(
        "SELECT id FROM quarantine_replay WHERE finished_at IS NULL AND device IS NOT DISTINCT FROM %(device)s"
        " AND reason IS NOT DISTINCT FROM %(reason)s AND trails IS NOT DISTINCT FROM %(trails)s::text[] LIMIT 1",
        wanted,
    ).fetchone()
    row = (
        row
        or connection.execute(
            "INSERT INTO quarantine_replay (device, reason, trails, asked_by)"
            " VALUES (%(device)s, %(reason)s, %(trails)s, %(by)s) RETURNING id",
            wanted,
        ).fetchone()
    )
    return int(row[0]) if row else 0


def latest(connection: Transaction, trails: list[str] | None, device: str | None = None) -> ReplayRequest | None:
    """The newest request about what somebody sees; ``trails`` None: of all. ``device`` narrows to one."""
    rows = connection.execute(
        _REQUEST + " WHERE (%(trails)s::text[] IS NULL OR trails <@ %(trails)s)"
        " AND (%(device)s::text IS NULL OR device = %(device)s) ORDER BY id DESC LIMIT 1",
        {"trails": trails, "device": device},
    )
    return next(iter(_read(rows)), None)


def try_lock(connection: Transaction) -> bool:
    """Whether this transaction alone carries out requests now; held until it ends."""
    row = connection.execute("SELECT pg_try_advisory_xact_lock(hashtext('digitalpfad'), hashtext('replay'))").fetchone()
    return row is not None and bool(row[0])


def oldest(connection: Transaction) -> ReplayRequest | None:
    """The oldest that is not finished; None where there is none."""
    rows = connection.execute(_REQUEST + " WHERE finished_at IS NULL ORDER BY id LIMIT 1")
    return next(iter(_read(rows)), None)


def begin(connection: Transaction, identity: int, total: int) -> None:
    """Note of how many messages it is; begun anew it has those that are left."""
    connection.execute(
        "UPDATE quarantine_replay SET total = %s, done = 0, staying = 0 WHERE id = %s", [total, identity]
    )


def note(connection: Transaction, identity: int, done: int, stored: int, staying: int) -> None:
    """Note what became of some more."""
    connection.execute(
        "UPDATE quarantine_replay SET done = done + %s, stored = stored + %s, staying = staying + %s WHERE id = %s",
        [done, stored, staying, identity],
    )


def finish(connection: Transaction, identity: int, at: datetime) -> None:
    """It is done."""
    connection.execute("UPDATE quarantine_replay SET finished_at = %s WHERE id = %s", [at, identity])


def _read(rows: Iterable[TupleRow]) -> list[ReplayRequest]:
    return [
        ReplayRequest(
            id=row[0],
            device=row[1],
            reason=row[2],
            trails=row[3],
            asked_by=row[4],
            asked_at=row[5],
            total=row[6],
            done=row[7],
            stored=row[8],
            staying=row[9],
            finished_at=row[10],
        )
        for row in rows
    ]
