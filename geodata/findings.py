"""What is found in texts that people wrote: a stable reason, the place, what was expected, and the mend."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from geodata.errors import DigitalpfadError, InvalidInput
from geodata.importing.findings import Severity


@dataclass(frozen=True, slots=True)
class TextFinding:
    """One thing found. ``reason`` is a name that stays; ``place`` a file with its line, or a text with its field."""

    reason: str
    place: str
    value: str
    expected: str
    mend: str = ""
    severity: Severity = Severity.ERROR

    @classmethod
    def of(cls, reason: str, error: InvalidInput) -> TextFinding:
        """The same as a finding."""
        return cls(reason, error.field, str(error.value), error.expected, error.mend)

    def as_error(self) -> InvalidInput:
        """The same as an error."""
        return InvalidInput(self.place, self.value, self.expected, self.mend)

    def as_warning(self) -> TextFinding:
        """The same, but it refuses nothing."""
        return replace(self, severity=Severity.WARNING)

    def __str__(self) -> str:
        """All of it as one sentence, and the mend."""
        return str(self.as_error())


@dataclass(slots=True)
class TextFindings:
    """Findings in the order they were made."""

    found: list[TextFinding] = field(default_factory=list[TextFinding])

    @property
    def errors(self) -> list[TextFinding]:
        """Those that refuse."""
        return [one for one in self.found if one.severity is Severity.ERROR]

    def error(self, reason: str, place: str, value: str, expected: str, mend: str = "") -> None:
        """Add what refuses."""
        self.found.append(TextFinding(reason, place, value, expected, mend))

    def warn(self, reason: str, place: str, value: str, expected: str, mend: str = "") -> None:
        """Add what wants to be looked at."""
        self.found.append(TextFinding(reason, place, value, expected, mend, Severity.WARNING))


class RefusedTexts(DigitalpfadError):
    """Texts that cannot be taken as they are; carries all findings."""

    def __init__(self, findings: Iterable[TextFinding]) -> None:
        """The message holds one finding a line, the errors alone."""
        self.findings = list(findings)
        super().__init__("\n".join(str(one) for one in self.findings if one.severity is Severity.ERROR))
