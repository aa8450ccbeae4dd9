"""The starts of each device, up to a bound: a device that names a new one in every message does not fill the table."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from geodata.store.transaction import Transaction

KEPT = 256
"""So many starts of a device are remembered: one a day for most of a year."""


def forget(connection: Transaction, devices: Iterable[str], soon: datetime) -> None:
    """Forget what these devices have beyond KEPT, the longest unheard first, and count it.

    What was noted as heard after ``soon`` was noted by a wrong clock, and goes before all others. Of a start that is
    heard again a new row begins; no reading is lost or doubled, for what makes a reading the same stands elsewhere.
    """
    connection.execute(
        """
        WITH ranked AS (
            SELECT device, boot, row_number() OVER (
                PARTITION BY device ORDER BY last_received_at > %s, last_received_at DESC, boot DESC) AS place
            FROM device_boot WHERE device = ANY (%s)
        ), forgotten AS (
            DELETE FROM device_boot USING ranked
            WHERE device_boot.device = ranked.device AND device_boot.boot = ranked.boot AND place > %s
            RETURNING device_boot.device
        )
        INSERT INTO device_state AS old (device, boots_forgotten)
        SELECT device, count(*) FROM forgotten GROUP BY device ORDER BY device
        ON CONFLICT (device) DO UPDATE SET boots_forgotten = old.boots_forgotten + excluded.boots_forgotten
        """,
        [soon, sorted(devices), KEPT],
    )


def forgotten(connection: Transaction, device: str) -> int:
    """How many starts of a device are not remembered any more."""
    row = connection.execute("SELECT boots_forgotten FROM device_state WHERE device = %s", [device]).fetchone()
    return int(row[0]) if row else 0
