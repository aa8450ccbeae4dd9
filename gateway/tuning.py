"""How the interpreter is set up for a process that takes messages."""

from __future__ import annotations

import gc


def tune_gc() -> None:
    """Messages make no cycles: looking for some after every 700 of them costs more than validating them."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
