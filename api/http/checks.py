"""What is found when the process is asked whether it can do its job."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ReadinessCheck:
    """One thing that must hold; ``detail`` says what is wrong, for an operator.

    One that does not ``decide`` calls for somebody, but the process can do its job all the same.
    """

    name: str
    ok: bool
    detail: str
    decides: bool = True


@dataclass(frozen=True, slots=True)
class ReadinessReport:
    """All checks, and the database that they were made with (store.inspection.instance); empty while it is unknown.

    ``dead`` names threads that ended: only a new start of the process mends that.
    """

    checks: list[ReadinessCheck]
    instance: str = ""
    dead: list[str] = field(default_factory=list[str])

    @property
    def is_ready(self) -> bool:
        """Whether the process can do its job."""
        return all(check.ok or not check.decides for check in self.checks)
