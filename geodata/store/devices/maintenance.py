"""Times of work at devices. geodata.actions.devices.device_maintenance holds the rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import LiteralString

from psycopg.rows import TupleRow

from geodata.errors import NotFound
from geodata.model.device import DeviceWork
from geodata.store.transaction import Transaction

_WORK: LiteralString = "SELECT id, device, starts_at, ends_at, reason, by_whom, confirmed_at FROM device_maintenance"


def not_over(connection: Transaction, devices: Collection[str] | None = None) -> dict[str, tuple[DeviceWork, ...]]:
    """The work that goes on or is planned, by device and in order of time: of all, or of ``devices``."""
    rows = connection.execute(
        _WORK + " WHERE (ends_at IS NULL OR ends_at > now()) AND (%(devices)s::text[] IS NULL OR device ="
        " ANY (%(devices)s)) ORDER BY device, starts_at",
        {"devices": None if devices is None else list(devices)},
    )
    work: defaultdict[str, tuple[DeviceWork, ...]] = defaultdict(tuple)
    for each in _read(rows):
        work[each.device] += (each,)
    return dict(work)


def history(connection: Transaction, device: str, limit: int) -> list[DeviceWork]:
    """The last ``limit`` times of work at a device, the newest first."""
    return _read(
        connection.execute(_WORK + " WHERE device = %s ORDER BY starts_at DESC, id DESC LIMIT %s", [device, limit])
    )


def within(
    connection: Transaction, devices: Collection[str], start: datetime, end: datetime
) -> dict[str, list[DeviceWork]]:
    """The work at ``devices`` within ``start`` to ``end``, by device: what lacks then has a reason."""
    rows = connection.execute(
        _WORK + " WHERE device = ANY (%s) AND starts_at < %s AND (ends_at IS NULL OR ends_at > %s)"
        " ORDER BY device, starts_at",
        [list(devices), end, start],
    )
    work: defaultdict[str, list[DeviceWork]] = defaultdict(list)
    for each in _read(rows):
        work[each.device].append(each)
    return dict(work)


def lock(connection: Transaction, identity: int) -> DeviceWork:
    """One time of work; its row is locked until the transaction ends. Raises NotFound."""
    found = _read(connection.execute(_WORK + " WHERE id = %s FOR UPDATE", [identity]))
    if not found:
        raise NotFound("maintenance", str(identity))
    return found[0]


def overlapping(connection: Transaction, device: str, starts_at: datetime, ends_at: datetime | None) -> bool:
    """Whether there is work at ``device`` within that time."""
    row = connection.execute(
        "SELECT EXISTS (SELECT FROM device_maintenance WHERE device = %s"
        " AND starts_at < coalesce(%s, 'infinity'::timestamptz) AND coalesce(ends_at, 'infinity') > %s)",
        [device, ends_at, starts_at],
    ).fetchone()
    return bool(row and row[0])


def add(connection: Transaction, new: DeviceWork) -> int:
    """Write it; return its number."""
    row = connection.execute(
        "INSERT INTO device_maintenance (device, starts_at, ends_at, reason, by_whom) VALUES (%s, %s, %s, %s, %s)"
        " RETURNING id",
        [new.device, new.starts_at, new.ends_at, new.reason, new.by_whom],
    ).fetchone()
    return int(row[0]) if row else 0


def set_end(connection: Transaction, identity: int, at: datetime) -> None:
    """Let it end at ``at``."""
    connection.execute("UPDATE device_maintenance SET ends_at = %s WHERE id = %s", [at, identity])


def confirm(connection: Transaction, identity: int, at: datetime) -> None:
    """Note that somebody said at ``at`` that it goes on."""
    connection.execute("UPDATE device_maintenance SET confirmed_at = %s WHERE id = %s", [at, identity])


def delete(connection: Transaction, identity: int) -> None:
    """Take back what never began."""
    connection.execute("DELETE FROM device_maintenance WHERE id = %s", [identity])


def _read(rows: Iterable[TupleRow]) -> list[DeviceWork]:
    return [
        DeviceWork(
            id=row[0],
            device=row[1],
            starts_at=row[2],
            ends_at=row[3],
            reason=row[4],
            by_whom=row[5],
            confirmed_at=row[6],
        )
        for row in rows
    ]
