"""A lock after too many attempts lasts as long as it lasts, whatever the wall clock is set to meanwhile."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from dashboards import accounts
from dashboards.throttle import LoginThrottle
from geodata.store.database import Database
from tests.dashboards.office import PASSWORD, hire

NAME, HOME, ELSEWHERE = "anna", "192.0.2.7", "198.51.100.1"
QUARTER_S = 15 * 60


class Clocks:
    """One that nobody can set, and one that jumps."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.elapsed_s, self.wall_s = 1000.0, 1.8e9
        monkeypatch.setattr(time, "time", lambda: self.wall_s)

    def pass_by(self, seconds: float) -> None:
        self.elapsed_s += seconds
        self.wall_s += seconds

    def throttle(self) -> LoginThrottle:
        return LoginThrottle(lambda: self.elapsed_s)


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Clocks:
    return Clocks(monkeypatch)


def lock(throttle: LoginThrottle) -> None:
    assert [throttle.allow(NAME, HOME) for _ in range(11)] == [True] * 10 + [False]


def test_a_clock_set_forward_releases_no_lock(clocks: Clocks) -> None:
    throttle = clocks.throttle()
    lock(throttle)
    clocks.wall_s += 86_400
    assert not throttle.allow(NAME, HOME)
    clocks.pass_by(QUARTER_S - 1)
    assert not throttle.allow(NAME, HOME)


def test_the_wait_that_is_told_is_the_wait_that_is_needed(clocks: Clocks) -> None:
    throttle = clocks.throttle()
    assert sum(throttle.allow(NAME, f"192.0.2.{i}") for i in range(100)) == 100
    clocks.pass_by(60.5)
    wait_s = throttle.wait_s(NAME, ELSEWHERE)
    assert wait_s == 3540, "the account's own hour, not the quarter of an address"
    clocks.pass_by(wait_s - 1)
    assert not throttle.allow(NAME, ELSEWHERE)
    clocks.pass_by(1)
    assert throttle.wait_s(NAME, ELSEWHERE) == 0
    assert throttle.allow(NAME, ELSEWHERE)


def test_a_clock_set_back_keeps_no_lock(clocks: Clocks) -> None:
    throttle = clocks.throttle()
    lock(throttle)
    clocks.wall_s -= 86_400
    clocks.pass_by(QUARTER_S)
    lock(throttle)


def test_the_window_moves_with_each_attempt(clocks: Clocks) -> None:
    throttle = clocks.throttle()
    for _ in range(10):
        assert throttle.allow(NAME, HOME)
        clocks.pass_by(60)
    assert not throttle.allow(NAME, HOME)
    clocks.pass_by(5 * 60)  # the first of the ten is a quarter of an hour old
    assert throttle.allow(NAME, HOME)
    assert not throttle.allow(NAME, HOME)


def test_slips_before_a_right_password_no_longer_count_and_new_ones_do(clocks: Clocks) -> None:
    throttle = clocks.throttle()
    for _ in range(9):
        assert throttle.allow(NAME, HOME)
    throttle.forgive(NAME, HOME)
    clocks.pass_by(QUARTER_S - 1)
    lock(throttle)
    clocks.pass_by(2)  # those that were forgiven are over, the others are not
    assert not throttle.allow(NAME, HOME)


def test_many_addresses_guess_one_account_a_hundred_times_an_hour(clocks: Clocks) -> None:
    throttle = clocks.throttle()
    assert sum(throttle.allow(NAME, f"192.0.2.{i}") for i in range(200)) == 100
    assert not throttle.allow(NAME, ELSEWHERE)
    clocks.pass_by(3600)
    assert throttle.allow(NAME, ELSEWHERE)


def test_what_is_long_over_takes_no_memory(clocks: Clocks) -> None:
    throttle = clocks.throttle()
    for i in range(1000):
        throttle.allow(f"guess-{i}", f"2001:db8::{i:x}")
    clocks.pass_by(3600)
    throttle.allow(NAME, HOME)
    windows = (throttle._address, throttle._account_from_address, throttle._account)
    assert [(len(window._taken), len(window._order)) for window in windows] == [(1, 1)] * 3


def test_a_session_begun_while_the_clock_was_ahead_ends_when_it_is_set_right(database: Database) -> None:
    hire(database, NAME)
    now = datetime.now(UTC)
    signed_in = accounts.sign_in(database, NAME, PASSWORD, now + timedelta(days=3650))
    assert signed_in is not None
    assert accounts.find(database, signed_in.token, now, used=True) is None


def test_a_clock_that_is_set_back_a_little_ends_no_session(database: Database) -> None:
    hire(database, NAME)
    now = datetime.now(UTC)
    signed_in = accounts.sign_in(database, NAME, PASSWORD, now)
    assert signed_in is not None
    assert accounts.find(database, signed_in.token, now - timedelta(minutes=59), used=True) is not None
