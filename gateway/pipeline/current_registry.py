"""The registry as the gateway knows it: read whole once, afterwards only what changed or is asked for."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection
from typing import Protocol

from geodata.errors import StoreRejected
from geodata.store.ingest.registry import Registry

_SEEK_PAUSE_S = 1.0  # unregistered devices that send without end must not turn the gateway into a registry reader
_MOST_CHANGES = 1_000  # unread notifications; beyond them everything is read


class RegistryStore(Protocol):
    """What is needed of the store."""

    def load_registry(self) -> Registry:
        """All of it as it is now."""
        ...

    def update_registry(self, known: Registry, devices: Collection[str]) -> Registry:
        """``known`` with these devices, the properties and the horizon as they are now."""
        ...


class CurrentRegistry:
    """Used by the ingest's thread; only changed() is for any thread."""

    def __init__(self, store: RegistryStore) -> None:
        self._store = store
        self._registry: Registry | None = None
        self._lock = threading.Lock()
        self._changes: list[Collection[str] | None] = []
        self._sought_at = float("-inf")
        self.generation = 0
        """Rises with each reading that found another device, series or property than was known."""

    def changed(self, devices: Collection[str] | None = None) -> None:
        """Have these devices, the properties and the horizon read again before the next use; None: everything."""
        with self._lock:
            self._changes.append(devices)
            if len(self._changes) > _MOST_CHANGES:
                self._changes = [None]

    def get(self) -> Registry:
        """The registry as it is now; whatever this raises (StoreError), the next call reads what it could not."""
        with self._lock:  # before reading: a change from here on asks again
            changes, self._changes = self._changes, []
        if self._registry is None or changes:
            try:
                self._registry = self._read(changes)
            except Exception as error:
                with self._lock:  # a name that the database cannot take would be refused again and again
                    self._changes += [None] if isinstance(error, StoreRejected) else changes
                raise
        return self._registry

    def _read(self, changes: Collection[Collection[str] | None]) -> Registry:
        devices: set[str] = set()
        for change in changes:
            if change is None:
                return self._load()
            devices.update(change)
        registry = self._registry
        if registry is None:
            return self._load()
        before = {device: registry.devices.get(device) for device in devices}
        updated = self._store.update_registry(registry, devices)
        if updated.properties != registry.properties or any(
            updated.devices.get(device) != old for device, old in before.items()
        ):
            self.generation += 1
        return updated

    def _load(self) -> Registry:
        self.generation += 1
        return self._store.load_registry()

    def seek(self, devices: Collection[str]) -> Registry:
        """The registry after a look for devices, or properties, that may have been added a moment ago."""
        now = time.monotonic()
        if now >= self._sought_at + _SEEK_PAUSE_S:
            self._sought_at = now
            self.changed(devices)
        return self.get()
