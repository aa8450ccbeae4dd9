"""Printed codes that spreadsheets change are imported as they are, and told; broken ones come back with their zeros."""

from __future__ import annotations

from pathlib import Path

import pytest

from geodata.findings.trail_file import Findings
from geodata.store.database import Database
from geodata.trailfiles.plan.printed_codes import hint, tell_changing
from geodata.vocabulary.codes import ALPHABET, is_valid
from tests.geodata.actions.imported_trail import import_, stored, told
from tests.geodata.trailfiles.geofiles import station


def printed(head: str) -> str:
    """The valid code that begins so."""
    return next(head + check for check in ALPHABET if is_valid(head + check))


def test_printed_codes_that_look_like_numbers_are_imported_unchanged_and_told_once(
    database: Database, tmp_path: Path
) -> None:
    codes = [next(code for code in map(printed, heads) if code[-1].isdigit()) for heads in (_heads("01"), _heads("2E"))]
    plan = import_(database, tmp_path, [(station(100 * i), {"nr": i, "code": code}) for i, code in enumerate(codes, 1)])
    assert sorted(stored(database)) == sorted(codes)
    (sentence,) = told(plan, "warning")
    assert "2 printed codes look like numbers or dates to a spreadsheet" in sentence
    assert all(code in sentence for code in codes)
    again = import_(
        database, tmp_path, [(station(100 * i), {"nr": i, "code": code}) for i, code in enumerate(codes, 1)]
    )
    assert told(again, "warning") == []


def _heads(start: str) -> list[str]:
    return [f"{start}{number:03}" for number in range(200)]


def test_codes_that_no_spreadsheet_changes_are_not_told() -> None:
    findings = Findings()
    tell_changing(["K7YNX0", "3DVB54", "R7TZ2H"], findings)
    assert findings.found == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (printed("00123")[2:], f"did you mean {printed('00123')}?"),
        ("2.07E+09", "A spreadsheet may have made a number of it"),
        ("2068000000", "A spreadsheet may have made a number of it"),
        ("BAUM", "Leave it empty"),
    ],
)
def test_the_hint_for_a_wrong_code_knows_what_spreadsheets_do(text: str, said: str) -> None:
    assert said in hint(text)
