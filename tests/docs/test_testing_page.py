"""docs/testing.md: the folders of the fixtures, the fixtures and the files that it names are there as it says."""

from __future__ import annotations

import ast
import re

from tests.checkout import ROOT
from tests.fixtures.run.order import LONGEST

WORDS = (ROOT / "docs/testing.md").read_text(encoding="utf-8")
FIXTURES = ROOT / "tests/fixtures"


def test_every_folder_of_fixtures_has_a_row_with_its_docstring() -> None:
    said = {
        f"{path.parent.relative_to(ROOT).as_posix()}/": (ast.get_docstring(ast.parse(path.read_text())) or "")
        for path in FIXTURES.glob("*/__init__.py")
    }
    rows = dict(re.findall(r"^\| `(tests/fixtures/\w+/)` \| (.+) \|$", WORDS, re.MULTILINE))
    assert rows == {folder: words.replace("``", "`") for folder, words in said.items()}


def test_every_fixture_that_the_page_names_is_there() -> None:
    table = WORDS.partition("| fixture | gives |")[2].partition("\n\n")[0]
    named = set(re.findall(r"`([a-z_]+)", "".join(line.split("|")[1] for line in table.strip().splitlines()[1:])))
    defined = {
        node.name
        for path in FIXTURES.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    }
    assert named >= {"database", "mosquitto", "nats", "page"}
    assert named - defined == set()


def test_every_file_of_tests_whose_seconds_are_told_is_there() -> None:
    tables = WORDS.partition("## Where the time goes")[2]
    files = re.findall(r"^\| `([\w/.]+)` \| \d", tables, re.MULTILINE)
    assert len(files) > 8
    assert [name for name in files if not (ROOT / "tests" / name).exists()] == []


def test_the_longest_files_that_come_first_are_there() -> None:
    assert [name for name in LONGEST if not (ROOT / name).is_file()] == []
