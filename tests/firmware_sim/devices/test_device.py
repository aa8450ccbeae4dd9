"""A device measures on a grid, numbers its readings, and never measures the same moment twice."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import islice, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_sim.clock import Clock
from firmware_sim.devices.device import Plan, SimulatedDevice, new_boot
from firmware_sim.devices.sensors import World
from firmware_sim.errors import WrongArgument
from firmware_sim.fleet import load_fleet

FLEET = load_fleet()
WORLD = World.of(1, FLEET)
NOW = 1_790_503_200


def plan(history_s: int = 0, *, silent: bool = False, broken: frozenset[str] = frozenset()) -> Plan:
    return Plan(start=NOW - history_s, live_from=NOW, interval_s=60, past_interval_s=600, silent=silent, broken=broken)


def device(device_id: str = "klima-01", last_time: int | None = None, **kwargs) -> SimulatedDevice:
    return SimulatedDevice(FLEET.only([device_id]).devices[0], WORLD, plan(**kwargs), "b7f3", last_time)


def test_seq_begins_at_0_and_rises_by_1() -> None:
    one = device()
    assert [one.measure().seq for _ in range(5)] == [0, 1, 2, 3, 4]


@settings(deadline=None)
@given(phase=st.integers(0, 59), history=st.integers(0, 20_000), back=st.integers(-200, 20_000) | st.none())
def test_moments_rise_and_after_a_restart_none_comes_twice(phase: int, history: int, back: int | None) -> None:
    after = None if back is None else NOW - back
    moments = list(islice(plan(history).moments(phase, after), 60))
    assert all(a < b for a, b in pairwise(moments))
    assert after is None or moments[0] > after
    assert all((moment - phase) % 60 == 0 for moment in moments)
    assert all(b - a <= 660 for a, b in pairwise(moments))


@settings(deadline=None)
@given(phase=st.integers(0, 59), back=st.integers(0, 40_000) | st.none())
def test_a_device_that_keeps_years_begins_with_a_reading_of_each_hour(phase: int, back: int | None) -> None:
    after = None if back is None else NOW - back
    long = replace(plan(7200), hourly_from=NOW - 36_000)
    moments = list(islice(long.moments(phase, after), 40))
    steps = {b - a for a, b in pairwise(moment for moment in moments if moment < NOW - 7200)}
    assert steps <= {3600}
    assert moments[0] >= NOW - 36_000
    assert after is None or moments[0] > after
    assert all(b - a <= 3660 for a, b in pairwise(moments))


@settings(deadline=None)
@given(phase=st.integers(0, 59))
def test_the_first_live_value_is_due_at_once_and_younger_than_an_interval(phase: int) -> None:
    first = next(plan().moments(phase))
    assert NOW - 60 < first <= NOW


def test_a_silent_device_sends_its_past_and_then_nothing() -> None:
    silent = device(history_s=3600, silent=True)
    times = []
    while silent.next_time is not None:
        times.append(silent.measure().time)
    assert len(times) == 6
    assert max(times) < NOW


def test_a_broken_sensor_is_null_and_the_others_go_on() -> None:
    values = json.loads(device("boden-05", broken=frozenset({"soil_moisture"})).measure().values)
    assert values["soil_moisture"] is None
    assert values["soil_temperature"] > 0


def test_beacon_adverts_count_since_the_reading_before() -> None:
    beacon = device("funk-03", history_s=1800)
    adverts = [json.loads(beacon.measure().values)["beacon_adverts"] for _ in range(6)]
    assert adverts[1:3] == [600, 600]
    assert adverts[-1] == 60


def test_two_devices_with_the_same_seed_measure_the_same_bytes() -> None:
    other = SimulatedDevice(FLEET.only(["wind-08"]).devices[0], World.of(1, FLEET), plan(7200), "b7f3")
    one = device("wind-08", history_s=7200)
    assert [one.measure() for _ in range(40)] == [other.measure() for _ in range(40)]


def test_boots_differ() -> None:
    assert len({new_boot() for _ in range(1000)}) == 1000
    assert len(new_boot()) <= 16


def test_an_unknown_device_is_named_together_with_the_known_ones() -> None:
    with pytest.raises(WrongArgument, match=r"'klima-99'.*klima-01, zaehler-01"):
        FLEET.only(["klima-99"])


@settings(deadline=None)
@given(speed=st.floats(1, 1e6), lead=st.floats(0, 1e6), passed=st.floats(0, 1e7))
def test_simulated_time_never_passes_the_real_one(speed: float, lead: float, passed: float) -> None:
    clock = Clock(NOW - lead, NOW, speed)
    assert NOW - lead <= clock.now(NOW + passed) <= NOW + passed


@settings(deadline=None)
@given(speed=st.floats(1, 1e4), lead=st.floats(0, 1e6), ahead=st.floats(0, 1e6))
def test_after_waiting_for_a_moment_it_has_come(speed: float, lead: float, ahead: float) -> None:
    clock = Clock(NOW - lead, NOW, speed)
    moment = NOW - lead + ahead
    wait = clock.seconds_until(moment, NOW)
    assert clock.now(NOW + wait) == pytest.approx(moment, abs=0.01)
