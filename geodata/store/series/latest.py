"""The latest observation of each series: by measuring time, and never of the future.

The table holds the newest by measuring time, in whatever order it arrived. A device's clock may be ten minutes ahead:
what it measured is kept, and is the latest once its time has come. Until then the one before it is.
"""

from __future__ import annotations

from datetime import datetime
from typing import LiteralString

from geodata.model.observation import Flag, Observation, Quality
from geodata.store.transaction import Transaction

SHOWN: LiteralString = """
    SELECT datastream, phenomenon_time, result, quality, flags FROM latest WHERE phenomenon_time <= %(now)s
    UNION ALL
    SELECT earlier.* FROM latest CROSS JOIN LATERAL (
        SELECT datastream, phenomenon_time, result, quality, flags FROM observation
        WHERE observation.datastream = latest.datastream AND observation.phenomenon_time <= %(now)s
        ORDER BY observation.phenomenon_time DESC LIMIT 1) AS earlier
    WHERE latest.phenomenon_time > %(now)s
"""
"""A subquery with the columns of the table ``latest``; its parameter is ``now``."""


def load(connection: Transaction, now: datetime) -> dict[int, Observation]:
    """The latest observation of each datastream at ``now``."""
    rows = connection.execute(SHOWN, {"now": now})
    return {row[0]: Observation(row[0], row[1], row[2], Quality(row[3]), Flag(row[4])) for row in rows}
