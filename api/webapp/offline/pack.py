"""A trail's pack: every page in every variant and for each time, and the files that they refer to."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from api.catalogue.snapshot import Snapshot
from geodata.vocabulary.languages import INTERFACES, VARIANTS

HELP = "*"
"""The address of the page that is shown instead of any that is not in the pack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Bytes that belong to the pack: served at ``url``, known by their hash.

    ``kind``: ``page``, ``file`` (what pages look like and do), ``map`` (what moves the large map), ``picture``,
    ``audio`` or ``film``; later kinds may be added. ``variants`` are those whose pages need it. ``medium``: of which
    medium it is one form. ``sent``: bytes that go over the network, of a large program that goes out packed.
    """

    url: str
    sha256: str
    size: int
    kind: str
    content_type: str
    variants: frozenset[str]
    medium: str = ""
    sent: int = 0


@dataclass(frozen=True, slots=True)
class PackPage:
    """Which piece an ``address`` (``/s/3DVB54``) shows in a variant from a moment on; None: at any time before."""

    address: str
    variant: str
    since: datetime | None
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """All that can be taken along of a trail. ``packed``: its pages by hash, compressed; files stand elsewhere."""

    trail: str
    variants: tuple[str, ...]
    pages: tuple[PackPage, ...]
    pieces: tuple[Piece, ...]
    packed: Mapping[str, bytes] = field(repr=False)

    @property
    def version(self) -> str:
        """Another one as soon as any page or file is another."""
        parts = [f"{page.address} {page.variant} {page.since} {page.sha256}" for page in self.pages]
        parts += sorted(f"{piece.url} {piece.sha256}" for piece in self.pieces)
        return digest("\n".join(parts).encode())[:16]

    @property
    def kept_bytes(self) -> int:
        """Bytes that the server keeps for it."""
        return sum(map(len, self.packed.values()))

    def body(self, sha256: str) -> bytes | None:
        """The page with that hash."""
        packed = self.packed.get(sha256)
        return None if packed is None else zlib.decompress(packed)


def digest(content: bytes) -> str:
    """SHA-256 as it is written in a manifest: 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def page_url(trail: str, sha256: str) -> str:
    """Where a page of a pack is served while it is the trail's."""
    return f"/t/{trail}/offline/{sha256}"


def variants_of(snapshot: Snapshot, trail: str) -> tuple[str, ...]:
    """The languages and voices in which a trail can be read, in the order that people see.

    All languages of the pages are: they say where help is, also where nobody translated the texts.
    """
    there = {*INTERFACES, *snapshot.catalogue.trails[trail].contents}
    for station in snapshot.stations_of_trail.get(trail, []):
        there.update(station.contents)
    return tuple(variant for variant in VARIANTS if variant in there)


def without_repetitions(pages: Iterable[PackPage]) -> tuple[PackPage, ...]:
    """The pages in order of time, without those that show what the one before shows."""
    last: dict[tuple[str, str], str] = {}
    kept: list[PackPage] = []
    for page in pages:
        if last.get((page.address, page.variant)) != page.sha256:
            last[page.address, page.variant] = page.sha256
            kept.append(page)
    return tuple(kept)
