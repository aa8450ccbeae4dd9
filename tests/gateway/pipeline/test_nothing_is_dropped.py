"""Of any message at all the bytes are in quarantine or the values stored, and what is confirmed is recoverable."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from gateway.inbox import Delivery, Inbox
from gateway.metrics import Metrics
from gateway.pipeline.ingest import Ingest
from gateway.pipeline.limits import Limits
from gateway.redaction import redact
from geodata.store.database import Database
from geodata.store.ingest.flush import Confirmation
from geodata.store.transaction import Transaction
from geodata.times import to_us
from tests.checkout import ROOT
from tests.gateway.messages import stopped_clock
from tests.gateway.pipeline.test_any_order import OneTransaction
from tests.geodata.flushes import NOW, register

TELEMETRY, STATUS = (f"digitalpfad/v1/stadtwald/pond/event/{event}" for event in ("telemetry", "status"))
OTHERS = ("digitalpfad/v1/stadtwald/unregistered/event/telemetry", "digitalpfad/v1/stadtwald/pond/event/weather")
SCHEMAS = {
    topic: Draft202012Validator(json.loads(Path(ROOT, f"docs/schema/{name}.schema.json").read_text()))
    for topic, name in ((TELEMETRY, "telemetry"), (STATUS, "status"))
}
MEASURED = NOW - timedelta(minutes=10)

names = st.sampled_from(["air_temperature", "rain", "no_such_thing", "mac", "Air_Temperature", ""])
numbers = st.none() | st.integers(-(2**70), 2**70) | st.floats() | st.sampled_from([7.4, "8.8", True, [1]])
times = st.sampled_from([MEASURED.isoformat(), to_us(MEASURED) // 1000, "yesterday", 1790000000, 1.5, None])
seqs = st.integers(-1, 9) | st.sampled_from(["1", 1.0, 2**60, None])
values = st.dictionaries(names, numbers, max_size=3) | st.sampled_from([None, [], "wet"])
fields = {"seq": seqs, "time": times, "values": values}
odd = {
    "value": values,
    "Values": values,
    "ts": times,
    "remark": st.text(max_size=8),
    "wlan": st.just("AA:BB:CC:DD:EE:FF"),
    "object": st.dictionaries(names, numbers, max_size=2),
}
readings = st.fixed_dictionaries({}, optional={**fields, **odd})
telemetry = st.fixed_dictionaries(
    {},
    optional={
        "boot": st.sampled_from(["b1", "b2", 7, "", "a-boot-name-too-long", None]),
        **fields,
        "oldest": seqs,
        "readings": st.lists(readings | st.just("nonsense"), max_size=3) | st.just(7),
        **odd,
    },
)
sound = st.fixed_dictionaries(
    {"boot": st.sampled_from(["b1", "b2"]), "seq": st.integers(0, 9), "values": st.just({"rain": 0.25})},
    optional={"time": st.just(MEASURED.isoformat()), "oldest": st.integers(0, 3), "remark": st.just("dry")},
)
status = st.fixed_dictionaries(
    {},
    optional={
        "state": st.sampled_from(["online", "offline", "Online", None]),
        "boot": st.sampled_from(["b1", 4, "x" * 17]),
        "firmware": st.sampled_from(["1.4.2", "aa:bb:cc:dd:ee:ff", 2]),
        "interval_s": st.sampled_from([600, 0, "600"]),
        "uptime": st.integers(),
    },
)


@st.composite
def payloads(draw: st.DrawFn) -> bytes:
    """JSON of nearly the right shape, sometimes with a name twice or a few bytes changed; or any bytes."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.binary(max_size=60))
    written = json.dumps(draw(st.one_of(sound, telemetry, status)), indent=draw(st.sampled_from([None, 1])))
    if draw(st.integers(0, 5)) == 0:
        written = written.replace("{", '{"seq": 3, "values": {"rain": 1}, ', 1)
    payload = written.encode()
    if draw(st.integers(0, 5)) == 0:
        at = draw(st.integers(0, len(payload)))
        payload = payload[:at] + draw(st.binary(max_size=2)) + payload[at + draw(st.integers(0, 3)) :]
    return payload


topics = st.sampled_from([TELEMETRY] * 6 + [STATUS] * 3 + list(OTHERS))
messages = st.lists(st.tuples(topics, payloads()), min_size=1, max_size=5)


