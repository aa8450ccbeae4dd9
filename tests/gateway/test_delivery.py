"""Delivery with real parts: brokers, PostgreSQL, the gateway as a thread and as a process that gets killed."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from tests.fixtures.process.waiting import wait_until
from tests.gateway.conftest import (
    BASE_MS,
    DEVICES,
    TRAIL,
    BrokerServer,
    Publisher,
    Table,
    add_device,
    mosquitto_server,
    reading,
    running,
)
from tests.gateway.under_test import Child, Gateway, publish_all, wait_for_subscription

Publishers = Callable[[BrokerServer], Publisher]


@pytest.fixture
def child(database_url: str, nats: BrokerServer) -> Iterator[Child]:
    made = Child(database_url, nats, batch_size=200)
    yield made
    made.kill()


@pytest.fixture(params=["nats 3.1.1", "nats auto", "mosquitto 3.1.1", "mosquitto 5", "mosquitto auto"])
def pair(request: pytest.FixtureRequest, database_url: str) -> tuple[BrokerServer, Gateway]:
    name, protocol = request.param.split()
    server = request.getfixturevalue(name)
    return server, Gateway(database_url, server, protocol=protocol)


def test_messages_become_observations_on_every_broker_and_protocol(
    pair: tuple[BrokerServer, Gateway], table: Table, publisher: Publishers
):
    server, gateway = pair
    with gateway:
        device = publisher(server)
        confirm = f"digitalpfad/v1/{TRAIL}/climate-01/command/confirm"
        device.client.subscribe(confirm, qos=1)
        for seq in range(50):
            device.send("climate-01", reading(seq))
        device.send("climate-01", reading(49))
        device.send("climate-01", b'{"time": 0, broken')
        device.send("climate-01", {"state": "online", "firmware": "1.2", "boot": "b1"}, "status", retain=True)
        wait_until(lambda: table.counters == (205, 200, 4, 1), what="205 parts in the ingest counters")
        wait_until(
            lambda: json.loads(device.heard.get(confirm, [b"{}"])[-1]) == {"boot": "b1", "seq": 49}, what="confirm 49"
        )
    assert table.one("SELECT state || firmware FROM device_state WHERE device = 'climate-01'") == "online1.2"
    assert table.one("SELECT reason FROM quarantine") == "not-json"
    table.assert_rollups_equal_a_recount()


@pytest.mark.parametrize("below", ["weather", "telemetry/x", "telemetry/a/b"])
def test_whatever_a_device_may_publish_is_seen_if_only_in_quarantine(
    database_url: str, broker: BrokerServer, publisher: Publishers, table: Table, below: str
):
    with Gateway(database_url, broker):
        publisher(broker).send("climate-01", reading(1), below)
        wait_until(lambda: table.counters == (1, 0, 0, 1), what="one message in quarantine")
    topic = f"digitalpfad/v1/{TRAIL}/climate-01/event/{below}"
    assert table.rows("SELECT reason, topic FROM quarantine") == [("topic", topic)]


def test_two_starts_of_a_device_in_one_batch_are_both_confirmed(
    database_url: str, mosquitto: BrokerServer, publisher: Publishers
):
    """A device that comes back sends what is left of its last start together with the new."""
    with Gateway(database_url, mosquitto, batch_wait_s=1):
        device = publisher(mosquitto)
        topic = f"digitalpfad/v1/{TRAIL}/climate-01/command/confirm"
        device.client.subscribe(topic, qos=1)
        device.send("climate-01", reading(0, boot="old"))
        device.send("climate-01", reading(0, boot="new", base_ms=BASE_MS + 3_600_000))
        wait_until(
            lambda: {json.loads(heard)["boot"] for heard in device.heard.get(topic, [])} == {"new", "old"},
            what="a confirmation for each start",
        )


def test_nothing_is_acknowledged_before_the_commit(
    database_url: str, nats: BrokerServer, table: Table, publisher: Publishers
):
    """A table locked by another session keeps the flush from committing; the broker must still hold the messages."""
    with Gateway(database_url, nats) as gateway, psycopg.connect(database_url) as other:
        other.execute("LOCK TABLE observation IN ACCESS EXCLUSIVE MODE")
        device = publisher(nats)
        for seq in range(20):
            device.send("climate-01", reading(seq))
        device.wait()
        wait_until(lambda: gateway.metric("waiting_messages") == 20, what="20 messages in the gateway")
        wait_until(
            lambda: gateway.metric("redelivered_total") >= 40,
            what="NATS to repeat all of them twice on this connection",
        )
        assert gateway.metric("waiting_messages") == 20  # repeated by the broker, held once
        other.rollback()
        wait_until(lambda: table.counters == (80, 80, 0, 0), what="80 values stored once")
        wait_until(lambda: gateway.metric("waiting_messages") == 0, what="an empty gateway")


def test_a_database_that_refuses_connections_for_a_while_costs_nothing(
    database_url: str, broker: BrokerServer, table: Table, publisher: Publishers
):
    name = conninfo_to_dict(database_url)["dbname"]
    with Gateway(database_url, broker) as gateway:
        device = publisher(broker)
        with psycopg.connect(database_url, dbname="postgres", autocommit=True) as admin:
            admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'.encode())
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            for seq in range(300):
                device.send("climate-01", reading(seq))
            device.wait()
            wait_until(lambda: gateway.metric("store_errors_total") >= 2, what="two attempts in vain")
            assert gateway.metric("messages_total") == 0
            admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'.encode())
        wait_until(lambda: table.one("SELECT count(*) FROM observation") == 1200, 40, "1200 values")
        received, stored, duplicates, quarantined = table.counters
        assert (stored, quarantined, received) == (1200, 0, stored + duplicates)
    table.assert_rollups_equal_a_recount()


def test_acknowledgements_of_a_connection_before_do_not_delete_messages_of_the_next(
    database_url: str, tmp_path: Path, table: Table, publisher: Publishers
):
    """The broker forgets everything and numbers its messages from 1 again while 20 wait here for a locked table."""
    server = mosquitto_server(tmp_path, persistence=False)
    with running(server.process), Gateway(database_url, server) as gateway, psycopg.connect(database_url) as other:
        other.execute("LOCK TABLE observation IN ACCESS EXCLUSIVE MODE")
        before = publisher(server)
        for seq in range(20):
            before.send("climate-01", reading(seq))
        before.wait()
        wait_until(lambda: gateway.metric("waiting_messages") == 20, what="20 messages in the gateway")
        server.restart()
        wait_until(
            lambda: gateway.metric("connections_total") == 2 and gateway.metric("subscribed") == 1,
            what="a new connection",
        )
        after = publisher(server)
        for seq in range(20, 40):
            after.send("climate-01", reading(seq))
        after.wait()
        wait_until(lambda: gateway.metric("waiting_messages") == 40, what="40 messages in the gateway")
        other.rollback()
        wait_until(lambda: table.counters == (160, 160, 0, 0), what="160 values stored once")
        wait_until(lambda: gateway.metric("stale_acknowledgements_total") == 20, what="20 acknowledgements held back")
        assert gateway.metric("sessions_lost_total") == 1


def test_a_broker_that_is_killed_and_comes_back_is_subscribed_again(
    database_url: str, broker: BrokerServer, table: Table, publisher: Publishers
):
    with Gateway(database_url, broker) as gateway:
        publisher(broker).send("climate-01", reading(1))
        wait_until(lambda: table.counters[1] == 4, what="the first message")
        broker.process.kill()
        wait_until(lambda: gateway.ready()[0] == 503, what="not ready without a broker")
        assert gateway.ready()[1]["checks"]["broker"]["ok"] is False
        broker.process.start()
        wait_until(lambda: gateway.ready()[0] == 200, what="ready again")
        publisher(broker).send("climate-01", reading(2))
        wait_until(lambda: table.counters[1] == 8, what="the second message")


def test_a_killed_gateway_loses_and_doubles_nothing(
    child: Child, nats: BrokerServer, table: Table, publisher: Publishers
):
    """kill -9 at five random moments under load; the seed is printed when it fails."""
    seed = random.randrange(10**6)
    moments = random.Random(seed)
    total = 6_000
    child.start()
    first = wait_for_subscription(child, publisher(nats), table)
    device = publisher(nats)
    sender = threading.Thread(target=publish_all, args=(device, total))
    sender.start()
    for _ in range(5):
        goal = table.counters[1] + moments.randrange(1, 3_000)
        wait_until(lambda goal=goal: table.counters[1] >= min(goal, 4 * total - 1), 60, f"{goal} values")
        child.kill()
        child.start()
    sender.join(60)
    device.wait()
    wait_until(
        lambda: table.one("SELECT count(*) FROM observation") == 4 * total + first, 60, f"all values (seed {seed})"
    )
    received, stored, duplicates, quarantined = table.counters
    assert (stored, quarantined, received) == (4 * total + first, 0, stored + duplicates), seed
    assert table.one("SELECT count(*) FROM device_boot WHERE seqs = '{[1,601)}'") == len(DEVICES)
    table.assert_rollups_equal_a_recount()


def test_a_gateway_asked_to_stop_under_load_drains_and_ends_with_zero(
    child: Child, nats: BrokerServer, table: Table, publisher: Publishers
):
    child.start()
    device = publisher(nats)
    first = wait_for_subscription(child, device, table)
    publish_all(device, 2_000)
    assert child.stop() == 0
    child.start()
    wait_until(lambda: table.one("SELECT count(*) FROM observation") == 8_000 + first, 30, "all values")
    assert child.stop() == 0
    table.assert_rollups_equal_a_recount()


def test_a_device_added_while_the_gateway_runs_is_known_at_once(
    database_url: str, nats: BrokerServer, table: Table, publisher: Publishers
):
    with Gateway(database_url, nats):
        device = publisher(nats)
        device.send("late-01", reading(1))
        wait_until(lambda: table.counters == (1, 0, 0, 1), what="the message of an unregistered device in quarantine")
        with psycopg.connect(database_url) as connection:
            add_device(connection, "late-01")
        device.send("late-01", reading(2))
        wait_until(lambda: table.counters == (5, 4, 0, 1), what="the device's second message")


def test_a_message_that_no_decoder_expects_kills_no_thread(
    database_url: str, nats: BrokerServer, table: Table, publisher: Publishers, monkeypatch: pytest.MonkeyPatch
):
    def stumble(*_: object) -> None:
        raise ZeroDivisionError

    with Gateway(database_url, nats) as gateway:
        device = publisher(nats)
        with monkeypatch.context() as patch:
            patch.setattr("gateway.decoding.native.decode_fast", stumble)
            device.send("climate-01", reading(1))
            wait_until(lambda: table.counters == (1, 0, 0, 1), what="the message in quarantine")
        device.send("climate-01", reading(2))
        wait_until(lambda: table.counters == (5, 4, 0, 1), what="the next message")
        assert gateway.ready()[0] == 200


def test_a_huge_message_is_quarantined_cut_and_costs_no_other(
    database_url: str, mosquitto: BrokerServer, table: Table, publisher: Publishers
):
    with Gateway(database_url, mosquitto):
        device = publisher(mosquitto)
        device.send("climate-01", b"x" * 10_000_000)
        device.send("climate-01", reading(1))
        wait_until(lambda: table.counters == (5, 4, 0, 1), what="both messages")
    assert table.rows("SELECT reason, length(payload) FROM quarantine") == [("too-large", 16_384)]
    assert "10000000 bytes" in str(table.one("SELECT detail FROM quarantine"))


def test_the_window_bounds_what_the_gateway_holds(
    database_url: str, mosquitto: BrokerServer, table: Table, publisher: Publishers
):
    with Gateway(database_url, mosquitto, window=50) as gateway, psycopg.connect(database_url) as other:
        other.execute("LOCK TABLE observation IN ACCESS EXCLUSIVE MODE")
        device = publisher(mosquitto)
        publish_all(device, 500)
        device.wait()
        wait_until(lambda: gateway.metric("waiting_messages") == 50, what="a full window")
        other.rollback()
        wait_until(lambda: table.counters[1] == 2_000, what="all values")
        wait_until(lambda: gateway.metric("waiting_messages") == 0, what="an empty gateway")


def test_the_gateway_waits_for_a_broker_that_is_away(database_url: str, tmp_path: Path):
    server = mosquitto_server(tmp_path)
    gateway = Gateway(database_url, server)
    gateway.thread.start()
    try:
        wait_until(lambda: gateway.ready()[0] == 503, what="not ready")
        with running(server.process):
            wait_until(lambda: gateway.ready()[0] == 200, what="ready when the broker came")
    finally:
        gateway.__exit__()
