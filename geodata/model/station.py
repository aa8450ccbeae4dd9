"""The stops of a trail. Coordinates are lon, lat in degrees (CRS84), heights and distances metres."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from geodata.model.content import StationContent
from geodata.vocabulary.languages import DEFAULT, text_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """A numbered stop on a trail with its permanent code. ``along_m`` is metres along the trail's line.

    ``contents``: the texts by variant, those of all the year unless geodata.content.seasonal has chosen.
    ``seasonal``: those that take their turn.
    """

    code: str
    trail: str
    number: int
    lon: float
    lat: float
    height: float | None = None
    along_m: float = 0.0
    retired_at: datetime | None = None
    contents: dict[str, StationContent] = field(default_factory=dict[str, StationContent])
    seasonal: tuple[StationContent, ...] = ()

    def title(self, variant: str = DEFAULT) -> str:
        """What it is called, in ``variant`` or its fallback; empty where nobody has named it yet."""
        content = text_in(self.contents, variant)
        return content.title if content else ""
