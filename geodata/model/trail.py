"""Trails and their texts. Coordinates are lon, lat in degrees (CRS84), heights metres above the sea."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from geodata.model.plain_language import CheckState, PlainLanguage
from geodata.vocabulary.languages import DEFAULT, text_in

if TYPE_CHECKING:  # the gateway reads no geometry: it starts sooner and stays 17 MB smaller without shapely and numpy
    from shapely import LineString


class TrailState(StrEnum):
    """Where a trail shows."""

    SHOWN = "shown"
    HIDDEN = "hidden"  # no list names it; its own addresses answer
    RETIRED = "retired"  # given up: no list names it, its codes tell what stood there


class TrailDirection(StrEnum):
    """Which way round the signs lead."""

    CLOCKWISE = "clockwise"
    ANTICLOCKWISE = "anticlockwise"
    ONE_WAY = "one_way"  # as the line is drawn, from its start to its end
    EITHER = "either"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailContent:
    """Name and texts of a trail in one variant; ``body`` is Markdown. ``plain`` is of a text in plain language."""

    variant: str
    name: str
    lead: str = ""
    body: str = ""
    plain: PlainLanguage | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """All that a reader of the text reads."""
        return (self.name, self.lead, self.body)

    @property
    def check_state(self) -> CheckState:
        """Whether a group of readers has checked these words."""
        return self.plain.state(self.words) if self.plain else CheckState.UNCHECKED


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """A route with a line geometry in walking direction.

    ``line``: lon, lat and, where known, height of each vertex. ``surveyed`` is False where the line, its stations or
    its facts were invented for a demonstration. ``direction`` is None where nobody has said. ``licence`` is an SPDX or
    dl-de identifier. ``state_since``: since when the ``state`` holds; None before the trail is stored.
    ``stamps_needed``: how many stamps earn its badge; None: those of all stations that are open.
    """

    slug: str
    municipality: str
    line: LineString
    licence: str
    attribution: str = ""
    surveyed: bool = True
    direction: TrailDirection | None = None
    contents: dict[str, TrailContent] = field(default_factory=dict[str, TrailContent])
    state: TrailState = TrailState.SHOWN
    state_since: datetime | None = field(default=None, compare=False)
    stamps_needed: int | None = field(default=None, compare=False)

    @property
    def is_listed(self) -> bool:
        """Whether lists name it."""
        return self.state is TrailState.SHOWN

    def name(self, variant: str = DEFAULT) -> str:
        """What it is called, in ``variant`` or its fallback; empty where nobody has named it yet."""
        content = text_in(self.contents, variant)
        return content.name if content else ""
