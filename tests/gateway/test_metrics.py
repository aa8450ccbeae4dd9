"""The figures balance at every moment, also for a scrape in the middle of a flush."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator

import pytest
from prometheus_client import CollectorRegistry

from gateway.metrics import Metrics
from geodata.store.ingest.flush import FlushOutcome


def counters(registry: CollectorRegistry) -> tuple[float, dict[str, float], float]:
    """Received, the ends, and the quarantined by reason, as one scrape tells them."""
    samples = [sample for family in registry.collect() for sample in family.samples]
    received = next(s.value for s in samples if s.name == "digitalpfad_gateway_received_parts_total")
    ends = {s.labels["end"]: s.value for s in samples if s.name == "digitalpfad_gateway_parts_total"}
    reasons = sum(s.value for s in samples if s.name == "digitalpfad_gateway_quarantined_parts_total")
    return received, ends, reasons


@pytest.fixture
def restless() -> Iterator[None]:
    """Threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("restless")
def test_received_is_stored_and_duplicates_and_quarantined_in_every_scrape() -> None:
    metrics = Metrics()
    outcome = FlushOutcome(3, 2, 2, [], {"conflict": 1, "not-json": 1})
    flushes = 5_000
    writer = threading.Thread(target=lambda: [metrics.flushed([], outcome, 0.01) for _ in range(flushes)])
    writer.start()
    while writer.is_alive():
        received, ends, reasons = counters(metrics.registry)
        assert (received, reasons) == (sum(ends.values()), ends["quarantined"])
    writer.join()
    assert counters(metrics.registry) == (
        7 * flushes,
        {"stored": 3 * flushes, "duplicate": 2 * flushes, "quarantined": 2 * flushes},
        2 * flushes,
    )
