"""How long something takes, whatever else the machine does meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable


def least_ms(work: Callable[[], object], times: int) -> float:
    """Milliseconds of the quickest of so many runs: what other work adds is in all the others."""
    return min(_ms(work) for _ in range(times))


def _ms(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000
