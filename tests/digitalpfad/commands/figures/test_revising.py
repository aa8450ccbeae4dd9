"""`digitalpfad figures revise` and `undo`: a closed month anew, and back bit by bit."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from geodata.store.database import Database
from tests.digitalpfad.commandline import run
from tests.fixtures.databases.database import one_row, url_of
from tests.geodata.figures.publishing.test_closing import lonely_town
from tests.geodata.figures.publishing.test_revision import rows

REVISE = ("figures", "revise", "kalletal", "--month", "2026-01", "--reason", "Telefone waren offline")

PROGRESS = [f"kalletal, from 2026-01-{day} on …" for day in ("11", "21")]


@pytest.fixture
def system(database_url: str, tmp_path: Path) -> dict[str, str]:
    return {"DIGITALPFAD_DATABASE_URL": url_of(database_url), "DIGITALPFAD_DATA_DIR": str(tmp_path / "none")}


@pytest.fixture
def late(database: Database, system: dict[str, str]) -> Database:
    """January is closed, and then twenty more scans of each noon are known."""
    lonely_town(database, date(2026, 1, 5), [9, 12, 9])
    run("figures", "close", "--until", "2026-01-31", **system)
    with database.transaction() as connection:
        connection.execute("UPDATE scan_hour SET count = count + 20")
    return database


def month(database: Database) -> int:
    with database.transaction() as connection:
        return one_row(
            connection, "SELECT value FROM published_figure WHERE bucket = 'month' AND measure = 'scans' LIMIT 1"
        )[0]


def test_a_revision_is_published_written_down_and_taken_back_bit_by_bit(late: Database, system: dict[str, str]) -> None:
    before = rows(late)
    done = run(*REVISE, **system)
    assert done.stderr.splitlines() == [
        *PROGRESS,
        "3 days of trails are other than before, 0 stay as they were; entry 1 of the log.",
        "Of 51 days of trails nothing other is known.",
    ]
    assert month(late) == 90
    after = rows(late)
    (entry,) = json.loads(run("figures", "log", "--json", **system).stdout)
    assert (entry["what"], entry["reason"]) == ("revise", "Telefone waren offline")
    assert run("figures", "undo", "1", "--reason", "doch nicht", **system).returncode == 0
    assert rows(late) == before
    assert run("figures", "undo", "2", "--reason", "doch", **system).returncode == 0
    assert rows(late) == after
    entries = json.loads(run("audit", "list", "--json", **system).stdout)
    assert ("figures-revise", "kalletal: 2026-01") in [(each["action"], each["object"]) for each in entries]


def test_a_dry_run_says_what_would_be_and_writes_nothing(late: Database, system: dict[str, str]) -> None:
    before = rows(late)
    done = run(*REVISE, "--dry-run", **system)
    assert done.stderr.splitlines()[2:] == [
        "3 days of trails would be other than before, 0 would stay as they were; nothing is written.",
        "Of 51 days of trails nothing other is known.",
    ]
    assert rows(late) == before
    assert json.loads(run("figures", "log", "--json", **system).stdout) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("kalletal --month 2026-13 --reason x", "--month is '2026-13', expected a month such as 2026-11."),
        ("lemgo --month 2026-01 --reason x", "There is no municipality 'lemgo'."),
        ("kalletal --month 2026-02 --reason x", "month is '2026-02', expected a month of kalletal that is closed."),
    ],
)
def test_a_wrong_word_is_told_in_a_sentence(late: Database, system: dict[str, str], typed: str, said: str) -> None:
    done = run("figures", "revise", *typed.split(), **system)
    assert (done.returncode, done.stderr.startswith(f"digitalpfad: {said}")) == (2, True), done.stderr
