"""`digitalpfad figures`: closing, checking and setting what is public."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from geodata.store.database import Database
from tests.digitalpfad.commandline import run
from tests.fixtures.databases.database import one_row, url_of
from tests.geodata.figures.publishing.test_closing import lonely_town


@pytest.fixture
def system(database_url: str, tmp_path: Path) -> dict[str, str]:
    return {"DIGITALPFAD_DATABASE_URL": url_of(database_url), "DIGITALPFAD_DATA_DIR": str(tmp_path / "none")}


def test_what_is_due_closes_once_and_is_listed(database: Database, system: dict[str, str]) -> None:
    lonely_town(database, date(2026, 1, 4), [9, 9])
    done = json.loads(run("figures", "close", "--until", "2026-01-05", "--json", **system).stdout)
    assert [(each["span"], each["start"]) for each in done] == [
        ("day", "2026-01-04"), ("week", "2025-12-29"), ("day", "2026-01-05"),
    ]  # fmt: skip
    again = run("figures", "close", "--until", "2026-01-05", **system)
    assert (again.returncode, again.stderr) == (0, "Nothing is due.\n")


def test_a_check_says_that_nothing_can_be_worked_out_and_names_what_can(
    database: Database, system: dict[str, str]
) -> None:
    lonely_town(database, date(2026, 1, 5), [9, 2, 9, 9])
    run("figures", "close", "--until", "2026-01-31", **system)
    good = run("figures", "check", "kalletal", **system)
    looked = "pfad, 2026: 100 withheld figures looked at.\n"
    assert (good.returncode, good.stderr) == (0, f"{looked}None of 100 withheld figures can be worked out.\n")
    with database.transaction() as connection:
        connection.execute("UPDATE published_figure SET value = 9 WHERE start = '2026-01-07' AND value = -1")
    bad = run("figures", "check", "--json", **system)
    exposed = json.loads(bad.stdout)["exposed"]
    assert bad.returncode == 1
    assert {"scope": "trail", "code": "pfad", "span": "day", "start": "2026-01-06", "width": 0} in exposed


def test_settings_that_are_not_named_stay_and_the_answer_says_what_changed(
    database: Database, system: dict[str, str]
) -> None:
    lonely_town(database, date(2026, 1, 5), [9])
    said = run("figures", "settings", "kalletal", "--k", "8", "--finest", "day", **system)
    assert said.stderr == "kalletal is changed: k 5 → 8, finest hour → day.\n"
    shown = run("figures", "settings", "kalletal", **system)
    assert [line.split() for line in shown.stdout.splitlines()][1] == ["kalletal", "8", "day", "1"]
    same = run("figures", "settings", "kalletal", "--k", "8", "--json", **system)
    assert json.loads(same.stdout) == {"k": 8, "finest": "day", "close_after_days": 1}
    with database.transaction() as connection:
        row = one_row(connection, "SELECT smallest_count, finest_published, close_after_days FROM municipality")
    assert tuple(row) == (8, "day", 1)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("settings kalletal --k 4", "--k is 4, expected 5 to 100."),
        ("settings kalletal --finest minute", "--finest is 'minute', expected hour, day or month."),
        ("settings kalletal --close-after 15", "--close-after is 15, expected 0 to 14."),
        ("settings lemgo", "There is no municipality 'lemgo'."),
        ("close --until yesterday", "--until is 'yesterday', expected a day such as 2026-11-30."),
        ("check lemgo", "There is no municipality 'lemgo'."),
    ],
)
def test_a_wrong_word_is_told_in_a_sentence(database: Database, system: dict[str, str], typed: str, said: str) -> None:
    lonely_town(database, date(2026, 1, 5), [9])
    done = run("figures", *typed.split(), **system)
    assert (done.returncode, done.stderr) == (2, f"digitalpfad: {said}\n")
