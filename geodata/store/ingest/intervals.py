"""The interval between two reports as a device says it, kept with the hour in which it changed."""

from __future__ import annotations

from datetime import datetime

from geodata.store.transaction import Transaction


def said(connection: Transaction, device: str, at: datetime, interval_s: int) -> None:
    """Keep what ``device`` said ``at`` that time, where it said something else before.

    What is noted for later than that comes from a clock that was ahead, and goes.
    """
    connection.execute(
        """
        WITH ahead AS (DELETE FROM device_interval WHERE device = %(device)s AND since > %(at)s)
        INSERT INTO device_interval (device, since, interval_s)
        SELECT %(device)s, date_trunc('hour', %(at)s, 'UTC'), %(interval_s)s
        WHERE %(interval_s)s IS DISTINCT FROM (SELECT interval_s FROM device_interval
            WHERE device = %(device)s AND since <= %(at)s ORDER BY since DESC LIMIT 1)
        ON CONFLICT (device, since) DO UPDATE SET interval_s = excluded.interval_s
        """,
        {"device": device, "at": at, "interval_s": interval_s},
    )
