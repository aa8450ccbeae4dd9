"""What the accessibility statement says: which tests ran, what the content lacks today, and which gaps are known."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from api.catalogue.snapshot import Snapshot
from api.languages.texts import Texts
from api.webapp import wording
from api.webapp.known_gaps import KNOWN_GAPS, GapWords
from geodata.model.content import StationContent
from geodata.model.plain_language import CheckState
from geodata.model.station import Station
from geodata.vocabulary.languages import DEFAULT, delivered, language

REPORT = Path(__file__).parents[2] / "accessibility.json"
"""Written by `python -m tools.accessibility` from a run of the tests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TestedPages:
    """What the tests with axe looked at: ``runs`` of ``pages``, in windows as wide as ``widths`` (CSS pixels).

    ``text_percent``: the largest text. ``is_of_this_version``: whether that was the version that runs here.
    """

    version: str
    is_of_this_version: bool
    day: str
    runs: int
    pages: int
    widths: tuple[int, ...]
    text_percent: int
    has_dark: bool
    has_forced_colours: bool
    axe: str
    browser: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentGaps:
    """How many of a municipality's ``stations`` lack what some people need; ``unchecked``: its plain text."""

    stations: int
    without_film: int
    without_recording: int
    without_plain: int
    unchecked: int

    @property
    def is_any(self) -> bool:
        """Whether anything is missing."""
        return any((self.without_film, self.without_recording, self.without_plain, self.unchecked))


@dataclass(frozen=True, slots=True)
class ShownGap:
    """A known gap in the words of the page, with the day until which it is to be closed, or empty."""

    words: GapWords
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What ``legal/accessibility.*.html`` show beside the operator's lines."""

    tested: TestedPages
    content: ContentGaps
    known: tuple[ShownGap, ...]


def build(snapshot: Snapshot | None, town: str, variant: str, t: Texts) -> Statement:
    """The statement in the words of ``variant``, of a municipality's listed trails; of all where ``town`` is empty."""
    known = ((gap, gap.words[delivered(gap.words, variant) or DEFAULT]) for gap in KNOWN_GAPS)
    return Statement(
        tested=_tested(t),
        content=count_gaps(_stations(snapshot, town) if snapshot else ()),
        known=tuple(ShownGap(words, wording.calendar_day(gap.until, t) if gap.until else "") for gap, words in known),
    )


def count_gaps(stations: Iterable[Station]) -> ContentGaps:
    """Count what these stations lack."""
    told = [list(station.contents.values()) for station in stations]
    plain = [[text for text in texts if language(text.variant).is_plain] for texts in told]
    return ContentGaps(
        stations=len(told),
        without_film=sum(all(text.sign_video is None for text in texts) for texts in told),
        without_recording=sum(all(text.audio is None for text in texts) for texts in told),
        without_plain=sum(not texts for texts in plain),
        unchecked=sum(map(_is_unchecked, plain)),
    )


def _is_unchecked(texts: list[StationContent]) -> bool:
    return any(text.check_state is not CheckState.CHECKED for text in texts)


def _stations(snapshot: Snapshot, town: str) -> Iterator[Station]:
    for trail in snapshot.listed.values():
        if town in {"", trail.municipality}:
            yield from snapshot.stations_of_trail.get(trail.slug, ())


def _tested(t: Texts) -> TestedPages:
    report = _report()
    runs: list[dict[str, Any]] = report["runs"]
    return TestedPages(
        version=report["version"],
        is_of_this_version=report["version"] == _running_version(),
        day=wording.calendar_day(date.fromisoformat(report["tested_on"]), t),
        runs=len(runs),
        pages=len({run["page"] for run in runs}),
        widths=tuple(sorted({run["width"] for run in runs})),
        text_percent=max((run["text_percent"] for run in runs), default=100),
        has_dark=any(run["theme"] == "dark" for run in runs),
        has_forced_colours=any(run["forced_colours"] for run in runs),
        axe=report["axe"],
        browser=report["browser"],
    )


@cache
def _report() -> dict[str, Any]:
    report: dict[str, Any] = json.loads(REPORT.read_text(encoding="utf-8"))
    return report


@cache
def _running_version() -> str:
    try:
        return metadata.version("digitalpfad")
    except metadata.PackageNotFoundError:  # run from a folder that nobody installed
        return ""
