"""A part of a service begins its thread with start() and ends it with stop(), also one that hangs."""

from __future__ import annotations

import threading

import pytest

from geodata.runtime.background_part import BackgroundPart, stop_together
from geodata.runtime.worker import Worker, ended


class Listening(BackgroundPart):
    """Waits until it is stopped, as such parts do."""

    def __init__(self) -> None:
        super().__init__(Worker("listening", self._listen), ends_within_s=10)
        self.rounds = 0

    def _listen(self) -> None:
        self.rounds += 1
        self.stopping.wait()


class Hanging(BackgroundPart):
    """Does not look whether it is to stop."""

    def __init__(self) -> None:
        self.released = threading.Event()
        super().__init__(Worker("hanging", self._hang), ends_within_s=0.01)

    def _hang(self) -> None:
        self.released.wait()


def test_stop_ends_the_thread_and_leaves_none_that_counts_as_dead() -> None:
    part = Listening()
    part.start()
    assert part.worker.alive
    part.stop()
    assert not part.worker.alive
    assert part.rounds == 1
    assert ended([part.worker]) == []


def test_a_part_that_hangs_does_not_hold_up_the_end_of_the_process() -> None:
    part = Hanging()
    part.start()
    part.stop()
    assert part.worker.alive
    part.released.set()
    part.worker.join(10)
    assert not part.worker.alive


def test_a_part_that_was_never_started_may_be_stopped() -> None:
    part = Listening()
    part.stop()
    assert part.rounds == 0


def test_each_part_is_stopped_for_itself() -> None:
    one, other = Listening(), Listening()
    other.start()
    one.stop()
    assert other.worker.alive
    other.stop()


def test_parts_that_stop_together_are_all_asked_before_any_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = [Listening(), Listening(), Listening()]
    asked: list[bool] = []
    for part in parts:
        monkeypatch.setattr(part.worker, "join", lambda _: asked.append(all(each.stopping.is_set() for each in parts)))
        part.start()
    stop_together(parts)
    assert asked == [True, True, True]


def test_of_parts_that_hang_none_is_waited_for_once_more() -> None:
    parts = [Hanging(), Hanging()]
    waited: list[float] = []
    for part in parts:
        part.start()
    join = parts[1].worker.join
    parts[1].worker.join = waited.append  # pyright: ignore[reportAttributeAccessIssue]
    stop_together(parts)
    assert waited[0] < parts[1].ends_within_s / 2, "the first took all of the time"
    for part in parts:
        part.released.set()
    join(10)
    stop_together([])
