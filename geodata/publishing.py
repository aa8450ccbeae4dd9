"""The gate before publishing: what accessibility or the rights of others need is there, or has a named reason.

Texts in, findings out. Errors refuse, warnings want to be looked at; reasons are names that stay.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Protocol

from geodata import mediafields, prose
from geodata.findings import TextFindings
from geodata.model import Audio, Picture, SignVideo, StationContent, TrailContent
from geodata.rotation import overlap
from geodata.season import written

LONGEST_SIMPLE = 15
"""Words of a sentence in plain language."""

LICENCE = re.compile(r"CC0-1\.0|CC-BY(-NC)?(-SA|-ND)?-([1-4]\.0|2\.5)|dl-de/(by|zero)-2-0|LicenseRef-permission")
"""Of pictures, recordings and films; the last one: whoever has the rights permits it for this trail alone."""

_LONGEST = {"title": 120, "lead": 400, "body": 20_000}

Text = StationContent | TrailContent


class Placed(Protocol):
    """A text, and where its parts stand in what somebody wrote."""

    @property
    def text(self) -> Text:
        """The text."""
        ...

    def place(self, name: str, line_of_body: int = 0) -> str:
        """What complaints call a field, or a line of the Markdown counted from 0."""
        ...


@dataclass(frozen=True, slots=True)
class Stored:
    """A text that stands in no file; ``name`` is what complaints call it."""

    text: Text
    name: str

    def place(self, name: str, line_of_body: int = 0) -> str:
        """Its name, the field, and of the Markdown the line."""
        return f"{self.name}, {name}" + (f" line {line_of_body + 1}" if name == "body" else "")


def check(texts: Sequence[Placed], name: str, findings: TextFindings) -> None:
    """Judge all the texts of one station, or of a trail, as they would be shown together; ``name`` is what it is."""
    for placed in texts:
        check_text(placed, findings)
    check_together(texts, name, findings)


def check_text(placed: Placed, findings: TextFindings) -> None:
    """Judge one text by itself."""
    text = placed.text
    parts = {"title": text.name if isinstance(text, TrailContent) else text.title, "lead": text.lead, "body": text.body}
    for name, value in parts.items():
        if not value.strip():
            mend = "Write it below the head." if name == "body" else f'Add a line {name}: "…" to the head.'
            findings.error(f"{name}-missing", placed.place(name), "", f"a {name}", mend)
        elif len(value) > _LONGEST[name]:
            expected = f"at most {_LONGEST[name]:,}"
            findings.error(
                f"{name}-too-long", placed.place(name), f"{len(value):,} characters", expected, "Shorten it."
            )
    if isinstance(text, StationContent):
        _check_question_and_source(placed, text, findings)
        _check_media(placed, text, findings)
    _check_body(placed, text, findings)


def check_together(texts: Sequence[Placed], name: str, findings: TextFindings) -> None:
    """Judge what the texts of one station, or of a trail, are to each other."""
    of_year = {placed.text.variant for placed in texts if _season(placed.text) == ""}
    if texts and "de" not in of_year:
        mend = "Add de.md: every other text falls back to it."
        findings.error("de-missing", name, f"{', '.join(sorted(of_year)) or 'nothing'}", "a German text", mend)
    for placed in texts:
        if _season(placed.text) and placed.text.variant not in of_year:
            file = f"{placed.text.variant}.md"
            mend = f"Add {file}, which is shown on all other days."
            findings.error("season-without-year-text", placed.place("show_from"), _season(placed.text), file, mend)
    for one, other in combinations(texts, 2):
        if isinstance(one.text, StationContent) and isinstance(other.text, StationContent):
            day = overlap(one.text, other.text)
            if day is not None:
                both = f"{one.text.season} and {other.text.season} on {written((day.month, day.day))}"
                mend = "Let the one end the day before the other begins."
                findings.error("seasons-overlap", other.place("show_from"), both, "one text a day", mend)


def _season(text: Text) -> str:
    return text.season if isinstance(text, StationContent) else ""


def _check_question_and_source(placed: Placed, text: StationContent, findings: TextFindings) -> None:
    for given, missing in (("question", "answer"), ("answer", "question")):
        if getattr(text, given) and not getattr(text, missing):
            mend = f'Add a line {missing}: "…" to the head.'
            expected = f"{missing} too: both or none"
            findings.error(f"{given}-without-{missing}", placed.place(given), f"{given} alone", expected, mend)
    if not text.source.strip():
        mend = 'Add a line source: "…": a book, a website, a person, or what you have seen yourselves.'
        findings.error("source-missing", placed.place("source"), "", "where you know it from", mend)


def _check_media(placed: Placed, text: StationContent, findings: TextFindings) -> None:
    for stem, item in mediafields.items(text):
        kind = stem.split("_")[0] if isinstance(item, Picture) else stem.replace("_", "-")
        for part in _needed(item):
            if not getattr(item, part):
                mend = _MENDS[part].replace("*", stem)
                findings.error(f"{kind}-without-{part}", placed.place(stem), item.file, _EXPECTED[part], mend)
        if item.licence and not LICENCE.fullmatch(item.licence):
            spelt = item.licence.strip().replace(" ", "-")
            meant = spelt if LICENCE.fullmatch(spelt) else "CC-BY-4.0, CC-BY-SA-4.0, CC0-1.0 or LicenseRef-permission"
            expected, mend = "the short name of an open licence", f"Write {meant}."
            findings.error("licence-unknown", placed.place(f"{stem}_licence"), item.licence, expected, mend)


def _needed(item: Picture | Audio | SignVideo) -> tuple[str, ...]:
    if isinstance(item, Picture):
        return _RIGHTS if item.decorative else ("alt", *_RIGHTS)
    return ("transcript" if isinstance(item, Audio) else "text", *_RIGHTS)


_RIGHTS = ("author", "licence", "year")
_EXPECTED = {
    "alt": "what it shows, in words",
    "author": "who made it",
    "licence": "under which licence it is",
    "year": "the year it was made",
    "transcript": "all that is said, to read",
    "text": "what is signed, to read",
}
_MENDS = {
    "alt": 'Add a line *_alt: "…", or *_decorative: yes if it tells nothing that the text does not.',
    "author": 'Add a line *_author: "…".',
    "licence": "Add a line *_licence: CC-BY-4.0, or the one it has.",
    "year": "Add a line *_year: 2026, or the one it is of.",
    "transcript": 'Add a line *_transcript: "…".',
    "text": 'Add a line *_text: "…".',
}


def _check_body(placed: Placed, text: Text, findings: TextFindings) -> None:
    for fault in prose.faults(text.body):
        findings.error(fault.reason, placed.place("body", fault.line), fault.value, fault.expected, fault.mend)
    if text.variant == "de_simple":
        for line, sentence in prose.sentences(text.body):
            words = prose.words(sentence)
            if words > LONGEST_SIMPLE:
                expected = f"at most {LONGEST_SIMPLE} words in a sentence, not {words}"
                findings.warn("sentence-long", placed.place("body", line), sentence, expected, "Make two of it.")
