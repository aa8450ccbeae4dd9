"""docs/architecture.md: a row for each package as its docstring says, the layers of pyproject.toml, and its picture."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.checkout import ROOT
from tests.docs.committed import assert_committed
from tests.fixtures.web.browser import DESK
from tools.reference import architecture

WORDS = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
PICTURE = ROOT / "docs/pictures/architecture.svg"
_OUTSIDE = """() => {
  const boxes = [...document.querySelectorAll('.box, .soft')].map(one => one.getBBox());
  const within = (x, y, box) => x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height;
  return [...document.querySelectorAll('text')].filter(text => {
    const words = text.getBBox(), ends = words.x + words.width, middle = words.y + words.height / 2;
    const box = boxes.find(box => within(words.x, middle, box));
    return box ? ends > box.x + box.width - 8 : boxes.some(box => within(ends, middle, box)) || ends > 640;
  }).map(text => text.textContent);
}"""


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


def test_the_parts_that_the_picture_names_are_packages_of_the_source() -> None:
    named = re.findall(r'class="head code"[^>]*>(\w+)/<', PICTURE.read_text(encoding="utf-8"))
    assert named == ["gateway", "geodata", "api", "dashboards"]
    assert [name for name in named if not (ROOT / name / "__init__.py").is_file()] == []


@pytest.mark.parametrize(("theme", "is_light"), [("light", True), ("dark", False)])
def test_the_picture_keeps_its_words_in_their_boxes_and_follows_the_theme(
    new_page: Callable[..., Page], theme: str, is_light: bool
) -> None:
    page = new_page(DESK, theme)
    page.goto(PICTURE.as_uri())
    assert page.evaluate(_OUTSIDE) == []
    ground = page.evaluate("getComputedStyle(document.querySelector('.ground')).fill")
    assert (sum(map(int, re.findall(r"\d+", ground))) > 384) == is_light
