"""The files of this site that a page refers to."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

_LOADED = {
    "script": ("src",),
    "img": ("src", "srcset"),
    "source": ("src", "srcset"),
    "audio": ("src",),
    "video": ("src", "poster"),
    "track": ("src",),
    "link": ("href",),
}
_RELATIONS = {"stylesheet", "icon", "modulepreload"}
_TAG = re.compile(rf"<({'|'.join(_LOADED)})\b((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>")
_ATTRIBUTE = re.compile(r"([\w-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_NAMED = re.compile(r'\sdata-[\w-]+="(/static/[^"\s]+)"')
_IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["'](\./[\w./-]+\.m?js)["']""")


def references(page: str) -> set[str]:
    """The addresses, within this site, of all that a browser may load to show ``page``: of a picture every size.

    What its attributes ``data-…`` name is loaded by scripts.

    Pages are ours, with quotes around every attribute: html.parser would take five times as long for the same.
    """
    named = map(html.unescape, _NAMED.findall(page))
    loaded = (address for tag, rest in _TAG.findall(page) for address in _addresses(tag, rest))
    return {address for address in (*named, *loaded) if _is_ours(address)}


def imports(script: str) -> set[str]:
    """The modules beside it that a script imports, as ``./name.js``."""
    return set(_IMPORT.findall(script))


def _addresses(tag: str, rest: str) -> Iterator[str]:
    values = {name: html.unescape(one or second) for name, one, second in _ATTRIBUTE.findall(rest)}
    if tag == "link" and not _RELATIONS & set(values.get("rel", "").split()):
        return
    for name in _LOADED[tag]:
        value = values.get(name, "")
        if name == "srcset":
            yield from (part.split()[0] for part in value.split(",") if part.strip())
        else:
            yield value


def _is_ours(address: str) -> bool:
    parts = urlsplit(address)
    return not parts.scheme and not parts.netloc and parts.path.startswith("/")
