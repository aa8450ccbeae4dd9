"""The installation's figures for Prometheus, read when they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from fastapi.concurrency import run_in_threadpool
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from api.http.caches.single_flight import DEADLINE_S
from api.limits.connections import NO_PLACE, NO_PLACE_FOR_NETWORK, Connections
from api.services import ScanBacklog, Services
from geodata.errors import StoreError
from geodata.store.ingest import counters
from geodata.store.operations import inspection
from geodata.store.reports import reading
from geodata.store.series import completeness

_PARTS = {
    "received": "Parts (one property of one reading) received; equals stored + duplicates + quarantined.",
    "stored": "Parts stored as observations.",
    "duplicates": "Parts that were there already.",
    "quarantined": "Parts that could not be kept.",
}


async def exposition(services: Services) -> bytes:
    """Everything in the text format: this process's requests, the gateway's ingest counters, the devices' ages.

    What the database knows is left out while it does not answer, or not within 2.5 seconds.
    """
    try:
        return await services.figures.result(lambda: _text(services, _of_database(services)), DEADLINE_S)
    except TimeoutError:
        return await run_in_threadpool(_text, services, [_database_up(0)])


def _text(services: Services, of_database: Iterable[Metric]) -> bytes:
    registry = CollectorRegistry()
    registry.register(_Collected([*_of_process(services), *of_database]))
    return generate_latest(services.metrics.registry) + generate_latest(registry)


class _Collected(Collector):
    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        """The metrics as they were given."""
        return self._metrics


def _database_up(up: int) -> Metric:
    return GaugeMetricFamily("digitalpfad_database_up", "Whether the database answers.", value=up)


def _of_database(services: Services) -> Iterator[Metric]:
    try:
        with services.database.transaction() as connection:
            all_counters, quarantine = counters.load(connection), counters.open_quarantine(connection)
            missing = completeness.missing_by_device(connection)
            failed_jobs = inspection.failed_jobs(connection)
            reports = reading.count_open(connection)
    except StoreError:
        yield _database_up(0)
        return
    yield _database_up(1)
    yield GaugeMetricFamily(
        "digitalpfad_database_failed_jobs",
        "TimescaleDB's jobs for the observations whose last run failed.",
        value=len(failed_jobs),
    )
    yield from _reports(reports, services.clock())
    yield from _partition_counters(all_counters)
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


def _reports(waiting: reading.OpenReports, now: datetime) -> Iterator[Metric]:
    yield GaugeMetricFamily("digitalpfad_reports_open", "Reports of problems that are not closed.", value=waiting.count)
    age_s = (now - waiting.oldest).total_seconds() if waiting.oldest else 0
    yield GaugeMetricFamily(
        "digitalpfad_reports_oldest_open_seconds", "Age of the oldest report that is not closed; 0: none.", value=age_s
    )


def _of_process(services: Services) -> Iterator[Metric]:
    keeper = services.keeper
    fresh = 1 if keeper.is_fresh else 0
    yield GaugeMetricFamily(
        "digitalpfad_catalogue_fresh", "Whether changes in the database reach this process.", value=fresh
    )
    yield GaugeMetricFamily(
        "digitalpfad_live_listeners", "Open streams of /api/v1/live.", value=services.live.listeners
    )
    yield CounterMetricFamily(
        "digitalpfad_unreadable_notifications_total", "The database's notifications that were passed over.",
        value=keeper.unreadable,
    )  # fmt: skip
    faults = CounterMetricFamily(
        "digitalpfad_worker_faults_total", "Faults that nobody foresaw; the work was begun anew.", labels=["worker"]
    )
    for worker in services.workers:
        faults.add_metric([worker.name], worker.faults)
    yield faults
    yield from _scans(services.scan_backlog())
    yield from _connections(services.connections)
    if not keeper.has_snapshot:
        return
    yield GaugeMetricFamily(
        "digitalpfad_catalogue_version", "Rises with each change of the catalogue.", value=keeper.current.version
    )
    yield _ages(services, services.clock())


def _scans(backlog: ScanBacklog) -> Iterator[Metric]:
    yield GaugeMetricFamily(
        "digitalpfad_scans_waiting_bytes", "Scans written down and not in the database yet.",
        value=backlog.waiting_bytes,
    )  # fmt: skip
    yield GaugeMetricFamily(
        "digitalpfad_scans_behind_seconds", "Time since all scans written down were in the database.",
        value=backlog.behind_s,
    )  # fmt: skip


def _connections(connections: Connections) -> Iterator[Metric]:
    yield GaugeMetricFamily("digitalpfad_http_open_connections", "Open connections.", value=len(connections))
    refused = CounterMetricFamily(
        "digitalpfad_http_refused_connections_total", "Refusals, by what was too much.", labels=["reason"]
    )
    displaced = CounterMetricFamily(
        "digitalpfad_http_displaced_connections_total",
        "Connections that waited and gave way to a new visitor, by what was too much.",
        labels=["reason"],
    )
    for family, counts in ((refused, connections.refused), (displaced, connections.gave_way)):
        from_the_start = dict.fromkeys((NO_PLACE, NO_PLACE_FOR_NETWORK), 0)  # a rise from nothing is none to an alarm
        for reason, count in (from_the_start | counts).items():
            family.add_metric([reason], count)
        yield family


def _partition_counters(all_counters: list[counters.PartitionCounters]) -> Iterator[Metric]:
    messages = CounterMetricFamily(
        "digitalpfad_ingest_messages", "Messages that the gateway has taken from the broker.", labels=["partition"]
    )
    for partition in all_counters:
        messages.add_metric([partition.partition], partition.messages)
    yield messages
    for part, description in _PARTS.items():
        # Gauges: a replay moves parts from one to another, so that they also fall.
        family = GaugeMetricFamily(f"digitalpfad_ingest_{part}", description, labels=["partition"])
        for partition in all_counters:
            family.add_metric([partition.partition], getattr(partition, part))
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
