"""A closure is written, changed and ended. Each works in the caller's transaction and is undone with it.

What a closure may be, geodata.conditions.closures says; that its stretch lies on the trail is checked here.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from geodata.conditions.closures import Closure, check_stretch
from geodata.errors import DigitalpfadError, NotFound
from geodata.geometry.line import TrailGeometry
from geodata.store.catalogue import closure as store
from geodata.store.transaction import Transaction


class ClosureChanged(DigitalpfadError):
    """Somebody has changed the closure meanwhile."""

    def __init__(self, now: Closure) -> None:
        """``now`` is what it is."""
        self.now = now
        super().__init__()


def add(connection: Transaction, closure: Closure, geometry: TrailGeometry) -> int:
    """Write a new closure; return its id. The same again, by a form that was sent twice, is the one that is there.

    Raises InvalidInput for a stretch beyond the trail, NotFound without the trail.
    """
    check_stretch(closure, geometry)
    for identity, stored in store.load(connection, closure.trail).items():
        if replace(stored, id=closure.id, updated_at=closure.updated_at) == closure:
            return identity
    return store.add(connection, closure)


def change(connection: Transaction, closure: Closure, geometry: TrailGeometry, seen: datetime) -> Closure:
    """Write ``closure`` over the stored one of its id, and return what that was.

    ``seen``: the ``updated_at`` of what whoever changes it had before them. Raises ClosureChanged where it is another
    now, InvalidInput for a stretch beyond the trail, NotFound where the closure is gone.
    """
    check_stretch(closure, geometry)
    store.lock(connection, closure.id)
    before = store.load(connection, closure.trail).get(closure.id)
    if before is None:
        raise NotFound("closure", str(closure.id))
    if before.updated_at != seen:
        raise ClosureChanged(before)
    store.update(connection, closure)
    return before
