"""People counted by hand beside a counter. Times are aware UTC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from geodata.model.counting.counter import Direction


@dataclass(frozen=True, slots=True)
class CountSlice:
    """A whole quarter of an hour within a session: who was ``seen``, what the counter ``counted`` (None: unknown)."""

    direction: Direction
    starts_at: datetime
    seen: int
    counted: float | None = None


@dataclass(frozen=True, slots=True)
class CountTally:
    """All who were ``seen`` in one direction during a session, and what the counter ``counted`` (None: unknown)."""

    direction: Direction
    seen: int
    counted: float | None = None
    is_interpolated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CountDraft:
    """A session as somebody hands it in; ``id`` was made where it was counted, so that it is kept once.

    ``slices``: people by direction and beginning of a quarter of an hour, the first and last cut off by the session's
    ends; None where only the sums are known. A quarter that is not named had nobody.
    """

    id: UUID
    device: str
    started_at: datetime
    ended_at: datetime
    counted_by: str
    seen: Mapping[Direction, int]
    slices: Mapping[tuple[Direction, datetime], int] | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountSession:
    """A session that is kept, of the counter ``device`` in its period ``mounting``."""

    id: UUID
    mounting: int
    device: str
    started_at: datetime
    ended_at: datetime
    counted_by: str
    note: str
    tallies: Sequence[CountTally]
    slices: Sequence[CountSlice] = ()
