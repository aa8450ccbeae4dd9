"""A database that needs longer for a flush than it may: the gateway comes through with less at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from gateway.inbox import Delivery, Inbox
from gateway.metrics import Metrics
from gateway.pipeline.database_store import DatabaseStore
from gateway.pipeline.ingest import Ingest
from gateway.pipeline.limits import Limits
from geodata.store.database import Database
from geodata.store.ingest.partition_lock import PartitionLock
from tests.fixtures.process.waiting import wait_until
from tests.gateway.messages import RECEIVED_US, delivery, stopped_clock

BATCH = 40
TIMEOUT_S = 0.2
SLOW = """
    CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.01); RETURN NEW; END';
    CREATE TRIGGER linger BEFORE INSERT ON observation FOR EACH ROW EXECUTE FUNCTION linger();
"""


class Line:
    """An inbox, the ingest and a database whose statements end after TIMEOUT_S."""

    def __init__(self, database: Database, lock: PartitionLock) -> None:
        self.database, self.inbox, self.metrics = database, Inbox(), Metrics()
        self.acknowledged: list[Delivery] = []
        self.ingest = Ingest(
            self.inbox,
            DatabaseStore(lock),
            self._acknowledge,
            lambda trail, confirmation: None,
            partition="p",
            clock=stopped_clock(RECEIVED_US),
            limits=Limits(BATCH, 0),
            metrics=self.metrics,
        )

    def _acknowledge(self, deliveries: Sequence[Delivery]) -> None:
        self.acknowledged += deliveries
        assert len(self.acknowledged) <= self.one("SELECT messages FROM ingest_counter")

    def one(self, query: str) -> int:
        with self.database.transaction() as connection:
            return (connection.execute(query.encode()).fetchone() or [0])[0]

    def receive(self, seqs: range) -> list[Delivery]:
        values = {"boot": "b", "values": {"air_temperature": 7}}
        made = [delivery(values | {"seq": seq, "time": RECEIVED_US // 1000 - seq}) for seq in seqs]
        for one in made:
            self.inbox.put(one)
        return made

    def work(self, until: int) -> None:
        def done() -> bool:
            self.ingest.step()
            return self.ingest.waiting <= until

        wait_until(done, 60, f"no more than {until} messages to wait")


@pytest.fixture
def line(database_url: str) -> Iterator[Line]:
    with Database(database_url) as database, Database(database_url, statement_timeout_s=TIMEOUT_S) as hasty:
        lock = PartitionLock(hasty, None)
        wait_until(lock.acquire, 10, "the lock")
        yield Line(database, lock)
        lock.close()


def test_a_flush_that_ends_in_the_statement_timeout_is_written_in_pieces_that_do_not(line: Line):
    with line.database.transaction() as connection:
        connection.execute(SLOW)
    sent = line.receive(range(BATCH))
    line.work(until=BATCH - 1)
    assert "messages at once, more took too long" in line.ingest.progress
    line.work(until=0)
    assert line.metrics.store_errors._value.get() >= 1
    assert line.acknowledged == sent
    assert line.one("SELECT count(*) FROM observation") == BATCH

    with line.database.transaction() as connection:
        connection.execute("DROP TRIGGER linger ON observation")
    sent += line.receive(range(BATCH, 6 * BATCH))
    line.work(until=0)
    assert line.ingest.progress == "the last attempt succeeded"
    assert line.acknowledged == sent
    assert line.one("SELECT stored FROM ingest_counter") == 6 * BATCH
