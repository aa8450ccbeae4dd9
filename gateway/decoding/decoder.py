"""What a format of messages must tell for its messages to be stored: the seam between bytes and validation.

A decoder knows its topics and its bytes, and nothing of the registry, the clock or the database. What it returns is
validated by the same code whatever its format: devices, observed properties, times, ranges. A new one is a module
beside this one and its name in DECODERS of gateway.decoding.decoders; brokers grant the gateway its topics in
digitalpfad.embedded.nats and deploy/mosquitto/digitalpfad.acl.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from gateway.decoding.payload import Telemetry
from gateway.decoding.status import Status
from gateway.topics import Topic

Uplink = Telemetry | Status
"""What one device says in a message; with the device's registered name where the topic does not tell it.

Where the topic tells it, another name is refused: brokers let a device publish to its own topics, and prove no more.
"""


class Decoder(Protocol):
    """One format of messages, and the topics on which it comes. Nothing here raises, whatever the topic or the bytes.

    ``confirms``: its devices listen to ``command/confirm``; those behind a network server do not.
    """

    @property
    def confirms(self) -> bool:
        """Whether what is committed is told to its devices."""
        ...

    def filters(self, trail: str | None) -> Sequence[str]:
        """The topic filters to subscribe for one trail, or for all where ``trail`` is None.

        For one trail there are none where the topics do not tell it: then a gateway of all trails reads them.
        """
        ...

    def topic(self, text: str) -> Topic | None:
        """What the topic tells; None where it is none of this decoder's."""
        ...

    def decode(self, topic: Topic, payload: bytes, received_us: int) -> Sequence[Uplink]:
        """What the message says, at least one uplink: of one device or, where the payload names them, of several.

        ``payload`` has at most gateway.decoding.payload.MAX_BYTES, ``received_us`` counts from 1970. What cannot be
        read is in the refusals of an uplink, and the message is then kept whole. ``Reading.time`` is when was
        measured: by the device's clock, or where it has none by that of the network.

        A message that comes again is read alike. It is known by the times of its readings, or by boot and seq: behind
        a network server those are its session with the device and the frame counter. ``boot`` has 1 to 16 printable
        characters (gateway.decoding.payload.is_boot), ``seq`` and ``oldest`` are integers from 0 to MAX_SEQ, 2^53 - 1;
        what goes beyond is refused, and with it a reading that nothing identifies any more.
        """
        ...
