"""What the ingest needs of the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from gateway.pipeline.current_registry import RegistryStore
from geodata.store.ingest.flush import Flush, FlushOutcome


class Store(RegistryStore, Protocol):
    """What the ingest needs of the store. Each call is one transaction: committed when it returns, else undone."""

    def add_datastreams(self, wanted: Sequence[tuple[str, str]]) -> list[int]:
        """The datastream of each (device, observed property), made where there is none."""
        ...

    def write(self, flush: Flush) -> FlushOutcome:
        """Commit the flush; raise StoreUnavailable, StoreTimeout or StoreRejected, having changed nothing."""
        ...
