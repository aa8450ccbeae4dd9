"""What is wrong a thousand times, or at great length, is told in what a person reads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from digitalpfad.commands.content.content_output import say_findings as say_text_findings
from digitalpfad.commands.content.findings_output import say_findings
from geodata.bundle import json_rows
from geodata.bundle.notice_rows import NoticeRow
from geodata.errors import InvalidInput
from geodata.findings.content import TextFindings, at_line
from geodata.findings.trail_file import Findings, Refused
from geodata.messages.message import message
from geodata.messages.translation import translated


def test_of_findings_of_a_kind_the_first_fifty_are_told_and_how_many_more(capsys: pytest.CaptureFixture[str]) -> None:
    findings, texts = Findings(), TextFindings()
    for number in range(8_000):
        findings.warn(message("{name} is empty.", name=f"a{number}"), reason="empty")
        texts.error("colon-missing", at_line("de.md", number), "x", "a colon")
    findings.error(message("{name} is a folder.", name="b"), reason="folder")
    say_findings(findings.found)
    lines = capsys.readouterr().err.splitlines()
    assert lines[49:] == [
        "warning: a49 is empty.",
        "error: b is a folder.",
        "… and 7,950 more of this kind: warning: a0 is empty.",
    ]
    say_text_findings(texts.found)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 51
    assert lines[-1].startswith("… and 7,950 more of this kind: error [colon-missing] de.md, line 0 is 'x', ")


def test_a_sentence_shows_the_begin_of_a_long_value_in_each_language() -> None:
    error = Refused(message("{name} is empty.", name="9" * 100_000), reason="empty")
    for said in (str(error), translated(error.sentence, "de")):
        assert len(said) < 1_100
        assert "999…" in said
    assert len(message("{error}", error=ValueError("9" * 100_000))) == 1_000
    assert len(message("{inner}", inner=message("{name}", name="x" * 999))) == 999


def test_a_file_with_a_name_of_megabytes_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "notices.json").write_text(json.dumps([{"x" * 3_000_000: 1}]))
    with pytest.raises(InvalidInput, match="contains unknown field") as refused:
        json_rows.decode(tmp_path / "notices.json", list[NoticeRow])
    assert len(str(refused.value)) < 1_300
    assert str(refused.value).endswith("Correct it there ($ is the file).")
