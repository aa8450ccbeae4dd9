"""`digitalpfad counter` and `figures rebuild|log|undo`: periods, and passes made anew and taken back, by hand."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from geodata.figures.passes import count_waiting, mount_new
from geodata.store.database import Database
from geodata.store.ingest.transaction import write
from tests.digitalpfad.commandline import run
from tests.geodata.flushes import NOW, Part, flush_of

BEGIN = NOW.replace(hour=0, minute=0)
SPAN = ("--from", "2026-11-22T00:00Z", "--to", "2026-11-23T00:00Z", "--reason", "Test der Zähler")


def said(*typed: str, demo: dict[str, str]) -> Any:
    done = run(*typed, "--json", **demo)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def gate(demo: dict[str, str]) -> dict[str, str]:
    """The demonstration with a counter that reported for ten hours."""
    assert run("device", "add", "gate", "--station", "3DVB54", **demo).returncode == 0
    parts = [
        Part(
            device="gate",
            prop="passes_total",
            time=BEGIN + timedelta(minutes=10 * i),
            result=65_500 + i if i < 30 else i,
        )
        for i in range(60)
    ]
    with Database(demo["DIGITALPFAD_DATABASE_URL"], pool_size=1) as database:
        with database.transaction() as connection:
            write(connection, flush_of(connection, parts))
        mount_new(database)
        while count_waiting(database):
            pass
    return demo


def days(demo: dict[str, str]) -> list[tuple]:
    with Database(demo["DIGITALPFAD_DATABASE_URL"], pool_size=1) as database, database.transaction() as connection:
        return connection.execute("SELECT day, passes, shared, flags FROM passes_day ORDER BY channel, day").fetchall()


def test_a_counter_is_listed_with_its_periods_and_a_new_one_ends_the_one_before(gate: dict[str, str]) -> None:
    options = ("--at", "2026-11-22T05:05Z", "--technology", "radar", "--note", "Höhe 90 cm", "--width", "16")
    assert run("counter", "mount", "gate", *options, **gate).returncode == 0
    before, present = said("counter", "show", "gate", demo=gate)
    assert before["mounting"]["ends_at"] == present["mounting"]["starts_at"] == "2026-11-22T05:05:00Z"
    assert (before["mounting"]["technology"], before["width"]) == ("unknown", None)
    assert (present["mounting"]["technology"], present["mounting"]["note"]) == ("radar", "Höhe 90 cm")
    assert (present["width"], present["direction"], present["mounting"]["station"]) == (16, "both", "3DVB54")
    listed = [one["id"] for one in said("counter", "list", demo=gate) if one["mounting"]["device"] == "gate"]
    assert listed == [present["id"]]
    assert "Höhe 90 cm" in run("counter", "list", **gate).stdout


def test_what_is_set_is_of_the_present_period_and_changes_no_hour_by_itself(gate: dict[str, str]) -> None:
    before = days(gate)
    assert run("counter", "set", "gate", "--capacity", "300", "--note", "Tor", **gate).returncode == 0
    (channel,) = said("counter", "show", "gate", demo=gate)
    assert (channel["capacity"], channel["mounting"]["note"]) == (300, "Tor")
    assert days(gate) == before


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("counter mount gate --at 2036-01-01T00:00", "not after now"),
        ("counter mount nobody", "nobody"),
        ("counter mount klima-01", "a counter: a device that sends passes"),
        ("counter set gate", "something to change"),
        ("counter set gate --width 7", "--width"),
        ("figures rebuild --device gate --from 2026-11-22 --to 2026-11-21 --reason x", "a time after"),
        ("figures rebuild --from 2026-11-21 --to 2026-11-22 --reason x", "one of the two"),
        ("figures rebuild --device gate --from 2020-01-01 --to 2020-01-02 --reason x", "in which counters reported"),
        ("figures undo 4711 --reason x", "4711"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(gate: dict[str, str], typed: str, sentence: str) -> None:
    done = run(*typed.split(), **gate)
    assert done.returncode == 2
    assert sentence in done.stderr


def test_a_period_cannot_begin_before_the_present_one(gate: dict[str, str]) -> None:
    assert run("counter", "mount", "gate", "--at", "2026-11-22T05:00Z", **gate).returncode == 0
    done = run("counter", "mount", "gate", "--at", "2026-11-22T05:00Z", **gate)
    assert done.returncode == 2
    assert "since then it hangs as it does" in done.stderr
    assert "'digitalpfad counter show' has all its periods." in done.stderr


def test_passes_are_made_anew_and_taken_back_with_who_and_why(gate: dict[str, str]) -> None:
    before = days(gate)
    run("counter", "set", "gate", "--width", "32", "--capacity", "20", **gate)
    rebuilt = said("figures", "rebuild", "--device", "gate", *SPAN, demo=gate)
    assert rebuilt["changed_hours"] > 0
    assert days(gate) != before
    (entry,) = said("figures", "log", demo=gate)
    assert (entry["what"], entry["reason"], entry["undone_by"]) == ("rebuild", "Test der Zähler", None)
    said("figures", "undo", str(entry["id"]), "--reason", "zurück", demo=gate)
    assert days(gate) == before
    assert [one["what"] for one in said("figures", "log", demo=gate)] == ["undo", "rebuild"]
    written = [(one["action"], one["object"]) for one in said("audit", "list", demo=gate)[:2]]
    assert written == [("figures-undo", str(entry["id"])), ("figures-rebuild", str(entry["id"]))]
    assert said("figures", "rebuild", "--station", "3DVB54", *SPAN, demo=gate)["channels"] == 1
