"""When is a session of before empty? MQTT does not say, and while it lasts it gets all new messages too."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from gateway.inbox import Delivery, Inbox


class Drain:
    """Stands between an old session and the inbox, and tells the old session's messages from those of all.

    What was published after the gateway's own session began comes from both. So the old one is empty when for
    ``quiet_s`` nothing came that it alone had, and nothing of it waits for its commit. Times are monotonic seconds.
    """

    def __init__(self, inbox: Inbox, quiet_s: float, now: float) -> None:
        self._inbox = inbox
        self._quiet_s = quiet_s
        self._undecided_s = quiet_s / 8  # a message comes from both at nearly the same time
        self._waiting: dict[Delivery, float] = {}
        self._own: dict[int, float] = {}
        self._alone: dict[int, float] = {}
        self._lock = threading.Lock()
        self._quiet_since = self.began_at = now
        """When the old session was resumed."""
        self.count = 0
        """Messages of the old session that are committed."""

    def __len__(self) -> int:
        return len(self._inbox)

    @property
    def large(self) -> int:
        """How many large messages of QoS 0 wait."""
        return self._inbox.large

    def put(self, delivery: Delivery) -> None:
        """Pass a delivery of the old session on."""
        with self._lock:
            self._waiting[delivery] = time.monotonic()
        self._inbox.put(delivery)

    def begin(self, now: float) -> None:
        """The old session was not connected until now: from here on it is listened to."""
        self.began_at = self._quiet_since = now

    def committed(self, deliveries: Sequence[Delivery]) -> tuple[list[Delivery], list[Delivery]]:
        """Note what is committed; split it into the old session's and the gateway's own."""
        old: list[Delivery] = []
        own: list[Delivery] = []
        now = time.monotonic()
        with self._lock:
            for delivery in deliveries:
                message = hash(delivery.message)
                if self._waiting.pop(delivery, None) is None:
                    own.append(delivery)
                    self._own.pop(message, None)  # so that the oldest stay in front
                    self._own[message] = now
                    self._alone.pop(message, None)
                    continue
                old.append(delivery)
                if message not in self._own:
                    self._alone[message] = now
            self.count += len(old)
        return old, own

    def is_empty(self, now: float) -> bool:
        """Whether the old session holds nothing more that the gateway's own does not bring too."""
        with self._lock:
            if next(iter(self._waiting.values()), now) < now - self._undecided_s:
                self._quiet_since = now  # the database is away or slow: what the broker holds back is not known
            decided = [at for at in self._alone.values() if at < now - self._undecided_s]
            waits_for_own = len(decided) < sum(at < now - self._undecided_s / 5 for at in self._alone.values())
            self._quiet_since = max([self._quiet_since, *decided])
            for arrivals in (self._own, self._alone):
                while arrivals and next(iter(arrivals.values())) < now - 2 * self._quiet_s:
                    del arrivals[next(iter(arrivals))]
            return now - self._quiet_since >= self._quiet_s and not waits_for_own
