"""paho's client with fewer system calls: a message costs paho three reads and a write, here many share one."""

from __future__ import annotations

from collections.abc import Iterable

from paho.mqtt import client as mqtt

_PUBACK = 0x40
_AT_ONCE = 64 * 1024  # bytes


class BufferedClient(mqtt.Client):
    """Reads ahead, and sends many acknowledgements as one write. One connection only: it must not reconnect.

    Overrides and uses two methods that paho keeps to itself; tests/gateway/test_wire.py notices when they change.
    """

    _ahead = b""
    _at = 0

    @property
    def holds_bytes(self) -> bool:
        """Whether something was read from the network that loop_read() has not handled yet."""
        return self._at < len(self._ahead)

    def acknowledge(self, packet_ids: Iterable[int]) -> None:
        """Acknowledge messages of QoS 1, in this order."""
        packets = b"".join(b"\x40\x02" + packet_id.to_bytes(2, "big") for packet_id in packet_ids)
        if packets:
            self._packet_queue(_PUBACK, packets, 0, 0)

    def _sock_recv(self, bufsize: int) -> bytes:
        """Up to ``bufsize`` bytes, as paho asks for them: one, one, and the rest of a packet."""
        if self._at >= len(self._ahead):
            self._ahead, self._at = super()._sock_recv(max(bufsize, _AT_ONCE)), 0
        found = self._ahead[self._at : self._at + bufsize]
        self._at += len(found)
        return found
