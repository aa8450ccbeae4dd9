"""Files of a climate station: what is read from them, and in which words others are refused."""

from __future__ import annotations

import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import InvalidInput
from geodata.statistics.comparison.day import WeatherDay
from geodata.statistics.weather.dwd_file import parsed, read

HEADER = "STATIONS_ID;MESS_DATUM;QN_3;  FX;  FM;QN_4; RSK;RSKF; SDK;SHK_TAG;  NM; VPM;  PM; TMK; UPM; TXK; TNK; TGK;eor"
NAME = "produkt_klima_tag_20250205_20260808_00433.txt"
ROW = "        433;20250205;   10;   9.1;   2.8;    9;   0.0;   0;-999;   0;   5.9;   6.0; 1029.10;    1.2;   88.00;    3.8;   -3.2;   -7.5;eor"  # noqa: E501 - as the DWD writes it


def product(rows: list[str]) -> str:
    return "\r\n".join([HEADER, *rows, ""])


def row(day: str = "20250206", rain: str = "3.5", sunshine: str = "9.6", temperature: str = "4.0") -> str:
    return f"433;{day};10;9;2;9;{rain};7;{sunshine};0;3;4;1014;{temperature};56;10;-0.8;-4.8;eor"


def test_a_row_as_the_dwd_writes_it_is_read() -> None:
    found = parsed(product([ROW, row()]), NAME)
    assert found.station == 433
    assert found.days == {
        date(2025, 2, 5): WeatherDay(temperature=1.2, rain=0.0, sunshine=None),
        date(2025, 2, 6): WeatherDay(temperature=4.0, rain=3.5, sunshine=9.6),
    }


def test_what_is_missing_is_no_zero_and_a_day_without_anything_is_not_there() -> None:
    found = parsed(product([row(rain="-999"), row("20250207", "-999", "  -999", "-999.0")]), NAME)
    assert found.days == {date(2025, 2, 6): WeatherDay(temperature=4.0, rain=None, sunshine=9.6)}


def test_the_archive_is_read_as_it_is_downloaded(tmp_path: Path) -> None:
    path = tmp_path / "tageswerte_KL_00433_akt.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Metadaten_Geographie_00433.txt", "Stations_id;Stationshoehe\n")
        archive.writestr(NAME, product([ROW]))
    (tmp_path / NAME).write_text(product([ROW]))
    assert read(path) == read(tmp_path / NAME)


def test_an_archive_of_something_else_is_refused_by_what_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "stundenwerte_TU_00433_akt.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("produkt_tu_stunde_20250101_00433.txt", "x")
    with pytest.raises(InvalidInput, match=r"produkt_tu_stunde.*one produkt_klima_tag"):
        read(path)
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(InvalidInput, match="damaged or no zip"):
        read(path)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "line 1 is ''"),
        ("STATIONS_ID;MESS_DATUM;QN_9;TT_TU;RF_TU;eor\n433;2025020500;10;1;88;eor\n", "line 1 is 'STATIONS_ID"),
        (product([]), "without a day"),
        (product([ROW, ROW]), "line 3 is '2025-02-05', expected each day once"),
        (product([ROW, row().replace("433;", "434;", 1)]), "line 3 is '434', expected station 433 as above"),
        (product([row().replace("433;", "100000;", 1)]), "line 2 is '100000', expected the number of a station"),
        (product([row(day="2025020601")]), "line 2 is '2025020601', expected a day such as 20260131"),
        (product([row(day="20250230")]), "line 2 is '20250230'"),
        (product([row(temperature="400")]), r"line 2 is 400.0, expected TMK from -50 to 50"),
        (product([row(rain="-1")]), r"line 2 is -1.0, expected RSK from 0 to 500"),
        (product([row(sunshine="nan")]), "line 2 is nan, expected SDK from 0 to 24"),
        (product([row(sunshine="9,6")]), "line 2 is 'SDK 9,6', expected a number"),
        (product([row()[:-20]]), "line 2 is .*expected 19 values, the last of them eor"),
    ],
)
def test_another_or_damaged_file_is_refused_as_a_whole_with_line_and_value(text: str, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        parsed(text, NAME)


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=40))
def test_every_temperature_comes_back_as_it_was_written(temperatures: list[float]) -> None:
    days = [date(2025, 1, 1) + timedelta(n) for n in range(len(temperatures))]
    rows = [row(f"{day:%Y%m%d}", temperature=repr(t)) for day, t in zip(days, temperatures, strict=True)]
    found = parsed(product(rows), NAME)
    assert [found.days[day].temperature for day in days] == temperatures


@given(st.text(max_size=300))
def test_any_other_text_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(InvalidInput):
        parsed(text, NAME)
