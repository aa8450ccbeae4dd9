"""Pictures, recordings and films that lie beside the texts of a folder, known by the SHA-256 of their bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable

from geodata.errors import InvalidInput

PICTURE, AUDIO, SIGN_VIDEO = "picture", "audio", "sign_video"
SUFFIXES: Mapping[str, tuple[str, ...]] = {
    PICTURE: (".jpg", ".jpeg", ".png", ".webp", ".avif"),
    AUDIO: (".mp3", ".m4a"),
    SIGN_VIDEO: (".mp4",),
}
"""Endings that a file of each kind may have; what it really is, its bytes say later."""

_CONFUSED = (".heic", ".gif", ".tif", ".tiff", ".svg", ".ogg", ".opus", ".wav", ".flac", ".webm", ".mov")
"""Endings of media that not every phone shows or plays: named in a text, they get a sentence."""

MAX_BYTES: Mapping[str, int] = {PICTURE: 25_000_000, AUDIO: 12_000_000, SIGN_VIDEO: 30_000_000}
"""How large a file of each kind may be."""

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file that a text names: its ``media`` id, its kind, and where it is."""

    media: str
    kind: str
    place: str
    source: Traversable = field(compare=False)


class MediaFolder:
    """The files beside the texts of one folder; ``shown`` is the folder's name in complaints."""

    def __init__(self, files: Iterable[Traversable], shown: str) -> None:
        """``files``: all that lies there and is no text."""
        self._files = {file.name: file for file in files}
        self._shown = shown
        self._named: dict[str, MediaFile] = {}

    def media_of(self, kind: str, name: str, place: str) -> str:
        """The id of the file ``name``, which the text at ``place`` calls a ``kind``; raises InvalidInput."""
        if not name.lower().endswith(SUFFIXES[kind]):
            raise InvalidInput(
                place, name, f"a {kind} file ending in {', '.join(SUFFIXES[kind])}", "Save it in one of these formats."
            )
        if name not in self._files:
            there = ", ".join(sorted(self._files)) or "none"
            raise InvalidInput(
                place, name, f"a file in {self._shown} (there: {there})", "Put it beside the text or correct the name."
            )
        if name not in self._named:
            self._named[name] = _known_by_its_bytes(self._files[name], kind, f"{self._shown}/{name}")
        return self._named[name].media

    def named(self) -> dict[str, MediaFile]:
        """All files that were asked for, by id."""
        return {file.media: file for file in self._named.values()}

    def unnamed(self) -> list[InvalidInput]:
        """What to say of the files that no text names."""
        return [
            InvalidInput(
                f"{self._shown}/{name}",
                "a file that no text names",
                "a text beside it that shows it",
                f"Add to the head of de.md, for example, picture: {name}, or remove the file.",
            )
            for name in sorted(self._files.keys() - self._named.keys())
        ]


def is_media(name: str) -> bool:
    """Whether a file of this name is a picture, recording or film, be it one of ours or not."""
    return name.lower().endswith((*_CONFUSED, *(suffix for suffixes in SUFFIXES.values() for suffix in suffixes)))


def media_id(data: bytes) -> str:
    """The id of a file: the first half of its SHA-256, in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()[:32]


def _known_by_its_bytes(source: Traversable, kind: str, place: str) -> MediaFile:
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            if size > MAX_BYTES[kind]:
                raise too_large(place, kind)
    return MediaFile(digest.hexdigest()[:32], kind, place, source)


def too_large(place: str, kind: str) -> InvalidInput:
    """What to say of a file above MAX_BYTES."""
    mend = {
        PICTURE: "Save it smaller.",
        AUDIO: "Save it as mono with 64 kbit/s.",
        SIGN_VIDEO: "Save it with 720 lines.",
    }
    return InvalidInput(
        place, f"more than {MAX_BYTES[kind] // 1_000_000} MB", f"at most {MAX_BYTES[kind]:,} bytes", mend[kind]
    )
