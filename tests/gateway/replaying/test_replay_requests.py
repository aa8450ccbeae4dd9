"""Replays that staff ask for, carried out with the rights that a gateway has."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gateway.replaying.replay import Replay
from gateway.replaying.requests import ReplayRequests
from geodata.runtime.steady_clock import SteadyClock
from geodata.store import roles
from geodata.store.database import Database
from geodata.store.ingest import quarantine
from geodata.store.ingest.quarantine import Selection
from geodata.store.operations import replay_requests
from geodata.store.operations.replay_requests import ReplayRequest
from tests.gateway.replaying.quarantined import ALL, NOW, books, delivery, execute, reading, receive, state


@pytest.fixture
def gateway(database_url: str, world: Database) -> Database:
    return Database(database_url, role=roles.GATEWAY).open()


def _worker(gateway: Database) -> ReplayRequests:
    return ReplayRequests(gateway, SteadyClock(), 0)


def _ask(world: Database, selection: Selection) -> int:
    with world.transaction() as connection:
        return replay_requests.ask(connection, selection, "anna")


def _latest(world: Database) -> ReplayRequest:
    with world.transaction() as connection:
        found = replay_requests.latest(connection, None)
    assert found is not None
    return found


def test_what_staff_ask_for_is_stored_and_told(
    world: Database, gateway: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.replaying.requests.AT_ONCE", 2)
    receive(world, [delivery({"boot": "b", **reading(seq)}, seq) for seq in range(1, 6)])
    receive(world, [delivery({"boot": "c", **reading(1)}, 9, device="soil")])
    execute(world, "INSERT INTO device (id, trail) VALUES ('pond', 'stadtwald'), ('soil', 'stadtwald')")
    _ask(world, Selection(device="pond"))
    _worker(gateway).look()
    found = _latest(world)
    assert (found.total, found.done, found.stored, found.staying) == (5, 5, 5, 0)
    assert found.finished_at is not None
    assert books(world) == (6, 5, 0, 1), "the other device's message waits still"
    gateway.close()


def test_whoever_asks_twice_asks_once_and_may_ask_again_when_it_is_done(world: Database, gateway: Database) -> None:
    which = Selection(device="pond", trails=["stadtwald"])
    first = _ask(world, which)
    assert _ask(world, which) == first
    _worker(gateway).look()
    assert _ask(world, which) != first
    gateway.close()


def test_what_only_the_owner_may_move_stays_as_it_is(world: Database, gateway: Database) -> None:
    message = {"boot": "b", **reading(1, clock=False)}
    receive(world, [delivery(message)])
    execute(world, "INSERT INTO device (id, trail) VALUES ('pond', 'stadtwald')")
    receive(world, [delivery(message, 360_000)])
    before = state(world)
    assert before[5][0][3] == NOW + timedelta(hours=1), "the second receipt was stored"
    _ask(world, ALL)
    _worker(gateway).look()
    assert (_latest(world).done, _latest(world).staying) == (1, 1)
    assert state(world) == before
    assert Replay(world, NOW).run(ALL).entries == 1, "a command of the owner takes it"
    assert state(world)[5][0][3] == NOW
    gateway.close()


def test_what_somebody_has_settled_is_left_alone(world: Database, gateway: Database) -> None:
    receive(world, [delivery(b"{")])
    with world.transaction() as connection:
        entry = quarantine.newest(connection, 1)[0]
        assert quarantine.settle(connection, [entry.id], "anna") == 1
        assert quarantine.settle(connection, [entry.id], "bert") == 0, "once is enough"
        assert quarantine.count_open(connection) == 0
        assert quarantine.newest(connection, 1, Selection(settled=True))[0].settled_by == "anna"
    _ask(world, ALL)
    _worker(gateway).look()
    assert _latest(world).total == 0
    with world.transaction() as connection:
        assert quarantine.settle(connection, [entry.id], None) == 1
        assert quarantine.count_open(connection) == 1
    gateway.close()
