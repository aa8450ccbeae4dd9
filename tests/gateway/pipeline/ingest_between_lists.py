"""An ingest between lists: what it commits, acknowledges and confirms, and in which order."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Collection, Sequence

from gateway.inbox import Delivery, Inbox
from gateway.metrics import Metrics
from gateway.pipeline.ingest import Ingest
from gateway.pipeline.limits import Limits
from geodata.store.ingest.flush import Confirmation, Flush, FlushOutcome
from geodata.store.ingest.registry import Registry
from tests.fixtures.process.waiting import wait_until
from tests.gateway.messages import RECEIVED_US, TIME, TOPIC, delivery, registry, stopped_clock


def refusals(flush: Flush) -> list[str]:
    return [refusal.reason for message in flush.refused for refusal in message.refusals]


class ListStore:
    """Keeps flushes in a list; ``fault`` may raise for a flush."""

    def __init__(self, events: list[tuple]) -> None:
        self.events = events
        self.registry = registry()
        self.loads = 0
        self.sought: list[set[str]] = []
        self.flushes: list[Flush] = []
        self.fault: Callable[[Flush], None] = lambda flush: None
        self.numbers = itertools.count(100)
        self.duplicates = 0

    def load_registry(self) -> Registry:
        self.loads += 1
        return Registry(dict(self.registry.devices), self.registry.properties)

    def update_registry(self, known: Registry, devices: Collection[str]) -> Registry:
        self.sought.append(set(devices))
        found = {name: self.registry.devices[name] for name in devices if name in self.registry.devices}
        kept = {name: device for name, device in known.devices.items() if name not in devices}
        return Registry(kept | found, self.registry.properties)

    def add_datastreams(self, wanted: Sequence[tuple[str, str]]) -> list[int]:
        self.events.append(("datastreams", list(wanted)))
        return [next(self.numbers) for _ in wanted]

    def write(self, flush: Flush) -> FlushOutcome:
        self.fault(flush)
        self.flushes.append(flush)
        self.events.append(("committed", [origin.seq for origin in flush.observations.origins]))
        confirmations = [
            Confirmation(device, boot, max(high for _, high in sequence.ranges) - 1)
            for (device, boot), sequence in flush.sequences.items()
        ]
        reasons = dict(Counter(refusals(flush)))
        stored = len(flush.observations) - self.duplicates
        return FlushOutcome(stored, self.duplicates, len(refusals(flush)), confirmations, reasons)

    @property
    def stored(self) -> list[int]:
        return [origin.seq or 0 for flush in self.flushes for origin in flush.observations.origins]

    @property
    def reasons(self) -> list[str]:
        return [reason for flush in self.flushes for reason in refusals(flush)]


class World:
    """An ingest between lists."""

    def __init__(self, size: int = 4) -> None:
        self.events: list[tuple] = []
        self.inbox, self.store, self.metrics = Inbox(), ListStore(self.events), Metrics()
        self.acknowledged: list[Delivery] = []
        self.ingest = Ingest(
            self.inbox,
            self.store,
            self._acknowledge,
            lambda trail, confirmation: self.events.append(("confirmed", trail, confirmation.seq)),
            partition="p",
            clock=stopped_clock(RECEIVED_US),
            limits=Limits(size, 0),
            metrics=self.metrics,
        )

    def _acknowledge(self, deliveries: Sequence[Delivery]) -> None:
        self.acknowledged += deliveries
        self.events.append(("acknowledged", len(deliveries)))

    def receive(self, *seqs: int, prop: str = "air_temperature", topic: str = TOPIC) -> list[Delivery]:
        made = [delivery({"boot": "b", "seq": seq, "time": TIME, "values": {prop: seq}}, topic) for seq in seqs]
        for one in made:
            self.inbox.put(one)
        return made

    def work(self) -> None:
        """Until all that was received is committed."""

        def done() -> bool:
            self.ingest.step()
            return self.ingest.waiting == 0

        wait_until(done, what="the ingest to commit everything")
