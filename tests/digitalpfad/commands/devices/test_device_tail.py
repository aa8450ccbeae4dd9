"""`digitalpfad device tail` while things come: values, late ones and refusals."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import LiteralString

import pytest

from gateway.inbox import Delivery
from geodata.store.channels import LATE_CHANNEL, OBSERVATION_CHANNEL
from geodata.store.database import Database
from geodata.store.ingest.quarantine_news import Arrivals
from tests.digitalpfad.commandline import ROOT
from tests.fixtures.databases.database import url_of
from tests.fixtures.process.environment import without_settings
from tests.fixtures.process.waiting import wait_until
from tests.gateway.replaying.quarantined import delivery, reading, receive
from tests.geodata.flushes import register


class Tail:
    """A tail that runs as a process of its own."""

    def __init__(self, folder: Path, *arguments: str, **variables: str) -> None:
        self._out, self._err = folder / "out", folder / "err"
        kept = without_settings()
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "digitalpfad", "device", "tail", *arguments],
                env={**kept, "PYTHONPATH": str(ROOT), **variables}, cwd="/", stdout=out, stderr=err,
            )  # fmt: skip

    def said(self) -> list[str]:
        return self._err.read_text(encoding="utf-8").splitlines()

    def lines(self) -> list[str]:
        return self._out.read_text(encoding="utf-8").splitlines()

    def shows(self, text: str, count: int = 1) -> None:
        """Wait for ``text`` on stdout or stderr."""
        wait_until(lambda: sum(text in line for line in [*self.lines(), *self.said()]) >= count)

    def end(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(15)


@pytest.fixture
def world(database: Database) -> Database:
    with database.transaction() as connection:
        register(connection, "gate")
    return database


@pytest.fixture
def tail(world: Database, database_url: str, tmp_path: Path) -> Iterator[Callable[..., Tail]]:
    """Start tails of the device gate; all end with the test."""
    url = url_of(database_url)
    started: list[Tail] = []

    def start(*options: str, **variables: str) -> Tail:
        given = {"DIGITALPFAD_DATABASE_URL": url, "DIGITALPFAD_DATA_DIR": str(tmp_path / "none")}
        started.append(Tail(tmp_path, "gate", *options, **given, **variables))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.process.kill()
        one.process.wait()


def notify(world: Database, channel: LiteralString, payload: str) -> None:
    with world.transaction() as connection:
        connection.execute("SELECT pg_notify(%s, %s)", [channel, payload])


def send(world: Database, values: dict[str, object], seq: int, **more: object) -> Delivery:
    sent = delivery({"boot": "b", **reading(seq, values), **more}, seq, "gate")
    receive(world, [sent])
    return sent


def elsewhere(number: int) -> Delivery:
    sent = delivery({"boot": "b", **reading(9)}, number, "gate")
    return Delivery("digitalpfad/v1/nirgends/gate/event/telemetry", sent.payload, sent.received_us)


def test_what_comes_is_shown_stored_late_or_refused_and_duplicates_are_not(
    world: Database, tail: Callable[..., Tail]
) -> None:
    watched = tail(LC_ALL="C.UTF-8")
    watched.shows("gate has sent no values yet: waiting for the first.")
    assert (
        "Nothing of gate waits in quarantine. The rest is in the gateway's log (journalctl -u digitalpfad-gat"
        in (watched.said()[0])
    )
    first = send(world, {"rain": 0.5}, 1)
    watched.shows("rain")
    send(world, {"rain": 0.25, "humidty": 1}, 2)
    watched.shows("refused in part (1 of 2): unknown-property:")
    watched.shows("mm  (late)")
    broken = delivery(b"{", 3, "gate")
    for one in (broken, elsewhere(4), broken, elsewhere(4), first):
        receive(world, [one])
    receive(world, [delivery(b"{", 3, "pond"), Delivery("digitalpfad/v1/stadtwald/gate/event/x", b"1", 5)])
    watched.shows("refused as a whole: topic")
    for channel in (OBSERVATION_CHANNEL, LATE_CHANNEL):
        for payload in ("nonsense", "[1]", '[[1,"x",2,0]]', f"[[1,{10**18},2,0]]", "[[1,1,2,99]]", ""):
            notify(world, channel, payload)
    send(world, {"rain": 7}, 0)
    watched.shows("7.0 mm")
    whole = [line.partition("as a whole: ")[2].partition(":")[0] for line in watched.lines() if "as a whole" in line]
    assert whole == ["not-json", "wrong-trail", "topic"]
    assert len(watched.lines()) == 7, watched.lines()
    assert watched.end() == 0
    assert "Traceback" not in "".join(watched.said())


def test_in_json_each_line_says_its_kind_and_people_hear_german(world: Database, tail: Callable[..., Tail]) -> None:
    receive(world, [delivery(b"{", 0, "gate")])
    send(world, {"rain": 0.5}, 1)
    watched = tail("--json", LC_ALL="de_DE.UTF-8")
    watched.shows("1 Eintrag von gate wartet in der Quarantäne: „digitalpfad quarantine list --device gate“. Alles")
    watched.shows('"kind": "value"')
    send(world, {"rain": 0.25, "humidty": 1, "leaf": 2}, 2)
    watched.shows('"kind": "refusal"')
    watched.shows('"late": true')
    told = [json.loads(line) for line in watched.lines()]
    values = [(one["observed_property"], one["result"], one["late"]) for one in told if one["kind"] == "value"]
    assert values == [("rain", 0.5, False), ("rain", 0.25, True)]
    assert {"datastream", "unit", "phenomenon_time", "quality", "flags", "device"} <= told[0].keys()
    (refusal,) = [one for one in told if one["kind"] == "refusal"]
    assert (refusal["refused_parts"], refusal["parts"], len(refusal["refusals"])) == (2, 3, 2)
    assert watched.end() == 0


def test_an_entry_with_a_lower_number_that_becomes_visible_later_is_told_once(world: Database) -> None:
    insert: LiteralString = (
        "INSERT INTO quarantine (digest, reason, detail, topic, payload, device, received_at)"
        " VALUES (%s, 'time', 'd', 't', 'p', 'gate', now())"
    )
    with world.transaction() as connection:
        connection.execute(insert, [b"before"])
        arrivals = Arrivals.begin(connection, "gate")
    with world.transaction() as slow:
        slow.execute(insert, [b"slow"])
        with world.transaction() as quick:
            quick.execute(insert, [b"quick"])
        with world.transaction() as connection:
            (second,) = arrivals.take(connection)
    with world.transaction() as connection:
        (first,) = arrivals.take(connection)
        assert arrivals.take(connection) == []
    assert first.id < second.id
