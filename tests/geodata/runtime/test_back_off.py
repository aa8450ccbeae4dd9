"""How long is waited between tries of what fails."""

from __future__ import annotations

import pytest

from geodata.runtime.back_off import BackOff


def test_each_pause_is_twice_as_long_as_the_one_before_up_to_the_longest() -> None:
    pauses = BackOff(0.5, 3, spread=False)
    assert [pauses.next_s() for _ in range(5)] == [0.5, 1, 2, 3, 3]


def test_after_a_success_the_first_pause_comes_again() -> None:
    pauses = BackOff(0.5, 3, spread=False)
    pauses.next_s()
    pauses.next_s()
    pauses.reset()
    assert [pauses.next_s(), pauses.next_s()] == [0.5, 1]


def test_one_pause_can_be_skipped_and_the_next_is_the_first() -> None:
    pauses = BackOff(0.5, 3, spread=False)
    pauses.next_s()
    pauses.next_s()
    pauses.skip_next()
    assert [pauses.next_s(), pauses.next_s(), pauses.next_s()] == [0, 0.5, 1]


@pytest.mark.parametrize("tries", [1, 2, 9])
def test_pauses_of_many_are_spread_over_half_of_their_length(tries: int) -> None:
    lasts: list[float] = []
    for _ in range(200):
        pauses = BackOff(1, 8)
        lasts.append([pauses.next_s() for _ in range(tries)][-1])
    longest = min(8, 2 ** (tries - 1))
    assert longest / 2 <= min(lasts) < 0.7 * longest < 0.8 * longest < max(lasts) <= longest
