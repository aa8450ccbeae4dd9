"""Entries of the quarantine as they come, for somebody who watches a device."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from geodata.store.transaction import Transaction

_OVERLAP = 5_000  # numbers: those of two gateways that write at once become visible in any order


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message that was refused, ``refused_parts`` of its ``parts``; ``reason`` and ``detail`` are of the first one.

    ``refusals`` has that one and the following, 32 at most.
    """

    id: int
    received_at: datetime
    topic: str
    reason: str
    detail: str
    refusals: list[dict[str, str]]
    refused_parts: int
    parts: int


class Arrivals:
    """Entries of ``device`` that come after ``begin()``, each once; a message that comes again makes none.

    Also those on topics below the device's that are no events. The numbers of entries are looked at, not the times of
    receipt: asking costs the same however much waits, and a gateway nothing.
    """

    def __init__(self, device: str, after: int) -> None:
        self._device = device
        self._after = after
        self._seen: set[int] = set()

    @classmethod
    def begin(cls, connection: Transaction, device: str) -> Self:
        """Take what is there as seen."""
        news = cls(device, _newest(connection) - _OVERLAP)
        news.take(connection)
        return news

    def take(self, connection: Transaction) -> list[Arrival]:
        """What came since the last call, in the order of the entries' numbers."""
        newest = _newest(connection)
        rows = connection.execute(
            "SELECT id, received_at, topic, reason, detail, refusals, refused_parts,"
            " greatest(received_parts / deliveries, refused_parts) FROM quarantine"
            " WHERE id > %(after)s AND id <> ALL (%(seen)s)"
            " AND (device = %(device)s OR topic LIKE 'digitalpfad/v1/%%' AND split_part(topic, '/', 4) = %(device)s)"
            " ORDER BY id",
            {"after": self._after, "seen": list(self._seen), "device": self._device},
        )
        arrived = [Arrival(*row) for row in rows]
        self._after = max(self._after, newest - _OVERLAP)
        self._seen = {entry for entry in self._seen.union(arrival.id for arrival in arrived) if entry > self._after}
        return arrived


def _newest(connection: Transaction) -> int:
    row = connection.execute("SELECT max(id) FROM quarantine").fetchone()
    return int(row[0]) if row and row[0] is not None else 0
