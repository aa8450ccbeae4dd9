"""Seven days drawn: gaps where nothing was measured, bars for amounts, and a scale that holds every value."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from api.drawing import week
from geodata.model.observation import Bucket

START = datetime(2026, 11, 16, tzinfo=UTC)


def hours(values: dict[int, float]) -> dict[int, Bucket]:
    return {i: Bucket(START + timedelta(hours=i), 1, v, v, v, v, v) for i, v in values.items()}


def test_hours_without_a_value_are_gaps_and_break_the_line() -> None:
    drawn = week.draw(hours({i: 5.0 + i for i in range(20) if i not in {7, 8, 12}}), 19, None, decimals=1)
    assert drawn is not None
    assert [(x - week.LEFT + 1, width) for x, width in drawn.gaps] == [(14, 4), (24, 2)]
    assert drawn.path.count("M") == 3
    patient = week.draw(hours(dict.fromkeys(range(0, 20, 3), 5.0)), 18, None, decimals=1, usual_gap=3)
    assert patient is not None
    assert (patient.gaps, patient.path.count("M")) == ((), 1)


def test_zero_is_drawn_where_values_lie_on_both_sides_of_it() -> None:
    drawn = week.draw(hours({0: -4.0, 1: 4.0}), 1, None, decimals=1)
    assert drawn is not None
    assert drawn.zero_y == (week.TOP + week.BOTTOM) // 2
    above = week.draw(hours({0: 1.0, 1: 4.0}), 1, None, decimals=1)
    assert above is not None
    assert above.zero_y is None


def test_amounts_are_bars_that_stand_on_zero() -> None:
    drawn = week.draw(hours({0: 0.0, 1: 4.0, 2: 2.0}), 2, None, decimals=1, amounts=True)
    assert drawn is not None
    assert (drawn.low, drawn.high) == (0.0, 4.0)
    assert drawn.path == f"M14 {week.BOTTOM}V{week.TOP}M16 {week.BOTTOM}V{(week.TOP + week.BOTTOM) // 2}"


@given(st.dictionaries(st.integers(0, 168), st.floats(-1e6, 1e6), min_size=1), st.floats(-1e6, 1e6) | st.none())
def test_every_point_is_within_the_drawing_and_the_latest_is_its_end(
    values: dict[int, float], latest: float | None
) -> None:
    upto = max(values)
    drawn = week.draw(hours(values), upto, latest, decimals=1)
    assert drawn is not None
    y = 0
    for step, first, second in re.findall(r"([Ml])(-?\d+) (-?\d+)", drawn.path):
        y = int(second) if step == "M" else y + int(second)
        assert week.TOP <= y <= week.BOTTOM
        assert first
    assert drawn.low <= min(values.values())
    assert drawn.high >= max(v for i, v in values.items() if i != upto or latest is None) if len(values) > 1 else True
    if latest is not None:
        assert drawn.end == (week.LEFT + upto * week.STEP, y)
        assert drawn.low <= latest <= drawn.high
