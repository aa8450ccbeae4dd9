"""The order of things: commit, then acknowledge, then confirm; and what a database away or a poisoned message does."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Collection, Sequence

import pytest

from gateway.inbox import Delivery, Inbox
from gateway.metrics import Metrics
from gateway.pipeline.ingest import Ingest
from gateway.pipeline.limits import Limits
from gateway.validation.validate import Validator
from geodata.errors import StoreError, StoreRejected, StoreTimeout, StoreUnavailable
from geodata.store.ingest.flush import Confirmation, Flush, FlushOutcome
from geodata.store.ingest.registry import RegisteredDevice, Registry
from tests.gateway.conftest import wait_until
from tests.gateway.messages import RECEIVED_US, TIME, TOPIC, delivery, registry, stopped_clock


def refusals(flush: Flush) -> list[str]:
    return [refusal.reason for message in flush.refused for refusal in message.refusals]


class ListStore:
    """Keeps flushes in a list; ``fault`` may raise for a flush."""

    def __init__(self, events: list[tuple]) -> None:
        self.events = events
        self.registry = registry()
        self.loads = 0
        self.sought: list[set[str]] = []
        self.flushes: list[Flush] = []
        self.fault: Callable[[Flush], None] = lambda flush: None
        self.numbers = itertools.count(100)
        self.duplicates = 0

    def load_registry(self) -> Registry:
        self.loads += 1
        return Registry(dict(self.registry.devices), self.registry.properties)

    def update_registry(self, known: Registry, devices: Collection[str]) -> Registry:
        self.sought.append(set(devices))
        found = {name: self.registry.devices[name] for name in devices if name in self.registry.devices}
        kept = {name: device for name, device in known.devices.items() if name not in devices}
        return Registry(kept | found, self.registry.properties)

    def add_datastreams(self, wanted: Sequence[tuple[str, str]]) -> list[int]:
        self.events.append(("datastreams", list(wanted)))
        return [next(self.numbers) for _ in wanted]

    def write(self, flush: Flush) -> FlushOutcome:
        self.fault(flush)
        self.flushes.append(flush)
        self.events.append(("committed", [origin.seq for origin in flush.observations.origins]))
        confirmations = [
            Confirmation(device, boot, max(high for _, high in sequence.ranges) - 1)
            for (device, boot), sequence in flush.sequences.items()
        ]
        reasons = dict(Counter(refusals(flush)))
        stored = len(flush.observations) - self.duplicates
        return FlushOutcome(stored, self.duplicates, len(refusals(flush)), confirmations, reasons)

    @property
    def stored(self) -> list[int]:
        return [origin.seq or 0 for flush in self.flushes for origin in flush.observations.origins]

    @property
    def reasons(self) -> list[str]:
        return [reason for flush in self.flushes for reason in refusals(flush)]


class World:
    """An ingest between lists."""

    def __init__(self, size: int = 4) -> None:
        self.events: list[tuple] = []
        self.inbox, self.store, self.metrics = Inbox(), ListStore(self.events), Metrics()
        self.acknowledged: list[Delivery] = []
        self.ingest = Ingest(
            self.inbox,
            self.store,
            self._acknowledge,
            lambda trail, confirmation: self.events.append(("confirmed", trail, confirmation.seq)),
            partition="p",
            clock=stopped_clock(RECEIVED_US),
            limits=Limits(size, 0),
            metrics=self.metrics,
        )

    def _acknowledge(self, deliveries: Sequence[Delivery]) -> None:
        self.acknowledged += deliveries
        self.events.append(("acknowledged", len(deliveries)))

    def receive(self, *seqs: int, prop: str = "air_temperature", topic: str = TOPIC) -> list[Delivery]:
        made = [delivery({"boot": "b", "seq": seq, "time": TIME, "values": {prop: seq}}, topic) for seq in seqs]
        for one in made:
            self.inbox.put(one)
        return made

    def work(self) -> None:
        """Until all that was received is committed."""

        def done() -> bool:
            self.ingest.step()
            return self.ingest.waiting == 0

        wait_until(done, "the ingest to commit everything")


@pytest.fixture
def world() -> World:
    return World()


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
