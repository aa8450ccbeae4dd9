"""What must be true of the built site; each fault is a sentence with the page that has it."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tools.docsite.build import GERMAN
from tools.docsite.dialect import commonmark
from tools.docsite.page import Page, parsed, style_addresses

_MARKS = str.maketrans("", "", "¶")


def faults(root: Path, site: Path, documents: Iterable[str]) -> list[str]:
    """All that is wrong with a site built of these documents."""
    pages = {
        path.relative_to(site).as_posix(): parsed(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")
    }
    return [
        *loads_from_elsewhere(site, pages),
        *leads_nowhere(site, pages),
        *(fault for name in documents for fault in reads_differently(root / name, name, pages)),
        *speaks_another_language(pages),
    ]


def loads_from_elsewhere(site: Path, pages: Mapping[str, Page]) -> Iterator[str]:
    """Scripts, styles, fonts, pictures and frames that a browser would fetch from a foreign host."""
    loaded = [(name, address) for name, page in pages.items() for address in page.loaded]
    for sheet in site.rglob("*.css"):
        name = sheet.relative_to(site).as_posix()
        loaded += [(name, address) for address in style_addresses(sheet.read_text(encoding="utf-8"))]
    for name, address in loaded:
        parts = urlsplit(address)
        if (parts.scheme or parts.netloc) and parts.scheme != "data":
            yield f"{name} loads {address}: the site must be read without a network"


def leads_nowhere(site: Path, pages: Mapping[str, Page]) -> Iterator[str]:
    """Links and pictures whose file is not there, and links whose anchor is not."""
    for name, page in pages.items():
        if name == "404.html":  # served at any address: its own are absolute
            continue
        for address in [*page.links, *page.loaded]:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            path = (
                posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path))) if parts.path else name
            )
            if not (site / path).is_file():
                yield f"{name} links {address}, but there is no {path}"
            elif parts.fragment and path in pages and unquote(parts.fragment) not in pages[path].anchors:
                yield f"{name} links {address}, but {path} has no such heading"


def reads_differently(document: Path, name: str, pages: Mapping[str, Page]) -> Iterator[str]:
    """Whether the page says the same, in the same lists and tables, as the document does on the forge."""
    page = pages.get(page_of(name))
    if page is None:
        yield f"{name} has no page"
        return
    there = parsed(f"<article>{commonmark().render(document.read_text(encoding='utf-8'))}</article>")
    different = _difference(there.shape, page.shape)
    if different:
        yield f"{name} has another shape in the site than on the forge: {different}"
    elif (mine := page.words.translate(_MARKS)) != (theirs := there.words.translate(_MARKS)):
        at = next((i for i, (one, other) in enumerate(zip(mine, theirs, strict=False)) if one != other), len(mine))
        yield f"{name} says '{mine[max(0, at - 20) : at + 20]}', on the forge '{theirs[max(0, at - 20) : at + 20]}'"


def speaks_another_language(pages: Mapping[str, Page]) -> Iterator[str]:
    """Pages whose language is not told to the browser as what it is."""
    for name, page in pages.items():
        language = "de" if name.startswith(f"{GERMAN}/") else "en"
        if page.language != language:
            yield f"{name} says that its language is '{page.language}', not '{language}'"


@cache
def page_of(document: str) -> str:
    """The path of the page that a document becomes."""
    folder, file = posixpath.split(document)
    stem = "index" if file == "README.md" else file.removesuffix(".md")
    return posixpath.join(folder, f"{stem}.html")


def _difference(theirs: Counter[str], mine: Counter[str]) -> str:
    changed = [f"{tag} {theirs[tag]} → {mine[tag]}" for tag in sorted({*theirs, *mine}) if theirs[tag] != mine[tag]]
    return ", ".join(changed)
