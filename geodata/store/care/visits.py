"""Visits of care rounds: each kept once, however often a phone sends it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from psycopg.rows import TupleRow

from geodata.errors import NotFound
from geodata.model.care.visit import CareTick, CareVisit, LastTick
from geodata.model.care.work import WorkKind, WorkOutcome
from geodata.model.report import ReportPicture
from geodata.store.transaction import Transaction

_VISIT: LiteralString = """
    SELECT id, trail, station, visited_at, received_at, visited_by, at_sign, is_fine, note,
        ARRAY(SELECT ARRAY[kind, ref, outcome, is_late::text] FROM care_tick WHERE visit = id ORDER BY kind, ref),
        EXISTS (SELECT FROM care_picture WHERE visit = id)
    FROM care_visit
"""


def add(connection: Transaction, visit: CareVisit) -> bool:
    """Write a visit without its ticks; return whether it was not there yet."""
    return bool(
        connection.execute(
            "INSERT INTO care_visit (id, trail, station, visited_at, received_at, visited_by, at_sign, is_fine, note)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [
                visit.id, visit.trail, visit.station, visit.visited_at, visit.received_at, visit.visited_by,
                visit.at_sign, visit.is_fine, visit.note,
            ],
        ).rowcount
    )  # fmt: skip


def add_tick(connection: Transaction, visit: UUID, tick: CareTick) -> None:
    """Write down what was done on a visit."""
    connection.execute(
        "INSERT INTO care_tick (visit, kind, ref, outcome, is_late) VALUES (%s, %s, %s, %s, %s)",
        [visit, tick.kind, tick.ref, tick.outcome, tick.is_late],
    )


def add_picture(connection: Transaction, visit: UUID, picture: ReportPicture) -> None:
    """Keep the picture of a visit."""
    connection.execute(
        "INSERT INTO care_picture (visit, width, height, data) VALUES (%s, %s, %s, %b)",
        [visit, picture.width, picture.height, picture.data],
    )


def find(connection: Transaction, visit: UUID) -> CareVisit | None:
    """The visit with this id."""
    row = connection.execute(_VISIT + " WHERE id = %s", [visit]).fetchone()
    return None if row is None else _visit(row)


def newest(connection: Transaction, trail: str, most: int) -> list[CareVisit]:
    """At most so many visits on a trail, the newest first."""
    rows = connection.execute(_VISIT + " WHERE trail = %s ORDER BY visited_at DESC, id LIMIT %s", [trail, most])
    return [_visit(row) for row in rows]


def picture(connection: Transaction, visit: UUID) -> bytes:
    """The JPEG of a visit; raises NotFound where it has none."""
    row = connection.execute("SELECT data FROM care_picture WHERE visit = %s", [visit]).fetchone()
    if row is None:
        raise NotFound("picture of the visit", str(visit))
    return bytes(row[0])


def last_seen(connection: Transaction, stations: Collection[str]) -> dict[str, datetime]:
    """When somebody last was at each of these stations, by code."""
    rows = connection.execute(
        "SELECT station, max(visited_at) FROM care_visit WHERE station = ANY (%s) GROUP BY station", [list(stations)]
    )
    return {row[0]: row[1] for row in rows}


def last_ticks(connection: Transaction, kind: WorkKind, refs: Collection[str]) -> dict[str, LastTick]:
    """What was last done about each of these, by id."""
    rows = connection.execute(
        "SELECT DISTINCT ON (ref) ref, outcome, visited_at, visited_by FROM care_tick"
        " JOIN care_visit ON care_visit.id = visit WHERE kind = %s AND ref = ANY (%s)"
        " ORDER BY ref, visited_at DESC, care_visit.id",
        [kind, list(refs)],
    )
    return {row[0]: LastTick(WorkOutcome(row[1]), row[2], row[3]) for row in rows}


def is_done_since(connection: Transaction, kind: WorkKind, ref: str, since: datetime, besides: UUID) -> bool:
    """Whether another visit, which came after ``since``, did this."""
    row = connection.execute(
        "SELECT FROM care_tick JOIN care_visit ON care_visit.id = visit"
        " WHERE kind = %s AND ref = %s AND received_at > %s AND visit <> %s LIMIT 1",
        [kind, ref, since, besides],
    ).fetchone()
    return row is not None


def _visit(row: TupleRow) -> CareVisit:
    return CareVisit(
        id=row[0], trail=row[1], station=row[2], visited_at=row[3], received_at=row[4], visited_by=row[5],
        at_sign=row[6], is_fine=row[7], note=row[8],
        ticks=[CareTick(WorkKind(kind), ref, WorkOutcome(came), late == "true") for kind, ref, came, late in row[9]],
        has_picture=row[10],
    )  # fmt: skip
