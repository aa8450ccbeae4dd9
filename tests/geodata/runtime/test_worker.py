"""A worker goes on whatever its work raises."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from geodata.runtime.worker import Outage, Worker, ended, failing
from tests.fixtures.process.waiting import wait_until


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


def test_a_fault_in_what_follows_a_fault_does_not_end_the_work(stopping: threading.Event) -> None:
    turns = 0

    def work() -> None:
        nonlocal turns
        turns += 1
        raise ZeroDivisionError

    def tidy() -> None:
        raise KeyError("while tidying up")

    worker = Worker("tried", work, stopping, tidy, first_pause_s=0.001, longest_pause_s=0.001)
    with capture_logs() as logs:
        worker.start()
        wait_until(lambda: turns > 3, what="the work to go on")
        assert worker.alive
        stopping.set()
        worker.join(5)
    assert [line["fault"] for line in logs[:2]] == ["ZeroDivisionError", "KeyError"]


class NoUse(LookupError):
    pass


def test_what_cannot_be_mended_by_trying_again_ends_the_work_in_the_calling_thread(stopping: threading.Event) -> None:
    faults = [KeyError("once"), NoUse("for good")]

    def work() -> None:
        raise faults.pop(0)

    worker = Worker("tried", work, stopping, first_pause_s=0.001, fatal=(NoUse,))
    with pytest.raises(NoUse, match="for good"):
        worker.run()
    assert worker.faults == 1


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_is_gone_is_told_from_one_that_was_stopped(stopping: threading.Event) -> None:
    def leave() -> None:
        raise SystemExit

    def wait() -> None:
        stopping.wait()

    gone, stopped = Worker("gone", leave, stopping), Worker("stopped", wait, stopping)
    assert ended([gone, stopped]) == [], "neither has begun"
    gone.start()
    stopped.start()
    gone.join(5)
    assert ended([gone, stopped]) == ["gone"]
    stopping.set()
    stopped.join(5)
    assert ended([gone, stopped]) == []


def test_work_that_fails_over_and_over_is_told_until_it_returns(stopping: threading.Event) -> None:
    ends = iter([ZeroDivisionError("once"), None, KeyError("first"), ZeroDivisionError("second"), None])
    told: list[str] = []

    def work() -> None:
        told.append(failing([worker]))
        if (error := next(ends, OSError("the last"))) is not None:
            stopping.set() if isinstance(error, OSError) else None
            raise error

    worker = Worker("tried", work, stopping, first_pause_s=0.001)
    worker.run()
    assert ["fails over and over" in one for one in told] == [False, False, False, False, True, False]
    assert told[4].startswith("tried fails over and over: ZeroDivisionError, 2 times in 0 s")


def test_work_that_went_well_for_a_while_is_over_its_faults(
    stopping: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults = [KeyError(), KeyError()]

    def work() -> None:
        if faults:
            raise faults.pop()
        stopping.wait()

    worker = Worker("tried", work, stopping, first_pause_s=0.001)
    worker.start()
    wait_until(lambda: worker.faults == 2 and worker._begun_at < float("inf"), what="work that goes well")
    assert worker.failing is not None, "it may fail again at any moment"
    monkeypatch.setattr("geodata.runtime.worker._WELL_S", 0.0)
    assert worker.failing is None


def test_an_outage_is_no_fault_and_its_pause_grows_until_the_work_says_that_it_is_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[str] = []
    pauses: list[float] = []
    stopping = threading.Event()
    monkeypatch.setattr(stopping, "wait", pauses.append)

    def work() -> None:
        if len(told) == 4:
            worker.outage_is_over()
        if len(told) == 6:
            stopping.set()
        else:
            raise ConnectionError(str(len(told)))

    def tell(error: Exception) -> None:
        told.append(str(error))
        raise OSError("the log's disk is full")

    worker = Worker("tried", work, stopping, first_pause_s=1, longest_pause_s=3, outage=Outage((OSError,), tell))
    worker.run()
    assert told == ["0", "1", "2", "3", "4", "5"]
    assert all(whole / 2 <= pause <= whole for pause, whole in zip(pauses, (1, 2, 3, 3, 1, 2), strict=True))
    assert (worker.faults, worker.failing) == (0, None)
