"""What the database tells `up` while everything runs: devices that come and go, and the first live value.

In a separate thread, since a database that hangs must not keep `up` from looking after its children.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

from geodata.errors import StoreError
from geodata.runtime.worker import Worker
from geodata.store.channels import CREDENTIAL_CHANNEL
from geodata.store.database import Database, notifications
from geodata.store.devices import credential, freshness
from geodata.store.transaction import Transaction

_RETRY_S = 1.0


class DatabaseNews:
    """Listens until ``stop``; ``say`` gets one sentence when the database goes away, however long it stays away.

    ``first_value`` is called once, when something was measured since ``awaited_since``; never without such a time.
    """

    def __init__(
        self,
        database: Database,
        stop: threading.Event,
        say: Callable[[str], None],
        awaited_since: datetime | None,
        first_value: Callable[[], None],
    ) -> None:
        self._database = database
        self._stop = stop
        self._say = say
        self._awaited_since = awaited_since
        self._first_value = first_value
        self._said = ""
        self._devices: dict[str, str] | None = None
        self.worker = Worker("database-news", self._listen_until_lost, stop)

    def devices(self) -> dict[str, str] | None:
        """All devices with the hashes of their passwords, where they may have changed since the last call."""
        devices, self._devices = self._devices, None
        return devices

    def _listen_until_lost(self) -> None:
        try:
            self._listen()
        except StoreError as error:
            if str(error) != self._said:
                self._say(str(error))
            self._said = str(error)
            self._stop.wait(_RETRY_S)

    def _listen(self) -> None:
        with self._database.listener(CREDENTIAL_CHANNEL) as connection:
            self._devices = credential.hashes(connection)  # what changed while nobody listened
            self._said = ""
            while not self._stop.is_set():
                self._look_for_first_value(connection)
                if list(notifications(connection, 0.5)):
                    self._devices = credential.hashes(connection)

    def _look_for_first_value(self, connection: Transaction) -> None:
        since = self._awaited_since
        if since is not None and (newest := freshness.newest_time(connection)) and newest >= since:
            self._awaited_since = None
            self._first_value()
