"""Problems that people tell of, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

LONGEST_TEXT = 2000
"""Characters of a report's text, of an answer and of a note."""

LONGEST_CONTACT = 200
"""Characters of an e-mail address or a telephone number."""


class ReportKind(StrEnum):
    """What is wrong. A member is never renamed: rows and bookmarked forms name it."""

    SIGN = "sign"
    CODE = "code"
    TREE = "tree"
    TEXT = "text"
    BARRIER = "barrier"
    OTHER = "other"


class ReportState(StrEnum):
    """How far it is."""

    NEW = "new"
    IN_WORK = "in-work"
    DONE = "done"
    REJECTED = "rejected"

    @property
    def is_closed(self) -> bool:
        """Whether nothing more happens."""
        return self in {ReportState.DONE, ReportState.REJECTED}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPlace:
    """Where it is: slugs and a code, each None where it is of none; the person's own point only if they gave it."""

    municipality: str | None = None
    trail: str | None = None
    station: str | None = None
    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPicture:
    """A picture as it is kept: a JPEG without metadata. Sizes in pixels."""

    width: int
    height: int
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReport:
    """A report as it comes in. ``written_at`` is a phone's own time, where it waited for reception."""

    id: UUID
    kind: ReportKind
    place: ReportPlace
    text: str
    contact: str | None = None
    variant: str = "de"
    written_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(NewReport):
    """A report as it is kept. ``answer`` is read by whoever wrote it, ``note`` by staff alone."""

    received_at: datetime
    state: ReportState = ReportState.NEW
    answer: str = ""
    note: str = ""
    closed_at: datetime | None = None
    has_picture: bool = False
