"""A stranger's trail file, read and planned in a process of its own with bounds on time and memory.

A hole in a reader of geodata is then one in a process that has neither a database nor secrets.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from typing import Final

import msgspec

from geodata.actions.planned.rows import PlanOutcome, PlanRequest, outcome_of, packed
from geodata.errors import DigitalpfadError

MOST_BYTES: Final = 20 * 2**20
"""Of a file that is taken: the database refuses a larger one too."""
_SECONDS: Final = 90  # the process has a bound of its own on the time that it computes
_WAIT_S: Final = 60.0
_one_at_a_time = threading.BoundedSemaphore(1)  # each takes up to 300 MB: several at once must not take the memory


class PlanningFailed(DigitalpfadError):
    """The file takes too long or too much memory to read."""


class PlanningBusy(DigitalpfadError):
    """Another file is being read, and will be for a while."""


def outcome_for(request: PlanRequest) -> PlanOutcome:
    """What the file of ``request`` would change; raises PlanningFailed and PlanningBusy."""
    if not _one_at_a_time.acquire(timeout=_WAIT_S):
        raise PlanningBusy
    try:
        return _run(request)
    finally:
        _one_at_a_time.release()


def _run(request: PlanRequest) -> PlanOutcome:
    with tempfile.TemporaryDirectory(prefix="digitalpfad-plan-") as folder:
        try:
            done = subprocess.run(
                [sys.executable, "-m", "geodata.actions.planned.child"],
                input=packed(request),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(folder),
                cwd=folder,
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise PlanningFailed from error
    if done.returncode != 0:
        raise PlanningFailed
    try:
        return outcome_of(done.stdout)
    except msgspec.DecodeError as error:
        raise PlanningFailed from error


def _environment(folder: str) -> dict[str, str]:
    """Where Python finds the packages, PROJ its grids, and a folder for what is unpacked: no settings, no secrets."""
    path = os.pathsep.join(part for part in sys.path if part)
    kept = {name: os.environ[name] for name in ("HOME", "XDG_DATA_HOME") if name in os.environ}
    return {"PYTHONPATH": path, "PATH": os.defpath, "TMPDIR": folder, "LC_ALL": "C.UTF-8", **kept}
