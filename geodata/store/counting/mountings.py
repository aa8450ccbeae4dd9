"""Mounting periods of counters and their channels, one by one; geodata.actions.devices.mounting holds the rules."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import LiteralString

from psycopg.rows import TupleRow

from geodata.model.counting.counter import Channel, Direction, Mounting
from geodata.store.transaction import Transaction

_CHANNELS: LiteralString = """
    SELECT channel.id, channel.direction, channel.total, channel.increment, channel.width, channel.capacity,
        mounting.id, mounting.device, mounting.trail, mounting.station, mounting.starts_at, mounting.ends_at,
        mounting.technology, mounting.note
    FROM counter_mounting AS mounting JOIN counter_channel AS channel ON channel.mounting = mounting.id
"""
_HANGS: LiteralString = (
    " WHERE (starts_at IS NULL OR starts_at <= %(moment)s) AND (ends_at IS NULL OR %(moment)s < ends_at)"
)
_IN_ORDER: LiteralString = " ORDER BY mounting.device, mounting.starts_at NULLS FIRST, channel.direction"


def load_channels(connection: Transaction, devices: Collection[str] | None = None) -> list[Channel]:
    """All channels, or those of ``devices``: by device, mounting period and direction."""
    if devices is None:
        return _channels(connection, "", {})
    return _channels(connection, " WHERE mounting.device = ANY (%(devices)s)", {"devices": list(devices)})


def channels_at(connection: Transaction, device: str, moment: datetime) -> list[Channel]:
    """The channels of a counter in the mounting period of ``moment``; none where it hung nowhere."""
    return _channels(connection, _HANGS + " AND device = %(device)s", {"device": device, "moment": moment})


def channels_of(connection: Transaction, mounting: int) -> list[Channel]:
    """The channels of a mounting period."""
    return _channels(connection, " WHERE mounting.id = %(mounting)s", {"mounting": mounting})


def hanging(connection: Transaction, moment: datetime) -> list[Channel]:
    """The channels of all counters that hang somewhere at ``moment``, by device."""
    return _channels(connection, _HANGS, {"moment": moment})


def _channels(connection: Transaction, which: LiteralString, parameters: dict[str, object]) -> list[Channel]:
    return [_channel(row) for row in connection.execute(_CHANNELS + which + _IN_ORDER, parameters)]


def _channel(row: TupleRow) -> Channel:
    return Channel(
        id=row[0],
        direction=Direction(row[1]),
        total=row[2],
        increment=row[3],
        width=row[4],
        capacity=row[5],
        mounting=Mounting(
            id=row[6],
            device=row[7],
            trail=row[8],
            station=row[9],
            starts_at=row[10],
            ends_at=row[11],
            technology=row[12],
            note=row[13],
        ),
    )


def load(connection: Transaction, device: str) -> list[Mounting]:
    """The mounting periods of a device in order of time."""
    return _mountings(connection, " WHERE device = %s ORDER BY starts_at NULLS FIRST", [device])


def taken_down(connection: Transaction) -> list[Mounting]:
    """The last periods of the counters that hang nowhere any more, the last ended first."""
    last = (
        " WHERE ends_at IS NOT NULL AND NOT EXISTS (SELECT FROM counter_mounting AS later"
        " WHERE later.device = counter_mounting.device AND (later.ends_at IS NULL"
        " OR later.ends_at > counter_mounting.ends_at)) ORDER BY ends_at DESC, device"
    )
    return _mountings(connection, last, [])


def last_reports(connection: Transaction, devices: Collection[str]) -> dict[str, datetime]:
    """When each of these devices last said how many passed; those that never did are left out."""
    rows = connection.execute(
        "SELECT device, max(phenomenon_time) FROM datastream JOIN latest ON latest.datastream = datastream.id"
        " JOIN observed_property ON observed_property.id = datastream.observed_property"
        " WHERE direction IS NOT NULL AND device = ANY (%s) GROUP BY device",
        [list(devices)],
    )
    return {row[0]: row[1] for row in rows}


def load_at(connection: Transaction, stations: Collection[str]) -> list[Mounting]:
    """The mounting periods at these stations, by station, in order of time."""
    order = " ORDER BY station, starts_at NULLS FIRST, device"
    return _mountings(connection, " WHERE station = ANY (%s)" + order, [list(stations)])


def _mountings(connection: Transaction, which: LiteralString, parameters: list[object]) -> list[Mounting]:
    columns: LiteralString = "SELECT id, device, trail, station, starts_at, ends_at, technology, note"
    return [
        Mounting(
            id=row[0],
            device=row[1],
            trail=row[2],
            station=row[3],
            starts_at=row[4],
            ends_at=row[5],
            technology=row[6],
            note=row[7],
        )
        for row in connection.execute(columns + " FROM counter_mounting" + which, parameters)
    ]


def devices_at(connection: Transaction, station: str) -> list[str]:
    """The devices whose counters ever hung at a station."""
    rows = connection.execute("SELECT DISTINCT device FROM counter_mounting WHERE station = %s ORDER BY 1", [station])
    return [str(device) for (device,) in rows]


def split(connection: Transaction, mounting: Mounting, at: datetime, new: Mounting) -> int:
    """End ``mounting`` at ``at`` and begin another there, as ``new`` has it, with the same channels; return its id."""
    end(connection, mounting.id, at)
    return add(connection, replace(new, starts_at=at, ends_at=mounting.ends_at), like=mounting)


def end(connection: Transaction, mounting: int, at: datetime | None) -> None:
    """Have a period end at ``at``; None: it goes on."""
    connection.execute("UPDATE counter_mounting SET ends_at = %s WHERE id = %s", [at, mounting])


def add(connection: Transaction, new: Mounting, *, like: Mounting) -> int:
    """Write a period as ``new`` has it but for its id, with the channels of ``like``; return its id."""
    row = connection.execute(
        "INSERT INTO counter_mounting (device, trail, station, starts_at, ends_at, technology, note)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id",
        [new.device, new.trail, new.station, new.starts_at, new.ends_at, new.technology, new.note],
    ).fetchone()
    if row is None:  # pragma: no cover - RETURNING gives the row that was written
        raise RuntimeError("no mounting")
    connection.execute(
        "INSERT INTO counter_channel (mounting, direction, total, increment, width, capacity)"
        " SELECT %s, direction, total, increment, width, capacity FROM counter_channel WHERE mounting = %s",
        [row[0], like.id],
    )
    return int(row[0])


def join(connection: Transaction, earlier: Mounting, later: Mounting) -> None:
    """Have the period ``earlier`` go on to the end of ``later``, which follows it and is forgotten."""
    connection.execute("DELETE FROM counter_mounting WHERE id = %s", [later.id])
    end(connection, earlier.id, later.ends_at)


def follow_devices(connection: Transaction, device: str | None = None) -> None:
    """Have the counters of a device, None: of all, hang where it has stood since its last move."""
    connection.execute(
        """
        UPDATE counter_mounting AS mounting SET trail = device.trail, station = device.station
        FROM device LEFT JOIN LATERAL (
            SELECT max(until) AS since FROM device_stay WHERE device_stay.device = device.id) AS stay ON true
        WHERE mounting.device = device.id AND (%(device)s::text IS NULL OR device.id = %(device)s)
            AND coalesce(mounting.ends_at, 'infinity') > coalesce(since, '-infinity')
            AND (mounting.trail, mounting.station) IS DISTINCT FROM (device.trail, device.station)
        """,
        {"device": device},
    )


def describe(connection: Transaction, mounting: int, technology: str, note: str) -> None:
    """Write how a counter is made and what is to be said of it."""
    connection.execute(
        "UPDATE counter_mounting SET technology = %s, note = %s WHERE id = %s", [technology, note, mounting]
    )


def set_channel(connection: Transaction, channel: int, width: int | None, capacity: int) -> None:
    """Write the bits of a channel's total and its capacity."""
    connection.execute("UPDATE counter_channel SET width = %s, capacity = %s WHERE id = %s", [width, capacity, channel])
