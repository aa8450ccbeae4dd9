"""The minutes in which this process counts scans, written down once a minute, whether anybody scans or not."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable

import structlog

from geodata.errors import StoreError
from geodata.store.access import scan_uptime
from geodata.store.database import Database
from geodata.times import Clock, hour_begin, minute_of

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Uptime:
    """For one thread. ``running_s`` counts while the machine runs, so that a step of ``clock`` adds no minutes."""

    def __init__(self, clock: Clock, running_s: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._running_s = running_s
        self._last: tuple[int, float] | None = None
        self._waiting: defaultdict[int, int] = defaultdict(int)

    def write(self, database: Database) -> None:
        """Once a minute write the minutes since the last time; they wait while the database does not answer."""
        if not self._note() or not self._waiting:
            return
        try:
            with database.transaction() as connection:
                scan_uptime.add(connection, {hour_begin(hour): bits for hour, bits in self._waiting.items()})
        except StoreError as error:
            _log.warning("scan-uptime-waits", hours=len(self._waiting), error=str(error))
        else:
            self._waiting.clear()

    def _note(self) -> bool:
        """Note the minutes that began since the last time, as far as the process ran; False where none did."""
        minute, running_s = minute_of(self._clock()), self._running_s()
        passed = 1
        if self._last is not None:
            before, before_s = self._last
            if minute == before:
                return False
            passed = max(1, min(minute - before, int((running_s - before_s) / 60) + 1))
        self._last = minute, running_s
        for each in range(minute - passed + 1, minute + 1):
            self._waiting[each // 60] |= 1 << (59 - each % 60)
        return True
