"""What the staff page says of a session of counting by hand that is not compared with its counter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from dashboards.counting.words import session_row
from geodata.model.counting.count_session import CountSession, CountTally
from geodata.model.counting.counter import Direction

BEGIN = datetime(2026, 11, 22, 10, tzinfo=UTC)
END = BEGIN + timedelta(minutes=45)


def session(counted: float | None) -> CountSession:
    return CountSession(
        id=UUID(int=1), device="counter", mounting=1, started_at=BEGIN, ended_at=END, counted_by="ute", note="",
        tallies=[CountTally(Direction.IN, 12, counted)], slices=[],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("ago", "count", "lacks"),
    [
        (timedelta(minutes=1), "Hinein: 12 gesehen, noch kein Vergleich", "in etwa zwei Stunden, sobald der Zähler"),
        (timedelta(hours=4), "Hinein: 12 gesehen, kein Vergleich", "Meldet er es noch nach, steht der Vergleich hier."),
        (timedelta(days=31), "Hinein: 12 gesehen, kein Vergleich", "Einen Vergleich kann es nicht mehr geben."),
    ],
)
def test_a_session_without_a_comparison_says_when_one_comes_or_that_none_can(
    ago: timedelta, count: str, lacks: str
) -> None:
    row = session_row(session(None), END + ago, UTC)
    assert row.counts == [count]
    assert lacks in row.lacks


def test_a_session_with_a_comparison_lacks_nothing() -> None:
    row = session_row(session(10.0), END + timedelta(days=31), UTC)
    assert (row.counts, row.lacks) == (["Hinein: 12 gesehen, 10 gezählt"], "")
