"""The fields of a text's head that name pictures, a recording and a film in sign language beside the text.

``picture: erle.jpg`` with ``picture_alt`` (or ``picture_decorative: yes``), ``picture_caption``, ``picture_author``,
``picture_licence``, ``picture_year`` and ``picture_focus: 30 60`` (per cent from left and from above); further pictures
are ``picture_2`` to ``picture_4`` with the same endings. ``audio`` with ``audio_transcript`` and ``sign_video`` with
``sign_video_text`` have author, licence and year likewise.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from geodata.media.files import AUDIO, PICTURE, SIGN_VIDEO
from geodata.model.content import StationContent
from geodata.model.media import Audio, Picture, SignVideo

RIGHTS = ("author", "licence", "year")
"""Fields that every picture, sound and film has, with which it may be shown."""
PICTURES = (PICTURE, *(f"{PICTURE}_{number}" for number in (2, 3, 4)))
PARTS = {
    **dict.fromkeys(PICTURES, ("alt", "decorative", "caption", *RIGHTS, "focus")),
    AUDIO: ("transcript", *RIGHTS),
    SIGN_VIDEO: ("text", *RIGHTS),
}
FIELDS = tuple(name for stem, parts in PARTS.items() for name in (stem, *(f"{stem}_{part}" for part in parts)))
"""All names, in the order in which they are written."""


def items(content: StationContent) -> Iterator[tuple[str, Picture | Audio | SignVideo]]:
    """What a content shows, each with the field that names its file."""
    yield from zip(PICTURES, content.pictures, strict=False)
    if content.audio:
        yield AUDIO, content.audio
    if content.sign_video:
        yield SIGN_VIDEO, content.sign_video


def write(content: StationContent) -> dict[str, str]:
    """The fields by which read() makes the same media again; empty ones are left out."""
    fields: dict[str, str] = {}
    for stem, item in items(content):
        fields[stem] = item.file
        for part in PARTS[stem]:
            value: object = getattr(item, part)
            if value:
                fields[f"{stem}_{part}"] = _written(value)
    return fields


def _written(value: object) -> str:
    if isinstance(value, tuple):
        return " ".join(map(str, cast("tuple[int, int]", value)))
    return "yes" if value is True else str(value)
