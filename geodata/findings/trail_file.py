"""What an import finds, collected; each finding says in a sentence of its own what is there."""

from __future__ import annotations

from dataclasses import dataclass, field

from geodata.errors import DigitalpfadError
from geodata.findings.finding import Finding, LonLat, Severity


def _finding(
    severity: Severity, reason: str, sentence: str, expected: str = "", hint: str = "", place: LonLat | None = None
) -> Finding:
    return Finding(reason, expected=expected, hint=hint, severity=severity, sentence=sentence, at=place)


class Refused(DigitalpfadError):
    """An import or export that makes no sense to continue; carries the finding that ends it."""

    def __init__(
        self, sentence: str, expected: str = "", hint: str = "", place: LonLat | None = None, *, reason: str
    ) -> None:
        """Take the fields of a Finding of severity error: ``at`` in its words is ``place`` here."""
        self.finding = _finding(Severity.ERROR, reason, sentence, expected, hint, place)
        super().__init__(self.finding.whole)


@dataclass(slots=True)
class Findings:
    """Findings in the order they were made."""

    found: list[Finding] = field(default_factory=list[Finding])

    def error(
        self, sentence: str, expected: str = "", hint: str = "", place: LonLat | None = None, *, reason: str
    ) -> None:
        """Add what refuses the import."""
        self.found.append(_finding(Severity.ERROR, reason, sentence, expected, hint, place))

    def warn(
        self, sentence: str, expected: str = "", hint: str = "", place: LonLat | None = None, *, reason: str
    ) -> None:
        """Add what wants to be looked at."""
        self.found.append(_finding(Severity.WARNING, reason, sentence, expected, hint, place))

    def note(self, sentence: str, place: LonLat | None = None, *, reason: str) -> None:
        """Add what was done without being asked for."""
        self.found.append(_finding(Severity.NOTE, reason, sentence, place=place))
