"""What the web process consists of; made once at its start and reached from every request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Annotated, cast

from fastapi import Depends, Request

from api.catalogue.keeper import SnapshotKeeper
from api.catalogue.live import LiveHub
from api.http.caches.media_cache import MediaCache
from api.http.caches.single_flight import SingleFlight
from api.http.caches.versioned_cache import VersionedCache
from api.http.checks import ReadinessReport
from api.http.maintenance import MaintenanceState
from api.http.metrics import RequestMetrics
from api.limits.connections import Bounds, Connections
from api.limits.read_limits import ReadLimits
from geodata.runtime.steady_clock import SteadyClock
from geodata.runtime.worker import Worker
from geodata.security.networks import EVERYWHERE, Networks
from geodata.store.database import Database
from geodata.times import Clock, utc_now


@dataclass(frozen=True, slots=True)
class ScanBacklog:
    """Bytes of scans that wait for the database, and the seconds since all were in it."""

    waiting_bytes: int = 0
    behind_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The parts that endpoints work with. ``base_url`` is where the public reaches this server, without a slash.

    ``metrics_from`` and ``docs_from`` may read what is for those who run the server; ``trusts_proxies``: a caller's
    address is the visitor's own, also behind the proxies that there are.
    """

    keeper: SnapshotKeeper
    database: Database
    live: LiveHub
    base_url: str = ""
    clock: Clock = utc_now
    metrics_from: Networks = EVERYWHERE
    docs_from: Networks = EVERYWHERE
    trusts_proxies: bool = False
    steady: SteadyClock | None = None
    """Whose time ``clock`` tells, where it is one that judges the machine's."""
    maintenance: MaintenanceState = field(default_factory=MaintenanceState)
    metrics: RequestMetrics = field(default_factory=RequestMetrics)
    limits: ReadLimits = field(default_factory=ReadLimits)
    connections: Connections = field(default_factory=lambda: Connections(Bounds()))
    """Those of the server that the app runs in, for its figures."""
    answers: VersionedCache = field(default_factory=VersionedCache)
    media: MediaCache = field(default_factory=MediaCache)
    workers: Sequence[Worker] = ()
    """The threads that must run."""
    scan_trouble: Callable[[], str] = str
    """Why scans are not written down before they are answered; empty while they are."""
    scan_backlog: Callable[[], ScanBacklog] = ScanBacklog
    readiness: SingleFlight[ReadinessReport] = field(default_factory=SingleFlight[ReadinessReport])
    figures: SingleFlight[bytes] = field(default_factory=SingleFlight[bytes])


def services_of(request: Request) -> Services:
    """The services of the app that a request came to; api.app.install() put them there."""
    return cast("Services", request.app.state.services)


async def _services(request: Request) -> Services:  # async: FastAPI sends other dependencies to a thread
    return services_of(request)


WithServices = Annotated[Services, Depends(_services)]
