"""A lock after too many attempts lasts as long as it lasts, whatever the wall clock is set to meanwhile."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from api.limits.visitor_network import network_of
from dashboards.access import accounts
from dashboards.access.throttle import Admission, LoginThrottle
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


def allow(throttle: LoginThrottle, name: str, address: str) -> bool:
    return throttle.admit(name, address).wait_s == 0


def lock(throttle: LoginThrottle) -> None:
    assert [allow(throttle, NAME, HOME) for _ in range(11)] == [True] * 10 + [False]


def test_a_clock_set_forward_releases_no_lock(clocks: Clocks) -> None:
    throttle = clocks.throttle()
    lock(throttle)
    clocks.wall_s += 86_400
    assert not allow(throttle, NAME, HOME)
    clocks.pass_by(QUARTER_S - 1)
    assert not allow(throttle, NAME, HOME)


def test_the_wait_that_is_told_is_the_wait_that_is_needed(clocks: Clocks) -> None:
    throttle = clocks.throttle()
    lock(throttle)
    clocks.pass_by(60.5)
    wait_s = throttle.admit(NAME, HOME).wait_s
    assert wait_s == 840
    clocks.pass_by(wait_s - 1)
    assert not allow(throttle, NAME, HOME)
    clocks.pass_by(1)
    assert allow(throttle, NAME, HOME)


def test_a_clock_set_back_keeps_no_lock(clocks: Clocks) -> None:
    throttle = clocks.throttle()
    lock(throttle)
    clocks.wall_s -= 86_400
    clocks.pass_by(QUARTER_S)
    lock(throttle)


def test_the_window_moves_with_each_attempt(clocks: Clocks) -> None:
    throttle = clocks.throttle()
    for _ in range(10):
        assert allow(throttle, NAME, HOME)
        clocks.pass_by(60)
    assert not allow(throttle, NAME, HOME)
    clocks.pass_by(5 * 60)  # the first of the ten is a quarter of an hour old
    assert allow(throttle, NAME, HOME)
    assert not allow(throttle, NAME, HOME)


def test_slips_before_a_right_password_no_longer_count_and_new_ones_do(clocks: Clocks) -> None:
    throttle = clocks.throttle()
    for _ in range(9):
        assert allow(throttle, NAME, HOME)
    throttle.forgive(NAME, HOME)
    clocks.pass_by(QUARTER_S - 1)
    lock(throttle)
    clocks.pass_by(2)  # those that were forgiven are over, the others are not
    assert not allow(throttle, NAME, HOME)


def test_the_owner_gets_in_from_a_fresh_network_whatever_others_try(clocks: Clocks) -> None:
    throttle = clocks.throttle()
    for guess in range(5000):
        allow(throttle, NAME, f"198.{guess % 200}.{guess // 200}.7")
    assert throttle.admit(NAME, ELSEWHERE) == Admission(delay_s=2.0), "slowed, not refused"
    throttle.forgive(NAME, ELSEWHERE)
    assert throttle.admit(NAME, ELSEWHERE) == Admission(), "where the owner has been nothing is slowed"


def test_strangers_have_few_tries_at_an_account_that_many_guess_at(clocks: Clocks) -> None:
    throttle = clocks.throttle()
    throttle.forgive(NAME, HOME)
    for number in range(100):
        assert throttle.admit(NAME, f"203.0.113.{number}") == Admission()
    assert [throttle.admit(NAME, ELSEWHERE).wait_s for _ in range(4)] == [0, 0, 0, 900]
    lock(throttle)  # the owner's own ten, at a network of before
    clocks.pass_by(3600)
    assert throttle.admit(NAME, ELSEWHERE) == Admission()


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("session 7", "session 7"),
    ],
)
def test_all_addresses_that_one_guest_has_are_one_network(address: str, network: str) -> None:
    assert network_of(address) == network


def test_an_ipv6_guest_with_fresh_addresses_is_one_guest(clocks: Clocks) -> None:
    throttle = clocks.throttle()
    assert sum(allow(throttle, NAME, f"2001:db8::{i:x}") for i in range(50)) == 10


def test_no_more_networks_are_remembered_than_the_bound(clocks: Clocks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboards.access.throttle.REMEMBERED", 2)
    throttle = clocks.throttle()
    for number in range(3):
        throttle.forgive(NAME, f"192.0.2.{number}")
    for number in range(200):
        throttle.admit(NAME, f"198.51.100.{number}")
    slowed = [throttle.admit(NAME, f"192.0.2.{number}").delay_s > 0 for number in range(3)]
    assert slowed == [True, False, False]


def test_what_is_long_over_takes_no_memory(clocks: Clocks) -> None:
    throttle = clocks.throttle()
    for i in range(1000):
        allow(throttle, f"guess-{i}", f"2001:db8::{i:x}")
    clocks.pass_by(3600)
    allow(throttle, NAME, HOME)
    windows = (throttle._network, throttle._account_from_network, throttle._account)
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
