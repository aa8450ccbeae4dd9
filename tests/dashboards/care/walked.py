"""A care round that somebody walked."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

from geodata.model.care.visit import CareVisit
from geodata.model.report import ReportPicture
from geodata.store.care import visits
from geodata.store.database import Database

PICTURE = ReportPicture(width=1, height=1, data=b"\xff\xd8jpeg")


def walked(database: Database, at: datetime | None = None, by: str = "ute", note: str = "") -> UUID:
    """A visit at the ponds' sign, with a picture."""
    identity, now = uuid4(), datetime.now(UTC)
    visit = CareVisit(
        id=identity, trail="stadtwald", station="3DVB54", visited_at=at or now, received_at=now, visited_by=by,
        at_sign=True, is_fine=True, note=note,
    )  # fmt: skip
    with database.transaction() as connection:
        assert visits.add(connection, visit)
        visits.add_picture(connection, identity, PICTURE)
    return identity
