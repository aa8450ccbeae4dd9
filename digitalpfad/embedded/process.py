"""Child processes: start, wait until ready, restart what ended or hangs, stop in reverse order, leave none."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from digitalpfad.embedded.account import Account
from digitalpfad.embedded.vitals import Ask, Vitals
from digitalpfad.logs import log_file
from digitalpfad.process import watchdog
from geodata.errors import DigitalpfadError, StartRefused
from geodata.runtime.back_off import BackOff
from geodata.runtime.worker import Worker

_LIBC = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1
_CALM_S = 60.0  # a child that lived this long starts its back-off anew
_FIRST_DELAY_S, _LONGEST_DELAY_S = 0.5, 30.0
_CARE_S = 1.0
_STILL_STARTING = "the database system is starting up"  # PostgreSQL calls that FATAL, and says it to each who asks


class Interrupted(DigitalpfadError):
    """The start was interrupted by SIGINT or SIGTERM."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What to run. ``ready`` says when it can work, ``account`` runs it with fewer rights, ``tidy`` follows its end.

    ``ask`` asks it how it is: one that names parts that ended, or answers nobody, is started anew.
    """

    name: str
    command: list[str]
    log: Path
    ready: Callable[[], bool]
    ask: Ask | None = None
    env: Mapping[str, str] = field(default_factory=dict[str, str])
    account: Account | None = None
    tidy: Callable[[], None] = lambda: None
    stop_signal: signal.Signals = signal.SIGTERM
    stop_timeout_s: float = 20.0
    ready_timeout_s: float = 60.0


class _Child:
    """A program and its present process."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._pauses = BackOff(_FIRST_DELAY_S, _LONGEST_DELAY_S, spread=False)
        self.restart_at: float | None = None
        self.kill_at: float | None = None
        self.log_trouble = False
        self.vitals = Vitals(program.ask) if program.ask else None
        self.process = _spawn(program)
        self.started_at = time.monotonic()

    def restart(self) -> None:
        self.process = _spawn(self.program)
        self.restart_at = self.kill_at = None
        self.started_at = time.monotonic()
        if self.vitals:
            self.vitals.begin()

    def delay(self, now: float) -> float:
        """Seconds until the next start, longer with each failure; and have it then."""
        if now - self.started_at > _CALM_S:
            self._pauses.reset()
        delay_s = self._pauses.next_s()
        self.restart_at = now + delay_s
        return delay_s


