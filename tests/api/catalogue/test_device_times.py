"""Whose time counts for the clock of a web process: that of devices, and not that of the gateway in their name."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.catalogue.following.device_times import DeviceTimes
from geodata.model.observation import Datastream, Flag, Observation, Quality
from geodata.runtime.steady_clock import SteadyClock
from geodata.store.catalogue.catalogue import Catalogue
from geodata.times import to_us

MOMENT = datetime(2026, 11, 29, 12, tzinfo=UTC)


def observation(flags: Flag = Flag.NONE) -> Observation:
    return Observation(7, MOMENT, 1.0, Quality.OK, flags)


@pytest.fixture
def catalogue() -> Catalogue:
    streams = {7: Datastream(id=7, device="climate-01", observed_property="air_temperature")}
    empty: dict[str, Any] = {field.name: {} for field in dataclasses.fields(Catalogue)}
    empty["datastreams"] = streams
    return Catalogue(**empty)


@pytest.fixture
def clock() -> SteadyClock:
    now_us = to_us(MOMENT + timedelta(seconds=1))
    return SteadyClock(lambda: now_us, lambda: 0, lambda: True)


def test_a_device_with_a_clock_is_heard_once_its_series_was_read(clock: SteadyClock, catalogue: Catalogue):
    times = DeviceTimes(clock)
    assert times.hear(catalogue, [observation()])  # a notification does not say whose time it tells
    assert not clock.confirmed
    times.note([observation()])
    assert not times.hear(catalogue, [observation()])
    assert clock.confirmed


def test_a_device_without_a_clock_has_no_voice(clock: SteadyClock, catalogue: Catalogue):
    times = DeviceTimes(clock)
    times.note([observation(Flag.TIME_OF_RECEIPT)])
    assert not times.hear(catalogue, [observation(Flag.TIME_OF_RECEIPT), observation()])
    assert not clock.confirmed
