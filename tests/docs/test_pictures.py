"""docs/pictures/architecture.svg: packages that exist, words within their boxes, and both themes."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.checkout import ROOT
from tests.fixtures.web.browser import DESK

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
