"""docs/architecture.md: a row for each package as its docstring says, and the layers of pyproject.toml."""

from __future__ import annotations

import re

from tests.checkout import ROOT
from tests.docs.committed import assert_committed
from tools.reference import architecture

WORDS = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")


def test_the_page_is_as_docstrings_and_contracts_make_it() -> None:
    assert_committed("architecture", architecture.page())


def test_every_package_has_a_row_that_begins_as_its_docstring() -> None:
    rows = dict(re.findall(r"^\| `([\w/-]+)/` \| (.+?) \| ", WORDS, re.MULTILINE))
    first = {folder: said.partition("\n\n")[0] for folder, said in architecture.docstrings().items()}
    assert rows == {folder: " ".join(said.replace("``", "`").split()) for folder, said in first.items()}
    assert len(rows) > 40


def test_every_package_says_what_does_not_belong_there_or_what_a_new_file_needs() -> None:
    assert [folder for folder, said in architecture.docstrings().items() if "\n\n" not in said] == []


def test_every_layer_of_the_contracts_is_drawn() -> None:
    layers = re.findall(r'^    "([a-z_ |]+)",$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert "operations" in layers
    assert [one for one in layers if f"\n{one.replace(' | ', ' · ')}\n" not in WORDS] == []
