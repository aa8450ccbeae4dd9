"""Hours and minutes that something is kept for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from geodata.times import hour_of, minute_of

FULL = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.mark.parametrize(("count", "length"), [(hour_of, timedelta(hours=1)), (minute_of, timedelta(minutes=1))])
def test_an_hour_or_a_minute_is_the_same_to_its_last_moment_and_the_next_one_is_one_more(count, length) -> None:
    last = FULL + length - timedelta(microseconds=1)
    assert count(FULL) == count(last) == count(FULL - timedelta(microseconds=1)) + 1 == count(FULL + length) - 1
