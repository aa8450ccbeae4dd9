"""mosquitto with the files of deploy/mosquitto, but for TLS, paths and how often it saves: what the handbook says."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from gateway.mqtt import probe
from gateway.mqtt.config import parse_url
from tests.fixtures.brokers.deployed_mosquitto import DeployedMosquitto
from tests.fixtures.process.waiting import wait_until
from tests.gateway.conftest import DEVICES, TRAIL

PASSWORDS = {"gateway": "gateway-secret", DEVICES[0]: "device-secret", DEVICES[1]: "other-secret"}
EVENTS = "digitalpfad/v1/+/+/event/#"


@pytest.fixture
def deployed(deployed_mosquitto: Callable[..., DeployedMosquitto]) -> DeployedMosquitto:
    return deployed_mosquitto(users=PASSWORDS)


class Client:
    """One that notes what it gets and acknowledges nothing by itself; MQTT 3.1.1 with a session that stays."""

    def __init__(self, server: DeployedMosquitto, user: str, *filters: str) -> None:
        self.messages: list[mqtt.MQTTMessage] = []
        self.granted = 0
        self.client = mqtt.Client(
            CallbackAPIVersion.VERSION2, f"{user}-client", clean_session=False, manual_ack=True,
            protocol=MQTTProtocolVersion.MQTTv311,
        )  # fmt: skip
        self.client.username_pw_set(user, PASSWORDS[user])
        self.client.on_message = lambda _c, _u, message: self.messages.append(message)
        self.client.on_subscribe = self._on_subscribe
        self.client.connect("127.0.0.1", server.gateway_port if user == "gateway" else server.port)
        self.client.loop_start()
        wait_until(self.client.is_connected, what="the connection")
        for topic in filters:
            self.client.subscribe(topic, 1)
        wait_until(lambda: self.granted == len(filters), what="the subscriptions")

    def _on_subscribe(self, *_: object) -> None:
        self.granted += 1

    def publish(self, topic: str, count: int = 1) -> None:
        [self.client.publish(topic, b"%d" % number, qos=1) for number in range(count)][-1].wait_for_publish(30)

    def leave(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


def test_more_than_the_default_thousand_wait_and_a_thousand_come_at_once(deployed: DeployedMosquitto) -> None:
    Client(deployed, "gateway", EVENTS).leave()
    device = Client(deployed, DEVICES[0])
    device.publish(f"digitalpfad/v1/{TRAIL}/{DEVICES[0]}/event/telemetry", 1500)
    device.leave()
    gateway = Client(deployed, "gateway")
    wait_until(lambda: len(gateway.messages) >= 1000, what="a window of messages")
    figures = probe.figures(parse_url(deployed.url()))
    assert figures is not None, "the gateway's login may read $SYS"
    assert len(gateway.messages) == 1000
    acknowledged = 0

    def all_here() -> bool:
        nonlocal acknowledged
        for message in gateway.messages[acknowledged:]:
            gateway.client.ack(message.mid, message.qos)
            acknowledged += 1
        return acknowledged >= 1500

    wait_until(all_here, what="all that waited")
    assert [message.payload for message in gateway.messages] == [b"%d" % number for number in range(1500)]
    gateway.leave()


def test_a_device_speaks_for_itself_alone_and_hears_nothing_else(deployed: DeployedMosquitto) -> None:
    gateway = Client(deployed, "gateway", EVENTS)
    other = Client(deployed, DEVICES[1], "#", "$SYS/#", f"digitalpfad/v1/+/{DEVICES[1]}/command/#")
    thief = Client(deployed, DEVICES[0])
    thief.publish(f"digitalpfad/v1/{TRAIL}/{DEVICES[1]}/event/telemetry")
    thief.publish(f"digitalpfad/v1/{TRAIL}/{DEVICES[1]}/command/confirm")
    thief.publish(f"digitalpfad/v1/{TRAIL}/{DEVICES[0]}/event/telemetry")
    gateway.publish(f"digitalpfad/v1/{TRAIL}/{DEVICES[0]}/command/confirm")
    gateway.publish(f"digitalpfad/v1/{TRAIL}/{DEVICES[1]}/command/confirm")
    wait_until(lambda: gateway.messages and other.messages, what="what is allowed")
    assert [message.topic for message in gateway.messages] == [f"digitalpfad/v1/{TRAIL}/{DEVICES[0]}/event/telemetry"]
    assert {message.topic for message in other.messages} == {f"digitalpfad/v1/{TRAIL}/{DEVICES[1]}/command/confirm"}
    for client in (gateway, other, thief):
        client.leave()
