"""Does a broker take our login? Asked once, with a client id of its own, so that no session is disturbed."""

from __future__ import annotations

import secrets
import threading

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.reasoncodes import ReasonCode

from gateway.broker import Broker
from geodata.errors import DigitalpfadError


class BrokerRefused(DigitalpfadError):
    """The broker cannot be reached or does not take the login."""


def probe(broker: Broker, timeout_s: float = 5) -> None:
    """Connect and leave; raise BrokerRefused with the reason. MQTT 3.1.1, which every broker speaks."""
    answers: list[ReasonCode] = []
    answered = threading.Event()

    def note(_client: object, _userdata: object, _flags: object, reason: ReasonCode, _properties: object) -> None:
        answers.append(reason)
        answered.set()

    client = Client(
        CallbackAPIVersion.VERSION2,
        client_id=f"digitalpfad-doctor-{secrets.token_hex(8)}",
        protocol=MQTTProtocolVersion.MQTTv311,
    )
    client.on_connect = note
    if broker.user:
        client.username_pw_set(broker.user, broker.password)
    if broker.tls:
        client.tls_set(ca_certs=broker.ca_file or None)  # pyright: ignore[reportUnknownMemberType] - untyped in paho
    try:
        client.connect(broker.host, broker.port, keepalive=10)
        client.loop_start()
        answered.wait(timeout_s)
    except OSError as error:
        raise BrokerRefused(f"The broker at {broker.host}:{broker.port} cannot be reached: {error}.") from error
    finally:
        client.disconnect()
        client.loop_stop()
    if not answers:
        raise BrokerRefused(f"The broker at {broker.host}:{broker.port} did not answer within {timeout_s:g} s.")
    if answers[0].is_failure:
        raise BrokerRefused(f"The broker at {broker.host}:{broker.port} refuses the login: {answers[0]}.")
