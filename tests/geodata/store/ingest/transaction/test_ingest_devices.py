"""What the one transaction keeps of a device: its boots, what is confirmed to it, its status."""

from __future__ import annotations

from datetime import timedelta
from typing import LiteralString

import pytest

from geodata.store.database import Database
from geodata.store.ingest.flush import Confirmation, Flush, SequenceRange, StatusReport
from geodata.times import to_us
from tests.geodata.flushes import NOW
from tests.geodata.store.ingest.transaction.written import rows, write_one


@pytest.mark.parametrize(
    ("flushes", "oldest", "confirmed"),
    [
        ([[(0, 3)]], 0, 2),
        ([[(1, 3)]], 0, 2),  # counting from 1 is a beginning too
        ([[(2, 3)]], 0, None),  # 0 and 1 may still come
        ([[(5, 9)]], 5, 8),  # the device has nothing below 5 any more
        ([[(0, 2), (3, 5)]], 0, 1),
        ([[(3, 5)], [(0, 2)], [(2, 3)]], 0, 4),  # the last closes the gap
        ([[(0, 2), (7, 9)]], 5, 4),  # 2 to 4 are given up, 5 and 6 may still come
        ([[(0, 1)]], 0, 0),
        ([[(1, 2)]], 0, 1),
        ([[(2**62, 2**62 + 1)]], 2**62, 2**62),
    ],
)
def test_confirmed_is_the_gapless_prefix(
    database: Database, flushes: list[list[tuple[int, int]]], oldest: int, confirmed: int | None
) -> None:
    outcomes = [
        write_one(
            database, Flush("test", to_us(NOW), sequences={("pond", "b1"): SequenceRange(ranges, oldest, to_us(NOW))})
        )
        for ranges in flushes
    ]
    wanted = [] if confirmed is None else [Confirmation("pond", "b1", confirmed)]
    assert outcomes[-1].confirmations == wanted


def test_each_boot_counts_for_itself(database: Database) -> None:
    flush = Flush("test", to_us(NOW))
    flush.sequences["pond", "b1"] = SequenceRange([(0, 5)], 0, to_us(NOW))
    flush.sequences["pond", "b2"] = SequenceRange([(0, 2)], 0, to_us(NOW))
    assert write_one(database, flush).confirmations == [Confirmation("pond", "b1", 4), Confirmation("pond", "b2", 1)]


def test_a_status_is_kept_and_a_will_does_not_erase_what_was_known(database: Database) -> None:
    online = StatusReport("online", to_us(NOW), firmware="1.4.2", boot="b1", interval_s=300)
    later = NOW + timedelta(minutes=5)
    write_one(database, Flush("test", to_us(NOW), statuses={"pond": online}, seen={"pond": to_us(NOW)}))
    write_one(database, Flush("test", to_us(later), statuses={"pond": StatusReport("offline", to_us(later))}))
    query: LiteralString = "SELECT state, state_at, firmware, boot, interval_s, last_seen_at FROM device_state"
    assert rows(database, query) == [("offline", later, "1.4.2", "b1", 300, NOW)]


def say(database: Database, after_minutes: float, interval_s: int | None) -> None:
    moment = to_us(NOW + timedelta(minutes=after_minutes))
    status = StatusReport("online", moment, interval_s=interval_s)
    write_one(database, Flush("test", moment, statuses={"pond": status}))


INTERVALS: LiteralString = "SELECT since, interval_s FROM device_interval ORDER BY since"


def test_an_interval_is_kept_with_the_hour_in_which_it_changed_and_once_however_often_it_is_said(
    database: Database,
) -> None:
    for after_minutes, interval_s in [(0, 60), (5, 60), (70, None), (130, 900), (140, 60), (150, 300), (400, 300)]:
        say(database, after_minutes, interval_s)
    hour = NOW.replace(minute=0)
    assert rows(database, INTERVALS) == [(hour, 60), (hour + timedelta(hours=2), 300)]


def test_an_interval_noted_by_a_clock_that_was_years_ahead_is_forgotten(database: Database) -> None:
    say(database, 0, 60)
    say(database, 60 * 24 * 1461, 900)
    say(database, 120, 60)
    assert rows(database, INTERVALS) == [(NOW.replace(minute=0), 60)]


def test_last_seen_never_goes_back(database: Database) -> None:
    for moment in (NOW, NOW - timedelta(hours=1)):
        write_one(database, Flush("test", to_us(NOW), seen={"pond": to_us(moment)}))
    assert rows(database, "SELECT last_seen_at FROM device_state") == [(NOW,)]


def test_what_was_noted_years_ahead_stands_for_nothing_newer(database: Database) -> None:
    for moment in (NOW + timedelta(days=1461), NOW):
        status = StatusReport(state="online", received_us=to_us(moment), boot="b7f3")
        sequence = SequenceRange([(0, 1)], 0, to_us(moment))
        said = {"pond": to_us(moment)}
        flush = Flush("test", to_us(moment), statuses={"pond": status}, seen=said, unusable=said)
        flush.sequences["pond", "b7f3"] = sequence
        write_one(database, flush)
    query: LiteralString = "SELECT status_at, last_seen_at, unusable_at FROM device_state"
    assert rows(database, query) == [(NOW, NOW, NOW)]
    assert rows(database, "SELECT first_received_at, last_received_at FROM device_boot") == [(NOW, NOW)]
