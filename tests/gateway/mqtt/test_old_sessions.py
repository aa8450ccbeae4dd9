"""A gateway that starts under another client id: what the old session holds is stored, then the session ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from paho.mqtt import client as mqtt
from paho.mqtt import publish
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from geodata.store.devices import broker_session
from tests.fixtures.process.waiting import wait_until
from tests.gateway.conftest import (
    DEVICES,
    TRAIL,
    BrokerServer,
    Publisher,
    Table,
    mosquitto_server,
    reading,
    running,
)
from tests.gateway.under_test import Child, Gateway

QUIET_S = 3  # above the 2 s after which the brokers of these tests repeat what is not acknowledged
Publishers = Callable[[BrokerServer], Publisher]


def session_present(server: BrokerServer, client_id: str, user: str = "") -> bool:
    """Whether the broker keeps a session under this client id; none is left behind."""
    answers: list[bool] = []
    for clean in (False, True):
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=client_id, clean_session=clean, protocol=MQTTProtocolVersion.MQTTv311
        )
        client.on_connect = lambda _c, _u, flags, _r, _p: answers.append(flags.session_present)
        client.username_pw_set(user)
        before = len(answers)
        client.connect("127.0.0.1", server.process.port)
        client.loop_start()
        wait_until(lambda before=before: len(answers) > before, what="the broker's answer")
        client.disconnect()
        client.loop_stop()
    return answers[0]


def stored(table: Table, device: str) -> object:
    query = "SELECT count(*) FROM observation JOIN datastream ON datastream.id = datastream WHERE device = %s"
    return table.one(query, device)


def send(server: BrokerServer, message: object) -> None:
    """As a device that logs in with its name."""
    login: publish.AuthParameter = {"username": DEVICES[0], "password": "x"}
    topic, payload = f"digitalpfad/v1/{TRAIL}/{DEVICES[0]}/event/telemetry", json.dumps(message)
    publish.single(topic, payload, qos=1, hostname="127.0.0.1", port=server.process.port, auth=login)


def known(table: Table) -> list[str]:
    return [str(row[0]) for row in table.rows("SELECT client_id FROM broker_session ORDER BY used_at")]


def test_what_waits_under_the_old_client_id_is_stored_before_its_session_ends(
    database_url: str, table: Table, broker: BrokerServer, publisher: Publishers
) -> None:
    old = Child(database_url, broker, client_id="gateway-old")
    old.start()
    wait_until(lambda: known(table) == ["gateway-old"], what="the old session to be noted")
    device = publisher(broker)
    seq = 0

    def send(count: int) -> None:
        nonlocal seq
        for _ in range(count):
            seq += 1
            device.send(DEVICES[0], reading(seq))
        device.wait()

    def subscribed() -> bool:
        device.send(DEVICES[1], reading(1))
        return table.counters[1] > 0

    wait_until(subscribed, what="the old gateway's subscription")
    with psycopg.connect(database_url) as connection:
        connection.execute("LOCK TABLE device_boot IN ACCESS EXCLUSIVE MODE")
        send(50)  # delivered and never acknowledged
        old.kill()
    send(200)  # published while no gateway runs

    with Gateway(database_url, broker, client_id="gateway-new", quiet_s=QUIET_S, window=20) as gateway:

        def ended() -> bool:
            send(1)  # there is no moment of silence: each of these comes from both sessions
            return known(table) == ["gateway-new"]

        wait_until(ended, 30, "the old session's end")
        assert not session_present(broker, "gateway-old")
        send(1)
        wait_until(lambda: stored(table, DEVICES[0]) == 4 * seq, what="everything published to be stored")
        assert gateway.metric("connections_total") == 1
    received, kept, duplicates, quarantined = table.counters
    assert received == kept + duplicates + quarantined
    assert kept == 4 * (seq + 1)


def test_the_same_client_id_goes_on_with_its_session(database_url: str, table: Table, mosquitto: BrokerServer) -> None:
    for _ in range(2):
        with Gateway(database_url, mosquitto, client_id="gateway-stays", quiet_s=0.1):
            assert known(table) == ["gateway-stays"]
    assert session_present(mosquitto, "gateway-stays")


def test_a_broker_that_names_sessions_after_users_keeps_the_gateways_own(
    database_url: str, table: Table, tmp_path: Path
) -> None:
    server = mosquitto_server(tmp_path)
    with (tmp_path / "mosquitto.conf").open("a") as config:
        config.write("use_username_as_clientid true\n")
    server.url = server.url.replace("://", "://gateway:x@")
    with running(server.process):
        with Gateway(database_url, server, client_id="gateway-old"):
            pass
        send(server, reading(1))
        with Gateway(database_url, server, client_id="gateway-new", quiet_s=0.1) as gateway:
            wait_until(lambda: gateway.metric("connections_total") > 1, what="the two to meet under one name")
            wait_until(lambda: gateway.ready()[0] == 200, what="the gateway to be subscribed again")
            send(server, reading(2))
            wait_until(lambda: table.counters[1] == 8, what="both messages to be stored")
            assert set(known(table)) == {"gateway-old", "gateway-new"}
        assert session_present(server, "ignored", "gateway")


@pytest.mark.parametrize(
    ("partition", "ends"), [("", {"of-all", "of-a", "of-b"}), ("a", {"of-a"}), ("b", {"of-b"}), ("c", set())]
)
def test_a_gateway_ends_only_sessions_whose_topics_it_serves(database_url: str, partition: str, ends: set[str]) -> None:
    with psycopg.connect(database_url) as connection:
        for client_id, of in (("of-all", ""), ("of-a", "a"), ("of-b", "b"), ("now", partition)):
            broker_session.note(connection, client_id, "127.0.0.1:1883", of)
        given_up = broker_session.given_up(connection, "now", partition)
    assert {one.client_id for one in given_up} == ends


def test_a_session_that_is_used_again_is_not_forgotten(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        broker_session.note(connection, "gateway", "127.0.0.1:1883", "")
        (before,) = broker_session.entries(connection)
        broker_session.note(connection, "gateway", "127.0.0.1:1883", "")
        broker_session.forget(connection, before)
        (after,) = broker_session.entries(connection)
        broker_session.forget(connection, after)
        assert not broker_session.entries(connection)
