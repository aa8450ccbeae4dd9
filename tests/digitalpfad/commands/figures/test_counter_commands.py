"""`digitalpfad counter` and `figures rebuild|log|undo`: periods, and passes made anew and taken back, by hand."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from geodata.figures.passes import count_waiting, mount_new
from geodata.store.counting import channel_sums
from geodata.store.counting.channel_sums import ChannelSums
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


def test_a_counter_that_was_taken_down_counts_no_more_and_says_so_until_it_hangs_again(gate: dict[str, str]) -> None:
    before = days(gate)
    ended = run("counter", "end", "gate", "--at", "2026-11-22T05:05Z", **gate)
    assert ended.returncode == 0
    assert "gate hung at 3DVB54 until 2026-11-22T05:05:00Z, and hangs nowhere now." in ended.stderr
    assert [one for one in said("counter", "list", demo=gate) if one["mounting"]["device"] == "gate"] == []
    (channel,) = said("counter", "show", "gate", demo=gate)
    assert channel["mounting"]["ends_at"] == "2026-11-22T05:05:00Z"
    told = run("counter", "show", "gate", **gate).stderr
    assert "hangs nowhere since 2026-11-22T05:05:00Z: what it sent until 2026-11-22T09:50:00Z counts nothing." in told
    assert "this one was taken down at" in run("counter", "set", "gate", "--width", "16", **gate).stderr
    assert run("counter", "end", "gate", "--undo", **gate).returncode == 0
    with Database(gate["DIGITALPFAD_DATABASE_URL"], pool_size=1) as database:
        while count_waiting(database):
            pass
    assert days(gate) == before
    run("counter", "end", "gate", "--at", "2026-11-22T05:05Z", **gate)
    assert run("counter", "mount", "gate", "--at", "2026-11-22T06:00Z", **gate).returncode == 0
    assert len(said("counter", "show", "gate", demo=gate)) == 2
    assert [one["action"] for one in said("audit", "list", demo=gate)[:3]] == [
        "counter-mount", "counter-end", "counter-end",
    ]  # fmt: skip


def test_whoever_revokes_a_counter_hears_that_it_hangs_still_until_it_is_taken_down(gate: dict[str, str]) -> None:
    hint = "its silence keeps signs there from being judged: 'digitalpfad counter end' ends that."
    assert hint in run("device", "revoke", "gate", **gate).stderr
    assert run("counter", "end", "gate", **gate).returncode == 0
    assert hint not in run("device", "revoke", "gate", **gate).stderr


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
        ("counter end klima-01", "a counter: a device that sends passes"),
        ("counter end gate --at 2036-01-01T00:00", "not after now"),
        ("counter end gate --undo", "a counter that was taken down"),
        ("counter end gate --undo --at 2026-11-22", "no time with --undo"),
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


def test_show_tells_the_number_of_each_period_and_what_was_counted_in_it(gate: dict[str, str]) -> None:
    (channel,) = said("counter", "show", "gate", demo=gate)
    whole = sum(passes + shared for _, passes, shared, _ in days(gate))
    assert channel["passes"]["in_all"] == whole > 0
    heading, line = run("counter", "show", "gate", **gate).stdout.splitlines()
    assert heading.split()[:2] == ["mounting", "device"]
    assert line.split()[:2] == [str(channel["mounting"]["id"]), "gate"]
    assert line.split()[-1] == str(whole)
    assert (channel["passes"]["yesterday"], channel["passes"]["week"]) == (None, None), "it was heard before that"


def test_yesterday_and_the_week_are_days_of_the_municipality_and_a_day_without_a_count_is_a_gap(
    gate: dict[str, str],
) -> None:
    (channel,) = said("counter", "show", "gate", demo=gate)
    with Database(gate["DIGITALPFAD_DATABASE_URL"], pool_size=1) as database, database.transaction() as connection:
        connection.execute("DELETE FROM passes_day")
        for day, passes in ((date(2026, 7, 3), 4), (date(2026, 7, 9), 30), (date(2026, 7, 10), 500)):
            connection.execute(
                "INSERT INTO passes_day (channel, day, passes, covered_s, covered_hours, valid)"
                " VALUES (%s, %s, %s, 86400, 24, true)",
                [channel["id"], day, passes],
            )
        just_after_midnight = datetime(2026, 7, 9, 22, 5, tzinfo=UTC)
        later = just_after_midnight + timedelta(days=2)
        assert channel_sums.load(connection, [channel["id"]], just_after_midnight)[channel["id"]] == ChannelSums(
            30, 34, 534
        )
        assert channel_sums.load(connection, [channel["id"]], later)[channel["id"]] == ChannelSums(None, 530, 534)


def test_a_counter_that_was_just_heard_is_said_to_be_counted_soon(demo: dict[str, str]) -> None:
    run("device", "add", "gate", "--station", "3DVB54", **demo)
    assert "It has sent no passes." in run("counter", "show", "gate", **demo).stderr
    with Database(demo["DIGITALPFAD_DATABASE_URL"], pool_size=1) as database, database.transaction() as connection:
        write(connection, flush_of(connection, [Part(device="gate", prop="passes_total", time=BEGIN, result=1)]))
    assert "not counted yet: look again in a minute" in run("counter", "show", "gate", **demo).stderr
