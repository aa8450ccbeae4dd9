"""A clock that a test sets for other processes, by libfaketime; their monotonic clocks go on as they are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.fixtures.process.programs import require
from tests.fixtures.run.leftovers import faketime_files

_SLEEP = """\
import select
import time

time.sleep = lambda seconds: select.select([], [], [], seconds)
"""


@dataclass
class FakedClock:
    """How far the clock of the processes with ``environment`` is ahead of the true time; ``file`` is read at each look.

    There clock_nanosleep with an absolute time answers EINVAL, and time.sleep() would raise (the pool of database
    connections calls it): Python is given another one as it starts. Waiting for locks and events works by itself.
    """

    file: Path

    def __post_init__(self) -> None:
        start = self.file.with_suffix(".start")
        start.mkdir()
        (start / "sitecustomize.py").write_text(_SLEEP)
        self.environment = {
            "PYTHONPATH": str(start),
            "LD_PRELOAD": str(require("libfaketime")),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        self.set(0)

    def set(self, ahead_s: float) -> None:
        """Set it so many seconds ahead of the true time, or with a negative number behind."""
        draft = self.file.with_suffix(".draft")
        draft.write_text(f"{ahead_s:+f}\n")
        draft.replace(self.file)  # in one step: nobody reads half of it

    def clean_up(self) -> None:
        """Remove what libfaketime keeps of each process, and leaves behind of one that is killed."""
        for file in faketime_files():
            file.unlink(missing_ok=True)
