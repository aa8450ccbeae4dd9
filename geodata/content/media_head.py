"""The fields of `media_fields`, read from a text's head: pictures, a recording and a film beside the text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from geodata.content.frontmatter import Document
from geodata.content.media_fields import PARTS, PICTURES
from geodata.errors import InvalidInput
from geodata.findings.content import at_line
from geodata.media.files import AUDIO, PICTURE, SIGN_VIDEO
from geodata.messages.message import message
from geodata.model.media import Audio, Picture, ShownMedia, SignVideo

_YES, _NO = ("yes", "ja", "true"), ("", "no", "nein", "false")
_YEARS = range(1826, 2101)  # the first photograph was taken in 1826

_FOCUS = re.compile(r"(100|[1-9]?[0-9])[ ,;]+(100|[1-9]?[0-9])", re.ASCII)

Named = Callable[[str, str, str], str]
"""Kind, name of the file and place in the text, to the file's media id; raises InvalidInput."""


def read(document: Document, file: str, named: Named) -> ShownMedia:
    """The media of a head; ``file`` is its name in error messages. Raises InvalidInput."""
    head = _MediaHead(document, file, named)
    head.refuse_strays()
    return ShownMedia(
        pictures=tuple(_picture(head, stem) for stem in PICTURES if head.has(stem)),
        audio=_audio(head) if head.has(AUDIO) else None,
        sign_video=_sign_video(head) if head.has(SIGN_VIDEO) else None,
    )


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

    def focus(self, stem: str) -> tuple[int, int] | None:
        text = self.text(stem, "focus")
        if not text:
            return None
        match = _FOCUS.fullmatch(text)
        if match is None:
            expected = "two whole numbers from 0 to 100 such as 30 60: per cent from left and from above"
            raise InvalidInput(self.place(f"{stem}_focus"), text, expected)
        return int(match[1]), int(match[2])

    def yes(self, stem: str, part: str) -> bool:
        text = self.text(stem, part).lower()
        if text not in (*_YES, *_NO):
            raise InvalidInput(self.place(f"{stem}_{part}"), text, "yes or no", "Leave the line out for no.")
        return text in _YES

    def refuse_strays(self) -> None:
        """A part without its file is most often a misspelt name."""
        for stem, parts in PARTS.items():
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
        file=kept_name(head.document.fields[stem]),
        alt=alt,
        decorative=decorative,
        caption=head.text(stem, "caption"),
        author=head.text(stem, "author"),
        licence=head.text(stem, "licence"),
        year=head.year(stem),
        focus=head.focus(stem),
    )


def kept_name(file: str) -> str:
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
