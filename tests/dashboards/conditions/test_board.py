"""What the start page says of devices, in the right words and order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards import words
from dashboards.conditions import looks as conditions
from dashboards.conditions.board import midnight
from geodata.conditions import device_condition
from geodata.conditions.device_condition import Condition, common_silence
from geodata.model.device import Device
from geodata.model.observation import Observation, Quality, by_name
from geodata.model.properties import STANDARD_PROPERTIES

NOW = datetime(2026, 11, 22, 15, 20, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def _device(seen: timedelta | None, interval_s: int = 600) -> Device:
    return Device(
        id="pond", trail="stadtwald", interval_s=interval_s, last_seen_at=None if seen is None else NOW - seen
    )


def judge(device: Device, latest: dict[str, Observation], now: datetime) -> Condition:
    return device_condition.judge(device, latest, by_name(STANDARD_PROPERTIES), now)


def _latest(**values: float | None) -> dict[str, Observation]:
    return {
        name: Observation(1, NOW, value, Quality.MISSING if value is None else Quality.OK)
        for name, value in values.items()
    }


@pytest.mark.parametrize(
    ("seen", "interval_s", "condition"),
    [
        (None, 600, Condition.NEVER),
        (timedelta(minutes=30), 600, Condition.RUNNING),
        (timedelta(minutes=30, seconds=1), 600, Condition.SILENT),
        (timedelta(minutes=4), 10, Condition.RUNNING),
        (timedelta(minutes=6), 10, Condition.SILENT),
        (timedelta(hours=23), 8 * 3600, Condition.RUNNING),
        (timedelta(hours=25), 8 * 3600, Condition.SILENT),
    ],
)
def test_a_device_is_silent_after_three_missed_reports_but_not_before_five_minutes(
    seen: timedelta | None, interval_s: int, condition: Condition
) -> None:
    assert judge(_device(seen, interval_s), _latest(soil_moisture=1), NOW) is condition


RUBBISH = replace(_device(timedelta(minutes=1)), unusable_at=NOW - timedelta(minutes=1))
OLD = {"soil_moisture": Observation(1, NOW - timedelta(days=3), 7, Quality.OK)}
SUSPECT = {
    "soil_moisture": Observation(1, NOW, -127, Quality.SUSPECT),
    "battery_level": Observation(2, NOW, 90, Quality.OK),
}


@pytest.mark.parametrize(
    ("device", "latest", "condition"),
    [
        (RUBBISH, {}, Condition.UNUSABLE),
        (RUBBISH, OLD, Condition.UNUSABLE),
        (RUBBISH, _latest(soil_moisture=1), Condition.RUNNING),  # some of what it sends is good
        (replace(RUBBISH, unusable_at=NOW - timedelta(days=1)), OLD, Condition.RUNNING),  # brings forward what is old
        (replace(RUBBISH, last_seen_at=NOW - timedelta(days=1)), OLD, Condition.SILENT),
        (_device(timedelta()), SUSPECT, Condition.DOUBTFUL),
        (_device(timedelta()), SUSPECT | _latest(rain=1), Condition.RUNNING),
        (_device(timedelta()), SUSPECT | _latest(rssi=-90, snr=7), Condition.DOUBTFUL),
        (_device(timedelta()), SUSPECT | _latest(beacon_adverts=600), Condition.RUNNING),  # what a beacon is for
        (_device(timedelta()), SUSPECT | _latest(rain=None), Condition.FAILED),
        (_device(timedelta()), {}, Condition.WAITING),
        (replace(_device(None), registered_at=NOW - timedelta(hours=23)), {}, Condition.WAITING),
        (replace(_device(None), registered_at=NOW - timedelta(hours=25)), {}, Condition.NEVER),
    ],
)
def test_a_device_runs_only_when_what_it_sends_is_of_use(
    device: Device, latest: dict[str, Observation], condition: Condition
) -> None:
    assert judge(device, latest, NOW) is condition


SILENT_NOW = (_device(timedelta(hours=2)), Condition.SILENT)


@pytest.mark.parametrize(
    ("others", "is_common"),
    [
        ([SILENT_NOW], True),
        ([SILENT_NOW, (_device(None), Condition.WAITING)], True),
        ([], False),
        ([(_device(None), Condition.NEVER)], False),
        ([SILENT_NOW, (_device(timedelta()), Condition.RUNNING)], False),
        ([SILENT_NOW, (_device(timedelta()), Condition.UNUSABLE)], False),
    ],
)
def test_silence_is_common_where_every_device_that_was_heard_is_silent(
    others: list[tuple[Device, Condition]], is_common: bool
) -> None:
    found = common_silence([(_device(timedelta(hours=1)), Condition.SILENT), *others])
    assert (found is not None) is is_common
    if found is not None:
        assert (found.devices, found.since, found.everywhere) == (2, NOW - timedelta(hours=1), True)


def test_every_condition_has_its_words() -> None:
    assert set(conditions.LOOKS) == set(Condition)
    for condition in Condition:
        assert conditions.next_action(condition, "Pegel", seen="seit gestern still", battery="7 %").startswith(
            "Pegel: "
        )
        assert conditions.summary([condition])


def test_the_worst_condition_wins() -> None:
    weak_and_failed = _latest(battery_level=10, soil_moisture=None)
    assert judge(_device(timedelta(days=2)), weak_and_failed, NOW) is Condition.SILENT
    assert judge(_device(timedelta()), weak_and_failed, NOW) is Condition.FAILED
    assert judge(_device(timedelta()), _latest(battery_level=25, soil_moisture=1), NOW) is Condition.BATTERY
    assert judge(_device(timedelta()), _latest(battery_level=26, soil_moisture=1), NOW) is Condition.RUNNING


@pytest.mark.parametrize(
    ("passed", "text"),
    [
        (timedelta(seconds=59), "gerade eben"),
        (timedelta(seconds=-30), "gerade eben"),
        (timedelta(minutes=6), "vor 6\u00a0min"),
        (timedelta(minutes=59, seconds=59), "vor 59\u00a0min"),
        (timedelta(hours=2), "heute, 14:20 Uhr"),
        (timedelta(hours=24), "gestern, 16:20 Uhr"),
        (timedelta(days=10), "12. November, 16:20 Uhr"),
        (timedelta(days=365), "22. November 2025, 16:20 Uhr"),
    ],
)
def test_times_are_said_as_people_say_them(passed: timedelta, text: str) -> None:
    assert words.ago(NOW - passed, NOW, BERLIN) == text


@pytest.mark.parametrize(
    ("passed", "text"),
    [
        (timedelta(hours=2), "seit 14:20 Uhr"),
        (timedelta(hours=24), "seit gestern, 16:20 Uhr"),
        (timedelta(days=10), "seit 12. November"),
    ],
)
def test_silence_is_counted_from_the_last_message(passed: timedelta, text: str) -> None:
    assert words.since(NOW - passed, NOW, BERLIN) == text


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(1284, 0, "1.284"), (-3.456, 1, "−3,5"), (-0.04, 1, "0,0"), (0.5, 0, "0"), (1234567.891, 2, "1.234.567,89")],
)
def test_numbers_are_german(value: float, decimals: int, text: str) -> None:
    assert words.number(value, decimals) == text


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2026-03-29T12:00Z", "2026-03-28T23:00Z"), ("2026-10-25T12:00Z", "2026-10-24T22:00Z")],
)
def test_today_begins_at_local_midnight_also_when_the_clock_changes(day: str, expected: str) -> None:
    assert midnight(datetime.fromisoformat(day), BERLIN) == datetime.fromisoformat(expected)


@given(st.one_of(st.text(), st.binary()))
def test_no_text_from_outside_turns_the_page_around_or_hides_itself(text: str | bytes) -> None:
    shown = words.foreign(text)
    assert all(c in "\n\t" or c.isprintable() or c.isspace() for c in shown)
    assert not set("\u202e\u2066\u200b\ufeff\x00\x1b") & set(shown)


def test_a_foreign_text_is_bounded() -> None:
    assert len(words.foreign("a" * 100_000)) < 5000


@pytest.mark.parametrize(
    ("value", "text"), [(1284, "1.284"), (1e308, "1E308"), (-2.5e300, "\u22122,5E300"), (1e-308, "0")]
)
def test_a_number_of_any_size_can_be_shown(value: float, text: str):
    assert words.number(value) == text


def test_the_worst_condition_of_a_station_is_that_which_needs_somebody_most() -> None:
    assert Condition.worst([Condition.RUNNING, Condition.BATTERY, Condition.WAITING]) is Condition.BATTERY
    assert Condition.worst(reversed(Condition)) is Condition.NEVER
    assert Condition.worst([]) is None
