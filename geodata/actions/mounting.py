"""Mounting periods of counters: begun anew when one is moved, replaced or turned, and joined when that is taken back.

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
    """Begin a period of the counters of ``device`` at ``at``, and end the one before there; None: it has no counters.

    Its technology stays where none is given. The caller holds the queue's lock. Raises InvalidInput for a time that is
    not after the beginning of the present period: no two may overlap.
    """
    periods = mountings.load(connection, device)
    if not periods:
        return None
    present = periods[-1]
    if present.starts_at is not None and at <= present.starts_at:
        expected = message("a time after {starts}: since then it hangs as it does", starts=rfc3339(present.starts_at))
        raise InvalidInput(
            message("{option[at]}"), rfc3339(at), expected, message("{action[counter show]} has all its periods.")
        )
    new = replace(present, technology=technology or present.technology, note=note, starts_at=at)
    number = mountings.split(connection, present, at, new)
    _count_from(connection, device, at)
    return replace(new, id=number)


def take_back(connection: Transaction, device: str, at: datetime | None) -> None:
    """Join the two periods of ``device`` that meet at ``at``, where there are such: it never went anywhere."""
    periods = mountings.load(connection, device)
    for earlier, later in pairwise(periods):
        if at is not None and later.starts_at == at == earlier.ends_at:
            mountings.join(connection, earlier, later)
            _count_from(connection, device, at)


def _count_from(connection: Transaction, device: str, at: datetime) -> None:
    queue.note_since(connection, device, passes.forget_since(connection, device, at))
