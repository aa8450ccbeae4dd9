"""One device's connection to the broker: the only user of paho.

paho's thread only puts events on a queue. What is raised in it all the same would end it for good: here it begins anew.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any
from urllib.parse import urlsplit

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage, MQTTMessageInfo
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from firmware_sim.devices.protocol import WireMessage
from firmware_sim.errors import WrongArgument

PROTOCOLS = {"3.1.1": MQTTProtocolVersion.MQTTv311, "5": MQTTProtocolVersion.MQTTv5}
_KEEP_ALIVE_S = 30
_AGAIN_S = 1.0
_QUEUED_MESSAGES = 4000


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """Where the broker listens and how to speak with it; ``protocol`` is ``3.1.1`` or ``5``.

    Its certificate must bear ``server_name``, or where that is empty the host.
    """

    host: str
    port: int
    tls: bool = False
    ca_file: str | None = None
    protocol: str = "3.1.1"
    server_name: str = ""

    @classmethod
    def parse(
        cls, url: str, *, protocol: str = "3.1.1", ca_file: str | None = None, server_name: str = ""
    ) -> BrokerAddress:
        """Read ``mqtt[s]://host[:port]``; raises WrongArgument."""
        expected = f"The broker's address {url!r} is not of the form mqtt://host:port or mqtts://host:port"
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise WrongArgument(f"{expected}: {error}.") from error
        if parts.scheme not in {"mqtt", "mqtts"} or not parts.hostname:
            raise WrongArgument(f"{expected}.")
        if parts.username or parts.password or parts.path.strip("/") or parts.query:
            raise WrongArgument(f"{expected}: no name, password or path belong there; see --credentials.")
        tls = parts.scheme == "mqtts"
        return cls(parts.hostname, port or (8883 if tls else 1883), tls, ca_file, protocol, server_name)

    def __str__(self) -> str:
        return f"{'mqtts' if self.tls else 'mqtt'}://{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Online:
    """The device is connected and hears its confirmations."""

    device: str


@dataclass(frozen=True, slots=True)
class Lost:
    """The connection is gone or did not come about; the link tries again by itself."""

    device: str
    reason: str


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A message came in on ``command/confirm``."""

    device: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Stop:
    """The operator wants the simulator to end."""


Event = Online | Lost | Confirmed | Stop


class _LastingClient(Client):
    """Goes on after anything that is raised in its thread; ``begin_anew`` says whether it shall."""

    begin_anew: Callable[[Exception], bool]

    def loop_forever(self, timeout: float = 1.0, retry_first_connection: bool = False) -> MQTTErrorCode:  # noqa: FBT001, FBT002 - paho's signature
        """What paho's thread does: returns after disconnect()."""
        while True:
            try:
                return super().loop_forever(timeout, retry_first_connection)
            except Exception as error:  # noqa: BLE001 - a broker that talks nonsense must not end the thread
                if not self.begin_anew(error):
                    return MQTTErrorCode.MQTT_ERR_UNKNOWN


