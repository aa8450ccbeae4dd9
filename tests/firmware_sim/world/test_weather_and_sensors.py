"""The simulated world stays within what occurs in Lemgo, hangs together, and is a pure function of seed and time."""

from __future__ import annotations

import statistics
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_sim.devices.sensors import Moment, World, can_measure, measure
from firmware_sim.fleet import load_fleet
from firmware_sim.world import ground
from firmware_sim.world.weather import DAY, HOUR, Weather, sun_elevation

FLEET = load_fleet()
NEW_YEAR = 1_767_225_600  # 2026-01-01T00:00:00Z
RANGES = {
    "air_temperature": (-20, 38),
    "air_humidity": (15, 100),
    "air_pressure": (955, 1040),
    "illuminance": (0, 100_000),
    "wind_gust": (0, 40),
    "rain": (0, 40),
    "soil_moisture": (8, 47),
    "soil_temperature": (-1, 24),
    "water_level": (50, 130),
    "surface_wetness": (0, 100),
    "battery_voltage": (2.9, 4.25),
    "battery_level": (5, 100),
    "rssi": (-125, -60),
    "snr": (-12, 13),
    "beacon_adverts": (10_800, 10_800),
    "passes_in_total": (0, 200_000),
    "passes_out_total": (0, 200_000),
}
TIMES = st.integers(NEW_YEAR - 300 * DAY, NEW_YEAR + 3 * 365 * DAY)


@pytest.fixture(scope="module")
def world() -> World:
    return World.of(1, FLEET)


@pytest.mark.parametrize("spec", FLEET.devices, ids=lambda spec: spec.id)
def test_every_sensor_stays_within_plausible_ranges_for_a_year(world: World, spec) -> None:
    step = 3 * HOUR
    for t in range(NEW_YEAR, NEW_YEAR + 365 * DAY, step):
        for name in spec.properties:
            low, high = RANGES[name]
            value = measure(Moment(world, spec, t - step, t), name)
            assert low <= value <= high, (name, t)


def test_the_fleet_measures_nothing_without_a_sensor_and_lacks_no_range() -> None:
    names = {name for spec in FLEET.devices for name in spec.properties}
    assert all(can_measure(name) for name in names)
    assert names == set(RANGES)


@settings(deadline=None)
@given(seed=st.integers(0, 2**32), times=st.lists(TIMES, min_size=2, max_size=6))
def test_a_moment_looks_the_same_whatever_was_asked_before(seed: int, times: list[int]) -> None:
    def looks(weather: Weather, t: int) -> tuple[float, ...]:
        return weather.air_temperature(t), ground.water_level(weather, t), weather.wind_gust(t)

    one, other = Weather(seed), Weather(seed)
    forwards = [looks(one, t) for t in times]
    backwards = [looks(other, t) for t in reversed(times)]
    assert forwards == backwards[::-1]


def test_another_seed_is_another_weather() -> None:
    assert Weather(1).air_temperature(NEW_YEAR) != Weather(2).air_temperature(NEW_YEAR)


def test_the_rain_of_a_year_is_that_of_lemgo() -> None:
    years = [Weather(seed).rain(NEW_YEAR, NEW_YEAR + 365 * DAY) for seed in range(8)]
    assert 650 < statistics.mean(years) < 1050


@settings(deadline=None)
@given(a=TIMES, b=TIMES, c=TIMES)
def test_rain_of_two_neighbouring_times_adds_up(a: int, b: int, c: int) -> None:
    a, b, c = sorted((a, a + abs(b) % (3 * DAY), a + abs(c) % (3 * DAY)))
    weather = Weather(3)
    assert weather.rain(a, b) + weather.rain(b, c) == pytest.approx(weather.rain(a, c), abs=1e-9)


def test_july_is_warmer_and_lighter_than_january(world: World) -> None:
    def mean(first_day: int, look) -> float:
        return statistics.mean(look(NEW_YEAR + first_day * DAY + hour * HOUR) for hour in range(30 * 24))

    weather = world.weather
    assert mean(181, weather.air_temperature) > mean(0, weather.air_temperature) + 10
    assert mean(181, sun_elevation) > mean(0, sun_elevation) + 25


def test_the_sun_stands_in_the_south_at_noon_as_high_as_it_does_in_lemgo() -> None:
    midsummer = NEW_YEAR + 171 * DAY
    assert max(sun_elevation(midsummer + minute * 60) for minute in range(1440)) == pytest.approx(61.4, abs=1.0)
    assert sun_elevation(midsummer) < 0


def test_soil_pond_and_boards_answer_to_a_heavy_shower() -> None:
    weather = Weather(1)
    shower = max(weather.showers(NEW_YEAR + 120 * DAY, NEW_YEAR + 270 * DAY), key=lambda each: each.amount_mm)
    before, after = shower.start - 60, shower.end + 60
    assert ground.surface_wetness(weather, after) > 90
    assert ground.soil_moisture(weather, after + 6 * HOUR) > ground.soil_moisture(weather, before) + 1
    assert ground.water_level(weather, after + DAY) > ground.water_level(weather, before)


def test_the_pond_moves_slowly(world: World) -> None:
    levels = [ground.water_level(world.weather, NEW_YEAR + hour * HOUR) for hour in range(365 * 24)]
    assert max(abs(b - a) for a, b in pairwise(levels)) < 3.0


def test_soil_is_damped_against_air(world: World) -> None:
    hours = [NEW_YEAR + 180 * DAY + hour * HOUR for hour in range(72)]
    air = [world.weather.air_temperature(t) for t in hours]
    soil = [ground.soil_temperature(world.weather, t) for t in hours]
    assert max(soil) - min(soil) < (max(air) - min(air)) / 2
