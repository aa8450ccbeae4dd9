"""Poison, floods of duplicates, three days late in any order, and far too much of everything."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from gateway.replaying.replay import Replay
from geodata.store.database import Database
from geodata.store.ingest.quarantine import Selection
from tests.faults.conftest import World, seconds_since
from tests.faults.harness.fleet import DEVICES, TRAIL
from tests.faults.harness.ledger import MEMORY_MB
from tests.fixtures.process.waiting import wait_until

Worlds = Callable[[str], World]
long = pytest.mark.long

KEY = {"boot": "poison", "seq": 1, "time": "2026-09-21T10:15:00Z"}
POISON: dict[str, tuple[bytes, str]] = {
    "invalid UTF-8": (b'{"boot": "\xff\xfe"}', "not-utf8"),
    "no JSON": (b"{'boot': 1}", "not-json"),
    "NaN": (b'{"boot":"p","seq":1,"time":NaN,"values":{"rain":1}}', "time"),
    "seconds": (b'{"boot":"p","seq":9,"time":1790000000,"values":{"rain":1}}', "time-unit"),
    "infinite": (b'{"boot":"p","seq":2,"time":1790000000000,"values":{"rain":1e999}}', "not-finite"),
    "900 kB": (b"x" * 900_000, "too-large"),
    "deep": (b'{"values":' * 900 + b"1" + b"}" * 900, "too-deep"),
    "a list": (b"[1, 2, 3]", "not-an-object"),
    "1970": (json.dumps(KEY | {"time": 1000, "values": {"rain": 1}}).encode(), "time-too-early"),
    "2036": (json.dumps(KEY | {"time": "2036-02-07T06:28:16Z", "values": {"rain": 1}}).encode(), "time-ahead"),
    "a NUL in the name": (json.dumps(KEY | {"seq": 3, "values": {"rain\0": 1}}).encode(), "unknown-property"),
    "a NUL in boot": (json.dumps(KEY | {"boot": "a\0b", "seq": 4, "values": {}}).encode(), "boot"),
    "half a surrogate": (b'{"boot":"p","seq":5,"time":1790000000000,"values":{"\\ud800":1}}', "unknown-property"),
    "a huge number": (b'{"boot":"p","seq":' + b"9" * 5_000 + b"}", "seq"),
    "empty": (b"", "not-json"),
    "value for values": (b'{"boot":"p","seq":6,"time":1790000000000,"value":{"rain":1}}', "no-values"),
    "another's shape": (b'{"deviceInfo":{"devEui":"24e124136b502217"},"object":{"rain":1}}', "no-identity"),
    "a field too many": (b'{"boot":"p","seq":7,"time":1790000000000,"values":{},"uptime":4}', "unknown-field"),
    "a name twice": (b'{"boot":"p","seq":8,"time":1790000000000,"values":{"rian":1,"rian":2}}', "repeated-field"),
}


@pytest.mark.parametrize("kind", ["nats", "mosquitto on TimescaleDB", pytest.param("mosquitto", marks=long)])
def test_poison_is_kept_with_its_reason_and_costs_no_other_message(make_world: Worlds, kind: str):
    world = make_world(kind)
    gateway = world.gateway().start().wait_ready()
    with world.fleet() as fleet:
        for payload, _ in POISON.values():
            fleet.burst(20)
            fleet.devices[0].publish(payload)
        fleet.devices[2].publish(json.dumps(KEY | {"seq": 6, "values": {"rain": 1}}).encode(), trail="other")
        if kind == "mosquitto":
            fleet.devices[1].publish(b"x" * 10_000_000)
        recovery_s = world.settle(fleet)
        expected = len(POISON) + 1 + (kind == "mosquitto")
        wait_until(lambda: world.one("SELECT count(*) FROM quarantine") == expected, 20, f"{expected} in quarantine")
        reasons = world.one("SELECT array_agg(DISTINCT reason) FROM quarantine")
        assert isinstance(reasons, list)
        assert set(reasons) == {reason for _, reason in POISON.values()} | {"wrong-trail"}
        assert gateway.ready()[0] == 200
        world.conclude(
            "messages: poison between good ones", f"{expected} quarantined, each with its reason", recovery_s
        )


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("mosquitto on TimescaleDB", 300),
        ("nats", 1_000),
        pytest.param("nats", 10_000, marks=long),
        pytest.param("mosquitto default", 200, marks=long),
        pytest.param("nats on TimescaleDB", 2_000, marks=long),
    ],
)
@pytest.mark.timeout(300)
def test_the_same_messages_five_times_are_stored_once(make_world: Worlds, kind: str, number: int):
    world = make_world(kind)
    gateway = world.gateway().start().wait_ready()
    with world.fleet() as fleet:
        payloads = [(device, device.measure()) for device in fleet.devices for _ in range(number // len(fleet.devices))]
        for _ in range(4):
            for device, payload in payloads:
                device.publish(payload)
        recovery_s = world.settle(fleet, 120)
        duplicates = 2 * (4 * len(payloads) + world.asked_again)
        count = 'parts_total{end="duplicate"}'
        wait_until(lambda: gateway.metric(count) == duplicates, 120, f"{duplicates} duplicates counted")
        assert world.stored() == 2 * len(payloads)
        world.conclude("messages: the same five times", f"{number} readings × 5, {duplicates} duplicates", recovery_s)


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("nats on TimescaleDB", 300),
        ("mosquitto", 300),
        pytest.param("mosquitto", 2_000, marks=long),
        pytest.param("nats", 10_000, marks=long),
    ],
)
@pytest.mark.timeout(300)
def test_messages_in_any_order_and_three_days_late_end_the_same(make_world: Worlds, kind: str, number: int):
    world = make_world(kind)
    world.gateway().start().wait_ready()
    with world.fleet() as fleet:
        for device in fleet.devices:
            device.base_ms = int(time.time() * 1000) - 72 * 3_600_000
        payloads = [
            (device, device.measure(publish=False))
            for device in fleet.devices
            for _ in range(number // len(fleet.devices))
        ]
        seed = random.randrange(10**6)
        random.Random(seed).shuffle(payloads)
        for device, payload in payloads:
            device.publish(payload)
        recovery_s = world.settle(fleet, 120)
        world.conclude("messages: shuffled and 72 h late", f"seed {seed}", recovery_s)


@pytest.mark.parametrize("kind", ["nats", "nats on TimescaleDB"])
def test_a_thousand_repeated_rows_in_a_store_of_sixty_chunks_are_duplicates(make_world: Worlds, kind: str):
    world = make_world(kind)
    gateway = world.gateway(retention_raw_days="0").start().wait_ready()
    with world.fleet() as fleet:
        now = datetime.now(UTC)
        for month in range(now.year * 12 + now.month - 60, now.year * 12 + now.month):
            for device in fleet.devices:
                device.base_ms = int(datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC).timestamp() * 1000)
                device.measure()
        payloads = [(device, device.measure()) for device in fleet.devices for _ in range(100)]
        world.settle(fleet)
        assert world.one("SELECT count(DISTINCT tableoid) FROM observation") == 60
        again = len(payloads) + world.asked_again
        began = time.monotonic()
        for device, payload in payloads:
            device.publish(payload)
        wait_until(lambda: gateway.metric('parts_total{end="duplicate"}') == 2 * again, 60, f"{2 * again} duplicates")
        world.conclude(
            "messages: 1 000 repeated rows into a store of 60 chunks",
            f"{2 * len(payloads)} duplicates, nothing else",
            seconds_since(began),
        )


@pytest.mark.parametrize(
    ("kind", "seconds"), [("nats", 4), pytest.param("nats", 60, marks=long), pytest.param("mosquitto", 60, marks=long)]
)
@pytest.mark.timeout(400)
def test_ten_times_the_load_delays_and_does_not_swell(make_world: Worlds, kind: str, seconds: float):
    world = make_world(kind)
    gateway = world.gateway().start().wait_ready()
    with world.fleet() as fleet:
        fleet.run(world.pace(100))
        wait_until(lambda: world.stored() > 100, 20, "values")
        fleet.run(world.pace(1_000))
        end = time.monotonic() + seconds
        wait_until(lambda: gateway.note_memory() > MEMORY_MB or time.monotonic() > end, seconds + 5, "the end")
        recovery_s = world.settle(fleet, 240)
        rates = f"{world.pace(100):g}/s, then {world.pace(1_000):g}/s for {seconds} s"
        world.conclude("load: ten times as much", f"{rates}, without outbox", recovery_s)


def test_what_a_replay_makes_gapless_is_confirmed_without_being_asked_for(make_world: Worlds):
    world = make_world("nats")
    late = DEVICES[-1]
    world.execute("DELETE FROM device WHERE id = %s", late)
    world.gateway().start().wait_ready()
    with world.fleet() as fleet:
        fleet.burst(100)
        wait_until(lambda: world.one("SELECT count(*) FROM quarantine") == 20, 20, "20 messages of a stranger")
        world.execute("INSERT INTO device (id, trail) VALUES (%s, %s)", late, TRAIL)
        assert world.confirmed(late) == -1
        began = time.monotonic()
        with Database(world.database_url) as database:
            assert Replay(database, datetime.now(UTC)).run(Selection(device=late)).stored == 40
        wait_until(lambda: world.confirmed(late) == 19, 10, "the confirmation of what was replayed")
        world.conclude("messages: of a device registered later", "20 replayed, then confirmed", seconds_since(began))
