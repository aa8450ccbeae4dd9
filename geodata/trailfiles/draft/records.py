"""What is asked of a trail file, and what it gives: the records that the steps of reading hand on."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from shapely import LineString

from geodata.messages.message import message, phrase
from geodata.model.place import Place
from geodata.model.section import Section
from geodata.trailfiles.draft.numbers import Numbers
from geodata.trailfiles.systems.vertical import HowHigh

JOIN_WITHIN_M = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How to read the file; the defaults suit a file that holds one trail and says all of itself."""

    crs: str = ""
    layers: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    join_within_m: float | None = None
    """None: JOIN_WITHIN_M, and up to 100 m between the segments of one recording."""
    numbers: Numbers = Numbers.AUTO
    leave_out: tuple[str, ...] = ()
    there_and_back: bool = False
    reverse: bool = False
    swap_axes: bool = False
    dem: tuple[Path, ...] = ()
    dem_crs: str = ""
    encoding: str = ""
    geoid: Path | None = None
    heights_above_sea: bool = False
    without_heights: bool = False
    without_stations: bool = False
    points_are_stations: bool = False

    @property
    def high(self) -> HowHigh:
        """What is said of heights."""
        return HowHigh(geoid=self.geoid, above_sea=self.heights_above_sea)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedStation:
    """A station as the file has it; ``number``, ``code`` and ``along_m`` may be unknown.

    ``unread_number`` is what the file writes for a number and is no whole one, such as 11a.
    """

    lon: float
    lat: float
    height: float | None = None
    number: int | None = None
    unread_number: str = ""
    name: str = ""
    code: str = ""
    along_m: float | None = None

    @property
    def title(self) -> str:
        """How a sentence calls it."""
        if self.number:
            return " ".join(filter(None, [f"Station {self.number}", self.name]))
        return message("The station {name}", name=self.name) if self.name else phrase("A station without a name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A file's trail. ``line`` is None where the file holds stations only; ``columns`` says what was taken for what."""

    file: str
    line: LineString | None
    name: str = ""
    properties: dict[str, str] = field(default_factory=dict[str, str])
    stations: tuple[ParsedStation, ...] = ()
    columns: str = ""
    places: tuple[Place, ...] = ()
    """Their ``trail`` is empty; ``along_m`` is roughly where, negative where the file does not say."""
    sections: tuple[Section, ...] = ()
    """Their ``trail`` is empty."""
