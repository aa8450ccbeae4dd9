"""The site's menu, from ``menu.toml``: every document is in it once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TypeAlias, cast

Entry: TypeAlias = "str | dict[str, list[Entry]]"
"""A document, or a heading with what stands below it."""


def read(path: Path, documents: Sequence[str]) -> list[Entry]:
    """The menu, with patterns such as ``docs/decisions/*.md`` filled with the documents that it does not name.

    Raises:
        SystemExit: A document is in no place or is named twice, or a name stands for none.
    """
    written = cast("list[Mapping[str, object]]", tomllib.loads(path.read_text(encoding="utf-8"))["menu"])
    named = [name for heading in written for name in _names(heading["pages"]) if "*" not in name]
    missing = sorted(set(named) - set(documents))
    if missing:
        raise SystemExit(f"{path.name} names {', '.join(missing)}, which are not here: take them out.")
    if len(set(named)) < len(named):
        raise SystemExit(
            f"{path.name} names {', '.join(sorted({name for name in named if named.count(name) > 1}))} twice."
        )
    free = [name for name in documents if name not in named]
    menu = [{cast("str", heading["title"]): _filled(heading["pages"], free)} for heading in written]
    if free:
        raise SystemExit(f"{', '.join(free)} are in no menu: name them in tools/docsite/{path.name}.")
    return list[Entry](menu)


def _names(pages: object) -> list[str]:
    if isinstance(pages, str):
        return [pages]
    if isinstance(pages, dict):
        return [name for below in cast("dict[str, object]", pages).values() for name in _names(below)]
    return [name for page in cast("list[object]", pages) for name in _names(page)]


def _filled(pages: object, free: list[str]) -> list[Entry]:
    """The pages below a heading; what a pattern stands for is taken out of ``free``."""
    filled: list[Entry] = []
    for page in cast("list[object]", pages):
        if isinstance(page, dict):
            below = cast("dict[str, object]", page)
            filled.append({title: _filled(inner, free) for title, inner in below.items()})
        elif "*" in (pattern := cast("str", page)):
            found = [name for name in free if fnmatchcase(name, pattern) and name.count("/") == pattern.count("/")]
            filled += found
            free[:] = [name for name in free if name not in found]
        else:
            filled.append(cast("str", page))
    return filled
