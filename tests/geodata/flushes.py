"""Flushes written down briefly: one trail, one device, a few values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
import shapely

from geodata.store.ingest import registry
from geodata.store.ingest.flush import Flush, ObservationOrigin, Refusal, SourceMessage
from geodata.store.transaction import Transaction
from geodata.times import to_us

NOW = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One observed property of one reading, as a message of its own."""

    device: str = "pond"
    prop: str = "air_temperature"
    time: datetime = NOW
    result: float | None = 7.4
    quality: int | None = None
    boot: str | None = None
    seq: int | None = None
    without_device_time: bool = False


def register(connection: Transaction, *devices: str) -> None:
    """A municipality, a trail, and the devices (``pond`` without any)."""
    line = shapely.to_wkb(shapely.LineString([(8.9, 52.0), (8.91, 52.01)]))
    connection.execute("INSERT INTO municipality (slug, name) VALUES ('lemgo', 'Lemgo') ON CONFLICT DO NOTHING")
    connection.execute(
        "INSERT INTO trail (slug, municipality, line, licence) VALUES ('stadtwald', 'lemgo', %s, 'CC0-1.0')"
        " ON CONFLICT DO NOTHING",
        [line],
    )
    for device in devices or ("pond",):
        connection.execute("INSERT INTO device (id, trail) VALUES (%s, 'stadtwald')", [device])


def flush_of(connection: Transaction, parts: Iterable[Part], now: datetime = NOW) -> Flush:
    """The flush a gateway would make of ``parts``, one message each."""
    flush = Flush("test", to_us(now))
    rows = flush.observations
    for part in parts:
        flush.messages += 1
        flush.received += 1
        rows.datastreams.append(registry.add_datastream(connection, part.device, part.prop))
        rows.times_us.append(to_us(part.time))
        rows.results.append(part.result)
        rows.qualities.append(part.quality if part.quality is not None else 2 if part.result is None else 0)
        rows.flags.append(0)
        rows.properties.append(part.prop)
        rows.origins.append(ObservationOrigin(_source(part, now), part.device, part.boot, part.seq))
        if part.without_device_time:
            rows.without_device_time.append(len(rows) - 1)
    return flush


def _source(part: Part, now: datetime) -> SourceMessage:
    message: dict[str, object] = {"values": {part.prop: part.result}}
    if not part.without_device_time:
        message["time"] = part.time.isoformat()
    if part.boot is not None:
        message |= {"boot": part.boot, "seq": part.seq}
    topic = f"digitalpfad/v1/stadtwald/{part.device}/event/telemetry"
    return SourceMessage(topic, msgspec.json.encode(message), part.device, to_us(now))


def refused(
    payload: bytes,
    reason: str = "not-json",
    detail: str = "d",
    *,
    topic: str = "t",
    device: str | None = None,
    received: datetime = NOW,
) -> SourceMessage:
    """A message of which one part was refused."""
    refusals = [Refusal(reason, detail)]
    return SourceMessage(topic, payload, device, to_us(received), len(payload), refusals=refusals)
