"""The files of this site that a page refers to."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

_LOADED = {"script": ("src",), "img": ("src", "srcset"), "source": ("src", "srcset"), "audio": ("src",)}
_LOADED |= {"video": ("src", "poster"), "track": ("src",), "link": ("href",)}
_RELATIONS = {"stylesheet", "icon", "modulepreload"}
_IMPORT = re.compile(rb"""(?:\bfrom|\bimport)\s*\(?\s*["'](\./[\w./-]+\.m?js)["']""")


def references(page: str) -> set[str]:
    """The addresses, within this site, of all that a browser may load to show ``page``: of a picture every size."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.found


def imports(script: bytes) -> set[str]:
    """The modules beside it that a script imports, as ``./name.js``."""
    return {match.decode() for match in _IMPORT.findall(script)}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "link" and not _RELATIONS & set(values.get("rel", "").split()):
            return
        for name in _LOADED.get(tag, ()):
            value = values.get(name, "")
            addresses = [part.split()[0] for part in value.split(",") if part.strip()] if name == "srcset" else [value]
            self.found.update(address for address in addresses if _is_ours(address))


def _is_ours(address: str) -> bool:
    parts = urlsplit(address)
    return not parts.scheme and not parts.netloc and parts.path.startswith("/")