class Supervisor:
    """Runs programs; use it from one thread, the one that lives longest: children die with the thread that made them.

    ``report`` gets one sentence for each unexpected end and restart; ``stop`` interrupts the waiting for readiness.
    ``caretaker`` bounds their logs and asks them how they are, in a separate thread once it is started.
    """

    def __init__(self, report: Callable[[str], None], stop: threading.Event) -> None:
        self._report = report
        self._stop = stop
        self._children: dict[str, _Child] = {}
        self._doubted = ""
        self.caretaker = Worker("caretaker", self._take_care, stop)

    def start(self, program: Program) -> None:
        """Start and wait until ready; raise StartRefused with the log's last line, or Interrupted."""
        child = _Child(program)
        self._children[program.name] = child
        deadline = time.monotonic() + program.ready_timeout_s
        while not program.ready():
            code = child.process.poll()
            if code is not None:
                del self._children[program.name]
                raise StartRefused(f"{program.name} ended at once ({_ending(code)}): {_last_words(program.log)}")
            if time.monotonic() > deadline:
                raise StartRefused(
                    f"{program.name} was not ready within {program.ready_timeout_s:g} s: {_last_words(program.log)}"
                )
            if self._stop.wait(0.03):
                raise Interrupted

    def watch(self) -> None:
        """Start again what has ended or has to end, each with growing delay; call it about every second."""
        now = time.monotonic()
        for child in self._children.values():
            if child.restart_at is not None:
                if now >= child.restart_at:
                    self._restart(child, now)
            elif (code := child.process.poll()) is not None:
                _kill_group(child.process)
                self._report_end(child, _ending(code), now)
            elif child.kill_at is not None:
                if now >= child.kill_at:
                    _kill_group(child.process)
            elif child.vitals and child.vitals.verdict:
                self._end(child, child.vitals.verdict, now)

    def _restart(self, child: _Child, now: float) -> None:
        try:
            child.restart()
        except StartRefused as error:
            self._report(f"{error} Next attempt in {child.delay(now):g} s.")
            return
        self._report(f"{child.program.name} runs again.")

    def _report_end(self, child: _Child, ending: str, now: float) -> None:
        delay_s = child.delay(now)
        if child.kill_at is None:  # else its end was announced
            self._report(
                f"{child.program.name} ended ({ending}), next start in {delay_s:g} s. Log: {child.program.log}"
            )

    def _end(self, child: _Child, why: str, now: float) -> None:
        """Ask it to end; one that does not heed is killed later, without anybody waiting for it."""
        self._report(f"{child.program.name} {why} and is started anew. Log: {child.program.log}")
        child.kill_at = now + child.program.stop_timeout_s
        child.process.send_signal(child.program.stop_signal)

    def _take_care(self) -> None:
        for child in list(self._children.values()):
            self._bound_log(child)
            if child.vitals and child.restart_at is None:
                child.vitals.look(time.monotonic())
        self._tell_clock()
        self._stop.wait(_CARE_S)

    def _tell_clock(self) -> None:
        """The clock is the machine's: what the first child says of it is said once, until all believe it again."""
        clocks = [(child.program.name, child.vitals.clock) for child in list(self._children.values()) if child.vitals]
        doubted = next((f"{name} says: {clock}" for name, clock in clocks if clock), "")
        if doubted and not self._doubted:
            self._report(doubted)
        elif self._doubted and not doubted:
            self._report("The machine's clock is believed again.")
        self._doubted = doubted

    def _bound_log(self, child: _Child) -> None:
        """Whatever is wrong with a disk ends nothing; it is said once, until it is well again."""
        try:
            log_file.bound(child.program.log, log_file.LIMIT)
        except OSError as error:
            if not child.log_trouble:
                self._report(f"The log {child.program.log} cannot be set aside: {error.strerror}.")
            child.log_trouble = True
        else:
            child.log_trouble = False

    def signal(self, name: str, number: signal.Signals) -> None:
        """Send a signal to a running child; one that is down reads its files again when it starts."""
        child = self._children.get(name)
        if child is not None and child.process.poll() is None:
            child.process.send_signal(number)

    def pid(self, name: str) -> int:
        """The process id of a child that was started."""
        return self._children[name].process.pid

    def stop_all(self) -> None:
        """Stop every child, the last one first; a child that does not heed is killed with its group."""
        while self._children:
            _, child = self._children.popitem()
            process = child.process
            if process.poll() is None:
                process.send_signal(child.program.stop_signal)
                try:
                    process.wait(child.program.stop_timeout_s)
                except subprocess.TimeoutExpired:
                    self._report(
                        f"{child.program.name} did not stop within {child.program.stop_timeout_s:g} s and was killed."
                    )
            _kill_group(process)
            child.program.tidy()


def _spawn(program: Program) -> subprocess.Popen[bytes]:
    account = program.account
    try:
        with log_file.open_log(program.log) as log:
            return subprocess.Popen(  # noqa: S603 - our own programs, no shell
                program.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**_environment(), **program.env},
                cwd="/" if account else None,
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
                start_new_session=True,  # a Ctrl-C at the terminal is for the supervisor, which keeps the order
                preexec_fn=_tie_to(os.getpid(), program.stop_signal),  # noqa: PLW1509 - one system call, no locks
            )
    except OSError as error:
        raise StartRefused(f"{program.name} cannot be started: {error}.") from error


def _environment() -> dict[str, str]:
    """Without what systemd says to this process: it would hear a child's words as those of a stranger."""
    return {name: value for name, value in os.environ.items() if name not in watchdog.VARIABLES}


def _tie_to(parent: int, number: signal.Signals) -> Callable[[], None]:
    """In the child: ask the kernel for ``number`` when the parent ends, however it ends (kill -9 too)."""

    def tie() -> None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(number))
        if os.getppid() != parent:  # it ended before the request
            os._exit(1)

    return tie


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):  # the group ended with its leader, as it should
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _ending(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"


def _last_words(log: Path) -> str:
    """The last line that a program wrote, and where the others are."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    lines = [line for line in lines if not line.endswith(_STILL_STARTING)]
    complaints = [line for line in lines[-50:] if any(word in line for word in ("FATAL", "PANIC", "[FTL]", "Error"))]
    last_line = (complaints or [line for line in lines if line.strip()] or ["it said nothing"])[-1].strip()
    return f"{last_line[:300]} (log: {log})"
