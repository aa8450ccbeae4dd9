"""The gateway counts passes beside its ingest, with the rights of its role, and one of several at a time."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from gateway.metrics import Metrics
from gateway.pass_counting import PassCounter
from geodata.figures import passes
from geodata.store import roles
from geodata.store.counting import queue
from geodata.store.database import Database
from geodata.store.ingest.transaction import write
from tests.fixtures.databases.database import one_row
from tests.geodata.flushes import NOW, Part, flush_of, register


def counter(minutes: int, total: int) -> Part:
    time = NOW.replace(minute=0) + timedelta(minutes=minutes)
    return Part(device="gate", prop="passes_total", time=time, result=total)


def deliver(database: Database, *parts: Part) -> None:
    with database.transaction() as connection:
        write(connection, flush_of(connection, parts))


@pytest.fixture
def gate(database: Database) -> None:
    with database.transaction() as connection:
        register(connection, "gate")


def counted(database: Database) -> int | None:
    with database.transaction() as connection:
        return one_row(connection, "SELECT sum(passes) FROM passes_day")[0]


def test_what_the_ingest_stored_is_counted_with_the_rights_of_a_gateway(
    gate: None, database: Database, database_url: str
) -> None:
    metrics = Metrics()
    with Database(database_url, role=roles.GATEWAY, pool_size=1) as own:
        part = PassCounter(own, metrics)
        deliver(own, counter(0, 3), counter(10, 8))
        part.look()
        assert counted(own) == 5
        deliver(own, counter(20, 9), counter(70, 12))
        part.look()
        assert counted(own) == 9
    assert metrics.registry.get_sample_value("digitalpfad_gateway_passes_waiting") == 0
    assert metrics.registry.get_sample_value("digitalpfad_gateway_counted_hours_total") == 2 + 1


def test_while_another_counts_nothing_is_taken_and_nobody_waits(gate: None, database: Database) -> None:
    deliver(database, counter(0, 3), counter(10, 8))
    with database.transaction() as other:
        queue.lock(other)
        assert passes.mount_new(database) == []
        assert passes.count_waiting(database) is None
    assert passes.mount_new(database) == ["gate"]
    assert passes.count_waiting(database) == 1


def test_what_comes_while_it_counts_waits_and_is_counted_next(
    gate: None, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(database, counter(0, 3), counter(10, 8))
    passes.mount_new(database)
    take = queue.take

    def interrupted(*arguments: object) -> object:
        taken = take(*arguments)  # pyright: ignore[reportArgumentType]
        late = threading.Thread(target=deliver, args=(database, counter(20, 10), counter(80, 14)))
        late.start()
        late.join()
        return taken

    monkeypatch.setattr(queue, "take", interrupted)
    passes.count_waiting(database)
    monkeypatch.undo()
    assert counted(database) == 5, "of one moment"
    while passes.count_waiting(database):
        pass
    assert counted(database) == 11
