"""After a replay of any messages all is as if the registry had been right from the start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql

from gateway.inbox import Delivery
from gateway.replaying.replay import Replay
from geodata.store.database import Database
from geodata.store.ingest.quarantine import Selection
from geodata.times import to_us
from tests.fixtures.databases.database import Template, copied
from tests.gateway.replaying.quarantined import ALL, NOW, PROPERTY, delivery, reading, receive, state
from tests.geodata.flushes import register


@dataclass
class Worlds:
    """Two empty databases with one trail and a device that is known in both."""

    right: Database
    late: Database


@pytest.fixture
def worlds(postgres_server: str, template: Template) -> Iterator[Worlds]:
    with (
        copied(postgres_server, template) as one,
        copied(postgres_server, template) as other,
        Database(one) as right,
        Database(other) as late,
    ):
        yield Worlds(right, late)


# What a log leaves, dependents first. Emptying row by row: TRUNCATE gives each table and index a new file every time.
WRITTEN = (
    "observation", "rollup_hour", "latest", "datastream", "quarantine", "device_boot", "device_state", "receipt_time",
    "ingest_counter", "ingest_minute", "observation_horizon", "device",
)  # fmt: skip


def start_again(database: Database) -> None:
    with database.transaction() as connection:
        connection.execute(
            sql.SQL(";").join(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)) for name in WRITTEN)
        )
        connection.execute("DELETE FROM observed_property WHERE id = 'leaf_wetness'")
        register(connection, "gate")


names = st.sampled_from(["rain", "air_temperature", "leaf_wetness", "nonsense"])


@st.composite
def logs(draw: st.DrawFn) -> list[Delivery]:
    """Messages of two devices: values follow from device, seq and property, so that none contradicts another."""
    log: list[Delivery] = []
    repeatable: list[Delivery] = []
    for number in range(1, 1 + draw(st.integers(1, 10))):  # 0: a receipt in the moment of a reading contradicts it
        device = draw(st.sampled_from(["pond", "gate"]))
        kind = draw(st.sampled_from(["reading", "readings", "without device time", "broken", "status", "again"]))
        if kind == "again" and repeatable:
            copy = draw(st.sampled_from(repeatable))
            log.append(Delivery(copy.topic, copy.payload, to_us(NOW + timedelta(milliseconds=10 * number))))
            continue
        if kind == "status":
            made = delivery({"state": "online", "boot": "b"}, number, device, "status")
        elif kind in {"broken", "again"}:
            made = delivery(b"{", number, device)
        else:
            clock = kind != "without device time"
            seqs = draw(st.lists(st.integers(0, 4), min_size=1, max_size=1 if kind == "reading" else 3, unique=True))
            seqs = seqs if clock else [10 + 5 * number + seq for seq in seqs]
            properties = sorted(draw(st.sets(names, min_size=1)))
            readings = [reading(seq, dict.fromkeys(properties, seq / 4), clock=clock) for seq in seqs]
            message = {"boot": "b", **readings[0]} if kind == "reading" else {"boot": "b", "readings": readings}
            made = delivery(message, number, device)
        log.append(made)
        repeatable.append(made)
    return log


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(log=logs(), after=st.integers(0, 10), size=st.integers(1, 4), parts=st.booleans())
def test_after_a_replay_all_is_as_if_it_had_been_right_from_the_start(
    worlds: Worlds, log: list[Delivery], after: int, size: int, parts: bool
) -> None:
    for world in (worlds.right, worlds.late):
        start_again(world)
    for right, messages in ((True, []), (False, log[:after])):
        world = worlds.right if right else worlds.late
        receive(world, messages, size)
        with world.transaction() as connection:
            connection.execute("INSERT INTO device (id, trail) VALUES ('pond', 'stadtwald')")
            connection.execute(PROPERTY)
        receive(world, log if right else log[after:], size)
    if parts:
        Replay(worlds.late, NOW).run(Selection(device="pond"))
    Replay(worlds.late, NOW).run(ALL)
    assert state(worlds.late) == state(worlds.right)
