"""Publication checks: what accessibility or the rights of others need is there, or has a named reason.

Texts in, findings out. Errors refuse, warnings want to be looked at; reasons are names that stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations
from typing import Protocol

from geodata.content import markdown_checks, media_fields
from geodata.content.plain.hints import hints
from geodata.content.seasonal import overlap
from geodata.content.versions import Text
from geodata.findings.content import TextFindings
from geodata.findings.finding import Finding, Severity
from geodata.messages.message import Message, message, phrase
from geodata.model.content import StationContent
from geodata.model.media import Audio, Picture, SignVideo
from geodata.model.plain_language import CheckState, PlainLanguage, digest
from geodata.model.trail import TrailContent
from geodata.times import utc_now
from geodata.vocabulary.languages import DEFAULT, language, primary_tag
from geodata.vocabulary.season import month_day_text

LONGEST_SIMPLE = 15
"""Words of a sentence in plain language."""

LICENCE = re.compile(r"CC0-1\.0|CC-BY(-NC)?(-SA|-ND)?-([1-4]\.0|2\.5)|dl-de/(by|zero)-2-0|LicenseRef-permission")
"""Of pictures, recordings and films; the last one: whoever has the rights permits it for this trail alone."""

_KNOWN_LICENCES = "CC-BY-4.0, CC-BY-SA-4.0, CC0-1.0 or LicenseRef-permission"
_PARTS = {"title": phrase("a title"), "lead": phrase("a lead"), "body": phrase("a body")}
_LONGEST = {"title": 120, "lead": 400, "body": 20_000}


class Placed(Protocol):
    """A text, and where its parts are in what somebody wrote."""

    @property
    def text(self) -> Text:
        """The text."""
        ...

    def place(self, name: str, line_of_body: int = 0) -> str:
        """What error messages call a field, or a line of the Markdown counted from 0."""
        ...


@dataclass(frozen=True, slots=True)
class StoredText:
    """A text that is in no file; ``name`` is what error messages call it."""

    text: Text
    name: str

    def place(self, name: str, line_of_body: int = 0) -> str:
        """Its name, the field, and of the Markdown the line."""
        if name == "body":
            return message("{text}, body line {line}", text=self.name, line=line_of_body + 1)
        return message("{text}, {field}", text=self.name, field=name)


def check(texts: Sequence[Placed], name: str, findings: TextFindings) -> None:
    """Judge all the texts of one station, or of a trail, as they would be shown together; ``name`` is what it is."""
    for placed in texts:
        check_text(placed, findings)
    check_together(texts, name, findings)


def check_text(placed: Placed, findings: TextFindings, today: date | None = None) -> None:
    """Judge one text by itself; ``today`` (UTC, the present day by itself) bounds the day of a check."""
    text = placed.text
    parts = {"title": text.name if isinstance(text, TrailContent) else text.title, "lead": text.lead, "body": text.body}
    for name, value in parts.items():
        if not value.strip():
            hint = phrase("Write it below the head.") if name == "body" else _line(f'{name}: "…"')
            findings.error(f"{name}-missing", placed.place(name), "", _PARTS[name], hint)
        elif len(value) > _LONGEST[name]:
            size = message("{size:,} characters", size=len(value))
            most = message("at most {most:,}", most=_LONGEST[name])
            findings.error(f"{name}-too-long", placed.place(name), size, most, "Shorten it.")
    _check_fields(placed, text, findings)
    if isinstance(text, StationContent):
        _check_question_and_source(placed, text, findings)
        _check_media(placed, text, findings)
    _check_body(placed, text, findings)
    if text.plain is not None:
        _check_plain(placed, text, text.plain, findings, today or utc_now().date())


def check_together(texts: Sequence[Placed], name: str, findings: TextFindings) -> None:
    """Judge what the texts of one station, or of a trail, are to each other."""
    of_year = {placed.text.variant for placed in texts if _season(placed.text) == ""}
    if texts and DEFAULT not in of_year:
        hint = "Add de.md: every other text falls back to it."
        there = ", ".join(sorted(of_year)) or phrase("nothing")
        findings.error("de-missing", name, there, "a German text", hint)
    for placed in texts:
        if _season(placed.text) and placed.text.variant not in of_year:
            file = f"{placed.text.variant}.md"
            hint = message("Add {file}, which is shown on all other days.", file=file)
            findings.error("season-without-year-text", placed.place("show_from"), _season(placed.text), file, hint)
    for first, second in combinations(texts, 2):
        if isinstance(first.text, StationContent) and isinstance(second.text, StationContent):
            day = overlap(first.text, second.text)
            if day is not None:
                seasons = {"one": first.text.season, "other": second.text.season}
                both = message("{one} and {other} on {day}", **seasons, day=month_day_text((day.month, day.day)))
                hint = "Let the one end the day before the other begins."
                findings.error("seasons-overlap", second.place("show_from"), both, "one text a day", hint)


def hint_at(placed: Placed, findings: TextFindings) -> None:
    """Add what may be hard to read in a text in plain German. It is no check, and refuses nothing."""
    text = placed.text
    if not language(text.variant).is_plain or primary_tag(text.variant) != DEFAULT:
        return
    names = ("lead", "question", "answer", "task", "body")
    for name, value in ((name, getattr(text, name, "")) for name in names):
        for line, hint in hints(value):
            place = placed.place(name, line) if name == "body" else placed.place(name)
            found = Finding(hint.reason, place, hint.words, hint.expected, hint.instead, Severity.HINT)
            findings.found.append(found)


def _season(text: Text) -> str:
    return text.season if isinstance(text, StationContent) else ""


def _check_question_and_source(placed: Placed, text: StationContent, findings: TextFindings) -> None:
    for field, missing in (("question", "answer"), ("answer", "question")):
        if getattr(text, field) and not getattr(text, missing):
            expected = message("{field} too: both or none", field=missing)
            what, hint = message("{field} alone", field=field), _line(f'{missing}: "…"')
            findings.error(f"{field}-without-{missing}", placed.place(field), what, expected, hint)
    if not text.source.strip():
        hint = 'Add a line source: "…": a book, a website, a person, or what you have seen yourselves.'
        findings.error("source-missing", placed.place("source"), "", "where you know it from", hint)


def _check_media(placed: Placed, text: StationContent, findings: TextFindings) -> None:
    for stem, item in media_fields.items(text):
        kind = stem.split("_")[0] if isinstance(item, Picture) else stem.replace("_", "-")
        for part in _needed(item):
            if not getattr(item, part):
                hint = Message(_MENDS[part], {"field": stem})
                findings.error(f"{kind}-without-{part}", placed.place(stem), item.file, _EXPECTED[part], hint)
        if item.licence and not LICENCE.fullmatch(item.licence):
            spelt = item.licence.strip().replace(" ", "-")
            meant = spelt if LICENCE.fullmatch(spelt) else phrase(_KNOWN_LICENCES)
            expected, hint = "the short name of an open licence", message("Write {what}.", what=meant)
            findings.error("licence-unknown", placed.place(f"{stem}_licence"), item.licence, expected, hint)


def _needed(item: Picture | Audio | SignVideo) -> tuple[str, ...]:
    if isinstance(item, Picture):
        return media_fields.RIGHTS if item.decorative else ("alt", *media_fields.RIGHTS)
    return ("transcript" if isinstance(item, Audio) else "text", *media_fields.RIGHTS)


_EXPECTED = {
    "alt": "what it shows, in words",
    "author": "who made it",
    "licence": "under which licence it is",
    "year": "the year it was made",
    "transcript": "all that is said, to read",
    "text": "what is signed, to read",
}
_MENDS = {
    "alt": 'Add a line {field}_alt: "…", or {field}_decorative: yes if it tells nothing that the text does not.',
    "author": 'Add a line {field}_author: "…".',
    "licence": "Add a line {field}_licence: CC-BY-4.0, or the one it has.",
    "year": "Add a line {field}_year: 2026, or the one it is of.",
    "transcript": 'Add a line {field}_transcript: "…".',
    "text": 'Add a line {field}_text: "…".',
}


def _line(line: str) -> Message:
    return message("Add a line {line} to the head.", line=line)


def _check_fields(placed: Placed, text: Text, findings: TextFindings) -> None:
    """Fields are shown as they are written; of what is said or signed, the words are a separate text."""
    for name, value in _fields(text):
        words = name.endswith(("_transcript", "_text"))
        for _, finding in markdown_checks.faults(value) if words else markdown_checks.faults_of_field(value):
            findings.found.append(replace(finding, place=placed.place(name)))


def _fields(text: Text) -> Iterator[tuple[str, str]]:
    if isinstance(text, TrailContent):
        yield from (("title", text.name), ("lead", text.lead))
        return
    yield from ((name, getattr(text, name)) for name in ("title", "lead", "question", "answer", "task", "source"))
    for stem, item in media_fields.items(text):
        for part in ("alt", "caption", "author", "transcript", "text"):
            yield f"{stem}_{part}", getattr(item, part, "")


def _check_body(placed: Placed, text: Text, findings: TextFindings) -> None:
    for line, finding in markdown_checks.faults(text.body):
        findings.found.append(replace(finding, place=placed.place("body", line)))
    if language(text.variant).is_plain:
        for line, sentence in markdown_checks.sentences(text.body):
            words = markdown_checks.words(sentence)
            if words > LONGEST_SIMPLE:
                expected = message("at most {most} words in a sentence, not {words}", most=LONGEST_SIMPLE, words=words)
                findings.warn("sentence-long", placed.place("body", line), sentence, expected, "Make two of it.")


def _check_plain(placed: Placed, text: Text, plain: PlainLanguage, findings: TextFindings, today: date) -> None:
    """What a text says of who checked it: both or nothing, not in the future, and of these words."""
    if bool(plain.checked_by) != (plain.checked_on is not None):
        there, missing = ("checked_by", "checked_on") if plain.checked_by else ("checked_on", "checked_by")
        line = "checked_on: 2026-05-12" if missing == "checked_on" else 'checked_by: "…"'
        expected = message("{field} too: both or none", field=missing)
        findings.error("check-incomplete", placed.place(there), there, expected, _line(line))
    elif plain.checked_on is not None and plain.checked_on > today + timedelta(days=1):
        day, hint = plain.checked_on.isoformat(), "Write the day on which the group read the text."
        findings.error("check-in-future", placed.place("checked_on"), day, "a day that has been", hint)
    elif plain.checked_text and text.check_state is CheckState.OUTDATED:
        claim = f"{plain.checked_by}, {plain.checked_on}"
        hint = message(
            "It is shown without the words that it was checked. When the group has read it again, write the new day"
            " into checked_on, and checked_text: {digest}.",
            digest=digest(text.words),
        )
        findings.warn("check-outdated", placed.place("checked_by"), claim, "a check of the text as it is now", hint)
