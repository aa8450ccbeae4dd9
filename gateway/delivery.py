"""A message as the broker delivered it, and the inbox between the network thread and the ingest."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Delivery:
    """One delivery of one message; ``received_us`` (since 1970) rises strictly from delivery to delivery.

    ``connection`` counts the connections of this process: a ``packet_id`` means something on that one only.
    ``size`` is the message's length in bytes; ``payload`` may be cut when the message is far too large.
    """

    topic: str
    payload: bytes
    received_us: int
    packet_id: int = 0
    qos: int = 1
    retain: bool = False
    connection: int = 0
    size: int = 0


class Inbox:
    """Deliveries in order of receipt: the network thread puts, the ingest takes. Neither ever waits for the other."""

    def __init__(self) -> None:
        self._deliveries: deque[Delivery] = deque()
        self._arrived = threading.Event()

    def __len__(self) -> int:
        return len(self._deliveries)

    def put(self, delivery: Delivery) -> None:
        """Append; cannot fail."""
        self._deliveries.append(delivery)
        if not self._arrived.is_set():
            self._arrived.set()

    def take(self) -> Delivery | None:
        """The oldest delivery, or None when there is none."""
        try:
            return self._deliveries.popleft()
        except IndexError:
            return None

    def wait(self, timeout_s: float) -> None:
        """Return when something arrived since the last call, or after ``timeout_s``."""
        self._arrived.wait(timeout_s)
        self._arrived.clear()

    def cut(self, size: int) -> int:
        """Forget the oldest deliveries beyond ``size`` and return how many; the broker still holds them."""
        forgotten = 0
        while len(self._deliveries) > size and self.take() is not None:
            forgotten += 1
        return forgotten

    @property
    def oldest_us(self) -> int | None:
        """Receipt of the oldest delivery, microseconds."""
        try:
            return self._deliveries[0].received_us
        except IndexError:
            return None
