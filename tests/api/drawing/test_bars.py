"""Bars of counts: to scale from zero, with gaps and hidden periods that are no zeros."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from api.drawing import bars
from api.drawing.bars import BOTTOM, LEFT, RIGHT, TOP, BarKind, BarValue

_HIDDEN, _GAP = BarValue(BarKind.HIDDEN), BarValue(BarKind.GAP)
_VALUES = st.lists(
    st.one_of(
        st.builds(BarValue, st.sampled_from([BarKind.COUNTED, BarKind.PARTLY]), st.integers(0, 10**9)),
        st.sampled_from([_HIDDEN, _GAP]),
    ),
    min_size=1,
    max_size=60,
)


def _counted(count: int) -> BarValue:
    return BarValue(BarKind.COUNTED, count)


def test_bars_are_to_scale_from_the_zero_line() -> None:
    drawing = bars.draw([_counted(50), _counted(100), _counted(0)])
    assert drawing is not None
    half, whole, none = drawing.bars
    assert (half.height * 2, whole.height, none.height) == (BOTTOM - TOP, BOTTOM - TOP, 0)
    assert (drawing.top, drawing.highest) == (100, 1)


def test_a_gap_and_a_hidden_count_are_no_bars_and_neighbours_are_drawn_as_one() -> None:
    drawing = bars.draw([_counted(7), _GAP, _GAP, _HIDDEN, _counted(9), _GAP])
    assert drawing is not None
    slot = (RIGHT - LEFT) / 6
    assert len(drawing.bars) == 2
    assert drawing.gaps == ((LEFT + slot, 2 * slot), (LEFT + 5 * slot, slot))
    assert drawing.hidden == ((LEFT + 3 * slot, slot),)


def test_what_a_period_is_compared_with_has_the_same_scale_as_its_bar() -> None:
    drawing = bars.draw([_counted(50), _GAP], [100, None])
    assert drawing is not None
    assert drawing.top == 100
    assert drawing.marks == ((LEFT, TOP, (RIGHT - LEFT) / 2),)


def test_nothing_is_drawn_where_no_period_has_a_count() -> None:
    assert bars.draw([_GAP, _HIDDEN]) is None


def test_where_nobody_passed_no_bar_is_the_highest() -> None:
    drawing = bars.draw([_counted(0), _counted(0)])
    assert drawing is not None
    assert (drawing.top, drawing.highest) == (1, None)


@given(_VALUES)
def test_every_bar_lies_within_the_drawing_and_is_seen_unless_it_is_zero(values: list[BarValue]) -> None:
    drawing = bars.draw(values)
    counts = [value.count for value in values if value.count is not None]
    assert (drawing is None) == (not counts)
    if drawing is None:
        return
    assert drawing.top >= max(counts)
    assert drawing.top <= max(2.5 * max(counts), 1)
    for bar, count in zip(drawing.bars, counts, strict=True):
        assert LEFT <= bar.x <= bar.x + bar.width <= RIGHT + 0.2
        assert TOP <= bar.y <= BOTTOM
        assert (bar.height > 0) == (count > 0)
    covered = len(drawing.bars) + sum(
        round(width * len(values) / (RIGHT - LEFT)) for _, width in (*drawing.gaps, *drawing.hidden)
    )
    assert covered == len(values)
