"""A log of messages, as bytes, in any order, doubled, cut into any batches and days late: the tables end the same."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.rows import TupleRow

from gateway.inbox import Delivery, Inbox
from gateway.metrics import Metrics
from gateway.pipeline.ingest import Ingest
from gateway.pipeline.limits import Limits
from geodata.store.database import Database
from geodata.store.ingest import registry
from geodata.store.ingest import transaction as flushes
from geodata.store.ingest.flush import Flush, FlushOutcome
from geodata.store.ingest.registry import Registry
from geodata.store.series import latest
from geodata.store.transaction import Transaction
from geodata.times import to_us
from tests.gateway.messages import stopped_clock
from tests.geodata.flushes import NOW, register

bounded = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
Key = tuple[str, str, int]
"""Device, observed property, measuring time in Unix milliseconds."""
DELAYS_H = [0, 0, 1, 24, 72]
TABLES = {
    "observations": "SELECT device, observed_property, phenomenon_time, result, quality, flags FROM observation"
    " JOIN datastream ON id = datastream ORDER BY 1, 2, 3",
    "rollups": "SELECT device, observed_property, hour, count, sum, minimum, maximum, first_time, first_result,"
    " last_time, last_result, suspect, missing FROM rollup_hour JOIN datastream ON id = datastream ORDER BY 1, 2, 3",
    "newest": "SELECT device, observed_property, phenomenon_time, result FROM latest"
    " JOIN datastream ON id = datastream ORDER BY 1, 2",
    "quarantine": "SELECT digest, reason, refusals, refused_parts, topic, payload, kept FROM quarantine ORDER BY 1",
    "boots": "SELECT device, boot, seqs, oldest FROM device_boot ORDER BY 1, 2",
}


@dataclass
class OneTransaction:
    """A store that works in an open transaction, so that each example ends with a rollback."""

    connection: Transaction

    def load_registry(self) -> Registry:
        return registry.load(self.connection)

    def update_registry(self, known: Registry, devices: Collection[str]) -> Registry:
        return registry.update(self.connection, known, devices)

    def add_datastreams(self, wanted: Sequence[tuple[str, str]]) -> list[int]:
        return [registry.add_datastream(self.connection, device, name) for device, name in wanted]

    def write(self, flush: Flush) -> FlushOutcome:
        return flushes.write(self.connection, flush)


# Times, in seconds before NOW: up to ten minutes ahead, around the hour, in another month.
seconds = st.sampled_from([-590, -1, 0, 1, 899, 900, 901, 3_600, 86_400, 40 * 86_400])
results = st.none() | st.integers(-90_000, 90_000).map(lambda thousandths: thousandths / 1000)
values = st.dictionaries(
    st.sampled_from(["air_temperature", "rain", "passes_in_total", "no_such_thing"]), results, min_size=1, max_size=3
)
device_names = st.sampled_from(["pond", "gate", "unregistered"])
readings = st.tuples(st.integers(0, 8), seconds, values)
messages = st.tuples(device_names, st.sampled_from(["b1", "b2"]), st.lists(readings, min_size=1, max_size=3))
broken = st.sampled_from(
    [b"", b"{", b"[1]", b'{"boot":"b1","seq":-1}', b'{"boot":"b1","seq":3,"time":0,"values":{"rain":1}}']
)


def _encode(boot: str, readings: Sequence[tuple[int, int, dict[str, Any]]]) -> bytes:
    written = [
        {"seq": seq, "time": to_us(NOW - timedelta(seconds=ago)) // 1000, "values": values}
        for seq, ago, values in readings
    ]
    return json.dumps({"boot": boot, "readings": written}).encode()


@st.composite
def logs(draw: st.DrawFn, *, conflicts: bool = False) -> list[tuple[str, bytes]]:
    """(device, message); without conflicts no two readings give one key different values."""
    seen: set[tuple[str, int]] = set()
    log: list[tuple[str, bytes]] = []
    for device, boot, found in draw(st.lists(messages, min_size=1, max_size=8)):
        kept = []
        for reading in found:
            if conflicts or (device, reading[1]) not in seen:
                seen.add((device, reading[1]))
                kept.append(reading)
        if kept:
            log.append((device, _encode(boot, kept)))
    return log + [("pond", payload) for payload in draw(st.lists(broken, max_size=2))]


@st.composite
def arrivals(draw: st.DrawFn, log: Sequence[tuple[str, bytes]]) -> tuple[list[Delivery], int]:
    """Every message at least once, shuffled, up to three days late; and a batch size."""
    order = draw(st.permutations([*log, *draw(st.lists(st.sampled_from(log), max_size=6))]))
    received_us = to_us(NOW) + 3_600_000_000 * draw(st.sampled_from(DELAYS_H))
    deliveries = [
        Delivery(f"digitalpfad/v1/stadtwald/{device}/event/telemetry", payload, received_us + number, size=len(payload))
        for number, (device, payload) in enumerate(order)
    ]
    return deliveries, draw(st.integers(1, 6))


def _deliver(connection: Transaction, deliveries: Sequence[Delivery], size: int) -> None:
    inbox, acknowledged = Inbox(), list[Delivery]()
    ingest = Ingest(
        inbox,
        OneTransaction(connection),
        acknowledged.extend,
        lambda _trail, _confirmation: None,
        partition="any order",
        clock=stopped_clock(to_us(NOW)),
        limits=Limits(size, 0),
        metrics=Metrics(),
    )
    for delivery in deliveries:
        inbox.put(delivery)
    while ingest.waiting:
        ingest.step(drain=True)
        assert ingest.idle_s(0) == 0, "the database refused a flush for now: nothing here should"
    assert acknowledged == list(deliveries)


def _state(connection: Transaction) -> dict[str, list[TupleRow]]:
    shown = latest.load(connection, NOW)
    assert all(seen.phenomenon_time <= NOW for seen in shown.values())
    names = {row[0]: row[1:] for row in connection.execute("SELECT id, device, observed_property FROM datastream")}
    state = {name: connection.execute(query.encode()).fetchall() for name, query in TABLES.items()}
    return state | {"shown": sorted((*names[i], seen.phenomenon_time, seen.result) for i, seen in shown.items())}


def _books_balance(connection: Transaction, state: dict[str, list[TupleRow]]) -> None:
    row = connection.execute("SELECT received, stored, duplicates, quarantined FROM ingest_counter").fetchone()
    assert row is not None
    received, stored, duplicates, quarantined = row
    assert (stored, quarantined) == (len(state["observations"]), sum(row[3] for row in state["quarantine"]))
    assert received == stored + duplicates + quarantined


@bounded
@given(data=st.data())
def test_any_order_repetition_batch_and_delay_ends_in_the_same_tables(
    any_database: Database, data: st.DataObject
) -> None:
    log = data.draw(logs())
    straight = [
        Delivery(f"digitalpfad/v1/stadtwald/{device}/event/telemetry", payload, to_us(NOW) + number, size=len(payload))
        for number, (device, payload) in enumerate(log)
    ]
    states = []
    for deliveries, size in [(straight, 500), data.draw(arrivals(log))]:
        with any_database.transaction() as connection:
            register(connection, "pond", "gate")
            _deliver(connection, deliveries, size)
            states.append(_state(connection))
            _books_balance(connection, states[-1])
            _deliver(connection, deliveries, 3)
            assert _state(connection) == states[-1], "a replay of the whole log changed something"
            _books_balance(connection, states[-1])
            connection.rollback()
    assert states[0] == states[1]


@bounded
@given(data=st.data())
def test_of_values_that_contradict_each_other_one_is_stored_and_all_others_are_kept_aside(
    any_database: Database, data: st.DataObject
) -> None:
    """Which is first depends on the order of arrival by nature; that none is dropped does not."""
    log = [(device, payload) for device, payload in data.draw(logs(conflicts=True)) if device != "unregistered"]
    if not log:
        return
    deliveries, size = data.draw(arrivals(log))
    sent: dict[Key, set[float | None]] = defaultdict(set)
    for device, payload in log:
        for key, value in _known_values(device, payload):
            sent[key].add(value)
    with any_database.transaction() as connection:
        register(connection, "pond", "gate")
        _deliver(connection, deliveries, size)
        kept: dict[Key, set[float | None]] = defaultdict(set)
        state = _state(connection)
        for device, name, time, result, *_ in state["observations"]:
            kept[device, name, to_us(time) // 1000].add(result)
        assert all(len(values) == 1 for values in kept.values())
        for key, value in _kept_aside(state):
            kept[key].add(value)
        _books_balance(connection, state)
        connection.rollback()
    assert kept == sent


def _kept_aside(state: dict[str, list[TupleRow]]) -> Iterator[tuple[Key, float | None]]:
    """The values of all messages in which something contradicted what was stored."""
    for _, _, refusals, _, topic, payload, _ in state["quarantine"]:
        if any(refusal["reason"] == "conflict" for refusal in refusals):
            yield from _known_values(topic.split("/")[3], payload)


def _known_values(device: str, payload: bytes) -> Iterator[tuple[Key, float | None]]:
    for reading in _readings(payload):
        for name, value in reading["values"].items():
            if name != "no_such_thing":
                yield (device, name, reading["time"]), value


def _readings(payload: bytes) -> list[dict[str, Any]]:
    try:
        message = json.loads(payload)
    except ValueError:
        return []
    return message.get("readings", []) if isinstance(message, dict) else []
