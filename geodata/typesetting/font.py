"""Which characters a TrueType font has: its table ``cmap``, of which our fonts have format 4 (OpenType 1.9)."""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
"""All that is set is set in these, Atkinson Hyperlegible, and in no other."""

_TABLE = struct.Struct(">4sLLL")  # name, checksum, offset, length
_ENCODING = struct.Struct(">HHL")  # platform, encoding, offset
_LIKE = {"\n": " ", "\t": " ", "\r": " ", "\u2011": "-", "\u2010": "-", "\u202f": "\u00a0", "\u2009": " "}
"""What looks the same."""
_UNICODE = {(0, 3), (3, 1)}


@cache
def characters(path: Path) -> frozenset[str]:
    """All characters of the Basic Multilingual Plane for which the font has a glyph."""
    data = path.read_bytes()
    (tables,) = struct.unpack_from(">H", data, 4)
    places = {name: offset for name, _, offset, _ in (_TABLE.unpack_from(data, 12 + 16 * i) for i in range(tables))}
    start = places[b"cmap"]
    (encodings,) = struct.unpack_from(">H", data, start + 2)
    subtables = (_ENCODING.unpack_from(data, start + 4 + 8 * i) for i in range(encodings))
    subtable = next(start + offset for platform, encoding, offset in subtables if (platform, encoding) in _UNICODE)
    return frozenset(map(chr, _format_4(data, subtable)))


def _format_4(data: bytes, start: int) -> Iterator[int]:
    """Code points with a glyph other than 0, ``.notdef``."""
    (form, double) = struct.unpack_from(">H4xH", data, start)
    if form != 4:
        raise ValueError(f"a cmap of format {form}, expected 4")
    columns = [start + 14, *(start + 16 + double * i for i in (1, 2, 3))]
    ends, firsts, deltas, ranges = (struct.unpack_from(f">{double // 2}H", data, column) for column in columns)
    for i, (end, first, delta, away) in enumerate(zip(ends, firsts, deltas, ranges, strict=True)):
        for code in range(first, min(end, 0xFFFE) + 1):
            glyph = code
            if away:
                (glyph,) = struct.unpack_from(">H", data, columns[3] + 2 * i + away + 2 * (code - first))
                if not glyph:
                    continue
            if (glyph + delta) % 0x10000:
                yield code


@cache
def set_in_all() -> frozenset[str]:
    """What each of our fonts has: a text may stand in bold."""
    first, *others = [characters(path) for path in FONTS.glob("*.ttf")]
    return first.intersection(*others)


def legible(text: str) -> str:
    """``text`` with a question mark for each letter that no font of ours has: a PDF/UA lets none be missing."""
    known = set_in_all()
    composed = unicodedata.normalize("NFC", text)
    return "".join(
        letter if letter in known else _LIKE.get(letter, "" if unicodedata.combining(letter) else "?")
        for letter in composed
    )
