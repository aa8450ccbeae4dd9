"""Renew the pages of docs/ that are made from the system: ``python -m tools.reference``, or with the names of some."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from tools.reference import api, architecture, commands, database, settings

DOCS = Path(__file__).parents[2] / "docs"

PAGES: Mapping[str, Callable[[], str]] = {
    "api": api.page,
    "architecture": architecture.page,
    "commands": commands.page,
    "database": database.page,
    "settings": settings.page,
}


def main(wanted: list[str]) -> int:
    """Write the wanted pages, or all; 2 for a name that is none of them."""
    unknown = sorted(set(wanted) - set(PAGES))
    if unknown:
        print(f"No page {', '.join(unknown)}: there are {', '.join(PAGES)}.", file=sys.stderr)
        return 2
    for name in wanted or PAGES:
        (DOCS / f"{name}.md").write_text(PAGES[name](), encoding="utf-8")
        print(f"docs/{name}.md")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
