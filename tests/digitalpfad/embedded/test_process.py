"""The supervisor: readiness, restarts, order, and nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from digitalpfad.embedded.process import Interrupted, Program, Supervisor
from geodata.errors import StartRefused
from tests.digitalpfad.conftest import processes_with
from tests.fixtures.process.waiting import wait_until

FOREVER = "import threading; threading.Event().wait()"


def python(folder: Path, name: str, code: str, **more: Any) -> Program:
    options: dict[str, Any] = {"ready": lambda: True, **more}
    return Program(name=name, command=[sys.executable, "-c", code, str(folder)], log=folder / f"{name}.log", **options)


def test_a_program_counts_as_started_when_it_is_ready(folder: Path, supervisor: Supervisor) -> None:
    code = f"import pathlib; pathlib.Path({str(folder)!r}, 'ready').touch(); {FOREVER}"
    supervisor.start(python(folder, "one", code, ready=(folder / "ready").exists))
    assert (folder / "ready").exists()


def test_a_program_that_ends_at_once_is_named_with_its_last_words(folder: Path, supervisor: Supervisor) -> None:
    with pytest.raises(StartRefused, match=r"one ended at once \(exit code 3\): no luck today \(log: .*one\.log\)"):
        supervisor.start(python(folder, "one", "print('no luck today'); exit(3)", ready=lambda: False))


def test_a_program_that_never_gets_ready_is_named(folder: Path, supervisor: Supervisor) -> None:
    with pytest.raises(StartRefused, match=r"one was not ready within 0\.2 s"):
        supervisor.start(python(folder, "one", FOREVER, ready=lambda: False, ready_timeout_s=0.2))


def test_a_missing_program_is_named(folder: Path, supervisor: Supervisor) -> None:
    with pytest.raises(StartRefused, match=r"one cannot be started: .*No such file"):
        supervisor.start(Program(name="one", command=["/nowhere"], log=folder / "log", ready=lambda: True))


def test_a_request_to_stop_interrupts_the_waiting(folder: Path) -> None:
    stop = threading.Event()
    supervisor = Supervisor(print, stop)
    stop.set()
    with pytest.raises(Interrupted):
        supervisor.start(python(folder, "one", FOREVER, ready=lambda: False))
    supervisor.stop_all()
    assert processes_with(str(folder)) == []


def test_a_program_that_dies_is_started_again_and_reported(
    folder: Path, supervisor: Supervisor, reports: list[str]
) -> None:
    supervisor.start(python(folder, "one", FOREVER))
    before = supervisor.pid("one")
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: supervisor.watch() or supervisor.pid("one") != before)
    assert reports[0].startswith("one ended (signal SIGKILL), next start in 0.5 s. Log: ")
    assert reports[1] == "one runs again."


def test_the_back_off_grows_while_a_program_keeps_dying(
    folder: Path, supervisor: Supervisor, reports: list[str]
) -> None:
    supervisor.start(python(folder, "one", "exit(1)"))
    wait_until(lambda: supervisor.watch() or len(reports) >= 5)
    assert [report.split("next start in ")[1].split(" s.")[0] for report in reports if "next" in report] == [
        "0.5",
        "1",
        "2",
    ]


def test_programs_stop_in_reverse_order(folder: Path, supervisor: Supervisor) -> None:
    for name in ("first", "second", "third"):
        code = (
            "import signal, sys, pathlib\n"
            f"pathlib.Path({str(folder)!r}, 'ready-{name}').touch\n"
            "def end(*_):\n"
            f"    open({str(folder / 'order')!r}, 'a').write('{name} ')\n"
            "    sys.exit()\n"
            "signal.signal(signal.SIGTERM, end)\n"
            f"pathlib.Path({str(folder)!r}, 'ready-{name}').touch()\n"
            "signal.pause()\n"
        )
        supervisor.start(python(folder, name, code, ready=(folder / f"ready-{name}").exists))
    supervisor.stop_all()
    assert (folder / "order").read_text() == "third second first "


def test_a_program_that_ignores_the_signal_is_killed_together_with_its_children(
    folder: Path, supervisor: Supervisor, reports: list[str]
) -> None:
    code = (
        "import signal, subprocess, sys, pathlib, threading\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"subprocess.Popen([sys.executable, '-c', {FOREVER!r}, {str(folder)!r}])\n"
        f"pathlib.Path({str(folder)!r}, 'ready').touch()\n"
        "threading.Event().wait()\n"
    )
    supervisor.start(python(folder, "deaf", code, ready=(folder / "ready").exists, stop_timeout_s=0.3))
    assert len(processes_with(str(folder))) == 2
    supervisor.stop_all()
    wait_until(lambda: not processes_with(str(folder)))
    assert reports == ["deaf did not stop within 0.3 s and was killed."]


def test_children_end_when_the_supervising_process_is_killed(folder: Path) -> None:
    program = (
        "import sys, threading; from pathlib import Path; from digitalpfad.embedded.process import *;"
        "folder = Path(sys.argv[1]);"
        f"Supervisor(print, threading.Event()).start(Program(name='one', command=[sys.executable, '-c', {FOREVER!r},"
        " str(folder)], log=folder / 'log', ready=lambda: True)); print('ready', flush=True); threading.Event().wait()"
    )
    parent = subprocess.Popen([sys.executable, "-c", program, str(folder)], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    parent.stdout.readline()
    assert len(processes_with(str(folder))) == 2
    parent.kill()
    parent.wait()
    parent.stdout.close()
    wait_until(lambda: not processes_with(str(folder)))


def test_logs_are_private(folder: Path, supervisor: Supervisor) -> None:
    supervisor.start(python(folder, "one", FOREVER))
    assert (folder / "one.log").stat().st_mode & 0o077 == 0
