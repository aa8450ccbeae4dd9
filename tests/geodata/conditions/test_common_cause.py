"""Devices that fell silent together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from geodata.conditions.common_cause import AT_LEAST, fell_silent_together
from geodata.conditions.device_condition import Condition
from geodata.model.device import Device

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def _device(number: int, ago_min: int, trail: str = "stadtwald") -> Device:
    return Device(id=f"d-{number}", trail=trail, last_seen_at=NOW - timedelta(minutes=ago_min))


def test_three_that_fell_silent_within_one_report_have_one_cause() -> None:
    devices = [_device(1, 600), _device(2, 605), _device(3, 612), _device(4, 3000)]
    (found,) = fell_silent_together([(device, Condition.SILENT) for device in devices])
    assert {device.id for device in found.devices} == {"d-1", "d-2", "d-3"}
    assert found.since == devices[0].last_seen_at


def test_two_or_those_of_two_trails_have_none() -> None:
    pairs = [(_device(1, 600), Condition.SILENT), (_device(2, 601), Condition.SILENT)]
    assert fell_silent_together(pairs) == []
    assert fell_silent_together([*pairs, (_device(3, 602, "steinberg"), Condition.SILENT)]) == []
    assert fell_silent_together([*pairs, (_device(3, 602), Condition.BATTERY)]) == []


@given(st.lists(st.tuples(st.integers(40, 2000), st.sampled_from(["a", "b"])), max_size=30), st.randoms())
def test_each_device_is_in_one_group_at_most_whatever_their_order(seen: list[tuple[int, str]], random: Random) -> None:
    pairs = [(_device(i, ago, trail), Condition.SILENT) for i, (ago, trail) in enumerate(seen)]
    found = fell_silent_together(pairs)
    named = [device.id for group in found for device in group.devices]
    assert len(named) == len(set(named))
    for group in found:
        assert len(group.devices) >= AT_LEAST
        assert {device.trail for device in group.devices} == {group.trail}
    random.shuffle(pairs)
    assert fell_silent_together(pairs) == found
