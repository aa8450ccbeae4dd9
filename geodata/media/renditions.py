"""A medium with the bytes of all that is served of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Encoded:
    """``name`` is the last part of its address; ``width`` and ``height`` in pixels."""

    name: str
    content_type: str
    data: bytes
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A medium with all that is served of it; ``seconds``: how long it plays."""

    id: str
    kind: str
    encoded: tuple[Encoded, ...]
    seconds: float | None = None
