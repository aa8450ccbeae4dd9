"""A simulated device goes by a clock of its own; that of the machine is followed where it hints something."""

from __future__ import annotations

import pytest

from firmware_sim.clock import RealTime
from firmware_sim.devices.device import Plan, SimulatedDevice
from firmware_sim.devices.outbox import Outbox
from firmware_sim.devices.protocol import Measurement
from firmware_sim.devices.sensors import World
from firmware_sim.fleet import load_fleet

NOW = 1_790_503_200
DAY = 86_400
YEARS = 1461 * DAY
FLEET = load_fleet()


class Machine:
    def __init__(self, wrong: float = 0) -> None:
        self.running, self.wrong = 1000.0, wrong
        self.time = RealTime(lambda: NOW + self.running + self.wrong, lambda: self.running)

    @property
    def error(self) -> float:
        self.running += 1
        return self.time.now() - NOW - self.running


@pytest.mark.parametrize("step", [61, DAY, YEARS])
def test_a_step_ahead_and_back_changes_nothing(step: int):
    machine = Machine()
    machine.wrong = step
    assert [machine.error for _ in range(3)] == [0, 0, 0]
    machine.wrong = 0
    assert (machine.error, machine.time.turns) == (0, 0)


@pytest.mark.parametrize("step", [61, DAY, YEARS])
def test_a_time_that_was_ahead_from_the_start_is_right_at_once_when_it_is_set_back(step: int):
    machine = Machine(step)
    assert machine.error == step
    machine.wrong = 0
    assert (machine.error, machine.time.turns) == (0, 1)


def test_a_step_back_and_ahead_again_ends_in_the_right_time():
    machine = Machine()
    machine.wrong = -YEARS
    assert machine.error == -YEARS
    machine.wrong = 0
    assert machine.error == 0


def test_a_second_is_followed_both_ways():
    machine = Machine()
    for wrong in (1, 0, -1, 0):
        machine.wrong = wrong
        assert (machine.error, machine.time.turns) == (wrong, 0)


def device(now: int, last_time: int | None = None) -> SimulatedDevice:
    plan = Plan(start=now, live_from=now, interval_s=60, past_interval_s=600)
    return SimulatedDevice(FLEET.only(["klima-01"]).devices[0], World.of(1, FLEET), plan, "b7f3", last_time)


def test_a_device_whose_clock_was_set_back_measures_now_and_goes_on_counting():
    one = device(NOW + YEARS)
    first = one.measure()
    one.begin_anew(NOW)
    again = [one.measure() for _ in range(3)]
    assert first.time > NOW + YEARS - 60
    assert NOW - 60 < again[0].time <= NOW
    assert [reading.seq for reading in again] == [1, 2, 3]
    assert again[2].time - again[0].time == 120


def test_a_device_that_measured_in_the_future_before_its_last_start_does_not_wait_for_it():
    one = device(NOW, last_time=NOW + YEARS)
    one.begin_anew(NOW)
    assert NOW - 60 < one.measure().time <= NOW


def test_a_device_in_time_is_left_alone():
    one = device(NOW, last_time=NOW - 30)
    due = one.next_time
    one.begin_anew(NOW)
    assert one.next_time == due


def test_the_outbox_remembers_the_last_reading_and_not_the_latest_time():
    outbox = Outbox()
    outbox.append(
        [("klima-01", Measurement("b", 0, NOW + YEARS, b"{}")), ("klima-01", Measurement("b", 1, NOW, b"{}"))]
    )
    assert outbox.last_time("klima-01") == NOW
    outbox.close()
