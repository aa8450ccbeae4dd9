"""What the files of open counting data say: places that count, what counts there, and what was counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from geodata.statistics.figure import FigureState
from geodata.statistics.known_time import KnownTime


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRow:
    """A place where people are counted: a station by its permanent code. ``lon`` and ``lat`` are degrees (WGS 84)."""

    code: str
    name: str
    trail: str
    municipality: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRow:
    """What is counted at a site: all who pass, both ways together, from ``started_at`` to before ``ended_at``.

    Times are aware. ``technologies`` are those of the counters that hung there, as in geodata.model.counting.counter.
    """

    site: str
    started_at: datetime
    ended_at: datetime | None = None
    technologies: tuple[str, ...] = ()
    last_updated_at: datetime | None = None

    @property
    def id(self) -> str:
        """The channel's id: its site's, since each site has one channel of pedestrians."""
        return f"{self.site}-pedestrians"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRow:
    """How many passed in ``start`` ≤ time < ``end`` (aware, in the municipality's zone).

    ``count`` is None exactly where ``state`` is not COUNTED; 0 means that nobody passed. ``counter`` is the device that
    hung there at the end of it, empty where none did. ``time``: how much of the time is known.
    """

    channel: str
    counter: str
    start: datetime
    end: datetime
    count: int | None
    state: FigureState
    time: KnownTime
