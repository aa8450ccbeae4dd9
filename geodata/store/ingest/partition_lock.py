"""The right to serve one partition of the topics: an advisory lock, on the very connection that writes.

One session of the database holds the lock and runs the transactions: who loses it can commit nothing more, however
late it notices. A process that hangs falls silent, and the server ends a session that is silent for ``LEASE_S``.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress

import psycopg

from geodata.errors import StoreTimeout, StoreUnavailable
from geodata.store.database import Database, translated
from geodata.store.transaction import Transaction

LEASE_S = 10
_VALID_S = 0.8 * LEASE_S
_LOCKS = 0x6470_6677  # the first half of all keys; the second half is the partition, 0 stands for all trails
_OPTIONS = f"-c idle_session_timeout={LEASE_S}s -c idle_in_transaction_session_timeout={LEASE_S}s -c jit=off"


class PartitionLock:
    """Held by at most one process for each ``trail``; None stands for all trails and excludes each single one.

    For one thread, but for held, is_lease_valid, busy_s, verify_held() and abort().
    """

    def __init__(self, database: Database, trail: str | None) -> None:
        self._database = database
        self._trail = trail
        self._connection: Transaction | None = None
        self._held = False
        self._busy_since: float | None = None
        self._aborted = False
        self._seen_at = float("-inf")
        self.answered_at = float("-inf")
        """When the last call began that the database answered, monotonic seconds."""

    @property
    def held(self) -> bool:
        """Whether this process took the lock and has not noticed a loss."""
        return self._held

    @property
    def is_lease_valid(self) -> bool:
        """Whether the lock cannot have been lost by silence, as it can while a process is stopped."""
        return self._held and time.monotonic() < max(self.answered_at, self._seen_at) + _VALID_S

    @property
    def busy_s(self) -> float:
        """Seconds since the running call began; 0 without one."""
        since = self._busy_since
        return 0.0 if since is None else time.monotonic() - since

    def acquire(self) -> bool:
        """Acquire the lock, or verify it; False while another process has it. Raises StoreError."""
        with self._used() as connection:
            if self._held:
                connection.execute("SELECT 1")
            else:
                self._held = self._tried(connection)
        return self._held

    @contextmanager
    def transaction(self) -> Generator[Transaction]:
        """One transaction, committed only while the lock is held; raises StoreUnavailable when it is lost."""
        if not self._held:
            raise StoreUnavailable("This gateway does not hold its partition's lock: it may not write.")
        with self._used() as connection, connection.transaction():
            yield connection

    def verify_held(self, connection: Transaction) -> None:
        """See over another ``connection``, in its thread, whether the lock is still held during a long statement."""
        own, began = self._connection, time.monotonic()
        with translated():
            lock_row = connection.execute(
                "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = %s AND pid = %s LIMIT 1",
                [_LOCKS, own.info.backend_pid if own is not None and not own.closed else None],
            ).fetchone()
        self._seen_at = began if lock_row else float("-inf")

    def abort(self) -> None:
        """End a call that hangs, from any thread: it raises StoreTimeout, and the lock is gone."""
        connection = self._connection
        if connection is None:
            return
        self._aborted = True
        with suppress(OSError, psycopg.OperationalError), socket.socket(fileno=os.dup(connection.fileno())) as own:
            own.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Give the lock back."""
        self._held = False
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @contextmanager
    def _used(self) -> Generator[Transaction]:
        if self._connection is None:
            self._connection = self._database.connect(_OPTIONS)
            self._aborted = False
        began = self._busy_since = time.monotonic()
        try:
            with translated():
                yield self._connection
        except StoreUnavailable as error:
            if self._aborted:
                raise StoreTimeout("The database took too long: the call was broken off.") from error
            raise
        finally:
            self._busy_since = None
            if self._connection.closed:
                self.close()
        self.answered_at = began

    def _tried(self, connection: Transaction) -> bool:
        if self._trail is None:
            row = connection.execute("SELECT pg_try_advisory_lock(%s, 0)", [_LOCKS]).fetchone()
            return row is not None and bool(row[0])
        row = connection.execute(
            "SELECT CASE WHEN pg_try_advisory_lock_shared(%s, 0) THEN pg_try_advisory_lock(%s, hashtext(%s)) END",
            [_LOCKS, _LOCKS, self._trail],
        ).fetchone()
        if row is not None and row[0]:
            return True
        connection.execute("SELECT pg_advisory_unlock_all()")
        return False
