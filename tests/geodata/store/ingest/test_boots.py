"""Starts of one device: bounded, the longest unheard forgotten first, and told."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from geodata.store.database import Database
from geodata.store.ingest import boots
from geodata.store.ingest.flush import Flush, SequenceRange
from geodata.store.ingest.transaction import write
from geodata.store.series import completeness
from geodata.store.transaction import Transaction
from geodata.times import to_us
from tests.fixtures.databases.database import one_row
from tests.geodata.flushes import NOW, register

_MINUTE = timedelta(minutes=1)


@pytest.fixture
def connection(database: Database):
    with database.transaction() as open_one:
        register(open_one, "evil", "pond")
        yield open_one


def hear(connection: Transaction, device: str, names: list[str], at: datetime, now: datetime = NOW) -> set[str]:
    """Commit the first reading of each of these starts; those that are confirmed."""
    flush = Flush("test", to_us(now))
    flush.sequences = {(device, name): SequenceRange([(0, 1)], 0, to_us(at)) for name in names}
    return {one.boot for one in write(connection, flush).confirmations}


def known(connection: Transaction, device: str) -> set[str]:
    return {one.boot for one in completeness.load(connection, device, limit=100_000)}


def test_a_device_with_a_new_start_in_every_message_does_not_fill_the_table(connection: Transaction) -> None:
    hear(connection, "pond", ["b1"], NOW - 9 * _MINUTE)
    for part in range(4):
        names = [f"{part}-{number}" for number in range(1_000)]
        assert hear(connection, "evil", names, NOW + part * _MINUTE) == set(names)
    assert len(known(connection, "evil")) == boots.KEPT
    assert {name[0] for name in known(connection, "evil")} == {"3"}
    assert boots.forgotten(connection, "evil") == 4_000 - boots.KEPT
    assert (known(connection, "pond"), boots.forgotten(connection, "pond")) == ({"b1"}, 0)


def test_the_start_that_goes_on_stays_whatever_its_name(connection: Transaction) -> None:
    hear(connection, "evil", ["0-goes-on"], NOW)
    for part in range(4):
        hear(connection, "evil", [f"{part}-{number}" for number in range(200)], NOW + part * _MINUTE)
        hear(connection, "evil", ["0-goes-on"], NOW + part * _MINUTE + _MINUTE / 2)
    assert "0-goes-on" in known(connection, "evil")


def test_starts_that_a_wrong_clock_noted_in_the_future_go_before_those_of_now(connection: Transaction) -> None:
    ahead = NOW + timedelta(days=1461)
    hear(connection, "pond", [f"ahead-{number}" for number in range(boots.KEPT)], ahead, now=ahead)
    hear(connection, "pond", ["b1"], NOW)
    assert "b1" in known(connection, "pond")
    assert len(known(connection, "pond")) == boots.KEPT


def test_an_ordinary_devices_starts_are_all_remembered(connection: Transaction) -> None:
    hear(connection, "pond", [f"b{number}" for number in range(boots.KEPT)], NOW)
    assert boots.forgotten(connection, "pond") == 0
    assert one_row(connection, "SELECT count(*) FROM device_boot") == (boots.KEPT,)
