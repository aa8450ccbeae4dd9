"""What passed each counter since a moment, for lists that show no lifetime totals."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from geodata.store.transaction import Transaction


def by_device(connection: Transaction, trails: Collection[str], start: datetime) -> dict[str, int]:
    """Passes of all directions in the hours from ``start`` on, by device; one that counted in none is left out."""
    rows = connection.execute(
        "SELECT mounting.device, sum(passes + shared)::int8"
        " FROM counter_mounting AS mounting JOIN counter_channel AS channel ON channel.mounting = mounting.id"
        " JOIN passes_hour ON passes_hour.channel = channel.id"
        " WHERE mounting.trail = ANY (%s) AND hour >= %s AND covered_s > 0 GROUP BY mounting.device",
        [list(trails), start],
    )
    return {row[0]: row[1] for row in rows}
