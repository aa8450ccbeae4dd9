"""What repeats is told in few lines that add up exactly, whatever comes under whatever names."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from geodata.runtime.repeats import Repeats

MOST = 3


class Log:
    """What was told, and in how many lines."""

    def __init__(self, most: int = MOST) -> None:
        self.lines: list[tuple[str | None, int, float | None]] = []
        self.repeats: Repeats[str] = Repeats(lambda *line: self.lines.append(line), most=most)

    @property
    def sums(self) -> Counter[str | None]:
        found: Counter[str | None] = Counter()
        for key, count, _ in self.lines:
            found[key] += count
        return found


EVENTS = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.floats(0, 5000), st.integers(1, 9)), max_size=80)


@given(EVENTS)
def test_what_is_told_adds_up_to_what_came_and_few_names_are_remembered(events: list[tuple[str, float, int]]) -> None:
    log, now, came = Log(), 0.0, Counter[str]()
    for key, pause, count in events:
        now += pause
        log.repeats.note(key, now, count)
        came[key] += count
        assert len(log.repeats) <= MOST + 1
    log.repeats.end(now)
    assert log.sums.total() == came.total()
    assert all(log.sums[key] <= came[key] for key in came)
    assert len(log.repeats) == 0


@given(EVENTS)
def test_with_room_for_all_names_each_adds_up_by_itself(events: list[tuple[str, float, int]]) -> None:
    log, now, came = Log(most=8), 0.0, Counter[str | None]()
    for key, pause, count in events:
        now += pause
        log.repeats.note(key, now, count)
        came[key] += count
    log.repeats.end(now)
    assert log.sums == came


def test_the_first_is_told_at_once_and_a_day_of_ten_a_second_in_thirty_lines() -> None:
    log = Log()
    for tenth in range(864_000):
        log.repeats.note("tor", tenth / 10)
        if tenth == 0:
            assert log.lines == [("tor", 1, None)]
    assert len(log.lines) <= 30
    assert [round(seconds or 0) for _, _, seconds in log.lines[:8]] == [0, 60, 120, 240, 480, 960, 1920, 3600]
    log.repeats.end(86_400)
    assert log.sums["tor"] == 864_000


def test_what_did_not_come_for_its_time_is_told_at_once_again() -> None:
    log = Log()
    for second in (0, 10, 20, 200, 200.5):
        log.repeats.note("tor", second)
    assert log.lines == [("tor", 1, None), ("tor", 2, 190.0)]
    log.repeats.look(1000)
    log.repeats.note("tor", 2000)
    assert log.lines[2:] == [("tor", 2, 800.0), ("tor", 1, None)]


def test_a_sum_is_told_when_it_is_due_though_nothing_comes_any_more() -> None:
    log = Log()
    log.repeats.note("tor", 0)
    log.repeats.note("tor", 1)
    log.repeats.look(59.9)
    assert len(log.lines) == 1
    log.repeats.look(60)
    assert log.lines[1:] == [("tor", 1, 59.0)]


def test_made_up_names_are_summed_and_take_no_memory() -> None:
    log = Log()
    for number in range(10_000):
        log.repeats.note(f"made-up-{number}", number / 1000)
    assert len(log.repeats) == MOST + 1
    assert [key for key, _, _ in log.lines] == ["made-up-0", "made-up-1", "made-up-2", None]
    log.repeats.end(10)
    assert log.sums[None] == 10_000 - MOST
