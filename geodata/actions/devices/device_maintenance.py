"""Work at a device: begun or planned, ended, gone on with. While it lasts nobody is sent there.

Each works in the caller's transaction and is undone with it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from geodata.errors import InvalidInput
from geodata.messages.message import message
from geodata.model.device import DeviceWork
from geodata.store.devices import device_edit, device_status, maintenance
from geodata.store.transaction import Transaction
from geodata.times import rfc3339

LONGEST_REASON = 300


def begin(connection: Transaction, new: DeviceWork) -> DeviceWork:
    """Write down that somebody works at a device, and return it with its number.

    Raises NotFound for an unknown device, InvalidInput for a time that overlaps other work, that ends before it begins,
    and for no reason.
    """
    if not 1 <= len(new.reason) <= LONGEST_REASON:
        raise InvalidInput("reason", new.reason, message("1 to {most} characters", most=LONGEST_REASON))
    if new.ends_at is not None and new.ends_at <= new.starts_at:
        raise InvalidInput("until", rfc3339(new.ends_at), message("a time after {begin}", begin=rfc3339(new.starts_at)))
    device_edit.lock(connection, new.device)
    device_status.find(connection, new.device)
    if maintenance.overlapping(connection, new.device, new.starts_at, new.ends_at):
        hint = "End the other one first."
        raise InvalidInput("from", rfc3339(new.starts_at), "a time in which nobody works at this device yet", hint)
    return replace(new, id=maintenance.add(connection, new))


def end(connection: Transaction, identity: int, at: datetime) -> DeviceWork:
    """Let it end at ``at``; one that has not begun by then is taken back, one that is over stays. Raises NotFound."""
    work = maintenance.lock(connection, identity)
    if work.ends_at is not None and work.ends_at <= at:
        return work
    if work.starts_at >= at:
        maintenance.delete(connection, identity)
    else:
        maintenance.set_end(connection, identity, at)
    return replace(work, ends_at=at)


def go_on(connection: Transaction, identity: int, at: datetime) -> DeviceWork:
    """Somebody was asked whether it goes on, and said yes at ``at``. Raises NotFound."""
    work = maintenance.lock(connection, identity)
    maintenance.confirm(connection, identity, at)
    return replace(work, confirmed_at=at)
