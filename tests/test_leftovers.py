"""The check at the end of a run sees what a test left: files, processes, shared memory."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.process.waiting import wait_until
from tests.fixtures.run.leftovers import BASETEMP, PREFIX, Traces, shared_memory

_MAKE_SEGMENT = "import ctypes; print(ctypes.CDLL(None).shmget(0, 4096, 0o1600))"  # IPC_PRIVATE, IPC_CREAT | 0600
_IPC_RMID = 0


@pytest.fixture
def traces(tmp_path: Path) -> Traces:
    (tmp_path / BASETEMP).mkdir()
    return Traces(tmp_path, shared_memory())


@pytest.fixture
def orphan() -> Iterator[int]:
    """A segment whose process has ended."""
    made = int(subprocess.run([sys.executable, "-c", _MAKE_SEGMENT], capture_output=True, check=True).stdout)
    yield made
    ctypes.CDLL(None).shmctl(made, _IPC_RMID, None)


def test_a_clean_end_leaves_nothing(traces: Traces) -> None:
    assert not any(str(traces.folder) in found for found in traces.left())


def test_a_folder_that_nobody_removed_is_named(traces: Traces) -> None:
    (traces.folder / "server-1").mkdir()
    assert f"{traces.folder / 'server-1'} in the temporary folder" in traces.left()


def test_a_process_that_goes_on_is_named(traces: Traces) -> None:
    wait = "import signal; signal.pause()"
    with subprocess.Popen([sys.executable, "-c", wait], env=os.environ | {"TMPDIR": str(traces.folder)}) as process:
        wait_until(lambda: any(found.startswith(f"process {process.pid}:") for found in traces.left()))
        process.kill()
        process.wait()
        assert not any(found.startswith(f"process {process.pid}:") for found in traces.left())


def test_shared_memory_whose_process_has_ended_is_named(traces: Traces, orphan: int) -> None:
    assert any(found.startswith(f"shared memory segment {orphan} of process") for found in traces.left())


def test_tests_and_the_programs_they_start_use_the_runs_own_folder(tmp_path: Path) -> None:
    assert Path(tempfile.gettempdir()).name.startswith(PREFIX)
    assert os.environ["TMPDIR"] == tempfile.gettempdir()
    assert tmp_path.is_relative_to(tempfile.gettempdir())
