"""A message that the store, the validator or even the quarantine refuses costs no other."""

from __future__ import annotations

import itertools

import pytest

from gateway.inbox import Delivery
from gateway.validation.validate import Validator
from geodata.errors import StoreRejected, StoreUnavailable
from geodata.store.ingest.flush import Flush
from geodata.store.ingest.registry import Registry
from tests.gateway.messages import RECEIVED_US, TOPIC
from tests.gateway.pipeline.ingest_between_lists import World


@pytest.mark.parametrize("error", [StoreRejected("no"), KeyError("a bug")])
@pytest.mark.parametrize("poison", range(4))
def test_a_poisoned_message_goes_to_quarantine_and_costs_no_other(world: World, poison: int, error: Exception):
    def refuse(flush: Flush) -> None:
        if poison in [origin.seq for origin in flush.observations.origins]:
            raise error

    world.store.fault = refuse
    deliveries = world.receive(*range(4))
    world.work()
    assert sorted(world.store.stored) == [seq for seq in range(4) if seq != poison]
    assert world.store.reasons == ["refused"]
    assert world.acknowledged == deliveries
    settled = {
        seq for flush in world.store.flushes for s in flush.sequences.values() for r in s.ranges for seq in range(*r)
    }
    assert settled == {0, 1, 2, 3}


def test_a_database_that_goes_away_in_the_middle_of_narrowing_down_loses_and_doubles_nothing(world: World):
    calls = itertools.count()

    def refuse(flush: Flush) -> None:
        if next(calls) == 2:
            raise StoreUnavailable("gone")
        if 3 in [origin.seq for origin in flush.observations.origins]:
            raise StoreRejected("poison")

    world.store.fault = refuse
    deliveries = world.receive(0, 1, 2, 3)
    world.work()
    assert world.store.stored == [0, 1, 2]
    assert world.acknowledged == deliveries


def test_a_message_that_nothing_can_read_is_quarantined_and_stops_nobody(world: World, monkeypatch: pytest.MonkeyPatch):
    sound = Validator._validate

    def stumble(self: Validator, delivery: Delivery, known: Registry):
        if b'"seq": 2' in delivery.payload:
            raise ZeroDivisionError
        return sound(self, delivery, known)

    monkeypatch.setattr(Validator, "_validate", stumble)
    world.receive(1, 2, 3)
    world.work()
    assert (world.store.stored, world.store.reasons) == ([1, 3], ["unreadable"])


@pytest.mark.parametrize("refusing", [1, 2])
def test_a_message_that_even_the_quarantine_refuses_is_kept_in_a_form_that_it_takes(world: World, refusing: int):
    refused_forms = itertools.count()

    def refuse(flush: Flush) -> None:
        if flush.sequences or (flush.refused and next(refused_forms) < refusing):
            raise StoreRejected("a NUL: \0")

    world.store.fault = refuse
    deliveries = world.receive(1)
    world.work()
    assert (world.store.stored, world.store.reasons, world.acknowledged) == ([], ["refused"], deliveries)
    [message] = world.store.flushes[-1].refused
    assert message.payload == deliveries[0].payload
    assert message.topic.isprintable()
    assert all(refusal.detail.isprintable() for refusal in message.refusals)


def test_a_store_that_takes_no_form_of_a_message_is_waited_for(world: World):
    attempts = itertools.count()

    def refuse(_: Flush) -> None:
        if next(attempts) < 8:
            raise StoreRejected("no")

    world.store.fault = refuse
    deliveries = world.receive(1)
    world.ingest.step()
    assert world.acknowledged == []
    world.work()
    assert (world.store.stored, world.acknowledged) == ([1], deliveries)


@pytest.mark.parametrize(
    ("topic", "size"), [(TOPIC, 70_000), (TOPIC.replace("stadtwald", "other"), 10)], ids=["too large", "wrong trail"]
)
def test_a_device_of_which_nothing_can_be_read_is_heard_all_the_same(world: World, topic: str, size: int):
    world.inbox.put(Delivery(topic, b"x" * size, RECEIVED_US, size=size))
    world.work()
    [flush] = world.store.flushes
    assert flush.seen == flush.unusable == {"climate-01": RECEIVED_US}
