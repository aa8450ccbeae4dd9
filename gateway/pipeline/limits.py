"""When a batch is due, and how old a reading may be; without anything heavy, since the settings name the defaults."""

from __future__ import annotations

from dataclasses import dataclass

BATCH_SIZE = 2500
BATCH_WAIT_S = 0.1


@dataclass(frozen=True, slots=True)
class Limits:
    """A batch is due at ``batch_size`` messages, or when the first of them has waited ``batch_wait_s``.

    ``retention_us``: readings older than this are refused; 0 takes any age.
    """

    batch_size: int = BATCH_SIZE
    batch_wait_s: float = BATCH_WAIT_S
    retention_us: int = 0
