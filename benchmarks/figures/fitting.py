"""Two years of ten counters are compared, in a process that is set up as a service is."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

from benchmarks.rows import Row, Scale
from benchmarks.world import World
from tests.checkout import ROOT

_GOAL_S = 1


def run(_world: World, scale: Scale) -> Iterator[Row]:
    """The quickest of some."""
    times = 5 if scale.whole else 1
    command = [sys.executable, "-m", "benchmarks.figures.two_years", str(times)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120).stdout
    yield Row("figures", "two years of ten counters compared", float(told), "s", goal=_GOAL_S, better="less")
