"""What is found when the process is asked whether it can do its job."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold; ``detail`` says what is wrong, for an operator."""

    name: str
    ok: bool
    detail: str
