"""A closure is over, or is taken back before it begins. Works in the caller's transaction and is undone with it."""

from __future__ import annotations

from datetime import datetime

from geodata.errors import InvalidInput
from geodata.messages.message import message
from geodata.store.catalogue import closure
from geodata.store.transaction import Transaction


def end(connection: Transaction, identity: int, at: datetime) -> None:
    """Let a closure end at ``at``; one that has not begun by then is removed.

    Raises NotFound, or InvalidInput where it has ended already.
    """
    valid_from, valid_until = closure.lock(connection, identity)
    if valid_until is not None and valid_until <= at:
        hint = message("It ended at {end}.", end=valid_until.isoformat())
        raise InvalidInput("ID", identity, "a closure that still holds", hint)
    if valid_from >= at:
        closure.delete(connection, identity)
    else:
        closure.set_end(connection, identity, at)
