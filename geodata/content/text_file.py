"""One text file, read: head and Markdown as a text of a station or a trail, with the lines they stand on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from geodata.content import frontmatter, media_fields, media_head
from geodata.content.filenames import FileSlot
from geodata.content.frontmatter import Document
from geodata.content.plain import fields as plain_fields
from geodata.content.versions import Text
from geodata.errors import InvalidInput
from geodata.findings.content import TextFindings, at_line
from geodata.findings.finding import Finding
from geodata.media.files import MediaFolder
from geodata.messages.message import message, phrase
from geodata.model.content import StationContent
from geodata.model.media import ShownMedia
from geodata.model.trail import TrailContent
from geodata.vocabulary.season import MonthDay, Season, month_day, month_day_text

TRAIL_FIELDS = ("title", "lead")
STATION_FIELDS = (
    "code",
    "title",
    "lead",
    "question",
    "answer",
    "task",
    "source",
    "invented",
    "show_from",
    "show_until",
)
_GERMAN_DAY = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.?")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFile:
    """A text with the name of its file, its lines by field, and the first line of its Markdown."""

    text: Text
    file: str
    code: str = ""
    lines: Mapping[str, int] = field(default_factory=dict[str, int])
    body_line: int = 1

    def place(self, name: str, line_of_body: int = 0) -> str:
        """Where a field stands, or a line of the Markdown counted from 0."""
        line = self.body_line + line_of_body if name == "body" else self.lines.get(name, 1)
        return at_line(self.file, line)


@dataclass(frozen=True, slots=True)
class StationHead:
    """What is known of a station's text before it is read."""

    file: str
    slot: FileSlot
    beside: MediaFolder


def read_trail(text: str, file: str, slot: FileSlot, findings: TextFindings) -> TextFile | None:
    """A text of a trail; None where it cannot be read, with findings."""
    document = frontmatter.read(text, file, (*TRAIL_FIELDS, *plain_fields.names(slot.variant)), findings)
    if document is None:
        return None
    fields = document.fields
    content = TrailContent(
        variant=slot.variant,
        name=fields.get("title", ""),
        lead=fields.get("lead", ""),
        body=document.body,
        plain=plain_fields.read(fields, document.lines, file, findings),
    )
    return TextFile(text=content, file=file, lines=document.lines, body_line=document.body_line)


def read_station(text: str, head: StationHead, findings: TextFindings) -> TextFile | None:
    """A text of a station; None where it cannot be read, with findings."""
    known = (*STATION_FIELDS, *media_fields.FIELDS, *plain_fields.names(head.slot.variant))
    document = frontmatter.read(text, head.file, known, findings)
    if document is None:
        return None
    fields, media = document.fields, _media(document, head, findings)
    content = StationContent(
        variant=head.slot.variant,
        title=fields.get("title", ""),
        lead=fields.get("lead", ""),
        body=document.body,
        question=fields.get("question", ""),
        answer=fields.get("answer", ""),
        task=fields.get("task", ""),
        source=_sentences(fields.get("source", ""), fields.get("invented", "")),
        pictures=media.pictures,
        audio=media.audio,
        sign_video=media.sign_video,
        season=head.slot.season,
        show=_season(document, head, findings),
        plain=plain_fields.read(fields, document.lines, head.file, findings),
    )
    return TextFile(
        text=content,
        file=head.file,
        code=fields.get("code", ""),
        lines=document.lines,
        body_line=document.body_line,
    )


def _media(document: Document, head: StationHead, findings: TextFindings) -> ShownMedia:
    def named(kind: str, name: str, place: str) -> str:
        if "/" in name or "\\" in name:
            hint = "Put the file into the folder of the text and write its name alone."
            raise InvalidInput(place, name, "the name of a file beside the text, without a path", hint)
        return head.beside.media_of(kind, name, place)

    try:
        return media_head.read(document, head.file, named)
    except InvalidInput as error:
        findings.found.append(Finding.of("media", error))
        return ShownMedia()


def _season(document: Document, head: StationHead, findings: TextFindings) -> Season | None:
    """The days on which the text is shown: of a file with a season in its name both, of any other none."""
    ends = [(name, document.fields.get(name, "")) for name in ("show_from", "show_until")]
    named_ends = [name for name, value in ends if value]
    if not head.slot.season:
        if named_ends:
            place = at_line(head.file, document.lines[named_ends[0]])
            hint = message("Rename the file, such as {name}.", name="de.fruehling.md")
            findings.error(
                "season-in-year-text", place, named_ends[0], "no days: this is the text of all the year", hint
            )
        return None
    if len(named_ends) < 2:
        missing = next(name for name, value in ends if not value)
        hint = message("Add a line {field}: 03-01 to the head (month-day).", field=missing)
        findings.error("season-without-days", at_line(head.file, 1), missing, "its first and last day", hint)
        return None
    first, last = (_day(name, value, document, head, findings) for name, value in ends)
    if first is None or last is None:
        return None
    try:
        return Season(first, last)
    except InvalidInput as error:
        place = at_line(head.file, document.lines["show_from"])
        findings.error("season-days", place, str(error.value), error.expected, error.hint)
        return None


def _day(name: str, value: str, document: Document, head: StationHead, findings: TextFindings) -> MonthDay | None:
    try:
        return month_day(value)
    except ValueError:
        german = _GERMAN_DAY.fullmatch(value)
        hint = (
            message("Write {what}.", what=month_day_text((int(german[2]), int(german[1]))))
            if german
            else phrase("The first of March is 03-01.")
        )
        findings.error("season-days", at_line(head.file, document.lines[name]), value, "month-day", hint)
        return None


def _sentences(first: str, second: str) -> str:
    """Both in a row; the first gets a full stop where it has no end, or they would read as one sentence."""
    if first and second and not first.rstrip("\"'”“’»«)] ").endswith((".", "!", "?", "…", ":", ";")):
        first += "."
    return " ".join(filter(None, (first, second)))
