"""A batch is due by size or by time; the flush it makes counts every part and every sequence number."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.pipeline.batch import Batch, compose, ranges
from gateway.validation.validated_message import ValidatedMessage
from tests.gateway.messages import RECEIVED_US, STATUS, TIME, validate


def message(seq: int = 1, **more: object) -> ValidatedMessage:
    return validate({"boot": "b", "seq": seq, "time": TIME, "values": {"air_temperature": 1}, **more})


def test_a_batch_is_due_at_once_when_it_is_full():
    batch = Batch(size=2, wait_s=10)
    batch.add(message(), now=100)
    assert batch.due_in(100) == 10
    batch.add(message(), now=100)
    assert batch.full
    assert batch.due_in(100) == 0


def test_a_batch_is_due_at_once_when_its_parts_are_many():
    batch = Batch(size=100, wait_s=10, parts=3)
    many = validate({"boot": "b", "seq": 1, "time": TIME, "values": {"rain": 1, "wet": 2, "dry": "x"}})
    batch.add(message(), now=100)
    assert batch.due_in(100) == 10
    batch.add(many, now=100)
    assert batch.due_in(100) == 0
    batch.acknowledged(2)
    batch.add(message(), now=100)
    assert batch.due_in(100) == 10


def test_a_batch_is_due_at_once_when_the_refused_messages_in_it_are_large():
    batch = Batch(size=100, wait_s=10, refused_bytes=300)
    for seq in range(10):
        batch.add(message(seq), now=100)
    assert batch.due_in(100) == 10
    batch.add(validate(b"x" * 300), now=100)
    assert batch.due_in(100) == 0
    batch.acknowledged(11)
    assert not batch.full


def test_a_closed_batch_is_due_until_all_of_it_is_committed():
    batch = Batch(size=100, wait_s=10)
    for seq in range(3):
        batch.add(message(seq), now=100)
    batch.close()
    batch.acknowledged(2)
    assert batch.full
    assert batch.due_in(100) == 0
    batch.acknowledged(1)
    assert not batch.full


def test_a_batch_is_due_when_its_first_message_has_waited():
    batch = Batch(size=100, wait_s=0.5)
    assert batch.due_in(0) is None
    batch.add(message(), now=100)
    batch.add(message(), now=100.4)
    assert batch.due_in(100.4) == pytest.approx(0.1)
    assert batch.due_in(100.6) == 0


def test_what_is_committed_is_forgotten_oldest_first():
    batch, messages = Batch(size=5, wait_s=1), [message(seq) for seq in range(3)]
    for one in messages:
        batch.add(one, now=0)
    batch.acknowledged(2)
    assert batch.messages == messages[2:]


@given(st.lists(st.integers(0, 40)))
def test_ranges_cover_each_seq_and_nothing_else(seqs: list[int]):
    found = ranges(seqs)
    assert {seq for low, high in found for seq in range(low, high)} == set(seqs)
    assert all(high < low for (_, high), (low, _) in itertools.pairwise(found))


@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from([7.0, "wet", None])), max_size=30))
def test_received_counts_rows_and_refusals_alike(parts: list[tuple[int, object]]):
    messages = [validate({"boot": "b", "seq": seq, "time": TIME, "values": {"rain": value}}) for seq, value in parts]
    flush = compose(messages, "p", RECEIVED_US)
    assert flush.received == len(flush.observations) + sum(len(one.refusals) for one in flush.refused) == len(parts)
    assert flush.messages == len(parts)


def test_sequence_numbers_of_quarantined_parts_count_too():
    flush = compose([message(3), message(4, time="never"), message(7, oldest=3)], "p", RECEIVED_US)
    sequence = flush.sequences["climate-01", "b"]
    assert (sequence.ranges, sequence.oldest) == ([(3, 5), (7, 8)], 3)


def test_the_last_status_counts_and_keeps_what_it_does_not_say():
    first = validate({"state": "online", "firmware": "1.4.2", "boot": "b7", "interval_s": 60}, STATUS)
    will = validate({"state": "offline"}, STATUS, received_us=RECEIVED_US + 5)
    flush = compose([first, will], "p", RECEIVED_US)
    status = flush.statuses["climate-01"]
    assert (status.state, status.firmware, status.boot, status.interval_s) == ("offline", "1.4.2", "b7", 60)
    assert flush.seen == {"climate-01": RECEIVED_US}


def test_a_retained_status_sets_the_state_but_no_receipt():
    flush = compose([validate({"state": "online"}, STATUS, retain=True)], "p", RECEIVED_US)
    assert (set(flush.statuses), flush.seen) == ({"climate-01"}, {})


def test_rows_without_a_clock_keep_their_place_in_the_flush():
    without_device_time = validate({"boot": "b", "seq": 9, "values": {"rain": 1, "snr": 2}})
    flush = compose([message(), without_device_time, message(2), without_device_time], "p", RECEIVED_US)
    assert [flush.observations.origins[i].seq for i in flush.observations.without_device_time] == [9, 9, 9, 9]
