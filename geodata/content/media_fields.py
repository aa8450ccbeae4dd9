"""The fields of a text's head that name pictures, a recording and a film in sign language beside the text.

``picture: erle.jpg`` with ``picture_alt`` (or ``picture_decorative: yes``), ``picture_caption``, ``picture_author``,
``picture_licence``, ``picture_year``; further pictures are ``picture_2`` to ``picture_4`` with the same endings.
``audio`` with ``audio_transcript`` and ``sign_video`` with ``sign_video_text`` have author, licence and year likewise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from geodata.content.frontmatter import Document
from geodata.errors import InvalidInput
from geodata.findings.content import at_line
from geodata.media.files import AUDIO, PICTURE, SIGN_VIDEO
from geodata.messages.message import message
from geodata.model.content import StationContent
from geodata.model.media import Audio, Picture, ShownMedia, SignVideo

RIGHTS = ("author", "licence", "year")
"""Fields that every picture, sound and film has, with which it may be shown."""
_PICTURES = (PICTURE, *(f"{PICTURE}_{number}" for number in (2, 3, 4)))
_PARTS = {
    **dict.fromkeys(_PICTURES, ("alt", "decorative", "caption", *RIGHTS)),
    AUDIO: ("transcript", *RIGHTS),
    SIGN_VIDEO: ("text", *RIGHTS),
}
FIELDS = tuple(name for stem, parts in _PARTS.items() for name in (stem, *(f"{stem}_{part}" for part in parts)))
"""All names, in the order in which they are written."""

_YES, _NO = ("yes", "ja", "true"), ("", "no", "nein", "false")
_YEARS = range(1826, 2101)  # the first photograph was taken in 1826

Named = Callable[[str, str, str], str]
"""Kind, name of the file and place in the text, to the file's media id; raises InvalidInput."""


def read(document: Document, file: str, named: Named) -> ShownMedia:
    """The media of a head; ``file`` is its name in error messages. Raises InvalidInput."""
    head = _MediaHead(document, file, named)
    head.refuse_strays()
    return ShownMedia(
        pictures=tuple(_picture(head, stem) for stem in _PICTURES if head.has(stem)),
        audio=_audio(head) if head.has(AUDIO) else None,
        sign_video=_sign_video(head) if head.has(SIGN_VIDEO) else None,
    )


def items(content: StationContent) -> Iterator[tuple[str, Picture | Audio | SignVideo]]:
    """What a content shows, each with the field that names its file."""
    yield from zip(_PICTURES, content.pictures, strict=False)
    if content.audio:
        yield AUDIO, content.audio
    if content.sign_video:
        yield SIGN_VIDEO, content.sign_video


def write(content: StationContent) -> dict[str, str]:
    """The fields by which read() makes the same media again; empty ones are left out."""
    fields: dict[str, str] = {}
    for stem, item in items(content):
        fields[stem] = item.file
        for part in _PARTS[stem]:
            value: str | int | bool | None = getattr(item, part)
            if value:
                fields[f"{stem}_{part}"] = "yes" if value is True else str(value)
    return fields


@dataclass(frozen=True, slots=True)
class _MediaHead:
    """A document's head, asked by stem (``picture_2``) and part (``alt``)."""

    document: Document
    file: str
    named: Named

    def has(self, stem: str) -> bool:
        return bool(self.document.fields.get(stem))

    def text(self, stem: str, part: str) -> str:
        return self.document.fields.get(f"{stem}_{part}", "")

    def place(self, field: str) -> str:
        return at_line(self.file, self.document.lines.get(field, 1))

    def media(self, stem: str, kind: str) -> str:
        return self.named(kind, self.document.fields[stem], self.place(stem))

    def year(self, stem: str) -> int | None:
        text = self.text(stem, "year")
        if not text:
            return None
        if not text.isascii() or not text.isdigit() or int(text) not in _YEARS:
            hint = "Write the year in which it was made."
            raise InvalidInput(self.place(f"{stem}_year"), text, "a year in four digits", hint)
        return int(text)

    def yes(self, stem: str, part: str) -> bool:
        text = self.text(stem, part).lower()
        if text not in (*_YES, *_NO):
            raise InvalidInput(self.place(f"{stem}_{part}"), text, "yes or no", "Leave the line out for no.")
        return text in _YES

    def refuse_strays(self) -> None:
        """A part without its file is most often a misspelt name."""
        for stem, parts in _PARTS.items():
            stray = next((part for part in parts if not self.has(stem) and self.text(stem, part)), None)
            if stray:
                name = f"{stem}_{stray}"
                expected = message("a field {field} too", field=stem)
                hint = message("Add a line {field}: name of the file.", field=stem)
                raise InvalidInput(self.place(name), name, expected, hint)


def _picture(head: _MediaHead, stem: str) -> Picture:
    alt, decorative = head.text(stem, "alt"), head.yes(stem, "decorative")
    if alt and decorative:
        hint = "Remove one: a decorative picture tells nothing that the text does not."
        expected = message("either {one} or {other}", one=f"{stem}_alt", other=f"{stem}_decorative")
        raise InvalidInput(head.place(f"{stem}_alt"), alt, expected, hint)
    return Picture(
        media=head.media(stem, PICTURE),
        file=_kept_name(head.document.fields[stem]),
        alt=alt,
        decorative=decorative,
        caption=head.text(stem, "caption"),
        author=head.text(stem, "author"),
        licence=head.text(stem, "licence"),
        year=head.year(stem),
    )


def _kept_name(file: str) -> str:
    """The name of a picture's file when it is given out again: it is a JPEG then, whatever it was."""
    return file if file.lower().endswith((".jpg", ".jpeg")) else f"{file.rpartition('.')[0]}.jpg"


def _audio(head: _MediaHead) -> Audio:
    return Audio(
        media=head.media(AUDIO, AUDIO),
        file=head.document.fields[AUDIO],
        transcript=head.text(AUDIO, "transcript"),
        author=head.text(AUDIO, "author"),
        licence=head.text(AUDIO, "licence"),
        year=head.year(AUDIO),
    )


def _sign_video(head: _MediaHead) -> SignVideo:
    return SignVideo(
        media=head.media(SIGN_VIDEO, SIGN_VIDEO),
        file=head.document.fields[SIGN_VIDEO],
        text=head.text(SIGN_VIDEO, "text"),
        author=head.text(SIGN_VIDEO, "author"),
        licence=head.text(SIGN_VIDEO, "licence"),
        year=head.year(SIGN_VIDEO),
    )
