"""The gateway as a service: puts session, ingest, store and health together and runs until told to stop."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager

import msgspec
import structlog

from gateway import health
from gateway.decoding import decoders as decoding
from gateway.decoding.decoder import Decoder
from gateway.decoding.decoders import DECODERS
from gateway.housekeeping import Housekeeper
from gateway.inbox import Delivery, Inbox, ReceiptClock
from gateway.leadership import Leadership
from gateway.metrics import Metrics
from gateway.mqtt.config import Identity, parse_url
from gateway.mqtt.old_sessions import OldSessions
from gateway.mqtt.session import Session
from gateway.nightly import NightWorker
from gateway.pass_counting import PassCounter
from gateway.pipeline.database_store import DatabaseStore
from gateway.pipeline.ingest import Ingest
from gateway.pipeline.limits import Limits
from gateway.readiness import GatewayReadiness
from gateway.registry_watch import RegistryWatch
from gateway.replaying.requests import ReplayRequests
from gateway.settings import GatewaySettings
from gateway.topics import TopicFilter
from gateway.tuning import tune_gc
from gateway.watchdog import watchdog
from geodata.errors import RoleRefused, StartRefused, StoreError
from geodata.runtime.background_part import stop_together
from geodata.runtime.steady_clock import SteadyClock
from geodata.runtime.worker import Worker
from geodata.store import roles
from geodata.store.database import Database
from geodata.store.ingest import counters
from geodata.store.ingest.flush import Confirmation
from geodata.store.ingest.partition_lock import PartitionLock
from geodata.store.operations.retention import Retention
from geodata.times import DAY_US
from geodata.vocabulary import device_topics

_LONGEST_WAIT_S = 0.25  # so soon a request to stop is seen
_GATHER_S = 0.01
_DRAIN_S = 5.0
_BUILT_US = 1_767_225_600_000_000  # 2026-01-01: no clock is right that says earlier

_log: structlog.stdlib.BoundLogger = structlog.get_logger("gateway.service")


def run(
    settings: GatewaySettings,
    stop: threading.Event,
    retention: Retention | None = None,
    began: Callable[[Callable[[], list[str]]], object] = lambda _: None,
    decoders: Sequence[Decoder] = DECODERS,
) -> int:
    """Work until ``stop`` is set, then write what arrived, acknowledge it and return 0.

    ``began`` is called once all parts run, with what tells the names of parts that only a new start brings back.
    ``decoders`` are the formats of messages that are read.

    A database or broker that is away is waited for, and so is leadership while another gateway of the partition is
    active. Raises InvalidInput for a setting that cannot be right, StartRefused when a precondition is missing and
    RoleRefused when the database's login may not work as a gateway.
    """
    if time.time_ns() // 1000 < _BUILT_US:
        raise StartRefused("This machine's clock says it is before 2026: set it, every measurement is judged by it.")
    gateway = _Gateway(settings, retention or Retention(), decoders)
    tune_gc()
    with ExitStack() as stack:
        stack.callback(gateway.close)
        gateway.open()
        if settings.http_port:
            stack.enter_context(gateway.health(settings.http_host, settings.http_port))
        stack.callback(gateway.watch.stop)
        gateway.watch.start()
        stack.callback(stop_together, gateway.beside)  # a database that hangs holds each of them up: at the same time
        for part in gateway.beside:
            part.start()
        for part in (gateway.session, gateway.old_sessions):
            stack.callback(part.stop)
            part.start()
        with watchdog(stop, gateway.lock, _DRAIN_S) as guard:
            gateway.ready.guard = guard
            began(gateway.ready.dead)
            gateway.work(stop)
            gateway.drain()
    return 0


class _Gateway:
    """The parts of one gateway process."""

    def __init__(self, settings: GatewaySettings, retention: Retention, decoders: Sequence[Decoder] = DECODERS) -> None:
        topic_filter = TopicFilter(settings.trail)
        filters = decoding.filters(decoders, settings.trail)
        identity = Identity(settings.client_id, filters, settings.protocol, settings.window)
        self._database = database = Database(
            settings.database_url, role=roles.GATEWAY, pool_size=4, name="digitalpfad-gateway"
        )
        self.metrics, self.inbox = Metrics(), Inbox()
        self.lock = PartitionLock(database, settings.trail)
        self.leadership = Leadership(self.lock, self.stand_by, self.metrics.store_errors.inc)
        self.clock = SteadyClock()
        broker = parse_url(settings.mqtt_url, settings.mqtt_ca_file, settings.mqtt_server_name)
        clock = ReceiptClock(self.clock.now_us)
        self.old_sessions = OldSessions(
            database,
            broker,
            identity,
            settings.trail or "",
            self.inbox,
            clock,
            is_active=lambda: self.lock.is_lease_valid,
            quiet_s=settings.quiet_s,
        )
        self.session = Session(broker, identity, self.inbox, self.metrics, self._may_connect, clock)
        self.old_sessions.beside(self.session)
        self.ingest = self._ingest(str(topic_filter), settings, retention, decoders)
        self.watch = RegistryWatch(database, self.lock, self.ingest.registry_changed, self._confirm_replayed)
        self._trail = settings.trail
        self.housekeeper = Housekeeper(database, retention, self.metrics, self.clock)
        self.pass_counter = PassCounter(database, self.metrics)
        at_night = NightWorker(database, self.metrics, self.clock)
        replays = ReplayRequests(database, self.clock, retention.raw_days * DAY_US)
        self.beside = (self.housekeeper, self.pass_counter, at_night, replays)
        self.ready = self._readiness(identity.keepalive_s)
        self._show(settings.window)

    def _ingest(
        self, partition: str, settings: GatewaySettings, retention: Retention, decoders: Sequence[Decoder]
    ) -> Ingest:
        return Ingest(
            self.inbox,
            DatabaseStore(self.lock),
            self._acknowledge,
            self._confirm,
            partition=partition,
            limits=Limits(settings.batch_size, settings.batch_wait_s, retention.raw_days * DAY_US),
            metrics=self.metrics,
            clock=self.clock,
            decoders=decoders,
        )

    def _readiness(self, keepalive_s: int) -> GatewayReadiness:
        return GatewayReadiness(
            self.leadership,
            self.session,
            self.old_sessions,
            self.ingest,
            self.watch,
            [part.worker for part in self.beside],
            self.lock,
            self.clock,
            keepalive_s,
        )

    def open(self) -> None:
        """Begin to connect to the database; it may be away."""
        self._database.open(wait=False)

    def close(self) -> None:
        """Give the lock and all connections back."""
        self.lock.close()
        self._database.close()

    def work(self, stop: threading.Event) -> None:
        """Take messages into the database whenever this gateway is the leader, until ``stop``."""
        self.ready.taking = Worker("ingest", lambda: self._work(stop), stop, self._begin_anew, fatal=(RoleRefused,))
        self.ready.taking.run()

    def _begin_anew(self) -> None:
        """After a fault nobody foresaw: have the broker deliver again what is not acknowledged."""
        self.session.leave("messages are taken in anew after a fault")
        self.ingest.forget()

    def _work(self, stop: threading.Event) -> None:
        while not stop.is_set():
            self.ready.moved_at = time.monotonic()
            self.ingest.refusals.look()
            if not self.leadership.is_leader():
                stop.wait(min(_LONGEST_WAIT_S, self.leadership.idle_s()))
                continue
            if not self.clock.compared and not self._compare_clock():
                stop.wait(_LONGEST_WAIT_S)
                continue
            if self.ingest.collecting:
                stop.wait(min(_GATHER_S, self.ingest.idle_s(_GATHER_S)))  # not woken by each message of a crowd
            else:
                self.inbox.wait(self.ingest.idle_s(_LONGEST_WAIT_S))
            self.ingest.step()

    def _compare_clock(self) -> bool:
        """Hold the clock against what is stored, before the first message is received; False while that fails."""
        try:
            with self.lock.transaction() as connection:
                self.clock.begin_after(counters.last_commit(connection))
        except StoreError as error:
            _log.warning("clock-not-compared", error=str(error))
        return self.clock.compared

    def _may_connect(self) -> bool:
        return self.clock.compared and self.old_sessions.may_connect()

    def drain(self) -> None:
        """Write what was received; what cannot be written in time stays with the broker, unacknowledged."""
        self.session.hold()
        self.old_sessions.hold()
        deadline = time.monotonic() + _DRAIN_S
        while self.lock.held and self.ingest.waiting and time.monotonic() < deadline:
            self.ingest.step(drain=True)
            time.sleep(self.ingest.idle_s(0.05))
        self.ingest.refusals.end()
        if self.ingest.waiting:
            _log.warning("stopped-with-messages-waiting", waiting=self.ingest.waiting)

    def stand_by(self) -> None:
        """Leave the partition to the gateway that leads."""
        self.session.leave()
        self.ingest.forget()

    @contextmanager
    def health(self, host: str, port: int) -> Generator[None]:
        """Tell over HTTP how the gateway is."""
        with health.serve(
            host, port, self.ready.checks, self.metrics.registry, self.ready.dead
        ) as self.ready.answering:
            yield

    def _acknowledge(self, deliveries: Sequence[Delivery]) -> None:
        self.session.acknowledge(self.old_sessions.split(deliveries))

    def _confirm(self, trail: str, confirmation: Confirmation) -> None:
        payload = msgspec.json.encode({"boot": confirmation.boot, "seq": confirmation.seq})
        self.session.confirm(device_topics.confirm(trail, confirmation.device), confirmation.boot, payload)

    def _confirm_replayed(self, trail: str, confirmation: Confirmation) -> None:
        """What a replay completed is told by the gateway whose partition it is."""
        if self.lock.held and self._trail in {None, trail}:
            self._confirm(trail, confirmation)

    def _show(self, window: int) -> None:
        gauge = self.metrics.gauge
        self.metrics.window.set(window)
        self.metrics.active.set_function(lambda: self.lock.held)
        self.metrics.show_faults(self.ready.faults)
        gauge("waiting_messages", "Messages received and not yet committed", lambda: self.ingest.waiting)
        gauge("oldest_unacknowledged_seconds", "Age of the oldest of them", self.ready.oldest_s)
        gauge("unreadable_notifications", "The database's notifications passed over", lambda: self.watch.unreadable)
        gauge("clock_steady", "1 while the machine's clock is believed", lambda: self.clock.state().ok)
        gauge("subscribed", "1 while the broker delivers", lambda: self.session.subscribed)
        gauge("broker_silent_seconds", "Age of its last packet", lambda: time.monotonic() - self.session.last_packet_at)
