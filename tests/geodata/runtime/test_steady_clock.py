"""A machine whose clock is set while a process runs, and devices that say what time it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from geodata.runtime.steady_clock import SteadyClock
from geodata.times import to_datetime, to_us

SECOND, MINUTE, HOUR, DAY = 1_000_000, 60_000_000, 3_600_000_000, 86_400_000_000
YEAR = 365 * DAY
NOW_US = to_us(datetime(2026, 11, 29, 12, tzinfo=UTC))


class Machine:
    """Its running clock, its clock as it is set, and the true time that only the test knows."""

    def __init__(self, wrong_us: int = 0) -> None:
        self.running_us = 5 * DAY
        self.wrong_us = wrong_us
        self.synchronised = True
        self.clock = self.start()

    @property
    def true_us(self) -> int:
        return NOW_US + self.running_us - 5 * DAY

    def start(self) -> SteadyClock:
        self.clock = SteadyClock(
            lambda: self.true_us + self.wrong_us, lambda: self.running_us, lambda: self.synchronised
        )
        return self.clock

    def go_on(self, us: int = SECOND) -> Machine:
        self.running_us += us
        return self

    def set_wrong(self, us: int) -> Machine:
        self.wrong_us = us
        self.clock.now_us()  # somebody always asks soon
        return self.go_on()

    def begin_after(self, ago_us: int) -> None:
        self.clock.begin_after(to_datetime(self.true_us - ago_us))

    def hear(self, *devices: str, late_us: int = SECOND, wrong_us: int = 0) -> Machine:
        for device in devices:
            self.clock.hear(device, self.true_us - late_us + wrong_us)
        return self.go_on()

    @property
    def error_us(self) -> int:
        return self.clock.now_us() - self.true_us


WELL_KNOWN: list[Callable[[Machine], object]] = [
    lambda machine: machine.hear("a", "b", "c"),
    lambda machine: machine.hear("a"),
    lambda machine: machine.hear("a", "b", "c", wrong_us=-6 * HOUR),
    lambda machine: machine,
]


@pytest.mark.parametrize("before", WELL_KNOWN, ids=["three devices", "one device", "late ones", "no device"])
@pytest.mark.parametrize("step_us", [DAY, 4 * YEAR, HOUR, 2 * MINUTE], ids=["1 day", "4 years", "1 hour", "2 minutes"])
def test_a_step_ahead_and_back_changes_nothing_at_any_moment(before: Callable[[Machine], object], step_us: int):
    machine = Machine()
    before(machine)
    machine.set_wrong(step_us)
    for _ in range(10):
        assert machine.error_us == 0
        assert not machine.clock.state().ok
        machine.hear("a", "b").go_on(HOUR)
    machine.set_wrong(0)
    assert machine.error_us == 0
    assert machine.clock.state().ok
    assert machine.clock.turns == 0


@pytest.mark.parametrize("step_us", [-DAY, -4 * YEAR], ids=["1 day", "4 years"])
@pytest.mark.parametrize("before", WELL_KNOWN[:3], ids=["three devices", "one device", "late ones"])
def test_a_step_back_is_not_followed_where_devices_said_a_later_time(before: Callable[[Machine], object], step_us: int):
    machine = Machine()
    before(machine)
    machine.set_wrong(step_us)
    assert machine.error_us == 0
    assert not machine.clock.state().ok
    machine.set_wrong(0)
    assert (machine.error_us, machine.clock.state().ok) == (0, True)


@pytest.mark.parametrize("step_us", [SECOND, -SECOND, 59 * SECOND, -59 * SECOND])
def test_a_small_step_is_followed_at_once_ahead_and_back(step_us: int):
    machine = Machine().hear("a", "b", "c")
    machine.set_wrong(step_us)
    assert (machine.error_us, machine.clock.state().ok) == (step_us, True)
    machine.set_wrong(0)
    assert (machine.error_us, machine.clock.turns) == (0, 0)


@pytest.mark.parametrize("wrong_us", [DAY, 4 * YEAR, HOUR])
def test_a_clock_that_was_ahead_from_the_start_is_right_at_once_when_it_is_set_back(wrong_us: int):
    machine = Machine(wrong_us).hear("a", "b", "c")
    assert machine.error_us == wrong_us
    assert not machine.clock.confirmed
    machine.set_wrong(0)
    assert (machine.error_us, machine.clock.state().ok, machine.clock.turns) == (0, True, 1)
    assert machine.hear("a").clock.confirmed


def test_what_was_followed_back_in_error_is_right_at_once_when_it_is_set_ahead_again():
    machine = Machine()
    machine.set_wrong(-4 * YEAR)
    assert machine.error_us == -4 * YEAR
    machine.set_wrong(0)
    assert (machine.error_us, machine.clock.state().ok) == (0, True)


@pytest.mark.parametrize("pause_us", [HOUR, 3 * DAY, -2 * DAY])
def test_a_step_is_believed_when_the_devices_side_with_it(pause_us: int):
    """The machine was paused, or its clock had been wrong by what devices once took for right."""
    machine = Machine(-pause_us).hear("a", "b", wrong_us=-pause_us)
    machine.set_wrong(0)
    assert machine.error_us == -pause_us
    machine.hear("a")
    assert machine.error_us == -pause_us  # one alone may be wrong as well
    machine.hear("b")
    assert (machine.error_us, machine.clock.state().ok) == (0, True)


def test_while_a_step_is_in_doubt_a_device_may_be_right_by_either_time():
    machine = Machine().hear("a", "b").set_wrong(3 * DAY)
    assert machine.clock.may_be_now(machine.true_us + MINUTE)
    assert machine.clock.may_be_now(machine.true_us + 3 * DAY)
    assert not machine.clock.may_be_now(machine.true_us + DAY)
    assert not machine.clock.may_be_now(machine.true_us + 4 * DAY)


def test_the_only_device_there_is_decides_alone():
    machine = Machine(-3 * DAY).hear("a", wrong_us=-3 * DAY)
    machine.set_wrong(0)
    assert machine.hear("a").error_us == 0


def test_one_device_with_the_same_wrong_time_does_not_carry_the_time_away():
    machine = Machine().hear("a", "b", "c")
    machine.set_wrong(4 * YEAR)
    machine.hear("bad", wrong_us=4 * YEAR)
    assert machine.error_us == 0
    machine.hear("a", "b").hear("bad", "worse", wrong_us=4 * YEAR)
    assert machine.error_us == 0


def test_old_readings_say_nothing_of_the_time():
    machine = Machine().hear("a", "b", "c")
    machine.set_wrong(-3 * DAY)
    machine.hear("a", late_us=3 * DAY).hear("a")
    machine.hear("b", late_us=3 * DAY)
    assert machine.error_us == 0


def test_a_machine_that_sets_its_clock_by_ntp_after_its_start_is_believed_before_any_device_spoke():
    machine = Machine(-5 * HOUR)
    machine.synchronised = False
    machine.start()
    machine.go_on(MINUTE).synchronised = True
    machine.set_wrong(0)
    assert (machine.error_us, machine.clock.state().ok) == (0, True)


def test_a_clock_that_was_synchronised_all_the_time_is_not_believed_for_that():
    machine = Machine().set_wrong(19 * YEAR)  # a receiver of GPS that lost count of its weeks
    assert machine.error_us == 0


def test_a_start_years_ahead_of_what_is_stored_goes_on_from_there():
    machine = Machine(4 * YEAR)
    machine.begin_after(3 * DAY)
    assert machine.error_us == -3 * DAY
    assert machine.clock.may_be_now(machine.true_us)  # no device with a right clock is told that it is ahead
    assert not machine.clock.may_be_now(machine.true_us + 5 * YEAR)
    machine.hear("a", "b", "bad", wrong_us=-DAY).hear("bad", wrong_us=2 * YEAR)
    machine.hear("a", "b")
    assert machine.error_us == -SECOND
    assert not machine.clock.state().ok
    machine.set_wrong(0)
    assert (machine.error_us, machine.clock.state().ok) == (0, True)
    assert not machine.clock.may_be_now(machine.true_us + HOUR)


@pytest.mark.parametrize("paused_us", [HOUR, 300 * DAY])
def test_a_trail_that_rested_all_winter_begins_with_the_machines_clock(paused_us: int):
    machine = Machine()
    machine.begin_after(paused_us)
    assert (machine.error_us, machine.clock.state().ok) == (0, True)


def test_a_start_years_after_the_last_one_is_believed_by_the_first_device():
    machine = Machine()
    machine.begin_after(2 * YEAR)
    assert machine.error_us == -2 * YEAR
    assert (machine.hear("a").error_us, machine.clock.state().ok) == (0, True)


def test_nothing_is_deleted_by_a_clock_that_nobody_agreed_with_after_a_pause():
    machine = Machine(300 * DAY)
    machine.begin_after(3 * DAY)
    assert machine.clock.surely() == to_datetime(machine.true_us - 3 * DAY)
    machine.hear("a", "b")
    assert machine.clock.surely() == to_datetime(machine.true_us - 3 * DAY - 2 * SECOND + SECOND)
    machine.set_wrong(0)
    machine.hear("a")
    assert machine.clock.surely() == to_datetime(machine.true_us)


def test_a_short_pause_or_an_empty_store_holds_up_no_deletion():
    machine = Machine()
    machine.begin_after(HOUR)
    assert machine.clock.surely() == to_datetime(machine.true_us)
    machine.start().begin_after(None)
    assert machine.clock.compared
    assert machine.clock.surely() == to_datetime(machine.true_us)


def test_a_time_that_devices_spoke_against_is_not_followed_when_the_machine_shows_it_again():
    machine = Machine(300 * DAY).hear("a", "b", "c", "d")
    machine.set_wrong(0)
    assert machine.hear("a", "b", "c", "d").error_us == 0
    machine.set_wrong(300 * DAY)
    for _ in range(10):
        assert machine.hear("a", "b", "c", "d").error_us == 0
    assert not machine.clock.state().ok


def test_those_who_speak_first_after_a_step_do_not_carry_the_others_away():
    honest = [f"honest {number}" for number in range(10)]
    machine = Machine().hear(*honest)
    machine.set_wrong(HOUR).hear("local time", "summer time", wrong_us=HOUR)
    assert machine.error_us == 0
    machine.hear(*honest).go_on(HOUR).hear("local time", "summer time", wrong_us=HOUR)
    assert machine.error_us == 0


def test_a_step_that_was_followed_in_error_is_left_again_when_most_devices_say_so():
    machine = Machine()
    machine.set_wrong(HOUR).hear("local time", "summer time", wrong_us=HOUR)
    assert machine.error_us == HOUR
    machine.hear("a", "b", "c")
    assert machine.error_us == 0
    assert not machine.clock.state().ok
    machine.set_wrong(0)
    assert (machine.error_us, machine.clock.state().ok) == (0, True)


@pytest.mark.parametrize("synchronised", [True, False])
def test_a_start_behind_what_is_stored_goes_on_with_the_devices(synchronised: bool):
    machine = Machine(-20 * DAY)
    machine.synchronised = synchronised
    machine.begin_after(HOUR)
    assert machine.error_us == (-20 * DAY if synchronised else -HOUR)
    machine.hear("a")
    assert machine.error_us == -SECOND
    assert machine.clock.may_be_now(machine.true_us)
    assert not machine.clock.state().ok
    machine.hear("bad", wrong_us=300 * DAY).hear("b")
    assert abs(machine.error_us) <= SECOND
    machine.set_wrong(0)
    assert (machine.error_us, machine.clock.state().ok) == (0, True)


def test_what_was_stored_in_the_future_does_not_carry_a_synchronised_clock_away():
    machine = Machine()
    machine.begin_after(-300 * DAY)
    assert (machine.error_us, machine.hear("a").error_us, machine.clock.state().ok) == (0, 0, True)


def test_a_clock_that_most_devices_call_slow_is_told():
    machine = Machine(-DAY).hear("a", "b", "c")
    assert not machine.clock.state().ok
    assert "most devices say a later time" in machine.clock.state().detail


def test_nothing_old_is_settled_by_a_wrong_clock_that_was_stored_already():
    machine = Machine(300 * DAY)
    machine.begin_after(-300 * DAY)
    assert not machine.clock.settled
    machine.hear("a", "b").go_on(2 * HOUR).hear("a", "b")
    assert machine.clock.settled  # by what the devices say
    assert machine.clock.surely() == to_datetime(machine.true_us - SECOND)


def test_a_device_that_agrees_settles_the_time_at_once():
    machine = Machine()
    assert not machine.clock.settled
    assert machine.hear("a").clock.settled


def test_a_clock_that_runs_a_little_fast_is_followed_for_years():
    machine = Machine().hear("a", "b", "c")
    for day in range(3 * 365):
        machine.go_on(DAY).wrong_us = day * 2 * SECOND
        machine.clock.now_us()
    assert machine.clock.state().ok
    assert machine.error_us == machine.wrong_us


def test_a_process_that_sleeps_between_two_looks_at_its_clocks_sees_no_step():
    machine = Machine()
    naps = [90 * SECOND]

    def wall_us() -> int:
        machine.running_us += naps.pop() if naps else 0
        return machine.true_us

    clock = SteadyClock(wall_us, lambda: machine.running_us, lambda: True)
    naps.append(90 * SECOND)
    clock.now_us()
    assert (clock.turns, clock.state().ok) == (0, True)


def test_the_devices_are_asked_only_until_enough_agreed_and_again_after_a_step():
    machine = Machine()
    assert machine.clock.asks
    assert machine.hear("a").clock.asks
    assert machine.hear("b", "c").clock.asks  # how many there are is known after ten minutes
    assert not machine.go_on(10 * MINUTE).hear("b").clock.asks
    assert machine.set_wrong(DAY).clock.asks
    lonely = Machine().hear("a").go_on(2 * HOUR).hear("a")
    assert not lonely.clock.asks


@pytest.mark.parametrize(
    ("step_us", "told"),
    [(90 * SECOND, "90 s"), (HOUR, "60 min"), (DAY - SECOND, "1 day"), (3 * DAY + HOUR, "3 days"), (-DAY, "1 day")],
)
def test_the_state_tells_how_far_the_clock_is_off(step_us: int, told: str):
    detail = Machine().hear("a").set_wrong(step_us).clock.state().detail
    assert f", {told} {'ahead' if step_us > 0 else 'back'} of the time before" in detail


def test_the_state_tells_both_times_and_the_mend():
    machine = Machine().hear("a")
    assert machine.clock.state().detail == "2026-11-29 12:00:01 UTC; devices agree"
    detail = machine.set_wrong(DAY).clock.state().detail
    assert f"{to_datetime(machine.true_us + DAY):%Y-%m-%d %H:%M:%S} UTC, 1 day ahead of the time before" in detail
    assert detail.endswith("Set it right; if it is right, restart this process.")
    machine.synchronised = False
    assert "NTP" in machine.set_wrong(0).clock.state().detail
