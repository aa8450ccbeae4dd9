"""The gateway's figures for Prometheus; received = stored + duplicates + quarantined at every moment."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from gateway.validation.validated_message import ValidatedMessage
from geodata.store.ingest.flush import FlushOutcome

_PREFIX = "digitalpfad_gateway_"
_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_MESSAGES = (1, 10, 50, 100, 250, 500, 1000, 2500)


@dataclass(frozen=True, slots=True)
class _Totals:
    stored: int = 0
    duplicates: int = 0
    quarantined: int = 0
    reasons: Tally[str] = field(default_factory=Tally[str])


class _CountedParts(Collector):
    """What became of the parts: a scrape in the middle of a flush sees the whole of it or nothing."""

    def __init__(self) -> None:
        self._totals = _Totals()

    def add(self, outcome: FlushOutcome) -> None:
        """Count a committed flush; one assignment, so that no reader sees half of it."""
        old = self._totals
        self._totals = _Totals(
            old.stored + outcome.stored,
            old.duplicates + outcome.duplicates,
            old.quarantined + outcome.quarantined,
            old.reasons + Tally(outcome.reasons),
        )

    def collect(self) -> Iterator[CounterMetricFamily]:
        """The families of one moment."""
        totals = self._totals
        ends = {"stored": totals.stored, "duplicate": totals.duplicates, "quarantined": totals.quarantined}
        yield CounterMetricFamily(_PREFIX + "received_parts", "Parts of messages committed", sum(ends.values()))
        yield _family("parts", "Parts of messages committed, by what became of them", "end", ends)
        yield _family("quarantined_parts", "Parts new in quarantine, by reason", "reason", totals.reasons)


class _Faults(Collector):
    """What nobody foresaw, by the part that it was raised in."""

    def __init__(self, read: Callable[[], Mapping[str, int]]) -> None:
        self._read = read

    def collect(self) -> Iterator[CounterMetricFamily]:
        """The family of now."""
        yield _family("worker_faults", "Faults that nobody foresaw; the work was begun anew", "worker", self._read())


class Metrics:
    """Counters of one gateway process, since its start, and gauges that are read when asked."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.messages = self._counter("messages", "Messages committed")
        self._parts = _CountedParts()
        self.registry.register(self._parts)
        self.flush_seconds = self._histogram("flush_seconds", "One transaction", _SECONDS)
        self.flush_messages = self._histogram("flush_messages", "Messages in one transaction", _MESSAGES)
        self.store_errors = self._counter("store_errors", "Attempts that the database refused")
        self.connections = self._counter("connections", "Connections made to the broker")
        self.sessions_lost = self._counter("sessions_lost", "Connections at which the broker had lost the session")
        self.redelivered = self._counter("redelivered", "Repeated deliveries of messages still waiting here")
        self.stale_acknowledgements = self._counter(
            "stale_acknowledgements", "Acknowledgements of earlier connections, not sent"
        )
        self.confirmations = self._counter("confirmations", "Confirmations for devices that the broker took")
        self.refused_confirmations = self._counter(
            "refused_confirmations", "Confirmations that the broker refused", "reason"
        )
        self.active = self._gauge("active", "1 while this gateway takes messages, 0 on standby")
        self.window = self._gauge("window_messages", "Messages that may be unacknowledged")
        self.quarantine_fill = self._gauge(
            "quarantine_fill_ratio", "How near the quarantine is to its bounds; 1: there"
        )
        self.housekept = self._counter("housekeeping", "What housekeeping made and deleted", "what")
        self.housekept_at = self._gauge("housekeeping_success_timestamp_seconds", "When all of it was last done")
        self.housekeeping_failures = self._counter("housekeeping_failures", "Attempts that the database refused")
        self.counted_hours = self._counter("counted_hours", "Hours of counters whose passes were counted")
        self.passes_waiting = self._gauge("passes_waiting", "Hours of counters whose passes wait to be counted")
        self.nightly_done_at = self._gauge("nightly_success_timestamp_seconds", "When all nightly steps last succeeded")
        self.nightly_failures = self._counter("nightly_failures", "Attempts at them that the database refused")
        self.counting_failures = self._counter("counting_failures", "Attempts at it that the database refused")

    def flushed(self, messages: Sequence[ValidatedMessage], outcome: FlushOutcome, seconds: float) -> None:
        """Count one committed flush."""
        self.messages.inc(len(messages))
        self._parts.add(outcome)
        self.flush_seconds.observe(seconds)
        self.flush_messages.observe(len(messages))

    def gauge(self, name: str, description: str, read: Callable[[], float]) -> None:
        """Show ``read()`` as ``digitalpfad_gateway_{name}``."""
        self._gauge(name, description).set_function(read)

    def show_faults(self, read: Callable[[], Mapping[str, int]]) -> None:
        """Show ``read()``, faults by the name of the worker."""
        self.registry.register(_Faults(read))

    def _counter(self, name: str, description: str, *labels: str) -> Counter:
        return Counter(_PREFIX + name, description, labels, registry=self.registry)

    def _gauge(self, name: str, description: str) -> Gauge:
        return Gauge(_PREFIX + name, description, registry=self.registry)

    def _histogram(self, name: str, description: str, buckets: Sequence[float]) -> Histogram:
        return Histogram(_PREFIX + name, description, buckets=buckets, registry=self.registry)


def _family(name: str, description: str, label: str, counts: Mapping[str, int]) -> CounterMetricFamily:
    family = CounterMetricFamily(_PREFIX + name, description, labels=[label])
    for value, count in sorted(counts.items()):
        family.add_metric([value], count)
    return family
