"""Gaps in the sequence numbers of one start: bounded, and never at the price of a reading that a device still holds."""

from __future__ import annotations

import random

import pytest

from geodata.store.database import Database
from geodata.store.ingest.flush import Flush, SequenceRange
from geodata.store.ingest.transaction import write
from geodata.store.series import completeness
from geodata.store.series.completeness import BootCompleteness
from geodata.store.transaction import Transaction
from geodata.times import to_us
from tests.fixtures.databases.database import one_row
from tests.geodata.flushes import NOW, register

_KEPT = 33  # stretches: the highest, and the one up to which all is complete


@pytest.fixture
def connection(database: Database):
    with database.transaction() as open_one:
        register(open_one)
        yield open_one


def receive(connection: Transaction, ranges: list[tuple[int, int]], oldest: int = 0) -> int | None:
    """Commit these numbers; what may be confirmed."""
    flush = Flush("test", to_us(NOW), sequences={("pond", "b1"): SequenceRange(ranges, oldest, to_us(NOW))})
    confirmations = write(connection, flush).confirmations
    return confirmations[0].seq if confirmations else None


def every_other(first: int, last: int) -> list[tuple[int, int]]:
    return [(seq, seq + 1) for seq in range(first, last, 2)]


def stretches(connection: Transaction) -> int:
    (number,) = one_row(connection, "SELECT count(*) FROM device_boot, unnest(seqs)")
    return number


def complete(connection: Transaction) -> BootCompleteness:
    (one,) = completeness.load(connection, "pond")
    return one


def test_ten_thousand_gaps_are_not_carried_along(connection: Transaction) -> None:
    assert receive(connection, [(0, 5)]) == 4
    assert receive(connection, every_other(10, 20_010)) == 4
    assert stretches(connection) <= _KEPT
    one = complete(connection)
    assert (one.gaps_given_up, one.missing) == (9_969, 31)
    assert one.received + one.missing + one.given_up == 20_009


def test_a_few_gaps_are_all_remembered(connection: Transaction) -> None:
    receive(connection, [(0, 5)])
    receive(connection, every_other(10, 70))
    one = complete(connection)
    assert (stretches(connection), one.missing, one.given_up, one.gaps_given_up) == (31, 34, 0, 0)


def test_what_lies_in_a_gap_that_was_given_up_is_never_confirmed_before_it_came(
    connection: Transaction,
) -> None:
    receive(connection, [(0, 5)])
    receive(connection, every_other(10, 4_000))
    assert receive(connection, [(4_000, 4_100)]) == 4
    assert receive(connection, [(5, 2_000)]) == 1_999
    assert receive(connection, [(2_000, 4_000)]) == 4_099
    assert complete(connection).given_up == 0
    assert stretches(connection) == 1


def test_a_device_that_gave_up_goes_on_behind_its_oldest(connection: Transaction) -> None:
    receive(connection, [(0, 5)])
    receive(connection, every_other(10, 4_000))
    assert receive(connection, [(4_000, 4_001)], oldest=4_000) == 4_000
    one = complete(connection)
    assert (one.missing, one.given_up) == (0, 0)


def test_a_fleet_of_gaps_in_any_order_confirms_nothing_that_did_not_come(connection: Transaction) -> None:
    chance = random.Random(7)
    came: set[int] = set()
    for _ in range(60):
        seqs = {chance.randrange(600) for _ in range(chance.choice([1, 5, 200]))}
        came |= seqs
        confirmed = receive(connection, [(seq, seq + 1) for seq in sorted(seqs)])
        prefix = next(seq for seq in range(1, 602) if seq not in came) - 1
        assert confirmed is None or confirmed <= prefix
        assert stretches(connection) < 150


def test_the_missing_of_all_devices_leave_out_what_was_given_up(connection: Transaction) -> None:
    receive(connection, [(0, 5)])
    receive(connection, every_other(10, 4_000))
    assert completeness.missing_by_device(connection) == {"pond": complete(connection).missing}
