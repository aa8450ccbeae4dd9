"""One connection with a clean session: tries a login, and ends the session that the broker keeps under a client id."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.reasoncodes import ReasonCode

from gateway.mqtt.config import Broker, Protocol
from gateway.mqtt.login import present
from gateway.mqtt.why_not_reached import speaks_tls, why, why_silent
from geodata.errors import DigitalpfadError
from geodata.messages.message import message, phrase


class BrokerRefused(DigitalpfadError):
    """The broker cannot be reached or does not take the login."""


class LoginRefused(BrokerRefused):
    """The broker was reached and does not take the login."""


def connect_once(
    broker: Broker,
    client_id: str,
    protocol: Protocol = "auto",
    *,
    timeout_s: float = 5,
    wanted: Sequence[str] = (),
    listen_s: float = 2,
) -> dict[str, bytes]:
    """Connect and leave; what the broker kept under ``client_id`` is gone then. Raises BrokerRefused with the reason.

    MQTT 3.1.1 with clean session, which every broker speaks, unless ``protocol`` is 5 (clean start, expiry 0).
    Returns the retained messages of the topics ``wanted``, as far as they come within ``listen_s``.
    """
    visit = _Visit(wanted, broker)
    client = _client(broker, client_id, protocol)
    client.on_connect, client.on_subscribe, client.on_message = visit.on_connect, visit.on_subscribe, visit.on_message
    client.on_disconnect = visit.on_disconnect
    try:
        if protocol == "5":
            client.connect(broker.host, broker.port, keepalive=10, clean_start=True)  # expiry 0 where none is given
        else:
            client.connect(broker.host, broker.port, keepalive=10)
        client.loop_start()
        visit.answered.wait(timeout_s)
        if wanted and visit.answers:
            visit.complete.wait(listen_s)
    except OSError as error:
        raise BrokerRefused(why(broker, error)) from error
    finally:
        visit.answered.set()  # whatever comes now, nobody waits for it
        client.disconnect()
        client.loop_stop()
    visit.check_let_in(timeout_s)
    return visit.heard


def are_client_ids_bound(broker: Broker, first: str, second: str, *, listen_s: float = 0.5) -> bool:
    """Whether the broker takes both client ids for one session, since the login is the same; raises BrokerRefused.

    Both connect as connect_once() does; such a broker ends the first when the second comes.
    """
    visit, gone = _Visit((), broker), threading.Event()
    client = _client(broker, first, "auto")
    client.on_connect, client.on_disconnect = visit.on_connect, lambda _c, _d, _f, _r, _p: gone.set()
    try:
        client.connect(broker.host, broker.port, keepalive=10)
        client.loop_start()
        visit.answered.wait(5)
        connect_once(broker, second)
        return gone.wait(listen_s)
    except OSError as error:
        raise BrokerRefused(why(broker, error)) from error
    finally:
        client.disconnect()
        client.loop_stop()


class _Visit:
    """What happens on such a connection; ``complete``: nothing more is to be waited for."""

    def __init__(self, wanted: Sequence[str], broker: Broker) -> None:
        self._wanted, self._broker = wanted, broker
        self.answers: list[ReasonCode] = []
        self.heard: dict[str, bytes] = {}
        self.answered = threading.Event()
        self.complete = threading.Event()

    def check_let_in(self, waited_s: float) -> None:
        """Raise BrokerRefused where it was not answered, LoginRefused where the answer was no."""
        if not self.answers:
            raise BrokerRefused(why_silent(self._broker, waited_s))
        if self.answers[0].is_failure:
            raise LoginRefused(
                message(
                    "The broker at {address} refuses the login: {reason}.",
                    address=f"{self._broker.host}:{self._broker.port}",
                    reason=phrase(str(self.answers[0])),
                )
            )

    def on_connect(self, client: Client, _data: object, _flags: object, reason: ReasonCode, _: object) -> None:
        self.answers.append(reason)
        if reason.is_failure:
            self.complete.set()
        elif self._wanted:
            client.subscribe([(topic, 0) for topic in self._wanted])
        self.answered.set()

    def on_disconnect(self, *_: object) -> None:
        """Wait no longer for a broker that will never answer."""
        if not self.answered.is_set() and not self._broker.tls and speaks_tls(self._broker):
            self.answered.set()

    def on_subscribe(self, _client: Client, _data: object, _mid: int, reasons: list[ReasonCode], _: object) -> None:
        if any(reason.is_failure for reason in reasons):
            self.complete.set()

    def on_message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        self.heard[message.topic] = bytes(message.payload)
        if len(self.heard) == len(self._wanted):
            self.complete.set()


def _client(broker: Broker, client_id: str, protocol: Protocol) -> Client:
    version = MQTTProtocolVersion.MQTTv5 if protocol == "5" else MQTTProtocolVersion.MQTTv311
    clean = None if protocol == "5" else True
    client = Client(CallbackAPIVersion.VERSION2, client_id=client_id, clean_session=clean, protocol=version)
    try:
        present(client, broker)
    except OSError as error:
        raise BrokerRefused(
            f"The file with the broker's authority, {broker.ca_file}, cannot be used: {error}."
        ) from error
    return client
