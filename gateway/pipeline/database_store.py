"""The ingest's store on PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from geodata.store.ingest import quarantine_row, registry
from geodata.store.ingest import transaction as flushes
from geodata.store.ingest.flush import Flush, FlushOutcome
from geodata.store.ingest.partition_lock import PartitionLock
from geodata.store.ingest.registry import Registry


class DatabaseStore:
    """The ingest's store: each call one transaction of the session that holds the partition's lock."""

    def __init__(self, lock: PartitionLock) -> None:
        self._lock = lock

    def load_registry(self) -> Registry:
        """See gateway.pipeline.current_registry.RegistryStore."""
        with self._lock.transaction() as connection:
            return registry.load(connection)

    def update_registry(self, known: Registry, devices: Collection[str]) -> Registry:
        """See gateway.pipeline.current_registry.RegistryStore."""
        with self._lock.transaction() as connection:
            return registry.update(connection, known, devices)

    def add_datastreams(self, wanted: Sequence[tuple[str, str]]) -> list[int]:
        """See gateway.pipeline.ingest.Store."""
        with self._lock.transaction() as connection:
            return [registry.add_datastream(connection, device, name) for device, name in wanted]

    def write(self, flush: Flush) -> FlushOutcome:
        """See gateway.pipeline.ingest.Store."""
        rows = quarantine_row.rows(flush.refused)  # here, so that the transaction holds its locks only for SQL
        with self._lock.transaction() as connection:
            return flushes.write(connection, flush, rows)
