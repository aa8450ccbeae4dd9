"""What a clock that goes back, or is set while messages wait, does to receipts, validation and the ingest counters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.decoding.timestamps import ReceiptTimes
from gateway.inbox import Inbox, ReceiptClock
from gateway.metrics import Metrics
from gateway.pipeline.ingest import Ingest
from gateway.pipeline.limits import Limits
from gateway.validation.validate import Validator
from geodata.runtime.steady_clock import SteadyClock
from geodata.store.ingest.flush import Flush, FlushOutcome
from geodata.store.ingest.registry import Registry
from geodata.times import to_datetime
from tests.gateway.messages import RECEIVED_US, delivery, kept, reasons, registry

SECOND, DAY = 1_000_000, 86_400_000_000
YEARS = 1461 * DAY


@pytest.mark.parametrize("ahead_us", [SECOND, DAY, YEARS])
def test_a_receipt_is_right_at_once_when_the_clock_went_back(ahead_us: int):
    now = [RECEIVED_US]
    clock = ReceiptClock(lambda: now[0])
    assert clock.next_us() == RECEIVED_US
    now[0] += ahead_us
    assert clock.next_us() == RECEIVED_US + ahead_us
    now[0] = RECEIVED_US + 5
    assert clock.next_us() == RECEIVED_US + 5


def test_receipts_of_a_crowd_differ_while_the_clock_stands():
    clock = ReceiptClock(lambda: RECEIVED_US)
    assert [clock.next_us() for _ in range(3)] == [RECEIVED_US, RECEIVED_US + 1, RECEIVED_US + 2]


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 8)), max_size=30))
def test_no_microsecond_is_given_twice_to_a_device_however_often_its_clock_goes_back(receipts: list[tuple[int, int]]):
    times, given_out = ReceiptTimes(), list[int]()
    for received_us, readings in receipts:
        given_out += [times.next_us("pond", received_us) for _ in range(readings)]
    assert len(set(given_out)) == len(given_out)


def test_a_device_without_a_clock_is_back_in_time_at_once():
    times = ReceiptTimes()
    assert times.next_us("pond", RECEIVED_US + YEARS) == RECEIVED_US + YEARS
    assert times.next_us("pond", RECEIVED_US) == RECEIVED_US
    assert times.next_us("pond", RECEIVED_US) == RECEIVED_US + 1


class Machine:
    """A clock that can be set, and one that cannot."""

    def __init__(self, ahead_us: int = 0) -> None:
        self.ahead_us = ahead_us
        self.running_us = 0
        self.clock = SteadyClock(lambda: RECEIVED_US + self.running_us + self.ahead_us, lambda: self.running_us, bool)


def time_of(us: int) -> str:
    return to_datetime(us).isoformat()


def telemetry(time: str, seq: int = 1) -> dict[str, object]:
    return {"boot": "b", "seq": seq, "time": time, "values": {"air_temperature": 7}}


def test_right_times_are_stored_where_the_gateway_started_years_ahead():
    machine = Machine(YEARS)
    machine.clock.begin_after(to_datetime(RECEIVED_US - 3 * DAY))
    validator = Validator(1096 * DAY, machine.clock)
    for us in (RECEIVED_US, RECEIVED_US - 1000 * DAY):
        validated = validator.validate(delivery(telemetry(time_of(us)), received_us=machine.clock.now_us()), registry())
        assert (kept(validated), reasons(validated)) == ({"air_temperature": 7}, [])
    late = validator.validate(delivery(telemetry(time_of(RECEIVED_US - 1200 * DAY))), registry())
    assert reasons(late) == ["too-old"]


def test_a_right_time_is_stored_while_the_gateway_does_not_yet_believe_the_step_to_it():
    machine = Machine(-3 * DAY)
    validator = Validator(0, machine.clock)
    for name in ("climate-01", "pond-01"):
        machine.clock.hear(name, RECEIVED_US - 3 * DAY)
    machine.ahead_us = 0
    for seq in (1, 2):
        validated = validator.validate(
            delivery(telemetry(time_of(RECEIVED_US), seq), received_us=machine.clock.now_us()), registry()
        )
        assert reasons(validated) == []
    assert machine.clock.now_us() == RECEIVED_US - 3 * DAY


def test_a_message_whose_device_is_ahead_by_itself_is_refused_also_while_a_step_is_in_doubt():
    machine = Machine()
    validator = Validator(0, machine.clock)
    machine.ahead_us = YEARS
    validated = validator.validate(delivery(telemetry(time_of(RECEIVED_US + 300 * DAY))), registry())
    assert reasons(validated) == ["time-ahead"]


def test_a_retained_message_says_nothing_of_the_time():
    machine = Machine()
    Validator(0, machine.clock).validate(delivery(telemetry(time_of(RECEIVED_US)), retain=True), registry())
    assert not machine.clock.confirmed
    Validator(0, machine.clock).validate(delivery(telemetry(time_of(RECEIVED_US))), registry())
    assert machine.clock.confirmed


class Store:
    """Takes nothing while ``away``."""

    def __init__(self) -> None:
        self.flushes: list[Flush] = []

    def load_registry(self) -> Registry:
        return registry()

    def update_registry(self, known: Registry, devices: object) -> Registry:
        return known

    def add_datastreams(self, wanted: object) -> list[int]:
        return []

    def write(self, flush: Flush) -> FlushOutcome:
        self.flushes.append(flush)
        return FlushOutcome(len(flush.observations), 0, 0, [])


def test_what_waited_while_the_clock_was_set_back_was_not_received_in_the_future():
    machine, inbox, store = Machine(YEARS), Inbox(), Store()
    clock = machine.clock
    ingest = Ingest(
        inbox, store, lambda _: None, lambda *_: None, partition="p",
        limits=Limits(batch_size=100, batch_wait_s=60), metrics=Metrics(), clock=clock,
    )  # fmt: skip
    without_time = {"boot": "b", "seq": 1, "values": {"air_temperature": 7}}
    inbox.put(delivery(without_time, received_us=clock.now_us()))
    ingest.step()  # validated, not yet due
    inbox.put(delivery(without_time | {"seq": 2}, received_us=clock.now_us()))
    machine.ahead_us = 0
    clock.now_us()
    ingest.step(drain=True)
    (flush,) = store.flushes
    assert flush.observations.times_us == [RECEIVED_US, RECEIVED_US + 1]
    assert flush.now_us == RECEIVED_US
