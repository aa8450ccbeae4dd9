"""The gateway's figures for Prometheus; received = stored + duplicates + quarantined at every moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from gateway.judge import Judged
from geodata.store.ingest import FlushOutcome

_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_MESSAGES = (1, 10, 50, 100, 250, 500, 1000, 2500)


class Metrics:
    """Counters of one gateway process, since its start, and gauges that are read when asked."""

    def __init__(self) -> None:
        registry = self.registry = CollectorRegistry()
        prefix = "digitalpfad_gateway"
        self.messages = Counter(f"{prefix}_messages", "Messages committed", registry=registry)
        self.parts = Counter(
            f"{prefix}_parts", "Parts of messages committed, by what became of them", ["end"], registry=registry
        )
        self.received = Counter(f"{prefix}_received_parts", "Parts of messages committed", registry=registry)
        self.quarantined = Counter(
            f"{prefix}_quarantined_parts", "Parts new in quarantine, by reason", ["reason"], registry=registry
        )
        self.flush_seconds = Histogram(
            f"{prefix}_flush_seconds", "One transaction", buckets=_SECONDS, registry=registry
        )
        self.flush_messages = Histogram(
            f"{prefix}_flush_messages", "Messages in one transaction", buckets=_MESSAGES, registry=registry
        )
        self.store_errors = Counter(f"{prefix}_store_errors", "Attempts that the database refused", registry=registry)
        self.connections = Counter(f"{prefix}_connections", "Connections made to the broker", registry=registry)
        self.sessions_lost = Counter(
            f"{prefix}_sessions_lost", "Connections for which the broker had forgotten the session", registry=registry
        )
        self.redelivered = Counter(
            f"{prefix}_redelivered", "Repeated deliveries of messages still waiting here", registry=registry
        )
        self.stale_acknowledgements = Counter(
            f"{prefix}_stale_acknowledgements", "Acknowledgements of earlier connections, not sent", registry=registry
        )

        self.confirmations = Counter(f"{prefix}_confirmations", "Confirmations sent to devices", registry=registry)
        self.active = Gauge(f"{prefix}_active", "1 while this gateway takes messages, 0 on standby", registry=registry)
        self.window = Gauge(f"{prefix}_window_messages", "Messages that may be unacknowledged", registry=registry)
        self.quarantine_fill = Gauge(
            f"{prefix}_quarantine_fill_ratio", "How near the quarantine is to its bounds; 1: there", registry=registry
        )
        self.housekept = Counter(
            f"{prefix}_housekeeping", "What housekeeping made and deleted", ["what"], registry=registry
        )
        self.housekept_at = Gauge(
            f"{prefix}_housekeeping_success_timestamp_seconds", "When all of it was last done", registry=registry
        )
        self.housekeeping_failures = Counter(
            f"{prefix}_housekeeping_failures", "Attempts that the database refused", registry=registry
        )

    def flushed(self, messages: Sequence[Judged], outcome: FlushOutcome, seconds: float) -> None:
        """Count one committed flush."""
        self.messages.inc(len(messages))
        self.received.inc(outcome.stored + outcome.duplicates + outcome.quarantined)
        self.parts.labels("stored").inc(outcome.stored)
        self.parts.labels("duplicate").inc(outcome.duplicates)
        self.parts.labels("quarantined").inc(outcome.quarantined)
        self.flush_seconds.observe(seconds)
        self.flush_messages.observe(len(messages))
        for reason, count in outcome.reasons.items():
            self.quarantined.labels(reason).inc(count)

    def gauge(self, name: str, description: str, read: Callable[[], float]) -> None:
        """Show ``read()`` as ``digitalpfad_gateway_{name}``."""
        Gauge(f"digitalpfad_gateway_{name}", description, registry=self.registry).set_function(read)