class Link:
    """A connection that comes back by itself, with back-off, and reports to ``events``."""

    def __init__(
        self,
        broker: BrokerAddress,
        device: str,
        secret: str | None,
        will: WireMessage,
        listen_to: str,
        events: SimpleQueue[Event],
    ) -> None:
        self._broker = broker
        self._device = device
        self._listen_to = listen_to
        self._events = events
        self._closed = threading.Event()
        self._client = _client(broker, device, secret)
        self._client.begin_anew = self._begin_anew
        self._client.will_set(will.topic, will.payload, qos=1, retain=will.retain)
        self._client.on_connect = self._on_connect
        self._client.on_connect_fail = self._on_connect_fail
        self._client.on_disconnect = self._on_disconnect
        self._client.on_subscribe = self._on_subscribe
        self._client.on_message = self._on_message

    def start(self) -> None:
        """Connect in the background."""
        self._connect()
        self._client.loop_start()

    def publish(self, message: WireMessage) -> MQTTMessageInfo | None:
        """Hand a message to the connection with QoS 1; None if it cannot take it now."""
        info = self._client.publish(message.topic, message.payload, qos=1, retain=message.retain)
        return info if info.rc is MQTTErrorCode.MQTT_ERR_SUCCESS else None

    def close(self) -> None:
        """Disconnect properly: the broker does not send the will."""
        self._closed.set()
        was_connected = self._client.is_connected()
        self._client.disconnect()
        if was_connected:  # otherwise the thread may sit in connect() for seconds; it ends with the process
            self._client.loop_stop()

    def _connect(self) -> None:
        self._client.connect_async(self._broker.host, self._broker.port, keepalive=_KEEP_ALIVE_S)

    def _begin_anew(self, error: Exception) -> bool:
        self._events.put(Lost(self._device, f"the connection to {self._broker} failed: {error!r}"))
        if self._closed.wait(_AGAIN_S):
            return False
        self._connect()
        return True

    def _on_connect(
        self, client: Client, _data: object, _flags: ConnectFlags, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        if reason.is_failure:
            self._events.put(Lost(self._device, f"{self._broker} refuses it: {reason}"))
            return
        client.subscribe(self._listen_to, qos=1)

    def _on_subscribe(
        self, _client: Client, _data: object, _packet_id: int, reasons: list[ReasonCode], _p: Properties | None
    ) -> None:
        if any(reason.is_failure for reason in reasons):
            self._events.put(Lost(self._device, f"{self._broker} does not let it read {self._listen_to}"))
        self._events.put(Online(self._device))

    def _on_connect_fail(self, _client: Client, _data: object) -> None:
        self._events.put(Lost(self._device, f"{self._broker} cannot be reached"))

    def _on_disconnect(
        self, _client: Client, _data: object, _flags: DisconnectFlags, reason: ReasonCode, _p: Properties | None
    ) -> None:
        if reason.is_failure:
            self._events.put(Lost(self._device, f"the connection to {self._broker} broke: {reason}"))

    def _on_message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        self._events.put(Confirmed(self._device, bytes(message.payload)))


def _client(broker: BrokerAddress, device: str, secret: str | None) -> _LastingClient:
    protocol = PROTOCOLS[broker.protocol]
    options: dict[str, Any] = {} if broker.protocol == "5" else {"clean_session": True}
    client = _LastingClient(CallbackAPIVersion.VERSION2, client_id=device, protocol=protocol, **options)
    client.username_pw_set(device, secret)
    client.reconnect_delay_set(min_delay=1, max_delay=30)
    client.max_inflight_messages_set(0)  # the sender's window is the bound
    client.max_queued_messages_set(_QUEUED_MESSAGES)
    if broker.tls:
        client.tls_set_context(_tls_context(broker))  # pyright: ignore[reportUnknownMemberType] - paho leaves it untyped
    return client


class _TlsContext(ssl.SSLContext):
    """Reads the trusted certificates again for each connection: where they are the server's own, they are renewed."""

    ca_file: str | None = None
    server_name: str = ""

    def wrap_socket(self, sock: socket.socket, *arguments: Any, **named: Any) -> ssl.SSLSocket:
        if self.ca_file:
            self.load_verify_locations(self.ca_file)
        if self.server_name:
            named["server_hostname"] = self.server_name
        named["do_handshake_on_connect"] = True  # where it fails here, the socket is closed too
        return super().wrap_socket(sock, *arguments, **named)


def _tls_context(broker: BrokerAddress) -> ssl.SSLContext:
    context = _TlsContext(ssl.PROTOCOL_TLS_CLIENT)
    context.ca_file, context.server_name = broker.ca_file, broker.server_name
    if not broker.ca_file:
        context.load_default_certs()
        return context
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # the file may hold the server's own certificate alone
    try:
        context.load_verify_locations(broker.ca_file)
    except OSError as error:  # ssl.SSLError is one
        raise WrongArgument(f"--ca {broker.ca_file!r} is not a file of certificates in PEM form: {error}.") from error
    return context
