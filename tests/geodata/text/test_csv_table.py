"""CSV: plain for programs, another one for German spreadsheets, and in neither is a text a formula."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.text.csv_table import Column, Dialect, Kind, safe_text, write
from geodata.vocabulary.codes import looks_like_a_value, new_code
from tests.checkout import ROOT

COLUMNS = (Column("name"), Column("value", Kind.NUMBER), Column("time", Kind.INSTANT), Column("day", Kind.DAY))
NIGHT = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
ROW = ("Teich", -3.5, NIGHT, date(2026, 10, 25))


def test_plain_is_rfc_4180_with_times_in_utc() -> None:
    assert write(COLUMNS, [ROW, (None, None, None, None)]) == (
        b"name,value,time,day\r\nTeich,-3.5,2026-10-25T00:30:00Z,2026-10-25\r\n,,,\r\n"
    )


def test_german_excel_gets_a_byte_order_mark_semicolons_commas_and_both_times() -> None:
    assert write(COLUMNS, [ROW, (None, None, None, None)], Dialect.EXCEL_DE, "Europe/Berlin").decode() == (
        "\ufeffname;value;time [Europe/Berlin];time [UTC];day\r\n"
        "Teich;-3,5;25.10.2026 02:30:00;25.10.2026 00:30:00;25.10.2026\r\n;;;;\r\n"
    )


def test_the_hour_that_occurs_twice_stays_two_hours() -> None:
    twice = [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1)]
    lines = write((Column("t", Kind.INSTANT),), [(one,) for one in twice], Dialect.EXCEL_DE, "Europe/Berlin").decode()
    assert lines.split("\r\n")[1:3] == [
        "25.10.2026 02:30:00;25.10.2026 00:30:00",
        "25.10.2026 02:30:00;25.10.2026 01:30:00",
    ]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "＝1"])
@pytest.mark.parametrize("dialect", Dialect)
def test_no_text_becomes_a_formula_in_a_spreadsheet_and_no_negative_number_a_text(text: str, dialect: Dialect) -> None:
    assert safe_text(text) == f"'{text}"
    assert safe_text("klima-1") == "klima-1"
    written = write((Column("name"), Column("value", Kind.NUMBER)), [(text, -1)], dialect).decode("utf-8-sig")
    _, row = csv.reader(io.StringIO(written, newline=""), delimiter=";" if dialect is Dialect.EXCEL_DE else ",")
    assert row == [f"'{text}", "-1"]


@given(st.text(), st.sampled_from(Dialect))
def test_any_text_comes_back_as_itself_with_an_apostrophe_or_as_a_formula_of_nothing_but_itself(
    text: str, dialect: Dialect
) -> None:
    text = text.encode(errors="replace").decode()
    written = write((Column("name"), Column("x")), [(text, "y")], dialect).decode("utf-8-sig")
    _, row = csv.reader(io.StringIO(written, newline=""), delimiter=";" if dialect is Dialect.EXCEL_DE else ",")
    allowed = {text, f"'{text}"} | ({f'="{text}"'} if dialect is Dialect.EXCEL_DE and '"' not in text else set())
    assert row[0] in allowed
    assert row[0] == f'="{text}"' or not row[0].startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("code", ["012345", "0E8413", "2068E6", "1MAR22", "1D2345"])
def test_a_printed_code_that_spreadsheets_change_is_plain_for_programs_and_a_text_for_excel(code: str) -> None:
    assert write((Column("code"),), [(code,)]) == f"code\r\n{code}\r\n".encode()
    assert write((Column("code"),), [(code,)], Dialect.EXCEL_DE).decode() == f'\ufeffcode\r\n"=""{code}"""\r\n'


@given(st.integers(0, 2**32))
def test_a_new_code_is_the_same_in_both(seed: int) -> None:
    code = new_code(Random(seed))
    assert not looks_like_a_value(code)
    assert write((Column("code"),), [(code,)], Dialect.EXCEL_DE).decode() == f"\ufeffcode\r\n{code}\r\n"


def test_no_other_module_writes_csv() -> None:
    folders = ("api", "dashboards", "digitalpfad", "gateway", "geodata")
    writers = re.compile(r"csv\.(writer|DictWriter)\(|\.to_csv\(")
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py") if writers.search(path.read_text())]
    read_back_as_they_were = {"geodata/facts/table.py"}  # of the town's own words, not of a device's or a visitor's
    assert {str(path.relative_to(ROOT)) for path in found} - read_back_as_they_were == {"geodata/text/csv_table.py"}
