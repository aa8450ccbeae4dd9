"""Mounting periods of counters: begun anew when one is moved, replaced or turned, ended when it is taken down.

What was never so is taken back, and the periods are joined.

Each works in the caller's transaction and is undone with it. What was counted around the change is forgotten, and its
hours wait to be counted for the periods as they are then.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from geodata.errors import InvalidInput
from geodata.messages.message import message
from geodata.model.counting.counter import Mounting
from geodata.store.counting import mountings, passes, queue
from geodata.store.transaction import Transaction
from geodata.times import rfc3339


def begin(
    connection: Transaction, device: str, at: datetime, *, technology: str | None = None, note: str = ""
) -> Mounting | None:
    """Begin a period of the counters of ``device`` at ``at``, and end the one before there.

    None: it has no counters, or they hang nowhere at that time, and go on to do so. Its technology stays where none is
    given. The caller holds the queue's lock. Raises InvalidInput for a time that is not after the beginning of the
    present period: no two may overlap.
    """
    periods = mountings.load(connection, device)
    if not periods:
        return None
    present = periods[-1]
    if present.ends_at is not None and present.ends_at <= at:
        return None
    _check_begun(present, at)
    new = replace(present, technology=technology or present.technology, note=note, starts_at=at)
    number = mountings.split(connection, present, at, new)
    _count_from(connection, device, at)
    return replace(new, id=number)


def present_period(connection: Transaction, device: str) -> Mounting:
    """The period in which the counters of ``device``, which has some, hang; InvalidInput where they were taken down."""
    last = mountings.load(connection, device)[-1]
    if last.ends_at is not None:
        expected = message(
            "a counter that hangs somewhere; this one was taken down at {ends}", ends=rfc3339(last.ends_at)
        )
        raise InvalidInput("DEVICE", device, expected, message("{action[counter mount]} begins a mounting period."))
    return last


def end(connection: Transaction, device: str, at: datetime) -> Mounting:
    """Take the counters of ``device``, which has some, down at ``at``: what it sends from then on counts nothing.

    The caller holds the queue's lock. Raises InvalidInput where it hangs nowhere, and for a time that is not after the
    beginning of the present period.
    """
    present = present_period(connection, device)
    _check_begun(present, at)
    mountings.end(connection, present.id, at)
    _count_from(connection, device, at)
    return replace(present, ends_at=at)


def go_on(connection: Transaction, device: str) -> Mounting:
    """Have the last period of ``device``, which has one, go on: it was never taken down.

    The caller holds the queue's lock. Raises InvalidInput where it hangs still.
    """
    last = mountings.load(connection, device)[-1]
    if last.ends_at is None:
        hint = message("{action[counter show]} has all its periods.")
        raise InvalidInput("DEVICE", device, "a counter that was taken down", hint)
    mountings.end(connection, last.id, None)
    mountings.follow_devices(connection, device)
    _count_from(connection, device, last.ends_at)
    return replace(last, ends_at=None)


def hang_again(
    connection: Transaction, device: str, at: datetime, *, technology: str | None = None, note: str = ""
) -> Mounting | None:
    """As begin(), also for counters that were taken down: they hang again from ``at`` on, where the device stands.

    Raises InvalidInput for a time at which they hung still.
    """
    periods = mountings.load(connection, device)
    if not periods or periods[-1].ends_at is None:
        return begin(connection, device, at, technology=technology, note=note)
    last = periods[-1]
    if last.ends_at is not None and at < last.ends_at:
        expected = message("{ends} or later: until then it hung as it did", ends=rfc3339(last.ends_at))
        raise InvalidInput(
            message("{option[at]}"), rfc3339(at), expected, message("{action[counter show]} has all its periods.")
        )
    new = replace(last, technology=technology or last.technology, note=note, starts_at=at, ends_at=None)
    number = mountings.add(connection, new, like=last)
    mountings.follow_devices(connection, device)
    _count_from(connection, device, at)
    return replace(new, id=number)


def take_back(connection: Transaction, device: str, at: datetime | None) -> None:
    """Join the two periods of ``device`` that meet at ``at``, where there are such: it never went anywhere."""
    periods = mountings.load(connection, device)
    for earlier, later in pairwise(periods):
        if at is not None and later.starts_at == at == earlier.ends_at:
            mountings.join(connection, earlier, later)
            _count_from(connection, device, at)


def _check_begun(present: Mounting, at: datetime) -> None:
    """A time after the beginning of the present period: no two may overlap."""
    if present.starts_at is not None and at <= present.starts_at:
        expected = message("a time after {starts}: since then it hangs as it does", starts=rfc3339(present.starts_at))
        raise InvalidInput(
            message("{option[at]}"), rfc3339(at), expected, message("{action[counter show]} has all its periods.")
        )


def _count_from(connection: Transaction, device: str, at: datetime) -> None:
    queue.note_since(connection, device, passes.forget_since(connection, device, at))
