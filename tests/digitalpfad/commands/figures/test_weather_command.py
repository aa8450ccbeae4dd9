"""`digitalpfad weather`: files of a climate station come in whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.digitalpfad.commandline import run
from tests.geodata.statistics.weather.test_dwd_file import product, row


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "klima.txt"
    path.write_text(product([row(), row("20250207", rain="-999")]))
    return path


def stored(demo: dict[str, str]) -> list[dict[str, object]]:
    return json.loads(run("weather", "list", "--json", **demo).stdout)


def test_a_file_is_read_and_listed_and_again_changes_nothing(demo: dict[str, str], file: Path) -> None:
    first = run("weather", "import", "lemgo", str(file), **demo)
    assert (first.returncode, first.stdout) == (0, "")
    assert "2 days from 2025-02-06 to 2025-02-07; 2 of them new or changed" in first.stderr
    assert "0 of them new" in run("weather", "import", "lemgo", str(file), **demo).stderr
    assert stored(demo) == [
        {"municipality": "lemgo", "station": 433, "first": "2025-02-06", "last": "2025-02-07", "days": 2}
    ]


def test_a_dry_run_checks_all_and_writes_nothing(demo: dict[str, str], file: Path) -> None:
    said = "2 of them would be new or changed; nothing is written."
    assert said in run("weather", "import", "lemgo", str(file), "--dry-run", **demo).stderr
    assert stored(demo) == []


def test_another_station_than_before_is_refused_until_it_is_wanted(demo: dict[str, str], file: Path) -> None:
    run("weather", "import", "lemgo", str(file), **demo)
    file.write_text(product([row("20260101").replace("433;", "434;", 1)]))
    refused = run("weather", "import", "lemgo", str(file), **demo)
    assert refused.returncode == 2
    assert "of station 434, expected station 433 as before. --replace-station" in refused.stderr
    assert run("weather", "import", "lemgo", str(file), "--replace-station", **demo).returncode == 0
    assert stored(demo) == [
        {"municipality": "lemgo", "station": 434, "first": "2026-01-01", "last": "2026-01-01", "days": 1}
    ]


@pytest.mark.parametrize(
    ("more", "town", "sentence"),
    [
        (["--station", "99"], "lemgo", "of station 433, expected station 99"),
        ([], "nowhere", "no municipality 'nowhere'"),
    ],
)
def test_what_does_not_fit_is_refused(
    demo: dict[str, str], file: Path, more: list[str], town: str, sentence: str
) -> None:
    done = run("weather", "import", town, str(file), *more, **demo)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert stored(demo) == []


def test_a_file_that_is_not_there_is_a_sentence(demo: dict[str, str], tmp_path: Path) -> None:
    done = run("weather", "import", "lemgo", str(tmp_path / "none.zip"), **demo)
    assert done.returncode == 2
    assert "No such file" in done.stderr
