"""When a device said nothing, and how well it is received."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from geodata.conditions.signal import Reception, SignalTrend, outlook
from geodata.conditions.silent_times import find, share_heard

START = datetime(2026, 11, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
END = START + 48 * HOUR
DAY = timedelta(days=1)


@given(st.sets(st.integers(0, 47)))
def test_every_hour_is_heard_or_silent_and_none_is_both(heard: set[int]) -> None:
    spans = find([START + hour * HOUR for hour in heard], START, END, timedelta(minutes=30))
    silent = {hour for hour in range(48) for span in spans if span.start <= START + hour * HOUR < span.end}
    assert silent == set(range(48)) - heard
    assert share_heard(spans, START, END) == 1 - len(silent) / 48


@given(st.sets(st.integers(0, 47)), st.integers(1, 10))
def test_no_span_is_within_the_patience(heard: set[int], hours: int) -> None:
    patience = hours * HOUR
    spans = find([START + hour * HOUR for hour in heard], START, END, patience)
    assert all(span.length > patience for span in spans)
    assert set(spans) <= set(find([START + hour * HOUR for hour in heard], START, END, timedelta()))


def _days(first: float, slope: float, count: int = 20) -> list[tuple[date, float]]:
    return [(date(2026, 11, 1) + i * DAY, first + slope * i + (i % 3) * 0.5) for i in range(count)]


def test_a_reception_that_falls_is_told_from_one_that_wavers() -> None:
    assert outlook(_days(-90, -0.6), is_strength=True).trend is SignalTrend.FALLING
    assert outlook(_days(-110, 0.6), is_strength=True).trend is SignalTrend.RISING
    assert outlook(_days(-90, 0), is_strength=True).trend is SignalTrend.STEADY
    assert outlook(_days(-90, -0.6, 4), is_strength=True).trend is SignalTrend.TOO_EARLY


def test_the_strength_is_put_into_words_and_the_noise_is_not() -> None:
    assert outlook(_days(-80, 0), is_strength=True).reception is Reception.GOOD
    assert outlook(_days(-105, 0), is_strength=True).reception is Reception.FAIR
    assert outlook(_days(-120, 0), is_strength=True).reception is Reception.WEAK
    assert outlook(_days(8, 0), is_strength=False).reception is None
    assert outlook([], is_strength=True).trend is SignalTrend.TOO_EARLY
