"""Pictures, recordings and films that lie beside the texts of a folder, known by the SHA-256 of their bytes."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib.resources.abc import Traversable

from geodata.errors import InvalidInput
from geodata.messages.message import Message, message, phrase

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
    """The files beside the texts of one folder; ``shown`` is the folder's name in error messages.

    Names are compared in Unicode's form NFC: a Mac gives "ä" out as two characters. Of two names that are the same
    then, the first counts; the other is told as unnamed.
    """

    def __init__(self, files: Iterable[Traversable], shown: str) -> None:
        """``files``: all that lies there and is no text."""
        self._files: dict[str, Traversable] = {}
        self._twice: list[str] = []
        for file in files:
            name = _composed(file.name)
            if name in self._files:
                self._twice.append(name)
            self._files.setdefault(name, file)
        self._shown = shown
        self._named: dict[str, MediaFile] = {}
        self._meant: set[str] = set()

    def media_of(self, kind: str, name: str, place: str) -> str:
        """The id of the file ``name``, which the text at ``place`` calls a ``kind``; raises InvalidInput."""
        name = _composed(name)
        if not name.lower().endswith(SUFFIXES[kind]):
            endings = ", ".join(SUFFIXES[kind])
            expected = message("{kind} ending in {endings}", kind=_KINDS[kind], endings=endings)
            raise InvalidInput(place, name, expected, "Save it in one of these formats.")
        if name not in self._files:
            raise self._absent(name, kind, place)
        if name not in self._named:
            self._named[name] = _known_by_its_bytes(self._files[name], kind, f"{self._shown}/{name}")
        return self._named[name].media

    def _absent(self, name: str, kind: str, place: str) -> InvalidInput:
        fitting = {_stem(name): name for name in sorted(self._files) if name.lower().endswith(SUFFIXES[kind])}
        there = ", ".join(sorted(self._files)) or phrase("none")
        expected = message("a file in {folder} (there: {there})", folder=self._shown, there=there)
        near = get_close_matches(_stem(name), fitting, n=1, cutoff=0.7)
        if not near:
            return InvalidInput(place, name, expected, "Put it beside the text or correct the name.")
        meant = fitting[near[0]]
        self._meant.add(meant)
        hint = message("Write {name}, with its capital letters and its ending.", name=meant)
        return InvalidInput(place, name, expected, hint)

    def named(self) -> dict[str, MediaFile]:
        """All files that were asked for, by id."""
        return {file.media: file for file in self._named.values()}

    def unnamed(self) -> list[InvalidInput]:
        """What to say of the files that no text names, also not nearly."""
        unnamed = sorted([*(self._files.keys() - self._named.keys() - self._meant), *self._twice])
        return [
            InvalidInput(
                f"{self._shown}/{name}",
                phrase("a file that no text names"),
                "a text beside it that shows it",
                message("Add to the head of de.md, for example, picture: {name}, or remove the file.", name=name),
            )
            for name in unnamed
        ]


_KINDS: Mapping[str, Message] = {
    PICTURE: phrase("a picture"),
    AUDIO: phrase("a recording"),
    SIGN_VIDEO: phrase("a film in sign language"),
}


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _stem(name: str) -> str:
    return name.rpartition(".")[0].casefold()


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
    hint = {
        PICTURE: "Save it smaller.",
        AUDIO: "Save it as mono with 64 kbit/s.",
        SIGN_VIDEO: "Save it with 720 lines.",
    }
    size = message("more than {size} MB", size=MAX_BYTES[kind] // 1_000_000)
    return InvalidInput(place, size, message("at most {most:,} bytes", most=MAX_BYTES[kind]), hint[kind])


def wrong_ending(place: str, kind: str, ending: str) -> InvalidInput:
    """What to say of a file whose bytes are of another ``kind``, such as JPEG, than its name says."""
    name = place.rpartition("/")[2].rpartition(".")[0] + ending
    hint = message("Rename it to {name}, also in the head that names it.", name=name)
    return InvalidInput(place, message("a file in the format {kind}", kind=kind), "what its ending says", hint)
