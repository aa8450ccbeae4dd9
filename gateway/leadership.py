"""Leader election: one gateway of a partition is active, any other stands by and takes over."""

from __future__ import annotations

import time
from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

import structlog

from geodata.errors import RoleRefused, StoreError
from geodata.runtime.back_off import BackOff

_RENEW_S = 2.0  # far below the silence after which the database gives the lock to another
_STANDBY_S = 1.0
_FIRST_DELAY_S = 0.2
_LONGEST_DELAY_S = 2.0

_log: structlog.stdlib.BoundLogger = structlog.get_logger("gateway.leadership")


class Lock(Protocol):
    """What leader election needs of geodata.store.ingest.partition_lock."""

    answered_at: float

    @property
    def held(self) -> bool:
        """Whether this process took the lock and has not noticed a loss."""
        ...

    def acquire(self) -> bool:
        """Acquire the lock, or verify it; False while another process has it. Raises StoreError."""
        ...


class LeadershipRole(StrEnum):
    """What this gateway is in its partition."""

    ACTIVE = "active"
    STANDBY = "standby"
    AWAITING_DATABASE = "awaiting the database"


class Leadership:
    """Takes the lock and keeps it; ``stand_by`` is called whenever another gateway turns out to have it.

    While the database does not answer nobody can be the leader: what waits here stays, the broker is kept company.
    """

    def __init__(self, lock: Lock, stand_by: Callable[[], None], count_error: Callable[[], None]) -> None:
        self._lock = lock
        self._stand_by = stand_by
        self._count_error = count_error
        self._try_at = float("-inf")
        self._pauses = BackOff(_FIRST_DELAY_S, _LONGEST_DELAY_S)
        self.role = LeadershipRole.AWAITING_DATABASE

    def is_leader(self) -> bool:
        """Whether this gateway may work now; asks the database when that is due. Raises RoleRefused."""
        now = time.monotonic()
        if self._lock.held and now < self._lock.answered_at + _RENEW_S:
            return True
        if now < self._try_at:
            return False
        try:
            role = LeadershipRole.ACTIVE if self._lock.acquire() else LeadershipRole.STANDBY
        except RoleRefused:
            raise  # trying again changes nothing: the process ends with what has to be run
        except StoreError as error:
            role = LeadershipRole.AWAITING_DATABASE
            self._back_off(error)
        else:
            self._pauses.reset()
            self._try_at = time.monotonic() + _STANDBY_S if role is LeadershipRole.STANDBY else float("-inf")
        if role is not self.role:
            _log.info("leadership", role=role, before=self.role)
        self.role = role
        if role is LeadershipRole.STANDBY:
            self._stand_by()
        return role is LeadershipRole.ACTIVE

    def idle_s(self) -> float:
        """Seconds until is_leader() has something to ask, for a gateway that may not work."""
        return max(0.0, self._try_at - time.monotonic())

    def _back_off(self, error: StoreError) -> None:
        self._count_error()
        delay_s = self._pauses.next_s()
        self._try_at = time.monotonic() + delay_s
        _log.warning("database-away", error=str(error), retry_in_s=round(delay_s, 2))
