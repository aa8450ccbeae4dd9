"""What LibreOffice Calc shows of our lists with German settings: the same codes, titles, numbers and times."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from xml.etree import ElementTree as ET

import pytest

from digitalpfad.signs import lists
from digitalpfad.signs.sign import Sign, signs_of
from geodata.bundle.folder import bundled
from geodata.text.csv_table import Column, Dialect, Kind, write
from geodata.vocabulary.codes import new_code
from tests.fixtures.process.programs import require

Cells = list[tuple[str, str]]  # of a row: type and text, or the value where it is none
Calc = Callable[[bytes, str], list[Cells]]

COMMA, SEMICOLON = 44, 59
_UTF8, _GERMAN, _PER_CALL_S = 76, 1031, 60
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def german(separator: int, *, special: bool = True) -> str:
    """Import options: quotation marks, UTF-8, German, and whether dates, percentages and exponents are looked for."""
    return f"{separator},34,{_UTF8},1,,{_GERMAN},false,{str(special).lower()}"


def defaults(separator: int) -> str:
    """What LibreOffice takes where nobody says more."""
    return f"{separator},34,{_UTF8}"


@pytest.fixture(scope="module")
def calc(tmp_path_factory: pytest.TempPathFactory) -> Calc:
    """Opens a CSV in LibreOffice Calc, with one profile for all: making one takes two seconds."""
    require("calc")
    program, folder = require("soffice"), tmp_path_factory.mktemp("calc")

    def opened(csv: bytes, options: str) -> list[Cells]:
        (folder / "list.csv").write_bytes(csv)
        command = [
            *(program, "--headless", f"-env:UserInstallation=file://{folder}/profile", f"--infilter=CSV:{options}"),
            *("--convert-to", "fods", "--outdir", folder, folder / "list.csv"),
        ]
        environment = os.environ | {"HOME": str(folder)}
        subprocess.run(command, check=True, capture_output=True, timeout=_PER_CALL_S, env=environment)
        return [_cells(row) for row in ET.parse(folder / "list.fods").iter(f"{_TABLE}table-row")]

    return opened


def _cells(row: ET.Element) -> Cells:
    found: Cells = []
    for cell in row.iter(f"{_TABLE}table-cell"):
        kind = cell.get(f"{_OFFICE}value-type", "")
        text = "\n".join("".join(line.itertext()) for line in cell.iter(f"{_TEXT}p"))
        value = cell.get(f"{_OFFICE}value") or cell.get(f"{_OFFICE}date-value") or text
        found += [(kind, value)] * min(int(cell.get(f"{_TABLE}number-columns-repeated", 1)), 20)
    return found


def texts(rows: list[Cells]) -> list[list[str]]:
    return [[text for _, text in row] for row in rows]


@pytest.mark.parametrize("options", [german(COMMA), defaults(COMMA)])
def test_new_codes_in_plain_lists_come_back_unchanged(calc: Calc, options: str) -> None:
    drawn = [new_code(Random(seed)) for seed in range(5_000)]
    rows = calc(write([Column("code")], [(code,) for code in drawn]), options)
    assert [row[0] for row in rows][1 : len(drawn) + 1] == [("string", code) for code in drawn]


PRINTED = ("012345", "123456", "0E8413", "2068E6", "12E345", "1D2345", "1MAR22", "22DEZ1")
TITLES = ("3. Mai", "1.5", "12:30", "3/4", "50 %", "10 €", "wahr", "Mai 26", "2026-11-21", '7 "Teiche"; Quelle', "(5)")


def _signs() -> list[Sign]:
    bundle = bundled()
    one = signs_of(bundle.trail, bundle.municipality, bundle.stations, "https://pfad.example.org")[0]
    drawn = [new_code(Random(seed)) for seed in range(500)]
    return [replace(one, code=code, title=title) for title in TITLES for code in PRINTED] + [
        replace(one, code=code) for code in drawn
    ]


@pytest.mark.parametrize(
    "options",
    [german(SEMICOLON), german(SEMICOLON, special=False), defaults(SEMICOLON)],
    ids=["worst", "plain", "none"],
)
def test_the_walk_for_spreadsheets_shows_printed_codes_and_titles_unchanged(calc: Calc, options: str) -> None:
    signs = _signs()
    rows = texts(calc(lists.walk_csv(signs, Dialect.EXCEL_DE), options))
    assert rows[0][:4] == ["Nr.", "Station", "Code", "Adresse"]
    assert [row[1:4] for row in rows[1 : len(signs) + 1]] == [[sign.title, sign.code, sign.address] for sign in signs]


def test_without_evaluating_formulas_a_printed_code_is_shown_as_its_formula_and_loses_no_digit(calc: Calc) -> None:
    """The dialog of LibreOffice has that choice, off at first."""
    signs = _signs()[: len(PRINTED)]
    never = f"{german(SEMICOLON)},false,false,false,0,false"
    rows = texts(calc(lists.walk_csv(signs, Dialect.EXCEL_DE), never))
    assert [row[2] for row in rows[1 : len(signs) + 1]] == [f'="{code}"' for code in PRINTED]


def test_numbers_and_times_of_a_german_list_are_numbers_and_times(calc: Calc) -> None:
    columns = (
        Column("time", Kind.INSTANT),
        Column("value [Cel]", Kind.NUMBER),
        Column("Tag", Kind.DAY),
        Column("name"),
    )
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, 0, 250_000, tzinfo=UTC)
    rows = [(first, -3.5, first.date(), "=1+1"), (second, 2e-05, None, "-1"), (second, 1234567, None, "@SUM(1)")]
    found = calc(write(columns, rows, Dialect.EXCEL_DE, "Europe/Berlin"), german(SEMICOLON))
    assert texts(found)[0][:3] == ["time [Europe/Berlin]", "time [UTC]", "value [Cel]"]
    assert found[1][:5] == [
        *(("date", "2026-10-25T02:30:00"), ("date", "2026-10-25T00:30:00"), ("float", "-3.5"), ("date", "2026-10-25")),
        ("string", "'=1+1"),
    ]
    assert found[2][:3] == [
        ("date", "2026-10-25T02:30:00.25"),
        ("date", "2026-10-25T01:30:00.25"),
        ("float", "0.00002"),
    ]
    assert [row[2:5] for row in found[2:4]] == [
        [("float", "0.00002"), ("", ""), ("string", "'-1")],
        [("float", "1234567"), ("", ""), ("string", "'@SUM(1)")],
    ]
