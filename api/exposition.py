"""The installation's figures for Prometheus, read when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from api.services import Services
from geodata.errors import StoreError
from geodata.store import books, completeness

_PARTS = {
    "received": "Parts (one property of one reading) received; equals stored + duplicates + quarantined.",
    "stored": "Parts stored as observations.",
    "duplicates": "Parts that were there already.",
    "quarantined": "Parts that could not be kept.",
}


def exposition(services: Services) -> bytes:
    """Everything in the text format: this process's requests, the gateway's books, the devices' ages."""
    registry = CollectorRegistry()
    registry.register(_Installation(services))
    return generate_latest(services.metrics.registry) + generate_latest(registry)


class _Installation(Collector):
    def __init__(self, services: Services) -> None:
        self._services = services

    def collect(self) -> Iterator[Metric]:
        """All figures; those of the database are left out while it does not answer."""
        yield from self._process()
        try:
            with self._services.database.transaction() as connection:
                all_books, quarantine = books.load(connection), books.open_quarantine(connection)
                missing = completeness.missing_by_device(connection)
        except StoreError:
            yield GaugeMetricFamily("digitalpfad_database_up", "Whether the database answers.", value=0)
            return
        yield GaugeMetricFamily("digitalpfad_database_up", "Whether the database answers.", value=1)
        yield from _books(all_books)
        gaps = GaugeMetricFamily(
            "digitalpfad_device_missing_messages", "Gaps in the device's sequence numbers.", labels=["device"]
        )
        for device, count in missing.items():
            gaps.add_metric([device], count)
        yield gaps
        waiting = GaugeMetricFamily(
            "digitalpfad_quarantine_open", "Quarantine entries that wait to be looked at.", labels=["reason"]
        )
        for reason, count in quarantine.items():
            waiting.add_metric([reason], count)
        yield waiting

    def _process(self) -> Iterator[Metric]:
        keeper = self._services.keeper
        fresh = 1 if keeper.is_fresh else 0
        yield GaugeMetricFamily(
            "digitalpfad_catalogue_fresh", "Whether changes in the database reach this process.", value=fresh
        )
        yield GaugeMetricFamily(
            "digitalpfad_live_listeners", "Open streams of /api/v1/live.", value=self._services.live.listeners
        )
        if not keeper.has_snapshot:
            return
        snapshot = keeper.current
        yield GaugeMetricFamily(
            "digitalpfad_catalogue_version", "Rises with each change of the catalogue.", value=snapshot.version
        )
        yield _ages(self._services, self._services.clock())


def _books(all_books: list[books.Books]) -> Iterator[Metric]:
    messages = CounterMetricFamily(
        "digitalpfad_ingest_messages", "Messages that the gateway has taken from the broker.", labels=["partition"]
    )
    for book in all_books:
        messages.add_metric([book.partition], book.messages)
    yield messages
    for part, description in _PARTS.items():
        # Gauges: a replay moves parts from one to another, so that they also fall.
        family = GaugeMetricFamily(f"digitalpfad_ingest_{part}", description, labels=["partition"])
        for book in all_books:
            family.add_metric([book.partition], getattr(book, part))
        yield family


def _ages(services: Services, now: datetime) -> Metric:
    family = GaugeMetricFamily(
        "digitalpfad_device_latest_age_seconds",
        "Age of the newest observation of each device that is not revoked.",
        labels=["device"],
    )
    snapshot = services.keeper.current
    for device in snapshot.catalogue.devices.values():
        streams = snapshot.datastreams_of_device.get(device.id, [])
        times = [latest.phenomenon_time for stream in streams if (latest := services.keeper.latest(stream.id))]
        if times and device.revoked_at is None:
            family.add_metric([device.id], (now - max(times)).total_seconds())
    return family
