"""What the ingest reads of the registry when a device is unknown, or one has changed."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from gateway.inbox import Delivery
from gateway.validation.validate import Validator
from geodata.errors import StoreUnavailable
from geodata.store.ingest.registry import RegisteredDevice, Registry
from tests.gateway.messages import TOPIC, registry
from tests.gateway.pipeline.ingest_between_lists import World


def test_a_device_added_a_moment_ago_is_looked_for_alone(world: World):
    world.receive(1)
    world.work()
    world.store.registry.devices["new-01"] = RegisteredDevice("new-01", "stadtwald", {})
    world.receive(7, topic=TOPIC.replace("climate-01", "new-01"))
    world.work()
    assert (world.store.stored, world.store.reasons) == ([1, 7], [])
    assert (world.store.loads, world.store.sought) == (1, [{"new-01"}])


def test_strangers_do_not_make_the_gateway_read_the_registry_at_every_message(world: World):
    for seq in range(20):
        world.receive(seq, topic=TOPIC.replace("climate-01", "unregistered"))
        world.work()
    assert world.store.reasons == ["unknown-device"] * 20
    assert world.store.loads == 1
    assert len(world.store.sought) <= 2


def test_a_changed_device_is_read_before_the_next_message_and_no_other(world: World):
    world.receive(1)
    world.work()
    world.store.registry.devices.clear()
    world.ingest.registry_changed(["climate-01"])
    world.receive(2)
    world.work()
    assert world.store.reasons == ["unknown-device"]
    assert (world.store.loads, world.store.sought[0]) == (1, {"climate-01"})


def test_a_change_of_anything_has_the_registry_read_before_the_next_message(world: World):
    world.receive(1)
    world.work()
    world.store.registry = Registry({}, registry().properties)
    world.ingest.registry_changed()
    world.receive(2)
    world.work()
    assert world.store.reasons == ["unknown-device"]
    assert world.store.loads == 2


def test_a_change_that_could_not_be_read_is_read_later(world: World):
    world.receive(1)
    world.work()
    world.store.registry.devices.clear()
    update, world.store.update_registry = world.store.update_registry, unavailable
    world.ingest.registry_changed(["climate-01"])
    world.receive(2)
    world.ingest.step(drain=True)
    world.store.update_registry = update
    world.work()
    assert world.store.reasons == ["unknown-device"]


def unavailable(known: Registry, devices: Collection[str]) -> Registry:
    raise StoreUnavailable("gone")


def test_more_changes_than_can_be_remembered_are_one_reading_of_all(world: World):
    world.receive(1)
    world.work()
    for number in range(1500):
        world.ingest.registry_changed([f"new-{number}"])
    world.receive(2)
    world.work()
    assert (world.store.loads, world.store.sought) == (2, [])


def test_what_nobody_added_meanwhile_is_judged_once(world: World, monkeypatch: pytest.MonkeyPatch):
    validated: list[str] = []
    sound = Validator.validate

    def counted(self: Validator, delivery: Delivery, known: Registry):
        validated.append(delivery.topic)
        return sound(self, delivery, known)

    monkeypatch.setattr(Validator, "validate", counted)
    world.receive(1, 2, prop="nonsense")
    world.receive(3, topic=TOPIC.replace("climate-01", "unregistered"))
    world.work()
    assert (len(validated), world.store.reasons) == (3, ["unknown-property"] * 2 + ["unknown-device"])
    assert len(world.store.sought) == 1
