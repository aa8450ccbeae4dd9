"""No thread of a gateway ends in silence: what nobody foresaw is told and got over, what ended is named."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable
from typing import Any

import pytest
from prometheus_client import CollectorRegistry
from structlog.testing import capture_logs

from gateway import health
from gateway.health import Check
from gateway.housekeeping import Housekeeper
from gateway.leadership import Leadership
from gateway.mqtt.old_sessions import OldSessions
from gateway.mqtt.session import Session
from gateway.nightly import NightWorker
from gateway.pass_counting import PassCounter
from gateway.pipeline.ingest import Ingest
from gateway.validation.validate import Validator
from gateway.watchdog import watchdog
from geodata.store.ingest.partition_lock import PartitionLock
from tests.fixtures.process.ports import free_port
from tests.fixtures.process.waiting import wait_until
from tests.gateway.conftest import DEVICES, BrokerServer, Publisher, Table, reading
from tests.gateway.under_test import Gateway


class Once:
    """Stands for a method and raises in its place, the first time only."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, of: type, name: str) -> None:
        self.original, self.raised = getattr(of, name), False
        once = self

        def method(*arguments: Any) -> Any:
            if once.raised:
                return once.original(*arguments)
            once.raised = True
            raise ZeroDivisionError("unforeseen")

        monkeypatch.setattr(of, name, method)


def test_a_fault_nobody_foresaw_while_messages_are_taken_is_told_and_costs_no_message(
    monkeypatch: pytest.MonkeyPatch,
    database_url: str,
    nats: BrokerServer,
    publisher: Callable[[BrokerServer], Publisher],
    table: Table,
) -> None:
    device = publisher(nats)
    with Gateway(database_url, nats) as gateway, capture_logs() as logs:
        fault = Once(monkeypatch, Validator, "validate")
        device.send(DEVICES[0], reading(1))
        wait_until(lambda: table.counters[1] == 4, what="the message stored after all")
        assert gateway.thread.is_alive()
        assert fault.raised
    told = [line for line in logs if line["event"] == "worker-failed"]
    assert [(line["worker"], "unforeseen" in line["trace"]) for line in told] == [("ingest", True)]
    why = [line["trouble"] for line in logs if line["event"] == "disconnected"]
    assert why == ["messages are taken in anew after a fault"]


@pytest.mark.parametrize(
    ("of", "method", "worker"), [(Session, "_serve", "mqtt"), (OldSessions, "_look", "old-sessions")]
)
def test_a_thread_goes_on_after_a_fault_nobody_foresaw(
    monkeypatch: pytest.MonkeyPatch, database_url: str, nats: BrokerServer, of: type, method: str, worker: str
) -> None:
    fault = Once(monkeypatch, of, method)
    with capture_logs() as logs, Gateway(database_url, nats) as gateway:
        assert fault.raised
        assert gateway.ready()[1]["dead"] == []
    assert [line["worker"] for line in logs if line["event"] == "worker-failed"] == [worker]


