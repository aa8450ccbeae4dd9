"""The manifest of a pack: what a phone reads before, while and after it takes a trail along."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from api.catalogue.snapshot import Snapshot
from api.languages.texts import texts
from api.webapp.language import pick
from api.webapp.offline.pack import Pack, PackPage, Piece
from api.webapp.offline.words import worker_words
from geodata.times import rfc3339
from geodata.vocabulary.languages import ROWS, interface, language, primary_tag

FORMAT = 1
"""Rises when phones have to read it in another way; one that they do not know is no pack to them."""


def manifest(pack: Pack, snapshot: Snapshot, now: datetime) -> bytes:
    """The manifest as JSON; only ``as_of`` differs between two of the same version."""
    return msgspec.json.encode(
        {
            "format": FORMAT,
            "trail": pack.trail,
            "version": pack.version,
            "as_of": rfc3339(now.replace(second=0, microsecond=0)),
            "fallbacks": {row.variant: row.fallback for row in ROWS},
            "variants": [_variant(variant, pack.trail, snapshot) for variant in pack.variants],
            "stations": [
                {"number": station.number, "code": station.code}
                for station in snapshot.stations_of_trail.get(pack.trail, [])
            ],
            "pages": [_page(page) for page in pack.pages],
            "pieces": [_piece(piece) for piece in pack.pieces],
        }
    )


def _variant(variant: str, trail: str, snapshot: Snapshot) -> dict[str, Any]:
    row, content = language(variant), pick(snapshot.catalogue.trails[trail].contents, variant)[0]
    return {
        "variant": variant,
        "lang": row.html,
        "primary": "" if row.is_voice else primary_tag(variant),
        "fallback": row.fallback,
        "trail_name": content.name if content else trail,
        "words": worker_words(texts(interface(variant))),
    }


def _page(page: PackPage) -> dict[str, Any]:
    since_ms = 0 if page.since is None else round(page.since.timestamp() * 1000)
    return {"address": page.address, "variant": page.variant, "since": since_ms, "sha256": page.sha256}


def _piece(piece: Piece) -> dict[str, Any]:
    shown = {
        "url": piece.url,
        "sha256": piece.sha256,
        "bytes": piece.size,
        "kind": piece.kind,
        "type": piece.content_type,
        "variants": sorted(piece.variants),
    }
    others = {"medium": piece.medium, "sent": piece.sent}
    return shown | {name: value for name, value in others.items() if value}
