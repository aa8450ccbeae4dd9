"""An end to calls of the database that hang."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager

import structlog

from geodata.runtime.worker import Worker
from geodata.store.ingest.partition_lock import PartitionLock

_LONGEST_CALL_S = 60.0  # statements end after 30 s unless the database or the way to it is dead

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@contextmanager
def watchdog(stop: threading.Event, lock: PartitionLock, drain_s: float) -> Generator[Worker]:
    """Break off a call to the database that hangs for too long, or for ``drain_s`` after ``stop`` was set."""
    done = threading.Event()

    def guard() -> None:
        while not stop.wait(1):
            if lock.busy_s > _LONGEST_CALL_S:
                abort()
        if not done.wait(drain_s):
            abort()

    def abort() -> None:
        _log.warning("database-hangs", hint="nothing is lost: what was not committed stays with the broker")
        lock.abort()

    worker = Worker("watchdog", guard, done)
    worker.start()
    try:
        yield worker
    finally:
        done.set()
