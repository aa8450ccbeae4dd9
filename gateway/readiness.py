"""Whether the gateway does its job: what /readyz, the figures and the command `up` are told of its parts."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from gateway.health import Check
from gateway.leadership import Leadership, LeadershipRole
from gateway.mqtt.old_sessions import OldSessions
from gateway.mqtt.session import Session
from gateway.pipeline.ingest import Ingest
from gateway.registry_watch import RegistryWatch
from geodata.runtime.steady_clock import SteadyClock
from geodata.runtime.worker import Worker, ended, failing
from geodata.store.ingest.partition_lock import PartitionLock

_DATABASE_SILENT_S = 15.0
_OLDEST_ACCEPTED_S = 30.0
_STILL_S = 180.0  # the longest call of the database is broken off after 60


@dataclass(slots=True)
class GatewayReadiness:
    """Looks at the parts of one gateway, from any thread.

    ``moved_at`` (monotonic seconds) is when the ingest's loop last began anew; ``taking``, ``guard`` and ``answering``
    are the workers of the ingest, the watchdog and the health port, once they run; ``beside`` it work
    those that can wait.
    """

    leadership: Leadership
    session: Session
    old_sessions: OldSessions
    ingest: Ingest
    watch: RegistryWatch
    beside: Sequence[Worker]
    lock: PartitionLock
    clock: SteadyClock
    keepalive_s: int
    taking: Worker | None = None
    guard: Worker | None = None
    answering: Worker | None = None
    moved_at: float = field(default_factory=time.monotonic)

    def checks(self) -> list[Check]:
        """Whether the gateway does its job, told from what happened and not from what it believes of itself."""
        database_s, clock = time.monotonic() - self.watch.answered_at, self.clock.state()
        checks = [
            Check("turn", self.leadership.role is not LeadershipRole.AWAITING_DATABASE, self.leadership.role),
            Check("network_thread", self.session.alive, "runs" if self.session.alive else "ended: restart the gateway"),
            self._threads(),
            *self._works(),
            Check("database", database_s < _DATABASE_SILENT_S, _last_answer(database_s)),
            Check("clock", clock.ok, clock.detail, decides=False),
        ]
        return checks if self.leadership.role is LeadershipRole.STANDBY else checks + self._delivery_checks()

    def dead(self) -> list[str]:
        """Parts that ended or stand still, and that only a new start brings back: not a database that is away."""
        names = ended(self._workers() + self._side_workers())
        moved_s = time.monotonic() - max(self.moved_at, self.lock.answered_at)
        return [*names, "ingest"] if moved_s > _STILL_S else names

    def _threads(self) -> Check:
        dead = ", ".join(self.dead())
        return Check("threads", not dead, f"ended or standing still: {dead}: restart the gateway" if dead else "run")

    def _works(self) -> list[Check]:
        """A loop that fails each time it is tried stores nothing, whatever else is well; that of a side work does."""
        failures, side_failures = failing(self._workers()), failing(self._side_workers())
        return [
            Check("work", not failures, failures or "no part fails over and over"),
            Check("side_work", not side_failures, side_failures or "no part fails over and over", decides=False),
        ]

    def _workers(self) -> list[Worker]:
        """What messages are taken with."""
        return [worker for worker in (self.taking, self.session.worker, self.watch.worker) if worker]

    def _side_workers(self) -> list[Worker]:
        """What messages are taken without, for a while."""
        parts = (self.old_sessions.worker, *self.beside, self.guard, self.answering)
        return [worker for worker in parts if worker]

    def faults(self) -> dict[str, int]:
        """Of each part, what nobody foresaw."""
        return {worker.name: worker.faults for worker in self._workers() + self._side_workers()}

    def _delivery_checks(self) -> list[Check]:
        session = self.session
        silent_s = time.monotonic() - session.last_packet_at
        waiting_s = self.oldest_s()
        return [
            Check("broker", session.subscribed, "subscribed" if session.subscribed else session.trouble),
            Check("packets", silent_s < 3 * self.keepalive_s, f"the broker was last heard {silent_s:.0f} s ago"),
            Check("writing", not self.ingest.trouble, self.ingest.progress),
            Check("messages", waiting_s < _OLDEST_ACCEPTED_S, f"the oldest message waits since {waiting_s:.0f} s"),
        ]

    def oldest_s(self) -> float:
        """Seconds for which the oldest message waits to be committed."""
        oldest_us = self.ingest.oldest_us
        return 0.0 if oldest_us is None else max(0.0, (self.clock.now_us() - oldest_us) / 1e6)


def _last_answer(seconds: float) -> str:
    if math.isinf(seconds):
        return "the database has not answered since the start"
    return f"the database last answered {seconds:.0f} s ago"
