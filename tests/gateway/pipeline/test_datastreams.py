"""The datastream of a new property is made once, and before the flush that needs it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from geodata.errors import StoreUnavailable
from tests.gateway.pipeline.ingest_between_lists import World


def test_a_new_property_gets_its_datastream_once_and_before_the_flush(world: World):
    world.receive(1, 2, prop="rain")
    world.work()
    world.receive(3, prop="rain")
    world.work()
    made = [event for event in world.events if event[0] == "datastreams"]
    assert made == [("datastreams", [("climate-01", "rain")])]
    assert [flush.observations.datastreams for flush in world.store.flushes] == [[100, 100], [100]]


def test_a_datastream_that_could_not_be_made_is_not_taken_for_known(world: World):
    attempts, add = itertools.count(), world.store.add_datastreams

    def flaky(wanted: Sequence[tuple[str, str]]) -> list[int]:
        if next(attempts) == 0:
            raise StoreUnavailable("gone")
        return add(wanted)

    world.store.add_datastreams = flaky
    world.receive(1, prop="rain")
    world.work()
    assert world.store.flushes[0].observations.datastreams == [100]
