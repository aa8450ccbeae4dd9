"""Pictures, recordings and films: as they are served, and as one variant of a text shows them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """One form in which a medium is served; ``name`` is the last part of its address, ``size`` in bytes."""

    name: str
    content_type: str
    size: int
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """A picture, recording or film that the database holds. ``kind``: ``picture``, ``audio`` or ``sign_video``.

    ``renditions`` come in order of width; their bytes are read where they are served. ``seconds``: how long it plays.
    """

    id: str
    kind: str
    renditions: tuple[Rendition, ...]
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture as one variant shows it. ``media`` is the id of its Medium, ``file`` its name beside the text.

    The name says nothing: the same picture under another one is the same.
    Where it is ``decorative`` it tells nothing that the text does not, and has no ``alt``. ``licence`` is an SPDX id.
    ``focus``: the point that matters, from left and from above in per cent; where a picture is cut, it stays in view.
    """

    media: str
    file: str = field(compare=False)
    alt: str = ""
    decorative: bool = False
    caption: str = ""
    author: str = ""
    licence: str = ""
    year: int | None = None
    focus: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Audio:
    """A recording of a voice or of the forest; ``transcript`` (Markdown) is for those who cannot hear it."""

    media: str
    file: str = field(compare=False)
    transcript: str = ""
    author: str = ""
    licence: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignVideo:
    """The content in sign language; ``text`` says what the film shows, for those who cannot see it."""

    media: str
    file: str = field(compare=False)
    text: str = ""
    author: str = ""
    licence: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class ShownMedia:
    """All that one variant of a text shows."""

    pictures: tuple[Picture, ...] = ()
    audio: Audio | None = None
    sign_video: SignVideo | None = None
