"""A thread that does its work over and over until it is stopped, whatever the work raises.

A thread that ended with an exception is missed by nobody until its figures are: here what nobody foresaw is logged, the
work begins anew after a pause, and the next fault of the same kind is only counted. Work that fails over and over is
told by whoever asks how it is. An outage that the work foresees is no fault: only the pause is the same.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

import structlog

from geodata.runtime.back_off import BackOff
from geodata.runtime.fault_log import FaultLog

_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 30.0
_WELL_S = 60.0
"""Work that went well for so long, or returned, begins with the shortest pause again, and is over its faults."""
_OVER_AND_OVER = 2
"""One fault is got over within a second: nobody is called for it."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Failing:
    """Faults without an end yet: how many in a row, the kind of the last, when the first was (monotonic seconds)."""

    times: int
    fault: str
    since: float


@dataclass(frozen=True, slots=True)
class Outage:
    """What a work foresees, such as a database that is away: exceptions of these ``kinds``; ``tell`` is given each."""

    kinds: tuple[type[Exception], ...]
    tell: Callable[[Exception], None]


class Worker:
    """Calls ``work`` again and again; it should return soon after ``stopping`` is set, which may be given.

    start() does so in a daemon thread, run() in the calling one. ``after_fault`` is called there for each exception
    that ``work`` lets through. ``faults`` counts them. Exceptions in ``fatal`` are raised: a new try changes nothing.
    Those of an ``outage`` are no faults.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[], None],
        stopping: threading.Event | None = None,
        after_fault: Callable[[], None] = lambda: None,
        *,
        first_pause_s: float = _FIRST_PAUSE_S,
        longest_pause_s: float = _LONGEST_PAUSE_S,
        fatal: tuple[type[Exception], ...] = (),
        outage: Outage | None = None,
    ) -> None:
        self.name = name
        self._work = work
        self.stopping = stopping or threading.Event()
        self._after_fault = after_fault
        self._back_off = BackOff(first_pause_s, longest_pause_s)
        self._fatal = fatal
        self._outage = outage or Outage((), lambda _: None)
        self._outage_back_off = BackOff(first_pause_s, longest_pause_s)
        self._told = FaultLog()
        self._thread = threading.Thread(target=self.run, name=name, daemon=True)
        self._begun_at = float("inf")
        self._failing: Failing | None = None
        self.faults = 0

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def join(self, timeout_s: float) -> None:
        """Wait for the end after ``stopping`` was set; one that hangs ends with the process."""
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    @property
    def begun(self) -> bool:
        """Whether the thread was ever started."""
        return self._thread.ident is not None

    @property
    def ended(self) -> bool:
        """Whether the thread was started, nobody stopped it, and it is gone all the same."""
        return self.begun and not self._thread.is_alive() and not self.stopping.is_set()

    @property
    def failing(self) -> Failing | None:
        """The faults in a row of work that fails over and over; None once it went well for a minute, or returned."""
        failing = self._failing
        if failing is None or failing.times < _OVER_AND_OVER or self._goes_well():
            return None
        return failing

    def run(self) -> None:
        """Work in the calling thread until ``stopping`` is set."""
        while not self.stopping.is_set():
            self._begun_at = time.monotonic()
            try:
                self._work()
                self._be_well()
            except self._fatal:
                raise
            except self._outage.kinds as error:
                self._be_well()
                with suppress(Exception):  # as in _attend()
                    self._outage.tell(error)
                self.stopping.wait(self._outage_back_off.next_s())
            except Exception as error:  # noqa: BLE001 - that is what this class is for
                if self._goes_well():
                    self._be_well()
                self._count(error)
                pause_s = self._back_off.next_s()
                self._attend(error, pause_s)
                self.stopping.wait(pause_s)

    def _be_well(self) -> None:
        self._failing = None
        self._back_off.reset()

    def outage_is_over(self) -> None:
        """For the work: it has what it needs, and the next outage begins with the shortest pause."""
        self._outage_back_off.reset()

    def _goes_well(self) -> bool:
        return time.monotonic() - self._begun_at >= _WELL_S

    def _count(self, error: Exception) -> None:
        before = self._failing
        times, since = (before.times, before.since) if before else (0, time.monotonic())
        self._failing = Failing(times + 1, type(error).__name__, since)
        self._begun_at = float("inf")  # it works no more until the pause is over
        self.faults += 1

    def _attend(self, error: Exception, pause_s: float) -> None:
        """Tell of it and tidy up; neither may end the thread that both are for."""
        with suppress(Exception):
            self._tell(error, pause_s)
        try:
            self._after_fault()
        except Exception as second:  # noqa: BLE001 - see above
            with suppress(Exception):
                self._tell(second, pause_s)

    def _tell(self, error: Exception, pause_s: float) -> None:
        """A fault that repeats is told without its trace, which would fill the log."""
        fields = self._told.fields(error)
        _log.error("worker-failed", worker=self.name, faults=self.faults, retry_in_s=round(pause_s, 1), **fields)


def ended(workers: Iterable[Worker]) -> list[str]:
    """Names of the workers that are gone though nobody stopped them; only a new start of the process mends that."""
    return [worker.name for worker in workers if worker.ended]


def failing(workers: Iterable[Worker]) -> str:
    """Which workers fail over and over, for an operator; empty where none does. The log has what was raised."""
    told = [(worker.name, found) for worker in workers if (found := worker.failing)]
    return "; ".join(
        f"{name} fails over and over: {found.fault}, {found.times} times in {time.monotonic() - found.since:.0f} s"
        " (worker-failed in the log)"
        for name, found in told
    )
