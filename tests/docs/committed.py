"""Whether a page that is made from the system is the one that is committed."""

from __future__ import annotations

import difflib

from tests.checkout import ROOT


def assert_committed(name: str, made: str) -> None:
    """Hold docs/``name``.md against what was just made; say how to renew it."""
    committed = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    lines = difflib.unified_diff(committed.splitlines(), made.splitlines(), "committed", "made", n=0, lineterm="")
    difference = "\n".join([*lines][2:22])
    renew = f"renew it with '.venv/bin/python -m tools.reference {name}' and look at the difference"
    assert made == committed, f"docs/{name}.md is not what the system says: {renew}.\n{difference}"
