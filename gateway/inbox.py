"""A message as the broker delivered it, and the inbox between the network thread and the ingest."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

Message = tuple[str, bytes, int]
"""Topic, payload and size."""


@dataclass(slots=True, eq=False)
class Delivery:
    """One delivery of one message; ``received_us`` (since 1970) rises from delivery to delivery as its clock does.

    ``packet_id`` is what the message's acknowledgement must name, and belongs to the network thread: it changes when
    the broker delivers the message again on a new connection. ``size`` is the message's length in bytes; ``payload``
    may be cut when the message is far too large.
    """

    topic: str
    payload: bytes
    received_us: int
    packet_id: int = 0
    qos: int = 1
    retain: bool = False
    size: int = 0

    @property
    def message(self) -> Message:
        """What makes it the same message when it is delivered again."""
        return self.topic, self.payload, self.size


_LARGE = 1024  # bytes of a message
_CROWD_US = 1_000
"""So far the times of a crowd of messages that came at once may run ahead of the clock."""


class ReceiptClock:
    """Times of receipt, microseconds since 1970, each given once while the clock runs; for any thread.

    When the clock of ``now_us`` goes back the times go back with it, at once.
    """

    def __init__(self, now_us: Callable[[], int]) -> None:
        self._now_us = now_us
        self._last_us = 0
        self._lock = threading.Lock()

    def next_us(self) -> int:
        """Now, or a microsecond after the time given out before."""
        with self._lock:
            us = self._now_us()
            self._last_us = self._last_us + 1 if 0 <= self._last_us - us < _CROWD_US else us
            return self._last_us


class Inbox:
    """Deliveries in order of receipt: the network thread puts, the ingest takes. Neither ever waits for the other."""

    def __init__(self) -> None:
        self._deliveries: deque[Delivery] = deque()
        self._large: deque[None] = deque()  # one for each: a number would need a lock
        self._arrived = threading.Event()

    def __len__(self) -> int:
        return len(self._deliveries)

    def put(self, delivery: Delivery) -> None:
        """Append; cannot fail."""
        if not delivery.qos and delivery.size > _LARGE:
            self._large.append(None)
        self._deliveries.append(delivery)
        if not self._arrived.is_set():
            self._arrived.set()

    def take(self) -> Delivery | None:
        """The oldest delivery, or None when there is none."""
        try:
            delivery = self._deliveries.popleft()
        except IndexError:
            return None
        if not delivery.qos and delivery.size > _LARGE and self._large:
            self._large.popleft()
        return delivery

    def wait(self, timeout_s: float) -> None:
        """Return when something arrived since the last call, or after ``timeout_s``."""
        self._arrived.wait(timeout_s)
        self._arrived.clear()

    def clear(self) -> None:
        """Forget all: the broker still holds what it is not told to forget."""
        self._deliveries.clear()
        self._large.clear()

    def receive_no_later(self, now_us: int) -> None:
        """Have nothing that waits received after ``now_us``: the clock was set back."""
        for delivery in list(self._deliveries):
            delivery.received_us = min(delivery.received_us, now_us)

    @property
    def large(self) -> int:
        """How many of QoS 0 that wait have more than 1 KiB: of those no window bounds the number."""
        return len(self._large)

    @property
    def oldest_us(self) -> int | None:
        """Receipt of the oldest delivery, microseconds."""
        try:
            return self._deliveries[0].received_us
        except IndexError:
            return None
