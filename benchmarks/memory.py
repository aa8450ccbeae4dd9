"""Memory of the gateway: at the start, with a full window, and over many messages."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import islice

import psycopg

from benchmarks.backlog import backlog, publish
from benchmarks.rows import Row, Scale
from benchmarks.world import Broker, World, one
from geodata.store.transaction import Transaction
from tests.faults.harness.gateway import Gateway
from tests.fixtures.process.waiting import wait_until

_DEVICES = 100
_WINDOW = 5_000
_CHUNK = 20_000
_LIMIT_MB = 100


def run(world: World, scale: Scale) -> Iterator[Row]:
    """On the embedded broker, with default settings."""
    database_url = world.database(_DEVICES)
    with world.broker("nats") as broker:
        gateway = world.gateway(database_url, broker).start().wait_ready()
        try:
            yield Row("memory", "gateway at the start", gateway.note_memory(), "MB")
            window_mb = _with_full_window(gateway, broker, database_url)
            yield Row("memory", "with a full window", window_mb, "MB", goal=_LIMIT_MB, better="less")
            half_mb = _through(gateway, broker, database_url, scale.memory_messages // 2, 1_003)
            end_mb = _through(gateway, broker, database_url, scale.memory_messages // 2, 1_007)
        finally:
            gateway.kill()
    note = f"{scale.memory_messages:,} messages"
    yield Row("memory", "at most, in all", gateway.peak_mb, "MB", goal=_LIMIT_MB, better="less", note=note)
    yield Row("memory", "after all messages, against after half", end_mb, "MB", half_mb, "MB after half", 1.1, "less")


def _with_full_window(gateway: Gateway, broker: Broker, database_url: str) -> float:
    """The database holds still while the broker fills the window."""
    with psycopg.connect(database_url) as holder:
        holder.execute("LOCK TABLE ingest_counter IN ACCESS EXCLUSIVE MODE")
        publish(broker.port, backlog(2 * _WINDOW, _DEVICES, 60_001))
        wait_until(lambda: gateway.metric("waiting_messages") >= 0.9 * _WINDOW, 30, "a full window")
        return gateway.note_memory()


def _through(gateway: Gateway, broker: Broker, database_url: str, count: int, step_ms: int) -> float:
    """Memory after ``count`` more messages; the most on the way is kept in ``gateway.peak_mb``."""
    messages = backlog(count, _DEVICES, step_ms)
    with psycopg.connect(database_url, autocommit=True) as connection:
        goal = _messages(connection) + count
        for begin in range(0, count, _CHUNK):
            publish(broker.port, islice(messages, min(_CHUNK, count - begin)))
            while _messages(connection) < goal - count + begin:
                gateway.note_memory()
                time.sleep(0.1)
        wait_until(lambda: _messages(connection) >= goal, 120, "the gateway to be done")
    return gateway.note_memory()


def _messages(connection: Transaction) -> int:
    return one(connection, "SELECT coalesce(sum(messages), 0) FROM ingest_counter")
