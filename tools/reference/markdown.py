"""Pieces of Markdown pages that are made from the system itself."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

_WIDTH = 120


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table as GitHub draws it; a bar in a cell would end it and is escaped."""
    lines = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(cell or ' ' for cell in line)} |\n" for line in lines)


def code(text: str) -> str:
    """The text as code; nothing for an empty one."""
    return f"`{text}`" if text else ""


def paragraph(text: str) -> str:
    """The text in lines of one width, whatever its own were."""
    return textwrap.fill(" ".join(text.split()), _WIDTH, break_long_words=False, break_on_hyphens=False) + "\n"


def anchor(heading: str) -> str:
    """The part after ``#`` of a link to a heading, as GitHub makes it."""
    return "".join(one for one in heading.lower().replace(" ", "-") if one.isalnum() or one in "-_")


def renewed(text: str, name: str, made: str) -> str:
    """A page's ``text`` with what stands between the marks of ``name`` replaced by what was ``made``.

    Raises:
        ValueError: The page lacks one of the marks.
    """
    begin, end = f"<!-- made: {name} -->\n", f"<!-- end: {name} -->"
    before, begun, rest = text.partition(begin)
    _, ended, after = rest.partition(end)
    if not begun or not ended:
        raise ValueError(f"The page has no '{begin.strip()}' with '{end}' below it: put them where the part belongs.")
    return f"{before}{begin}\n{made}\n{end}{after}"
