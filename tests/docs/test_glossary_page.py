"""docs/glossary.md: every word has a meaning and what to search for, and stands in one row."""

from __future__ import annotations

import re
from collections import Counter

from tests.checkout import ROOT

ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs/glossary.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith(("| word ", "| --- "))
]


def test_every_word_has_its_meaning_and_what_to_search_for() -> None:
    assert len(ROWS) > 65
    assert [row[0] for row in ROWS if not (row[1] and row[-1].strip("–? "))] == []


def test_no_word_stands_in_two_rows() -> None:
    words = Counter(word.strip("` ") for row in ROWS for word in row[0].split(", "))
    assert [word for word, count in words.items() if count > 1] == []


def test_no_page_uses_a_word_that_was_given_up() -> None:
    gone = re.compile(r"\b(?:whose turn it is|the books|person's word|hopeful)\b")
    pages = [page for page in (ROOT / "docs").glob("*.md") if page.name != "glossary.md"]
    assert [f"{page.name}: {found}" for page in pages for found in gone.findall(page.read_text())] == []


def test_what_people_read_in_german_calls_an_instrument_sensor() -> None:
    (row,) = [row for row in ROWS if row[0] == "`Sensor`"]
    assert row[2] == "Sensor"
    folders = [ROOT / name for name in ("api", "dashboards", "digitalpfad", "gateway", "geodata", "docs")]
    files = [file for folder in folders for kind in ("py", "html", "po", "md") for file in folder.rglob(f"*.{kind}")]
    other = re.compile(r"\bFühlern?s?\b")
    assert [str(file.relative_to(ROOT)) for file in files if other.search(file.read_text(encoding="utf-8"))] == []
    assert len(files) > 400
