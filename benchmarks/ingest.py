"""Durable ingest of a backlog, against a loop that only acknowledges and against psql's COPY of the raw payload."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import psutil
import psycopg

from benchmarks.backlog import TOPICS, VALUES, backlog, left_over, make_session, publish
from benchmarks.rows import Row, Scale
from benchmarks.world import CLIENT_ID, Broker, World, one
from tests.checkout import ROOT
from tests.faults.harness.gateway import Gateway
from tests.fixtures.process.programs import services

_DEVICES = 100
_BARE, _BARE_AGAIN, _PIPE = "bare-loop", "bare-loop-again", "sub-to-copy"
_POLL_S = 0.02
_TIMEOUT_S = 240


@dataclass(frozen=True, slots=True)
class Drained:
    """How long a backlog took from the start of the process, from its first rows or messages, and its CPU seconds."""

    total_s: float
    working_s: float
    cpu_s: float
    redelivered: int = 0

    def mean(self, other: Drained) -> Drained:
        """Of two runs of the same."""
        return Drained(
            (self.total_s + other.total_s) / 2, (self.working_s + other.working_s) / 2, (self.cpu_s + other.cpu_s) / 2
        )


def run(world: World, scale: Scale) -> Iterator[Row]:
    """On both brokers."""
    for kind in ("nats", "mosquitto"):
        yield from _measure(world, scale, kind)


def _measure(world: World, scale: Scale, kind: str) -> Iterator[Row]:
    count = scale.messages
    subject = f"ingest, {kind}"
    with world.broker(kind) as broker:
        version = "5" if kind == "mosquitto" else "3.1.1"
        make_session(broker.port, CLIENT_ID, version=version)
        for other in (_BARE, _BARE_AGAIN, _PIPE):
            make_session(broker.port, other)
        publish(broker.port, backlog(count, _DEVICES))
        before = drain_bare(broker, _BARE, count)
        ours = drain_gateway(world, broker, count, version)
        bare = before.mean(drain_bare(broker, _BARE_AGAIN, count))  # what else the machine does hits both alike
        pipe = drain_copy(world, broker, count)
    yield Row(
        subject, "messages/s to the commit", count / ours.total_s, "/s", count / bare.total_s, "bare paho loop", 0.6
    )
    if pipe:
        reference = "mosquitto_sub to psql COPY"
        yield Row(subject, "messages/s to the commit", count / ours.total_s, "/s", count / pipe.total_s, reference, 0.2)
    else:
        yield Row(subject, "mosquitto_sub to psql COPY", None, "", note="skipped: apt install mosquitto-clients")
    yield Row(subject, "rows/s", len(VALUES) * count / ours.total_s, "/s")
    yield Row(
        subject,
        "messages/s without the start of the process",
        count / ours.working_s,
        "/s",
        count / bare.working_s,
        "bare paho loop",
    )
    yield Row(subject, "CPU per message", ours.cpu_s / count * 1e6, "µs", bare.cpu_s / count * 1e6, "bare paho loop")
    yield Row(subject, "messages not acknowledged at the end", ours.redelivered, "", goal=0, better="less")


def drain_gateway(world: World, broker: Broker, count: int, version: str) -> Drained:
    """Start the gateway; stop when every row is committed, then see that the broker holds nothing back."""
    database_url = world.database(_DEVICES)
    gateway = world.gateway(database_url, broker)
    began = time.perf_counter()
    gateway.start()
    try:
        first, last = wait_for_parts(database_url, gateway, count * len(VALUES))
        assert gateway.process is not None
        cpu = psutil.Process(gateway.process.pid).cpu_times()
        gateway.stop()
    finally:
        gateway.kill()
    redelivered = left_over(broker.port, CLIENT_ID, version)
    return Drained(last - began, max(last - first, _POLL_S), cpu.user + cpu.system, redelivered)


def wait_for_parts(database_url: str, gateway: Gateway, parts: int) -> tuple[float, float]:
    """When the gateway began to receive and when ``parts`` were committed, in perf_counter() seconds."""
    first = 0.0
    deadline = time.perf_counter() + _TIMEOUT_S
    with psycopg.connect(database_url, autocommit=True) as connection:
        while True:
            stored = one(connection, "SELECT coalesce(sum(stored), 0) FROM ingest_counter")
            now = time.perf_counter()
            if stored and not first:
                first = now
            if stored >= parts:
                return first, now
            if now > deadline or (gateway.process and gateway.process.poll() is not None):
                raise RuntimeError(f"{stored} of {parts} rows: {gateway.log.read_text()[-2000:]}")
            time.sleep(_POLL_S)


def drain_bare(broker: Broker, client_id: str, count: int) -> Drained:
    """The loop that only acknowledges, as a process."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "benchmarks.references.bare_loop", str(broker.port), client_id, str(count)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=_TIMEOUT_S).stdout
    working_s, cpu_s = map(float, told.split())
    return Drained(time.perf_counter() - began, working_s, cpu_s)


def drain_copy(world: World, broker: Broker, count: int) -> Drained | None:
    """The raw payload into a table without keys: nothing is checked, and what the pipe holds is lost in a crash."""
    subscribe, psql = services()["mosquitto_sub"].path, services()["psql"].path
    if subscribe is None or psql is None:
        return None
    with psycopg.connect(world.postgres.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS raw (payload text)")
        connection.execute("TRUNCATE raw")
    address = ["-h", "127.0.0.1", "-p", str(broker.port), "-V", "mqttv311", "-i", _PIPE, "-c", "-q", "1"]
    began = time.perf_counter()
    command = [subscribe, *address, "-t", TOPICS, "-C", str(count)]
    copy = [psql, "-q", world.postgres.url, "-c", "COPY raw FROM STDIN"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as source:
        subprocess.run(copy, stdin=source.stdout, check=True, timeout=_TIMEOUT_S)
    took = time.perf_counter() - began
    with psycopg.connect(world.postgres.url) as connection:
        stored = one(connection, "SELECT count(*) FROM raw")
    if stored != count:
        raise RuntimeError(f"mosquitto_sub | psql COPY stored {stored} of {count} messages")
    return Drained(took, took, 0)
