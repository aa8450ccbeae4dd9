"""Messages that a gateway receives, sound or refused, and what the database holds of them afterwards."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import LiteralString

from gateway.inbox import Delivery
from gateway.pipeline.batch import compose
from gateway.pipeline.datastreams import missing_datastreams, resolve_datastreams
from gateway.validation.validate import Validator
from geodata.store.database import Database
from geodata.store.ingest import registry, transaction
from geodata.store.ingest.quarantine import Selection
from geodata.times import to_us

NOW = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)
ALL = Selection()
PROPERTY = "INSERT INTO observed_property VALUES ('leaf_wetness', '%', 'gauge', 0, 100, 'Blattnässe', 'Leaf wetness')"
STATE: tuple[LiteralString, ...] = (
    "SELECT device, observed_property FROM datastream ORDER BY 1, 2",
    (
        "SELECT s.device, s.observed_property, o.phenomenon_time, o.result, o.quality, o.flags"
        " FROM observation o JOIN datastream s ON s.id = o.datastream ORDER BY 1, 2, 3"
    ),
    (
        "SELECT s.device, s.observed_property, hour, count, sum, minimum, maximum, first_time, first_result, last_time,"
        " last_result, suspect, missing FROM rollup_hour r JOIN datastream s ON s.id = r.datastream ORDER BY 1, 2, 3"
    ),
    (
        "SELECT s.device, s.observed_property, phenomenon_time, result, quality, flags"
        " FROM latest l JOIN datastream s ON s.id = l.datastream ORDER BY 1, 2"
    ),
    "SELECT device, boot, seqs, oldest FROM device_boot ORDER BY 1, 2",
    "SELECT device, boot, seq, phenomenon_time FROM receipt_time ORDER BY 1, 2, 3",
    "SELECT reason, topic, payload, device, received_at FROM quarantine WHERE replayed_at IS NULL ORDER BY 2, 3",
    "SELECT partition, messages, received, stored, duplicates, quarantined FROM ingest_counter ORDER BY 1",
)


def receive(database: Database, log: Sequence[Delivery], size: int = 3) -> None:
    """What the gateway does with these deliveries, ``size`` in a flush."""
    validator = Validator()
    for start in range(0, len(log), size):
        with database.transaction() as connection:
            known = registry.load(connection)
            messages = [validator.validate(delivery, known) for delivery in log[start : start + size]]
            resolve_datastreams(
                messages, {pair: registry.add_datastream(connection, *pair) for pair in missing_datastreams(messages)}
            )
            transaction.write(connection, compose(messages, "p", to_us(NOW)))


def state(database: Database) -> list[list[tuple[object, ...]]]:
    with database.transaction() as connection:
        return [connection.execute(query).fetchall() for query in STATE]


def execute(database: Database, statement: LiteralString) -> None:
    with database.transaction() as connection:
        connection.execute(statement)


def delivery(message: object, number: int = 0, device: str = "pond", event: str = "telemetry") -> Delivery:
    payload = message if isinstance(message, bytes) else json.dumps(message).encode()
    received = NOW + timedelta(milliseconds=10 * number)
    return Delivery(f"digitalpfad/v1/stadtwald/{device}/event/{event}", payload, to_us(received))


def reading(seq: int, values: dict[str, object] | None = None, *, clock: bool = True) -> dict[str, object]:
    message: dict[str, object] = {"seq": seq, "values": {"rain": seq / 4} if values is None else values}
    return {**message, "time": to_us(NOW - timedelta(minutes=7 * seq)) // 1000} if clock else message


def books(database: Database) -> tuple[object, ...]:
    return state(database)[7][0][2:]
