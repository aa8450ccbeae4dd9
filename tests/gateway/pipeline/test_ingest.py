"""The order of things: commit, then acknowledge, then confirm; and how much is written at once."""

from __future__ import annotations

import itertools

import pytest

from geodata.errors import StoreError, StoreTimeout, StoreUnavailable
from geodata.store.ingest.flush import Flush
from tests.gateway.messages import delivery
from tests.gateway.pipeline.ingest_between_lists import World


def test_a_message_is_acknowledged_after_its_commit_and_confirmed_after_that(world: World):
    world.receive(1, 2)
    world.work()
    assert world.events == [("committed", [1, 2]), ("acknowledged", 2), ("confirmed", "stadtwald", 2)]


def test_acknowledgements_go_out_in_order_of_receipt(world: World):
    deliveries = world.receive(*range(11))
    world.work()
    assert world.acknowledged == deliveries
    assert [len(flush.observations) for flush in world.store.flushes] == [4, 4, 3]


def test_while_the_database_is_away_nothing_is_acknowledged_and_then_nothing_is_lost(world: World):
    attempts = itertools.count()

    def away(_: Flush) -> None:
        if next(attempts) < 3:
            assert world.acknowledged == []
            raise StoreUnavailable("gone fishing")

    world.store.fault = away
    world.receive(1, 2, 3)
    world.ingest.step()
    assert world.ingest.waiting == 3
    assert world.ingest.idle_s(10) > 0
    world.work()
    assert world.store.stored == [1, 2, 3]
    assert world.metrics.store_errors._value.get() == 3


def test_a_flush_that_takes_too_long_is_tried_with_half_as_many_down_to_one(world: World):
    attempts: list[int] = []

    def slow(flush: Flush) -> None:
        attempts.append(flush.messages)
        if flush.messages > 1:
            assert world.acknowledged == []
            raise StoreTimeout("too long")

    world.store.fault = slow
    deliveries = world.receive(1, 2, 3)
    world.work()
    assert attempts == [3, 1, 1, 1]
    assert world.store.stored == [1, 2, 3]
    assert world.acknowledged == deliveries


def test_flushes_grow_again_once_the_database_is_in_time(world: World):
    attempts = itertools.count()

    def slow_at_first(flush: Flush) -> None:
        if next(attempts) == 0:
            raise StoreTimeout("too long")

    world.store.fault = slow_at_first
    world.receive(*range(20))
    world.ingest.step()
    assert world.ingest.progress == "too long; next with at most 2 messages at once"
    world.work()
    assert [flush.messages for flush in world.store.flushes] == [2, 2, 2, 4, 4, 4, 2]
    assert world.ingest.progress == "the last attempt succeeded"


def test_a_schema_that_does_not_fit_is_waited_for_like_a_database_away(world: World):
    attempts = itertools.count()

    def drifted(_: Flush) -> None:
        if next(attempts) == 0:
            raise StoreError("column missing")

    world.store.fault = drifted
    world.receive(1)
    world.work()
    assert (world.store.stored, world.store.reasons) == ([1], [])


def test_the_oldest_message_that_is_not_committed_is_known(world: World):
    assert world.ingest.oldest_us is None
    world.inbox.put(delivery(b"x", received_us=5))
    world.inbox.put(delivery(b"y", received_us=6))
    assert world.ingest.oldest_us == 5


def test_the_figures_add_up(world: World):
    world.receive(1, 2)
    world.inbox.put(delivery(b"nonsense"))
    world.work()
    value = world.metrics.registry.get_sample_value
    ends = [value("digitalpfad_gateway_parts_total", {"end": end}) for end in ("stored", "duplicate", "quarantined")]
    assert ends == [2, 0, 1]
    assert value("digitalpfad_gateway_received_parts_total") == 3
    assert value("digitalpfad_gateway_quarantined_parts_total", {"reason": "not-json"}) == 1


def test_new_rows_are_hoped_for_only_after_flushes_without_a_repetition(world: World):
    for seq in range(7):
        world.store.duplicates = int(seq == 5)
        world.receive(seq)
        world.work()

    assert [flush.optimistic for flush in world.store.flushes] == [False] * 3 + [True] * 3 + [False]


def test_messages_that_take_long_to_judge_are_written_before_the_next_are_judged(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("gateway.pipeline.ingest._LONGEST_VALIDATING_S", -1.0)
    world.receive(1)
    world.receive(2, prop="nonsense")
    world.receive(3)
    world.ingest.step()
    assert [flush.messages for flush in world.store.flushes] == [2]
    assert world.ingest.waiting == 1
