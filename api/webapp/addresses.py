"""The one spelling of a page's address, for those that a QR code writes in capitals and people type as they like."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from urllib.parse import quote

_AROUND_A_CODE = re.compile(r"^[\W_]+|[\W_]+$")
_OF_A_TRAIL = frozenset({"", "map", "help", "stamps", "certificate"})
_LONGEST = 300  # above every address; what is longer would cost more and more time to trim
_AFTER_AN_ADDRESS = "/.,;:!?)]}>'\"“”»\u200b\ufeff"


def canonical(path: str, names: Collection[str]) -> str | None:
    """The page's own address, percent-encoded, where ``path`` (decoded) is another spelling of it; else None.

    Capitals, full-width characters, repeated slashes, and blanks or punctuation at the end make no difference.
    ``names`` are the pages without parameters. It always begins with one slash and a word of ours: never a host.
    """
    if len(path) > _LONGEST:
        return None
    parts = re.split("/+", _trimmed(path).strip("/"))
    first, rest = parts[0].lower(), parts[1:]
    if not rest and first in names:
        own = f"/{first}"
    elif first == "s" and (station := _station(rest)) is not None:
        own = f"/s{station}"
    elif first == "t" and rest and "/".join(rest[1:]).lower() in _OF_A_TRAIL:
        own = "/".join(("/t", *(quote(part.lower(), safe="") for part in rest)))
    elif first == "staff":
        own = f"/staff/{quote('/'.join(rest).lower())}"
    else:
        return None
    return None if own == quote(path) else own


def _trimmed(path: str) -> str:
    """Without what stands around an address where somebody took it out of a sentence."""
    plain = unicodedata.normalize("NFKC", path)
    before = ""
    while before != plain:
        before, plain = plain, plain.strip().rstrip(_AFTER_AN_ADDRESS)
    return plain


def _station(rest: list[str]) -> str | None:
    """What follows /s: nothing, a code, or a code with /now or /report."""
    if not rest:
        return ""
    code = quote(_AROUND_A_CODE.sub("", rest[0]), safe="")
    below = [part.lower() for part in rest[1:]]
    return "/".join(("", code, *below)) if code and below in ([], ["now"], ["report"]) else None
