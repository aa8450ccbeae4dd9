"""Texts that a class or a club hands in without an account, and the link with which they do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

LONGEST_TITLE, LONGEST_LEAD, LONGEST_BODY, LONGEST_ALT, LONGEST_CONTRIBUTOR = 120, 400, 8000, 500, 100
"""Characters; the database refuses more."""
LONGEST_SENTENCE_BACK = 1000
MOST_OF_LINK = 40
"""Contributions that one link brings in at most."""
MOST_WAITING_OF_STATION = 10
"""Contributions of one link that may wait at one station."""


class ContributionState(StrEnum):
    """What became of it. ``returned``: with a sentence, to be written once more."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionLink:
    """Whoever has the link writes as ``contributor`` for these ``stations`` (codes) of a trail, in one ``variant``."""

    id: int
    trail: str
    stations: tuple[str, ...]
    variant: str
    contributor: str
    licence: str
    created_by: str
    created_at: datetime
    expires_at: datetime
    withdrawn_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        """Whether it still lets anything in."""
        return self.withdrawn_at is None and now < self.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class NewContribution:
    """What is handed in; ``picture`` is a JPEG that was encoded anew."""

    station: str
    title: str
    lead: str
    body: str
    picture: bytes | None = None
    picture_alt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What was handed in, without the picture's bytes; ``answer`` is read by whoever wrote it."""

    id: int
    link: ContributionLink
    station: str
    title: str
    lead: str
    body: str
    has_picture: bool
    picture_alt: str
    received_at: datetime
    state: ContributionState
    answer: str
    decided_by: str | None
