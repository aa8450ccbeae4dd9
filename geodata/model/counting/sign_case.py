"""Signs that somebody should look at. Times are aware UTC."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class CaseReason(StrEnum):
    """What opened a case."""

    SILENT = "silent"  # people passed and nobody scanned
    REPORTED = "reported"  # a visitor told it


class CaseOutcome(StrEnum):
    """What somebody found who looked."""

    MENDED = "mended"
    IN_ORDER = "in-order"  # nothing was wrong
    CHANGED = "changed"  # it hangs elsewhere or is another one: how often it is scanned is learnt anew


@dataclass(frozen=True, slots=True)
class SilenceEvidence:
    """In ``days`` so many ``passes``, of which ``expected`` scans were to come, and ``scans`` came."""

    days: int
    passes: int
    expected: float
    scans: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SignCase:
    """A case of a station. ``evidence`` None: no silence is seen; ``scanned_at``: the hour of the last scan since."""

    id: int
    station: str
    reason: CaseReason
    opened_at: datetime
    evidence: SilenceEvidence | None
    reports: Sequence[UUID]
    scanned_at: datetime | None
    closed_at: datetime | None = None
    closed_by: str | None = None
    outcome: CaseOutcome | None = None
