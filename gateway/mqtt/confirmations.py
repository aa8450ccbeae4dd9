"""What devices are to be told: how far their readings are committed."""

from __future__ import annotations

from collections import deque
from itertools import islice

_GATHER_INTERVAL_S = 0.25


class Confirmations:
    """Retained messages for devices, on their way from the ingest to the broker.

    They are cumulative: the newest for each start of a device says everything, so a newer one replaces an older one
    that was not sent. add() is for any thread, all else for the network thread; times are monotonic seconds.
    """

    def __init__(self) -> None:
        self._added: deque[tuple[str, str, bytes]] = deque()
        self._newest: dict[tuple[str, str], bytes] = {}
        self._gather_at = 0.0

    def __len__(self) -> int:
        """How many wait to be sent."""
        return len(self._newest)

    def add(self, topic: str, boot: str, payload: bytes) -> None:
        """Have it sent, also when it says nothing new: a device that asks missed the one before."""
        self._added.append((topic, boot, payload))

    def gather(self, now: float, *, at_once: bool) -> None:
        """Take in what was added; only now and then, unless ``at_once``: most of it is replaced before it is due."""
        if not at_once and now < self._gather_at:
            return
        while self._added:
            topic, boot, payload = self._added.popleft()
            self._newest[topic, boot] = payload
        self._gather_at = now + _GATHER_INTERVAL_S

    def take(self, most: int) -> list[tuple[str, bytes]]:
        """Topics and payloads of at most ``most`` that are due; they are forgotten here."""
        keys = list(islice(self._newest, max(most, 0)))
        return [(topic, self._newest.pop((topic, boot))) for topic, boot in keys]
