"""The gateway as a service: puts session, ingest, store and health together and runs until told to stop."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
import structlog

from gateway import health, topics
from gateway.broker import Identity, Protocol, parse_url
from gateway.delivery import Inbox
from gateway.health import Check
from gateway.housekeeping import Housekeeper
from gateway.ingest import Ingest, Limits
from gateway.metrics import Metrics
from gateway.session import Session
from gateway.topics import TopicFilter
from geodata.errors import InvalidInput, StartRefused, StoreError, StoreUnavailable
from geodata.store import ingest as flushes
from geodata.store import registry, roles
from geodata.store.database import Database, notifications
from geodata.store.housekeeping import Retention
from geodata.store.ingest import DAY_US, Confirmation, Flush, FlushOutcome
from geodata.store.registry import Registry

CATALOGUE_CHANNEL = "digitalpfad_catalogue"
_JUDGED_BY = frozenset(
    {"device", "observed_property", "observation_horizon"}
)  # tables whose change alters what the gateway accepts

_LONGEST_WAIT_S = 0.25  # so soon a request to stop is seen
_GATHER_S = 0.01
_LISTEN_S = 1.0
_DRAIN_S = 5.0
_DATABASE_SILENT_S = 15.0
_OLDEST_ACCEPTED_S = 30.0
_BUILT_US = 1_767_225_600_000_000  # 2026-01-01: no clock is right that says earlier

_log: structlog.stdlib.BoundLogger = structlog.get_logger("gateway.service")


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewaySettings:
    """What one gateway process needs. ``trail`` narrows it to one trail's devices, a partition of its own.

    ``client_id`` must stay the same from start to start (the broker's session hangs on it), be guessed by nobody, and
    belong to one gateway only. ``http_port`` 0 opens no health port.
    """

    database_url: str
    mqtt_url: str
    client_id: str
    protocol: Protocol = "auto"
    mqtt_ca_file: str = ""
    trail: str | None = None
    batch_size: int = 500
    batch_wait_s: float = 0.1
    window: int = 1000
    http_host: str = "127.0.0.1"
    http_port: int = 0

    def __post_init__(self) -> None:
        if not self.client_id:
            raise InvalidInput("client_id", self.client_id, "a name that stays the same from start to start")
        if not 1 <= self.window <= 65_535:
            raise InvalidInput("window", self.window, "1 to 65535 messages")
        if self.batch_size < 1 or not 0 <= self.batch_wait_s <= 10:
            raise InvalidInput("batch", (self.batch_size, self.batch_wait_s), "at least 1 message, 0 to 10 seconds")


def run(settings: GatewaySettings, stop: threading.Event, retention: Retention | None = None) -> int:
    """Work until ``stop`` is set, then write what arrived, acknowledge it and return 0.

    A database or broker that is away is waited for. Raises InvalidInput for a setting that cannot be right and
    StartRefused when a precondition of this machine is missing.
    """
    if _now_us() < _BUILT_US:
        raise StartRefused("This machine's clock says it is before 2026: set it, every measurement is judged by it.")
    keep = retention or Retention()
    broker = parse_url(settings.mqtt_url, settings.mqtt_ca_file)
    topic_filter = TopicFilter(settings.trail)
    identity = Identity(settings.client_id, (str(topic_filter),), settings.protocol, settings.window)
    database = Database(settings.database_url, role=roles.GATEWAY, pool_size=3, name="digitalpfad-gateway")
    metrics, inbox = Metrics(), Inbox()
    session = Session(broker, identity, inbox, metrics)
    ingest = Ingest(
        inbox,
        DatabaseStore(database),
        session.acknowledge,
        lambda trail, confirmation: session.confirm(topics.confirm(trail, confirmation.device), _encode(confirmation)),
        partition=str(topic_filter),
        now_us=_now_us,
        limits=Limits(settings.batch_size, settings.batch_wait_s, keep.raw_days * DAY_US),
        metrics=metrics,
    )
    _show(metrics, session, ingest, settings.window)
    with ExitStack() as stack:
        stack.callback(database.close)
        watch = RegistryWatch(database, ingest.registry_changed)
        _serve_health(stack, settings, lambda: readiness(session, ingest, watch, identity.keepalive_s), metrics)
        if _opened(database, stop):
            for part in (watch, Housekeeper(database, keep, metrics, lambda: datetime.now(UTC)), session):
                stack.callback(part.stop)
                part.start()
            _work(ingest, inbox, stop, metrics)
            session.hold()
            _drain(ingest)
    return 0


def readiness(session: Session, ingest: Ingest, watch: RegistryWatch, keepalive_s: int) -> list[Check]:
    """Whether the gateway does its job, told from what happened and not from what it believes of itself."""
    silent_s = time.monotonic() - session.last_packet_at
    database_s = time.monotonic() - watch.answered_at
    oldest_us = ingest.oldest_us
    waiting_s = 0.0 if oldest_us is None else (_now_us() - oldest_us) / 1e6
    return [
        Check("network_thread", session.alive, "runs" if session.alive else "not started, or ended: see the log"),
        Check("broker", session.subscribed, "subscribed" if session.subscribed else session.trouble),
        Check("packets", silent_s < 3 * keepalive_s, f"the broker was last heard {silent_s:.0f} s ago"),
        Check("database", database_s < _DATABASE_SILENT_S, _last_answer(database_s)),
        Check("writing", not ingest.trouble, ingest.trouble or "the last attempt succeeded"),
        Check("messages", waiting_s < _OLDEST_ACCEPTED_S, f"the oldest message waits since {waiting_s:.0f} s"),
    ]


def _last_answer(seconds: float) -> str:
    if math.isinf(seconds):
        return "the database has not answered since the start"
    return f"the database last answered {seconds:.0f} s ago"


class DatabaseStore:
    """The ingest's store: each call one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load_registry(self) -> Registry:
        """See gateway.ingest.Store."""
        with self._database.transaction() as connection:
            return registry.load(connection)

    def add_datastreams(self, wanted: Sequence[tuple[str, str]]) -> list[int]:
        """See gateway.ingest.Store."""
        with self._database.transaction() as connection:
            return [registry.add_datastream(connection, device, name) for device, name in wanted]

    def write(self, flush: Flush) -> FlushOutcome:
        """See gateway.ingest.Store."""
        with self._database.transaction() as connection:
            return flushes.write(connection, flush)


class RegistryWatch:
    """Hears of new devices and observed properties, and whether the database answers at all, in a thread of its own."""

    def __init__(self, database: Database, changed: Callable[[], None]) -> None:
        self._database = database
        self._changed = changed
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="registry", daemon=True)
        self.answered_at = float("-inf")

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; one that hangs with the database is left to end with the process."""
        self._stopping.set()
        self._thread.join(2 * _LISTEN_S)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._listen()
            except StoreError as error:
                _log.warning("registry-watch-away", error=str(error))
                self._stopping.wait(_LISTEN_S)

    def _listen(self) -> None:
        with self._database.listener(CATALOGUE_CHANNEL) as connection:
            self._changed()  # what happened while nobody listened
            while not self._stopping.is_set():
                self._database.ping()
                self.answered_at = time.monotonic()
                for notice in notifications(connection, _LISTEN_S):
                    if notice.payload in _JUDGED_BY:
                        self._changed()


def _serve_health(
    stack: ExitStack, settings: GatewaySettings, checks: Callable[[], list[Check]], metrics: Metrics
) -> None:
    if settings.http_port:
        stack.enter_context(health.serve(settings.http_host, settings.http_port, checks, metrics.registry))


def _opened(database: Database, stop: threading.Event) -> bool:
    """Wait for the database; False when told to stop before it came."""
    while not stop.is_set():
        try:
            database.open(timeout_s=2)
        except StoreUnavailable as error:
            _log.warning("database-away", error=str(error))
            continue
        return True
    return False


def _work(ingest: Ingest, inbox: Inbox, stop: threading.Event, metrics: Metrics) -> None:
    metrics.active.set(1)
    while not stop.is_set():
        if ingest.collecting:
            stop.wait(min(_GATHER_S, ingest.idle_s(_GATHER_S)))  # not woken by each message of a crowd
        else:
            inbox.wait(ingest.idle_s(_LONGEST_WAIT_S))
        ingest.turn()
    metrics.active.set(0)


def _drain(ingest: Ingest) -> None:
    """Write what was received; what cannot be written in time stays with the broker, unacknowledged."""
    deadline = time.monotonic() + _DRAIN_S
    while ingest.waiting and time.monotonic() < deadline:
        ingest.turn(drain=True)
        time.sleep(ingest.idle_s(0.05))
    if ingest.waiting:
        _log.warning("stopped-with-messages-waiting", waiting=ingest.waiting)


def _show(metrics: Metrics, session: Session, ingest: Ingest, window: int) -> None:
    def oldest_s() -> float:
        oldest_us = ingest.oldest_us
        return 0.0 if oldest_us is None else (_now_us() - oldest_us) / 1e6

    metrics.window.set(window)
    metrics.gauge("waiting_messages", "Messages received and not yet committed", lambda: ingest.waiting)
    metrics.gauge("oldest_unacknowledged_seconds", "Age of the oldest of them", oldest_s)
    metrics.gauge("subscribed", "1 while the broker delivers", lambda: session.subscribed)
    metrics.gauge(
        "broker_silent_seconds",
        "Age of the broker's last packet",
        lambda: time.monotonic() - session.last_packet_at,
    )


def _encode(confirmation: Confirmation) -> bytes:
    return msgspec.json.encode({"boot": confirmation.boot, "seq": confirmation.seq})


def _now_us() -> int:
    return time.time_ns() // 1000