@dataclass
class Outcome:
    """What the database holds and what was told to the devices."""

    stored: set[tuple[str, int, float | None]]
    receipts: dict[tuple[str, int], int]
    quarantined: dict[tuple[str, bytes], str]
    confirmed: dict[str, int] = field(default_factory=dict[str, int])

    def holds(self, topic: str, payload: bytes) -> bool:
        """Whether the message is in quarantine as it came, addresses apart."""
        kept = redact(payload)
        return self.quarantined.get((topic, kept)) == ("whole" if kept == payload else "redacted")

    def stores(self, topic: str, payload: bytes) -> bool:
        """Whether all that the message says was taken over: known from the published schema and the tables alone."""
        if payload == b"" and topic == STATUS:
            return True  # a retained status cleared
        try:
            said = payload.rstrip(b"\0 \t\r\n")
            message = json.loads(said, object_pairs_hook=_once, parse_constant=lambda _: None)
        except ValueError:
            return False
        if topic not in SCHEMAS or not SCHEMAS[topic].is_valid(message):
            return False
        return topic == STATUS or all(
            (name, us, value) in self.stored
            for reading in [message, *message.get("readings", [])]
            for us in [self._us(message.get("boot"), reading)]
            for name, value in reading.get("values", {}).items()
        )

    def _us(self, boot: str | None, reading: dict[str, Any]) -> int | None:
        time = reading.get("time")
        if isinstance(time, int):
            return time * 1000
        if time == MEASURED.isoformat():
            return to_us(MEASURED)
        if time is not None:
            return None  # "yesterday"
        return self.receipts.get((boot or "", reading.get("seq", -1)))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a name occurs twice")
    return dict(pairs)


def _receive(connection: Transaction, log: Sequence[tuple[str, bytes]], size: int) -> Outcome:
    confirmed: dict[str, int] = {}

    def confirm(_trail: str, told: Confirmation) -> None:
        confirmed[told.boot] = told.seq

    inbox = Inbox()
    ingest = Ingest(
        inbox,
        OneTransaction(connection),
        lambda _deliveries: None,
        confirm,
        partition="p",
        clock=stopped_clock(to_us(NOW)),
        limits=Limits(size, 0),
        metrics=Metrics(),
    )
    for number, (topic, payload) in enumerate(log):
        inbox.put(Delivery(topic, payload, to_us(NOW) + number, size=len(payload)))
    while ingest.waiting:
        ingest.step(drain=True)
        assert ingest.idle_s(0) == 0, ingest.trouble
    rows = connection.execute(
        "SELECT observed_property, round(extract(epoch FROM phenomenon_time) * 1000000)::int8, result"
        " FROM observation JOIN datastream ON id = datastream"
    )
    receipts = connection.execute(
        "SELECT boot, seq, round(extract(epoch FROM phenomenon_time) * 1000000)::int8 FROM receipt_time"
    )
    entries = connection.execute("SELECT topic, payload, kept FROM quarantine")
    return Outcome(
        {(name, us, result) for name, us, result in rows},
        {(boot, seq): us for boot, seq, us in receipts},
        {(topic, bytes(payload)): kept for topic, payload, kept in entries},
        confirmed,
    )


def _mentions(payload: bytes, boot: str, upto: int) -> bool:
    """Whether a message, however broken, may carry a number that was confirmed."""
    return boot.encode() in payload and any(b"%d" % seq in payload for seq in range(upto + 1))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(log=messages, size=st.integers(1, 5))
def test_of_any_message_the_bytes_are_in_quarantine_or_the_values_are_stored(
    database: Database, log: list[tuple[str, bytes]], size: int
) -> None:
    with database.transaction() as connection:
        register(connection, "pond")
        outcome = _receive(connection, log, size)
        for topic, payload in log:
            assert outcome.stores(topic, payload) or outcome.holds(topic, payload), payload
        for boot, seq in outcome.confirmed.items():
            lost = [
                payload
                for topic, payload in log
                if _mentions(payload, boot, seq)
                and not (outcome.stores(topic, payload) or outcome.holds(topic, payload))
            ]
            assert not lost, f"confirmed {boot} up to {seq}, but nothing could bring back {lost}"
        assert all(entry[1] in {redact(payload) for _, payload in log} for entry in outcome.quarantined)
        connection.rollback()
