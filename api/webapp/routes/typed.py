"""What somebody types from a sign, or pastes: a code, a station's number, or a whole address."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from api.webapp.scans.entries import VIAS

LONGEST = 300
"""Characters that are looked at, the rest is left out."""

LONGEST_CODE = 40
_ADDRESS = re.compile(r"(?:^|[/\\])s[/\\]+([^/\\?#]+)[^?#]*(?:\?([^#]*))?", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"(?:[a-z][a-z0-9+.-]*:[/\\]{2}|(?=[^/\\]+\.[a-z]{2,}(?:[:/\\?#]|$)))([^/\\?#]+)(.*)", re.IGNORECASE
)
"""With a scheme, or a name of a host as people write it: with a dot before letters alone."""
_NUMBER = re.compile(r"(?:station|stop|halt|nummer|number|nr|no|#)?[.:]?0*(\d{1,3})\.?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TypedSign:
    """A ``code``, or else the ``number`` of a station; with neither nothing was typed. ``via``: how it was come by.

    ``host`` and ``path`` are those of an address that is no sign's; the path begins with one slash.
    """

    code: str = ""
    number: int | None = None
    via: str = "sign"
    host: str = ""
    path: str = ""


def read(text: str) -> TypedSign:
    """Read what was typed; blanks and full-width characters make no difference, an address may have any host."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text[:LONGEST]))
    if (address := _ADDRESS.search(plain)) is not None:
        via = parse_qs(address[2] or "").get("via", ["sign"])[0].lower()
        return TypedSign(unquote(address[1])[:LONGEST_CODE], via=via if via in VIAS else "sign")
    if (number := _NUMBER.fullmatch(plain)) is not None:
        return TypedSign(number=int(number[1]))
    if (found := _ELSEWHERE.fullmatch(plain)) is not None and (host := _host(found[1])):
        return TypedSign(host=host, path=f"/{found[2].lstrip('/' + chr(92))}")
    return TypedSign(text.strip()[:LONGEST_CODE])


def _host(authority: str) -> str:
    """Without user, password and port: in ``ours.example@other.example`` the first is not where it leads."""
    try:
        return urlsplit(f"//{authority}").hostname or ""
    except ValueError:
        return ""
