"""Until when a battery lasts, by simulated discharges."""

from __future__ import annotations

import math
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.conditions.battery import EMPTY_PERCENT, LEAST_DAYS, Charge, Outlook, forecast

TODAY = date(2026, 11, 30)
DAY = timedelta(days=1)


def discharge(random: Random, rate: float, days_left: int, days: int) -> list[Charge]:
    """A battery that is empty in ``days_left``: noise, cold nights, whole percents, and days without a word."""
    charges: list[Charge] = []
    for ago in range(days, -1, -1):
        if random.random() < 0.2:
            continue
        cold = 1.5 * math.sin(ago / 5)
        percent = EMPTY_PERCENT + rate * (days_left + ago) + cold + random.gauss(0, 1)
        charges.append((TODAY - ago * DAY, float(min(max(round(percent), 0), 100))))
    return charges


@pytest.mark.parametrize("rate", [0.5, 0.8, 1.2, 1.6])
@pytest.mark.parametrize("seed", range(20))
def test_thirty_days_ahead_the_end_is_known_within_a_fifth(rate: float, seed: int) -> None:
    found = forecast(discharge(Random(seed), rate, 30, min(90, int(80 / rate - 30))), TODAY)
    assert found.outlook is Outlook.FALLING
    assert found.empty_on is not None
    assert found.earliest is not None
    assert 24 <= (found.empty_on - TODAY).days <= 36, found
    assert found.earliest <= found.empty_on
    assert found.latest is None or found.latest >= found.empty_on


@given(st.integers(0, 6), st.floats(0.3, 3), st.integers(20, 90))
def test_of_a_few_days_nothing_is_said(days: int, rate: float, first: int) -> None:
    charges = [(TODAY - ago * DAY, first - rate * (days - ago)) for ago in range(days + 1) if ago < LEAST_DAYS]
    assert forecast(charges, TODAY).outlook is Outlook.TOO_EARLY


@given(st.randoms(use_true_random=False), st.floats(0.5, 1.5))
def test_the_order_and_doubles_of_charges_change_nothing(random: Random, rate: float) -> None:
    charges = discharge(random, rate, 30, 40)
    shuffled = charges + charges[: len(charges) // 2]
    random.shuffle(shuffled)
    assert forecast(shuffled, TODAY) == forecast(charges, TODAY)


@given(st.integers(0, 6), st.floats(0.5, 1.5))
def test_a_new_battery_begins_anew(days_ago: int, rate: float) -> None:
    old = [(day - (days_ago + 1) * DAY, percent) for day, percent in discharge(Random(3), rate, 10, 40)]
    new = [(TODAY - ago * DAY, 100.0 - rate * (days_ago - ago)) for ago in range(days_ago, -1, -1)]
    found = forecast(old + new, TODAY)
    assert found.outlook is Outlook.TOO_EARLY
    assert found.changed_on == TODAY - days_ago * DAY


@given(st.integers(4, 36), st.floats(-100, 100))
def test_one_wrong_value_moves_no_end_by_more_than_a_fifth(at: int, wrong: float) -> None:
    charges = [(TODAY - ago * DAY, 35.0 + ago) for ago in range(40, -1, -1)]
    day, percent = charges[at]
    charges[at] = (day, min(max(percent + wrong, 0.0), 100.0))
    found = forecast(charges, TODAY)
    assert found.changed_on is None
    assert found.empty_on is not None
    assert 24 <= (found.empty_on - TODAY).days <= 36


def test_a_battery_that_the_sun_fills_has_no_end() -> None:
    charges = [(TODAY - ago * DAY, 80 + 10 * math.sin(ago / 3)) for ago in range(50)]
    assert forecast(charges, TODAY).outlook is Outlook.STEADY


def test_an_empty_battery_is_empty_today() -> None:
    charges = [(TODAY - ago * DAY, max(ago * 1.0, 0)) for ago in range(30)]
    assert forecast(charges, TODAY).empty_on == TODAY


@given(st.lists(st.tuples(st.dates(date(2026, 9, 1), date(2026, 12, 24)), st.floats(0, 100)), max_size=80))
def test_the_days_stand_in_order_whatever_was_measured(charges: list[Charge]) -> None:
    found = forecast(charges, TODAY)
    if found.outlook is not Outlook.FALLING:
        assert found.empty_on is found.earliest is found.latest is None
        return
    assert found.empty_on is not None
    assert found.earliest is not None
    assert TODAY <= found.earliest <= found.empty_on
    assert found.latest is None or found.empty_on <= found.latest
