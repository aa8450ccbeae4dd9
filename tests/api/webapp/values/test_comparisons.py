"""Values beside earlier days and other stations: said only where the data carries it, and only what is true."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.catalogue.latest import LatestValue
from api.languages.texts import texts
from api.webapp.values.comparisons import LEAST_DAYS, Elsewhere, compare
from api.webapp.values.hours import Day, Past, days_of
from geodata.model.device import Device
from geodata.model.observation import Bucket, Quality
from geodata.model.properties import STANDARD_PROPERTIES

BERLIN, DE = ZoneInfo("Europe/Berlin"), texts("de")
NOW = datetime(2026, 11, 22, 11, 20, tzinfo=UTC)
TODAY = date(2026, 11, 22)
PROPERTIES = {prop.id: prop for prop in STANDARD_PROPERTIES}


def latest_of(prop: str, value: float | None, interval_s: int = 600) -> LatestValue:
    return LatestValue(
        observed_property=PROPERTIES[prop], device=Device(id="d", trail="t", interval_s=interval_s), value=value,
        measured_at=NOW, age_s=0, quality=Quality.OK, stale=False,
    )  # fmt: skip


def days(*lows: float, hours: int = 24) -> list[Day]:
    """Yesterday, the day before, and so on; each five higher at its highest."""
    return [Day(TODAY - timedelta(days=i), low, low + 5, hours) for i, low in enumerate(lows, start=1)]


def said(prop: str, value: float | None, past: Past, *others: Elsewhere, interval_s: int = 600) -> tuple[str, ...]:
    return compare(latest_of(prop, value, interval_s), past, others, NOW, BERLIN, DE)


def hour(ago: int, value: float) -> Bucket:
    start = NOW.replace(minute=0) - timedelta(hours=ago)
    return Bucket(start, 6, value, value, value, value, value)


def test_the_driest_value_of_twelve_days_says_so() -> None:
    past = Past((), days(*[21.0] * 12, 20.0, 30.0))
    assert said("soil_moisture", 20.4, past) == ("So trocken war der Boden hier seit 12 Tagen nicht.",)


@pytest.mark.parametrize(
    "past",
    [
        Past((), days(21, 21)),
        Past((), days(21, 20, 21, 21, 21)),
        Past((), days(*[21] * 9, hours=12)),
        Past((), days(*[21] * 9)[1:]),
        Past([hour(2, 19.0)], days(*[21] * 9)),
    ],
    ids=["two days", "reached the day before", "half of the hours", "nothing of yesterday", "drier this morning"],
)
def test_no_record_without_enough_whole_days_before_it(past: Past) -> None:
    assert said("soil_moisture", 20.0, past) == ()


def test_what_reads_as_the_same_number_is_no_record() -> None:
    assert said("soil_moisture", 20.6, Past((), days(*[21.4] * 9))) == ()


def test_a_device_that_reports_each_third_hour_covers_a_day_with_eight_values() -> None:
    past = Past((), days(*[21] * 4, hours=8))
    assert said("soil_moisture", 20, past, interval_s=10_800) == ("So trocken war der Boden hier seit 4 Tagen nicht.",)
    assert said("soil_moisture", 20, past) == ()


@given(st.lists(st.floats(0, 60), max_size=12), st.floats(0, 60))
def test_every_record_that_is_said_is_one(lows: list[float], value: float) -> None:
    sentences = said("soil_moisture", value, Past((), days(*lows)))
    counted = [int("".join(filter(str.isdigit, sentence))) for sentence in sentences]
    for count, sentence in zip(counted, sentences, strict=True):
        assert LEAST_DAYS <= count <= len(lows)
        before = lows[:count]
        if "trocken" in sentence:
            assert all(round(low) > round(value) for low in before)
        else:
            assert all(round(low + 5) < round(value) for low in before)


def test_the_station_that_differs_most_at_the_same_time_is_named() -> None:
    others = [Elsewhere(1, 11.2, NOW), Elsewhere(2, 9.0, NOW), Elsewhere(9, 30.0, NOW - timedelta(hours=2))]
    assert said("air_temperature", 7.0, Past(), *others) == ("4 Grad kühler als an Station 1",)
    assert said("air_temperature", 10.0, Past(), *others[:2]) == ()


def test_a_value_that_is_not_shown_is_compared_with_nothing() -> None:
    assert said("air_temperature", None, Past((), days(*[1] * 9)), Elsewhere(1, 20.0, NOW)) == ()


def test_days_are_those_of_the_place_also_when_the_clock_changes() -> None:
    start = datetime(2026, 10, 23, 22, tzinfo=UTC)  # midnight in Berlin; on 25 October it has 25 hours
    hours = [Bucket(start + timedelta(hours=i), 1, i, i, i, i, i) for i in range(24 * 4)]
    found = days_of(hours, datetime(2026, 10, 27, 12, tzinfo=UTC), BERLIN)
    assert [(day.day.day, day.hours, day.minimum) for day in found] == [(26, 24, 49), (25, 25, 24)]
