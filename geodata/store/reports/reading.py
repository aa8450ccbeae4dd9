"""Reports as they are read: one of them, those that staff look at, and how many wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from psycopg.rows import TupleRow

from geodata.errors import NotFound
from geodata.model.report import Report, ReportKind, ReportPicture, ReportPlace, ReportState
from geodata.store.transaction import Transaction

_REPORT: LiteralString = (
    "SELECT id, received_at, written_at, kind, municipality, trail, station, lon, lat, accuracy_m, text, contact,"
    " variant, state, answer, note, closed_at, EXISTS (SELECT FROM report_picture WHERE report = id) FROM report"
)


_OF_TOWNS: LiteralString = " AND (%(towns)s::text[] IS NULL OR municipality = ANY (%(towns)s) OR municipality IS NULL)"


@dataclass(frozen=True, slots=True)
class OpenReports:
    """How many are new or in work, and since when the oldest of them waits."""

    count: int
    oldest: datetime | None


def find(connection: Transaction, report: UUID) -> Report | None:
    """The report with this id."""
    row = connection.execute(_REPORT + " WHERE id = %s", [report]).fetchone()
    return None if row is None else _report(row)


def newest(
    connection: Transaction,
    most: int,
    *,
    is_closed: bool | None = None,
    skip: int = 0,
    municipalities: Sequence[str] | None = None,
) -> Sequence[Report]:
    """At most so many reports, the newest first, after ``skip`` newer ones: the open ones, the closed ones, or all.

    ``municipalities`` (slugs): only theirs, and those that name no place.
    """
    rows = connection.execute(
        _REPORT
        + " WHERE (%(closed)s::boolean IS NULL OR (closed_at IS NOT NULL) = %(closed)s)"
        + _OF_TOWNS
        + " ORDER BY received_at DESC, id LIMIT %(most)s OFFSET %(skip)s",
        {
            "closed": is_closed,
            "most": most,
            "skip": skip,
            "towns": None if municipalities is None else list(municipalities),
        },
    )
    return [_report(row) for row in rows]


def open_of_trail(connection: Transaction, trail: str, most: int) -> Sequence[Report]:
    """At most so many reports of a trail (slug) that wait for staff, the oldest first."""
    rows = connection.execute(
        _REPORT + " WHERE closed_at IS NULL AND trail = %s ORDER BY received_at, id LIMIT %s", [trail, most]
    )
    return [_report(row) for row in rows]


def picture(connection: Transaction, report: UUID) -> ReportPicture:
    """The picture of a report; raises NotFound where it has none."""
    row = connection.execute("SELECT width, height, data FROM report_picture WHERE report = %s", [report]).fetchone()
    if row is None:
        raise NotFound("picture of the report", str(report))
    return ReportPicture(width=row[0], height=row[1], data=row[2])


def count_open(connection: Transaction, municipalities: Sequence[str] | None = None) -> OpenReports:
    """How many wait for staff; of these municipalities (slugs) and of no place, or all."""
    row = connection.execute(
        "SELECT count(*), min(received_at) FROM report WHERE closed_at IS NULL" + _OF_TOWNS,  # noqa: S608 - a constant
        {"towns": _array(municipalities)},
    ).fetchone()
    return OpenReports(int(row[0]), row[1]) if row else OpenReports(0, None)


def _array(slugs: Sequence[str] | None) -> list[str] | None:
    return None if slugs is None else list(slugs)


def _report(row: TupleRow) -> Report:
    return Report(
        id=row[0],
        received_at=row[1],
        written_at=row[2],
        kind=ReportKind(row[3]),
        place=ReportPlace(municipality=row[4], trail=row[5], station=row[6], lon=row[7], lat=row[8], accuracy_m=row[9]),
        text=row[10],
        contact=row[11],
        variant=row[12],
        state=ReportState(row[13]),
        answer=row[14],
        note=row[15],
        closed_at=row[16],
        has_picture=row[17],
    )
