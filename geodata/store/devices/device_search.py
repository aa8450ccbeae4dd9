"""Which devices a list shows: chosen and cut into pages by the database, however many there are."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import LiteralString

from geodata.store.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceSearch:
    """Devices of ``trails`` whose name, id, kind or station has ``text`` in it; ``revoked`` ones, or those that work.

    ``ids`` narrows to these; None does not.
    """

    trails: list[str]
    text: str = ""
    revoked: bool = False
    ids: list[str] | None = None

    def parameters(self) -> dict[str, object]:
        """By name, for a statement."""
        escaped = self.text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        return {**asdict(self), "pattern": f"%{escaped}%"}


_FROM: LiteralString = """
    FROM device LEFT JOIN station ON station.code = device.station
    WHERE device.trail = ANY (%(trails)s) AND (device.revoked_at IS NOT NULL) = %(revoked)s
        AND (%(ids)s::text[] IS NULL OR device.id = ANY (%(ids)s))
        AND (%(text)s = '' OR device.id ILIKE %(pattern)s OR device.name ILIKE %(pattern)s
            OR device.kind ILIKE %(pattern)s OR station.number::text = %(text)s
            OR EXISTS (SELECT FROM station_content WHERE station_content.station = station.code
                AND title ILIKE %(pattern)s))
"""


def count(connection: Transaction, search: DeviceSearch) -> int:
    """How many there are."""
    row = connection.execute("SELECT count(*)" + _FROM, search.parameters()).fetchone()
    return int(row[0]) if row else 0


def find(connection: Transaction, search: DeviceSearch, *, limit: int | None = None, skip: int = 0) -> list[str]:
    """Their ids by trail, in walking direction; those beside the stations last."""
    rows = connection.execute(
        "SELECT device.id"
        + _FROM
        + " ORDER BY device.trail, station.along_m NULLS LAST, device.id LIMIT %(limit)s OFFSET %(skip)s",
        {**search.parameters(), "limit": limit, "skip": skip},
    )
    return [str(row[0]) for row in rows]
