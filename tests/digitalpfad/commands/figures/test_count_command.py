"""`digitalpfad count` on a real database: sessions from a desk without the staff pages, and the factor that follows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from geodata.store.access import audit
from geodata.store.database import Database
from tests.digitalpfad.commandline import Ended, run
from tests.fixtures.databases.database import url_of
from tests.geodata.figures.counters import counter

HALF_PAST = ("--from", "2026-05-02T14:30", "--to", "2026-05-02T15:30")
"""On the clock of the town; the counter reported from 14:00 to 19:55."""


@pytest.fixture
def system(database: Database, database_url: str, tmp_path: Path) -> dict[str, str]:
    """Settings of a system with a counter that loses one of five."""
    counter(database)
    return {"DIGITALPFAD_DATABASE_URL": url_of(database_url), "DIGITALPFAD_DATA_DIR": str(tmp_path / "none")}


def add(system: dict[str, str], *arguments: str) -> Ended:
    return run("count", "add", "counter", *HALF_PAST, *arguments, **system)


def test_a_session_is_added_listed_deleted_and_written_down(system: dict[str, str], database: Database) -> None:
    added = add(system, "--in", "60", "--out", "30", "--by", "Kim", "--note", "sonnig")
    assert (added.returncode, added.stderr) == (0, "inwards: 60 seen, 48 counted.\noutwards: 30 seen, 24 counted.\n")
    (session,) = json.loads(run("count", "list", "counter", "--json", **system).stdout)
    assert (session["counted_by"], session["note"]) == ("Kim", "sonnig")
    assert (session["started_at"], session["ended_at"]) == ("2026-05-02T12:30:00Z", "2026-05-02T13:30:00Z")
    lines = run("count", "list", "counter", **system).stdout.splitlines()
    assert [line.split()[5:8] for line in lines[1:]] == [["inwards", "60", "48.0"], ["outwards", "30", "24.0"]]
    assert run("count", "delete", session["id"], **system).returncode == 0
    with database.transaction() as connection:
        deleted, kept = audit.newest(connection, 2)
    assert (kept.action, kept.object) == ("count-session-add", f"counter {session['id']}")
    assert (deleted.action, deleted.object) == ("count-session-delete", f"counter {session['id']}")
    assert "Nobody has counted" in run("count", "list", "counter", **system).stderr
    assert run("count", "delete", session["id"], **system).returncode == 2


def test_the_factor_of_each_counter_is_listed_with_its_interval(system: dict[str, str]) -> None:
    add(system, "--in", "60", "--out", "30")
    factors = json.loads(run("count", "factors", "--json", **system).stdout)
    assert [(each["device"], each["direction"], each["calibration"]["people"]) for each in factors] == [
        ("counter", "in", 60), ("counter", "out", 30), ("counter", "both", 90),
    ]  # fmt: skip
    row = run("count", "factors", **system).stdout.splitlines()[3].split()
    assert row[:4] == ["counter", "both", "together", "1.25"]
    assert float(row[4]) < 1.25 < float(row[5])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--in", "60"), ""),
        (("--both", "90"), ""),
        ((), "--in, --out or --both is not given, expected how many passed"),
        (("--in", "90000"), "people is 90000, expected at most 14,400 in that time."),
        (("--in", "60", "--note", "a\nb"), "--note is"),
        (("--in", "60", "--by", " "), "--by is"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence_and_keeps_nothing(
    system: dict[str, str], arguments: tuple[str, ...], sentence: str
) -> None:
    ended = add(system, *arguments)
    assert ended.returncode == (2 if sentence else 0)
    assert sentence in ended.stderr
    assert len(json.loads(run("count", "list", "counter", "--json", **system).stdout)) == (0 if sentence else 1)


def test_german_desks_read_german(system: dict[str, str]) -> None:
    ended = run("count", "add", "counter", *HALF_PAST, **system, LC_ALL="de_DE.UTF-8")
    assert "--in, --out oder --both: nicht angegeben – erwartet: wie viele vorbeikamen" in ended.stderr
