"""What is found when the process is asked whether it can do its job."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold; ``detail`` says what is wrong, for an operator."""

    name: str
    ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Condition:
    """All checks, and the database that they were made with (store.inspection.instance); empty while it is unknown.

    ``dead`` names threads that ended: only a new start of the process mends that.
    """

    checks: list[Check]
    instance: str = ""
    dead: list[str] = field(default_factory=list[str])
