"""The files that pages of a pack refer to: this site's own, and media of the catalogue."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from api.catalogue.snapshot import Snapshot
from api.http.assets import Assets
from api.media import address as media_address
from api.webapp.offline.pack import Piece
from api.webapp.offline.references import imports
from geodata.model.media import Medium, Rendition
from geodata.store.catalogue import media as store
from geodata.store.database import Database

PICTURE_WIDTH = 960
"""Pixels of the one form of a picture that is taken along: sharp on a phone, at a fifth of the largest."""

_MAP = "vendor/maplibre-gl-"
_KINDS = {"picture": "picture", "audio": "audio", "sign_video": "film"}
Wanted = Mapping[str, set[str]]
"""Addresses that pages refer to, with the variants of these pages."""


class FileFinder:
    """Finds what stands behind addresses of this site; ``assets`` are its own files, ``others`` those at its root."""

    def __init__(self, database: Database, assets: Assets, others: Mapping[str, str]) -> None:
        self._database = database
        self._assets = assets
        self._others = others
        self._digests: dict[tuple[str, str], str] = {}

    def pieces(self, snapshot: Snapshot, wanted: Wanted) -> list[Piece]:
        """The pieces behind ``wanted``, in a fixed order; what is no file is left out. Reads the database."""
        chosen = dict(_media(snapshot, wanted))
        self._read_digests({medium.id for medium, _ in chosen})
        return [
            *self._of_site(wanted),
            *(
                _of_medium(medium, rendition, self._digests[medium.id, rendition.name], chosen[medium, rendition])
                for medium, rendition in sorted(chosen, key=lambda one: (one[0].kind != "picture", one[0].id))
            ),
        ]

    def _of_site(self, wanted: Wanted) -> Iterator[Piece]:
        waiting = {address: frozenset(variants) for address, variants in sorted(wanted.items())}
        done: set[str] = set()
        while waiting:
            address, variants = waiting.popitem()
            path = urlsplit(address).path
            name = self._others.get(path) or path.removeprefix(f"{self._assets.prefix}/")
            file = self._assets.file(name)
            if file is None or address in done:
                continue
            done.add(address)
            content_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
            is_map = path.startswith(f"{self._assets.prefix}/{_MAP}")
            yield Piece(
                url=address,
                sha256=file.sha256,
                size=file.size,
                kind="map" if is_map else "file",
                content_type=content_type,
                variants=variants,
                sent=self._assets.bytes_sent(name) if is_map else 0,
            )
            if path.endswith(("js", "mjs")):
                beside = path.rpartition("/")[0]
                waiting |= {f"{beside}/{one[2:]}": variants for one in imports(self._assets.text(name))}

    def _read_digests(self, media: set[str]) -> None:
        unknown = media - {medium for medium, _ in self._digests}
        if unknown:
            with self._database.transaction() as connection:
                self._digests |= store.digests(connection, unknown)


def _media(snapshot: Snapshot, wanted: Wanted) -> Iterator[tuple[tuple[Medium, Rendition], frozenset[str]]]:
    """Of each medium that is wanted in any form the one that is taken along, with all variants that show it."""
    variants: dict[str, set[str]] = {}
    for address, of_pages in wanted.items():
        parts = address.split("/")
        if len(parts) == 4 and parts[1] == "media":
            variants.setdefault(parts[2], set()).update(of_pages)
    for key, of_pages in variants.items():
        medium = snapshot.catalogue.media.get(key)
        if medium is not None:
            yield (medium, _taken(medium)), frozenset(of_pages)


def _taken(medium: Medium) -> Rendition:
    """A picture in one size and as AVIF, which every browser shows that can take a trail along; else the only form."""
    avif = [rendition for rendition in medium.renditions if rendition.content_type == "image/avif"]
    if medium.kind != "picture" or not avif:
        return medium.renditions[0]
    return min(avif, key=lambda rendition: abs((rendition.width or 0) - PICTURE_WIDTH))


def _of_medium(medium: Medium, rendition: Rendition, sha256: str, variants: frozenset[str]) -> Piece:
    return Piece(
        url=media_address(medium.id, rendition.name),
        sha256=sha256,
        size=rendition.size,
        kind=_KINDS[medium.kind],
        content_type=rendition.content_type,
        variants=variants,
        medium=medium.id,
    )
