"""How long counters of a station were silent in a day, against a count of every single second."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.figures.publishing import calendar
from geodata.model.counting.counter import CountFlag
from geodata.store.database import Database
from geodata.store.figures import counts
from geodata.store.figures.counts import Silence
from geodata.store.transaction import Transaction
from tests.geodata.figures.publishing.town import counter, found

ZONE = "Europe/Berlin"
SPRING, AUTUMN, USUAL = date(2026, 3, 29), date(2026, 10, 25), date(2026, 6, 10)
HOUR = 3600


@dataclass(frozen=True, slots=True)
class Channel:
    """Silences of a channel, begin and end in seconds after the begin of the day, and the hours it says more of."""

    silences: Sequence[tuple[int, int]]
    heard: frozenset[int] = frozenset()

    @property
    def hours(self) -> set[int]:
        """The hours of which it says anything."""
        touched = {hour for begin, end in self.silences for hour in range(begin // HOUR, (end - 1) // HOUR + 1)}
        return touched | self.heard


def _channel(edges: list[int], heard: set[int]) -> Channel:
    edges = sorted(set(edges))
    return Channel(list(zip(edges[::2], edges[1::2], strict=False)), frozenset(heard))


CHANNELS = st.lists(
    st.builds(
        _channel,
        st.lists(st.integers(-50 * HOUR, 75 * HOUR), max_size=8),
        st.sets(st.integers(-2, 26), max_size=24),
    ),
    min_size=1,
    max_size=4,
)


def second_by_second(channels: Sequence[Channel], hours: int) -> float:
    """Hours in which they are silent: of each second the share of those that say anything of its hour."""
    silent = np.zeros((len(channels), hours * HOUR), dtype=bool)
    says = np.zeros((len(channels), hours * HOUR), dtype=bool)
    for row, channel in enumerate(channels):
        for begin, end in channel.silences:
            silent[row, max(begin, 0) : max(end, 0)] = True
        for hour in channel.hours:
            says[row, max(hour, 0) * HOUR : max(hour + 1, 0) * HOUR] = True
    saying = says.sum(axis=0)
    return float((silent.sum(axis=0)[saying > 0] / saying[saying > 0]).sum() / HOUR)


def write(connection: Transaction, number: int, start: datetime, channel: Channel) -> None:
    """Have the channel with this number be so from ``start`` on; nobody passed."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO passes_hour (channel, hour, passes, covered_s, flags) VALUES (%s, %s, 0, 0, 0)",
            [(number, start + timedelta(hours=hour)) for hour in sorted(channel.hours)],
        )
        cursor.executemany(
            "INSERT INTO counter_silence (channel, starts_at, ends_at, passes) VALUES (%s, %s, %s, 0)",
            [(number, *(start + timedelta(seconds=edge) for edge in silence)) for silence in channel.silences],
        )


@pytest.fixture
def numbers(database: Database) -> tuple[str, list[int]]:
    """A station, and the channels of four counters that hang there."""
    code, *others = found(database, {"pfad": 4})["pfad"]
    with database.transaction() as connection:
        channels = [counter(connection, "pfad", each) for each in (code, *others)]
        connection.execute("UPDATE counter_mounting SET station = %s", [code])
    return code, channels


@pytest.mark.parametrize("day", [SPRING, AUTUMN, USUAL])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(channels=CHANNELS)
def test_silences_of_a_day_are_what_a_count_of_every_second_says(
    database: Database, numbers: tuple[str, list[int]], day: date, channels: list[Channel]
) -> None:
    code, ids = numbers
    start, hours = calendar.hours(day, ZONE)
    with database.transaction() as connection, connection.transaction(force_rollback=True):
        for number, channel in zip(ids, channels, strict=False):
            write(connection, number, start, channel)
        said = counts.silences(connection, [code], start, start + timedelta(hours=hours))
    expected = second_by_second(channels, hours)
    assert said.get(code, Silence()).hours == pytest.approx(expected, abs=1e-6)


def test_a_silence_is_at_least_on_each_day_that_it_touches_and_on_no_other(
    database: Database, numbers: tuple[str, list[int]]
) -> None:
    code, (number, *_) = numbers
    start, _ = calendar.hours(USUAL, ZONE)
    silence = Channel([(20 * HOUR, 50 * HOUR)], frozenset(range(-24, 96)))
    with database.transaction() as connection:
        write(connection, number, start, silence)
        connection.execute("UPDATE counter_silence SET flags = %s", [int(CountFlag.AT_LEAST | CountFlag.RESET)])
        found = [
            counts.silences(connection, [code], begin, begin + timedelta(days=1))[code]
            for begin in (start + timedelta(days=day) for day in range(-1, 4))
        ]
    assert [each.hours for each in found] == [0, 4, 24, 2, 0]
    assert [each.at_least for each in found] == [False, True, True, True, False]


def test_where_nothing_is_said_there_is_no_silence(database: Database, numbers: tuple[str, list[int]]) -> None:
    start = datetime(2026, 6, 10, tzinfo=UTC)
    with database.transaction() as connection:
        assert counts.silences(connection, [numbers[0]], start, start + timedelta(days=1)) == {}
