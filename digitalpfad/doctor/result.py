"""What a check of the doctor says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check found; ``hint`` is empty when it is ``ok``."""

    check: str
    ok: bool
    found: str
    hint: str = ""
