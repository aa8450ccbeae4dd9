"""What is to be done on the next care round, and what can come of it. Times are aware UTC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

LONGEST_TASK = 200
LONGEST_BRING = 100
"""Characters of a task, and of what it needs."""


class WorkKind(StrEnum):
    """What there is to do. The values are the names by which addresses of the staff pages name such a thing."""

    DEVICE = "device"
    SIGN = "case"
    REPORT = "report"
    CLOSURE = "closure"
    TASK = "task"


class WorkOutcome(StrEnum):
    """What came of it. A member is never renamed: rows name it."""

    DONE = "done"
    BATTERY = "battery"  # changed, or charged
    MENDED = "mended"
    IN_ORDER = "in-order"  # nothing was wrong
    CHANGED = "changed"  # the sign hangs elsewhere or is another one
    IN_WORK = "in-work"
    OPEN_AGAIN = "open-again"
    STILL_CLOSED = "still-closed"


OUTCOMES: Mapping[WorkKind, Sequence[WorkOutcome]] = {
    WorkKind.DEVICE: (WorkOutcome.DONE, WorkOutcome.BATTERY),
    WorkKind.SIGN: (WorkOutcome.MENDED, WorkOutcome.IN_ORDER, WorkOutcome.CHANGED),
    WorkKind.REPORT: (WorkOutcome.DONE, WorkOutcome.IN_WORK),
    WorkKind.CLOSURE: (WorkOutcome.OPEN_AGAIN, WorkOutcome.STILL_CLOSED),
    WorkKind.TASK: (WorkOutcome.DONE,),
}
"""What can come of each kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CareTask:
    """What staff wrote down to do: at a station, at ``along_m`` metres, or wherever on the trail (both None)."""

    id: int
    trail: str
    station: str | None
    along_m: float | None
    text: str
    bring: str
    created_by: str
    created_at: datetime
