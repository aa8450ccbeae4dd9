"""A worker goes on whatever its work raises."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from geodata.worker import Worker
from tests.fixtures.support import wait_until


@pytest.fixture
def stopping() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def test_work_goes_on_after_faults_and_each_kind_is_told_once_with_its_trace(stopping: threading.Event) -> None:
    turns = 0

    def work() -> None:
        nonlocal turns
        turns += 1
        if turns <= 3:
            raise ZeroDivisionError("unforeseen")
        if turns == 4:
            raise KeyError("another")
        stopping.wait(0.001)

    seen: list[int] = []
    worker = Worker("tried", work, stopping, lambda: seen.append(turns), first_pause_s=0.001)
    with capture_logs() as logs:
        worker.start()
        wait_until(lambda: turns > 6, what="the work to go on")
        stopping.set()
        worker.join(5)
    assert not worker.alive
    assert (worker.faults, seen) == (4, [1, 2, 3, 4])
    assert ["trace" in line for line in logs] == [True, False, False, True]
    assert "unforeseen" in logs[0]["trace"]


def test_a_worker_ends_during_its_pause(stopping: threading.Event) -> None:
    def work() -> None:
        raise OSError

    worker = Worker("tried", work, stopping, stopping.set, first_pause_s=3600)
    worker.start()
    worker.join(5)
    assert not worker.alive
