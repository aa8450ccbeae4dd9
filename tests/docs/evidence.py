"""Which tests there are, by name: for documents that promise something and say which test holds it."""

from __future__ import annotations

import ast
from functools import cache

from tests.checkout import ROOT


@cache
def known_tests() -> frozenset[str]:
    """Every test as ``tests/…/test_file.py::test_name``, read from the source, whatever can run here."""
    return frozenset(
        f"{path.relative_to(ROOT).as_posix()}::{node.name}"
        for path in (ROOT / "tests").rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    )
