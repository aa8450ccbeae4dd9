"""What somebody did on a care round. Times are aware UTC."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from geodata.model.care.work import WorkKind, WorkOutcome

LONGEST_NOTE = 1000
"""Characters of a visit's note."""


@dataclass(frozen=True, slots=True)
class CareTick:
    """What somebody did, of what was to be done; ``ref`` is an id. ``is_late``: somebody else had done it already."""

    kind: WorkKind
    ref: str
    outcome: WorkOutcome
    is_late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CareVisit:
    """Somebody was there; ``station`` None: beside the stations.

    ``at_sign``: the code of the station's own sign was read. ``is_fine``: everything was in order.
    """

    id: UUID
    trail: str
    station: str | None
    visited_at: datetime
    received_at: datetime
    visited_by: str
    at_sign: bool
    is_fine: bool
    note: str = ""
    ticks: Sequence[CareTick] = ()
    has_picture: bool = False


@dataclass(frozen=True, slots=True)
class LastTick:
    """When something of a round was last done, what came of it, and by whom."""

    outcome: WorkOutcome
    at: datetime
    by: str
