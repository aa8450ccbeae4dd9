"""What a head says of plain language: read, written, and refused where it is half or cannot be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from geodata.content import writing
from geodata.content.checks import StoredText, check_text
from geodata.findings.content import TextFindings
from geodata.model.content import StationContent
from geodata.model.plain_language import PlainLanguage
from tests.geodata.content.written_folder import GOOD, put, read, texts

TEXT = StationContent(variant="de_simple", title="T", lead="L.", body="B.", source="Q")
ALL = PlainLanguage(
    translator="Büro: „Leicht“",
    checked_by='Gruppe "Lemgo"',
    checked_on=date(2026, 5, 12),
    checked_text="0123456789012345",
)


@pytest.mark.parametrize("plain", [None, ALL, PlainLanguage(translator="Büro"), replace(ALL, checked_text="")])
def test_what_is_written_reads_as_the_same(tmp_path: Path, plain: PlainLanguage | None) -> None:
    text = replace(TEXT, plain=plain)
    put(tmp_path, "04-teiche/de_simple.md", writing.write(text))
    [folder], _ = read(tmp_path)
    assert texts(folder)["04-teiche/de_simple.md"] == text


@pytest.mark.parametrize(
    ("lines", "reason", "hint"),
    [
        ("checked_by: Gruppe", "check-incomplete", "Add a line checked_on: 2026-05-12 to the head."),
        ("checked_on: 2026-05-12", "check-incomplete", 'Add a line checked_by: "…" to the head.'),
        ("checked_by: Gruppe\nchecked_on: 12.5.2026", "check-day", "Write 2026-05-12."),
        ("checked_by: Gruppe\nchecked_on: im Mai", "check-day", "The 12th of May 2026 is 2026-05-12."),
        ("checked_by: G\nchecked_on: 2999-05-12", "check-in-future", "Write the day on which the group read the text."),
    ],
)  # fmt: skip
def test_a_check_that_is_half_or_cannot_be_is_refused_with_its_line(
    tmp_path: Path, lines: str, reason: str, hint: str
) -> None:
    put(tmp_path, "04-teiche/de.md")
    put(tmp_path, "04-teiche/de_simple.md", GOOD.replace("source", f"{lines}\nsource"))
    first = read(tmp_path)[1].errors[0]
    assert (first.reason, first.hint) == (reason, hint)
    assert "04-teiche/de_simple.md, line " in first.place


def test_only_plain_language_is_checked_by_a_group(tmp_path: Path) -> None:
    put(tmp_path, "04-teiche/de.md", GOOD.replace("source", "checked_by: Gruppe\nsource"))
    [wrong] = read(tmp_path)[1].errors
    assert (wrong.reason, wrong.value) == ("unknown-key", "checked_by")


def test_a_group_east_of_here_may_have_read_it_tomorrow() -> None:
    findings = TextFindings()
    for day in (12, 13, 14):
        text = replace(TEXT, plain=PlainLanguage(checked_by="Gruppe", checked_on=date(2026, 5, day)))
        check_text(StoredText(text, "x"), findings, today=date(2026, 5, 12))
    assert [(one.reason, one.value) for one in findings.found] == [("check-in-future", "2026-05-14")]
