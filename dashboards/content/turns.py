"""How many files are decoded at a time: each is a process of its own with up to a gigabyte."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager

from geodata.errors import DigitalpfadError

_decoders = threading.BoundedSemaphore(2)
_PATIENCE_S = 20


class TooBusy(DigitalpfadError):
    """So many files are being decoded that it would take long. Try again later."""


@contextmanager
def decoding() -> Generator[None]:
    """Wait for a turn and have it; raises TooBusy."""
    if not _decoders.acquire(timeout=_PATIENCE_S):
        raise TooBusy
    try:
        yield
    finally:
        _decoders.release()
