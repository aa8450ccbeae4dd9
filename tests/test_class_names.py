"""A class name of the product is that of one thing: whoever searches for it finds one place."""

from __future__ import annotations

import ast
from collections import defaultdict

from tests.checkout import ROOT
from tests.test_repository import PACKAGES


def test_no_class_of_the_product_has_the_name_of_another() -> None:
    places: defaultdict[str, list[str]] = defaultdict(list)
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef):
                    places[node.name].append(path.relative_to(ROOT).as_posix())
    assert {name: where for name, where in places.items() if len(where) > 1} == {}
