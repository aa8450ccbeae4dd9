"""What stands in a generated file: a line, stations with names and perhaps numbers, and things that are neither."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeVar

from hypothesis import strategies as st

from tests.geodata.trailfiles.geofiles import EASTWARDS, station

_T = TypeVar("_T")

WORDS = ("Eiche", "Mühlteich", "Waldbühne", "Försterhütte", "Moorsteg", "Quelle", "Rastplatz", "Großer Stein")
AREA, NOWHERE = "Naturwaldzelle", "Wildgehege"
LINE = "Waldweg"
LINE_M = 2000.0
Numbers = Literal["none", "column", "name"]


@dataclass(frozen=True, slots=True)
class Post:
    """A station as the file writes it: ``word`` is in no other name, ``number`` is what the town has printed."""

    word: str
    name: str
    number: str
    lon: float
    lat: float
    height: float | None


@dataclass(slots=True)
class Odd:
    """How a file is written: every choice is drawn once and noted, so that a failure names it."""

    data: st.DataObject
    chosen: dict[str, object] = field(default_factory=dict[str, object])

    def one_of(self, what: str, *choices: _T) -> _T:
        """One of ``choices``; the first is the plain way."""
        self.chosen[what] = choice = self.data.draw(st.sampled_from(choices), label=what)
        return choice


@dataclass(frozen=True, slots=True)
class Town:
    """All that a file holds; ``heights`` says whether the line and the stations carry metres above sea level."""

    posts: tuple[Post, ...]
    numbers: Numbers
    heights: bool
    area: bool
    nowhere: bool

    @property
    def line(self) -> list[tuple[float, float, float | None]]:
        """The vertices of the line."""
        return [(lon, lat, height if self.heights else None) for lon, lat, height in EASTWARDS]


@dataclass(frozen=True, slots=True)
class Format:
    """What a format can hold beside a line and named points: numbers of their own, areas, objects without geometry."""

    numbers: bool
    areas: bool
    nowhere: bool


def town(odd: Odd, can: Format) -> Town:
    """A trail of 2 km with one to six stations."""
    words = odd.data.draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6, unique=True), label="words")
    kinds: tuple[Numbers, ...] = ("none", "name", "column") if can.numbers else ("none", "name")
    numbers: Numbers = odd.one_of("numbers", *kinds)
    printed = _printed(odd, len(words)) if numbers != "none" else [""] * len(words)
    heights = odd.one_of("heights", True, False)
    posts = [
        _post(odd, word, number, i, numbers, heights=heights)
        for i, (word, number) in enumerate(zip(words, printed, strict=True))
    ]
    return Town(
        posts=tuple(posts),
        numbers=numbers,
        heights=heights,
        area=can.areas and odd.one_of("area", False, True),
        nowhere=can.nowhere and odd.one_of("nowhere", False, True),
    )


def _printed(odd: Odd, count: int) -> list[str]:
    """1…n in any order, perhaps with a gap, perhaps with one that is no whole number."""
    start = odd.one_of("first number", 1, 2, 10)
    order = odd.data.draw(st.permutations(range(start, start + count)), label="order")
    numbers = [str(number) for number in order]
    if odd.one_of("a number with a letter", False, True):
        numbers[-1] += "a"
    return numbers


def _post(odd: Odd, word: str, number: str, i: int, numbers: Numbers, *, heights: bool) -> Post:
    name = odd.one_of(f"name {i}", "{}", "Alte {}", "100-jährige {}", "{}\u00a0am Weg", "  {} ", "{} (3 Bänke)").format(
        word
    )
    if numbers == "name":
        name = f"{number}{odd.one_of(f'after number {i}', ' ', '. ', ': ')}{word}"
    point = station(150 + 300 * i)
    return Post(word, name, number, point.x, point.y, 140.0 + i if heights else None)
