"""What is found in texts that people wrote, collected."""

from __future__ import annotations

from dataclasses import dataclass, field

from geodata.findings.finding import Finding, Severity
from geodata.messages.message import Message, message


def at_line(file: str, line: int) -> Message:
    """The place of a line, counted from 1, in what somebody wrote."""
    return message("{file}, line {line}", file=file, line=line)


@dataclass(slots=True)
class TextFindings:
    """Findings in the order they were made."""

    found: list[Finding] = field(default_factory=list[Finding])

    @property
    def errors(self) -> list[Finding]:
        """The findings of severity error, which refuse the text."""
        return [finding for finding in self.found if finding.severity is Severity.ERROR]

    def error(self, reason: str, place: str, value: str, expected: str, hint: str = "") -> None:
        """Add what refuses."""
        self.found.append(Finding(reason, place, value, expected, hint))

    def warn(self, reason: str, place: str, value: str, expected: str, hint: str = "") -> None:
        """Add what wants to be looked at."""
        self.found.append(Finding(reason, place, value, expected, hint, Severity.WARNING))
