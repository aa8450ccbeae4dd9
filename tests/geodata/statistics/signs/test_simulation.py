"""A sign that nobody scans any more is told within three days, and hardly any other is: on few signs of each world.

The long form, which docs/statistics.md prints, is ``python -m tests.geodata.statistics.signs.simulation``.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.geodata.statistics.signs.oracle import most_power
from tests.geodata.statistics.signs.sign_worlds import WORLDS, SignWorld
from tests.geodata.statistics.signs.simulation import DAYS, days_until_told, false_alarms

SEED = 3000
BY_NAME = {world.name: world for world in WORLDS}
LATER = {
    "very strongly overdispersed": 5,
    "season": 6,
    "festivals": 5,
    "school classes": 5,
    "rain": 5,
    "a tenth of the scans is left": 6,
    "10 passes a day": 21,
}
"""By which day nine of ten are told in worlds where days tell less than in that of 60 passes and 8 % scans."""
UNSEEN = "half of the scans are left"
MOST_ALARMS = {"very strongly overdispersed": 1.5}
"""Where the share of those who scan differs by 70 % from day to day."""
PROMISED = [world for world in WORLDS if world.name not in {*LATER, UNSEEN}]


@pytest.mark.parametrize("world", PROMISED, ids=lambda world: world.name)
def test_of_ten_dead_signs_nine_are_told_within_three_days(world: SignWorld) -> None:
    told = days_until_told(world, np.random.default_rng(SEED), 100, most=DAYS)
    assert np.mean(told <= DAYS) >= 0.90


@pytest.mark.parametrize(("name", "day"), LATER.items())
def test_where_days_tell_less_nine_of_ten_are_told_some_days_later(name: str, day: int) -> None:
    told = days_until_told(BY_NAME[name], np.random.default_rng(SEED), 60, most=day)
    assert np.mean(told <= day) >= 0.90


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
def test_a_sign_in_order_is_called_silent_once_a_year_at_most(world: SignWorld) -> None:
    assert false_alarms(world, np.random.default_rng(SEED), 10) <= MOST_ALARMS.get(world.name, 1)


def test_nobody_could_tell_ten_passes_a_day_or_half_a_sign_in_three_days() -> None:
    for name in ("10 passes a day", UNSEEN):
        assert most_power(BY_NAME[name], np.random.default_rng(SEED), 1000, DAYS) < 0.4


def test_the_watch_finds_no_more_than_an_oracle_can() -> None:
    world = BY_NAME["very strongly overdispersed"]
    told = days_until_told(world, np.random.default_rng(SEED), 100, most=DAYS)
    assert np.mean(told <= DAYS) < most_power(world, np.random.default_rng(SEED), 2000, DAYS)