@pytest.mark.parametrize(
    ("of", "method", "worker", "check"),
    [
        (Ingest, "step", "ingest", "work"),
        (Leadership, "is_leader", "ingest", "work"),
        (Session, "_serve", "mqtt", "work"),
        (PartitionLock, "verify_held", "registry", "work"),
        (Housekeeper, "look", "housekeeping", "side_work"),
        (PassCounter, "look", "pass-counting", "side_work"),
        (NightWorker, "look", "nightly", "side_work"),
    ],
)
def test_work_that_fails_each_time_is_told_though_nothing_waits_and_starts_no_process_anew(
    monkeypatch: pytest.MonkeyPatch,
    database_url: str,
    nats: BrokerServer,
    of: type,
    method: str,
    worker: str,
    check: str,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("unforeseen")

    monkeypatch.setattr("gateway.housekeeping._QUARANTINE_EVERY_S", 0.05)
    monkeypatch.setattr("gateway.nightly._EVERY_S", 0.05)
    monkeypatch.setattr("gateway.pass_counting._EVERY_S", 0.05)
    with Gateway(database_url, nats) as gateway, monkeypatch.context() as broken:
        assert all(one["ok"] for one in gateway.ready()[1]["checks"].values())
        broken.setattr(of, method, fail)
        if method == "_serve":
            nats.process.kill()
        wait_until(lambda: not gateway.ready()[1]["checks"][check]["ok"], what="the work that fails to be told")
        status, body = gateway.ready()
        assert f"{worker} fails over and over: ZeroDivisionError" in body["checks"][check]["detail"]
        assert status == 503 if check == "work" else body["checks"][check]["decides"] is False
        assert body["dead"] == []
        assert gateway.faults()[worker] >= 2


def test_a_guard_whose_rescue_fails_tries_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.watchdog._LONGEST_CALL_S", 0.0)

    class Lock:
        busy_s, calls = 1.0, 0

        def abort(self) -> None:
            self.calls += 1
            if self.calls == 1:
                raise ValueError("file descriptor cannot be a negative integer")

    lock, stop = Lock(), threading.Event()
    with watchdog(stop, lock, 0.0) as guard:  # pyright: ignore[reportArgumentType] - what it uses of a lock
        stop.set()
        wait_until(lambda: lock.calls > 1, what="another try")
        assert guard.alive


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_readiness_names_a_thread_that_ended_and_not_a_broker_that_is_away(
    monkeypatch: pytest.MonkeyPatch, database_url: str, nats: BrokerServer
) -> None:
    def leave(_: object) -> None:
        raise SystemExit

    with Gateway(database_url, nats) as gateway:
        nats.process.kill()
        wait_until(lambda: not gateway.ready()[1]["checks"]["broker"]["ok"], what="the broker to be missed")
        assert gateway.ready()[1]["dead"] == [], "a new start of the gateway would not help"
        monkeypatch.setattr(Session, "_serve", leave)
        wait_until(lambda: gateway.ready()[1]["dead"], what="the end of the network thread to be seen")
        status, body = gateway.ready()
    assert (status, body["dead"]) == (503, ["mqtt"])
    assert body["checks"]["threads"]["detail"] == "ended or standing still: mqtt: restart the gateway"


def test_an_ingest_that_stands_still_is_named(
    monkeypatch: pytest.MonkeyPatch, database_url: str, nats: BrokerServer
) -> None:
    monkeypatch.setattr("gateway.readiness._STILL_S", 0.5)
    released = threading.Event()
    with Gateway(database_url, nats) as gateway:
        assert gateway.ready()[1]["dead"] == []
        monkeypatch.setattr("gateway.pipeline.ingest.Ingest.step", lambda *_, **__: released.wait())
        wait_until(lambda: gateway.ready()[1]["dead"] == ["ingest"], what="the ingest to be named")
        released.set()
        wait_until(lambda: gateway.ready()[1]["dead"] == [], what="the ingest to move")


def test_those_who_hang_up_on_the_health_port_leave_no_trace_and_a_fault_of_ours_leaves_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail() -> list[Check]:
        raise ZeroDivisionError("unforeseen")

    port = free_port()
    with capture_logs() as logs, health.serve("127.0.0.1", port, fail, CollectorRegistry()):
        for _ in range(20):
            with socket.create_connection(("127.0.0.1", port)) as visitor:
                visitor.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # a reset
                visitor.sendall(b"GET /healthz HT")
        with socket.create_connection(("127.0.0.1", port)) as visitor:
            visitor.sendall(b"GET /readyz HTTP/1.0\r\n\r\n")
            assert visitor.recv(100) == b""
        wait_until(lambda: logs, what="the fault to be told")
    assert capsys.readouterr().err == ""
    assert [(line["event"], "unforeseen" in line["trace"]) for line in logs] == [("health-request-failed", True)]
