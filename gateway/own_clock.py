"""The clock of one gateway: it is held against what is stored before the first message is received by it."""

from __future__ import annotations

import structlog

from gateway.delivery import ReceiptClock
from geodata.errors import StoreError
from geodata.steady_clock import SteadyClock
from geodata.store import books
from geodata.store.partition_lock import PartitionLock

_log: structlog.stdlib.BoundLogger = structlog.get_logger("gateway.clock")


class OwnClock(SteadyClock):
    """The steady clock of a gateway, and the ``receipts`` that go by it."""

    def __init__(self, partition: PartitionLock) -> None:
        super().__init__()
        self._partition = partition
        self.receipts = ReceiptClock(self.now_us)

    def is_set(self) -> bool:
        """Whether it was compared; does so once, for a gateway whose turn it is. False while the database is away."""
        if not self.compared:
            try:
                with self._partition.transaction() as connection:
                    self.begin_after(books.last_commit(connection))
            except StoreError as error:
                _log.warning("clock-not-compared", error=str(error))
        return self.compared
