"""What is found in texts that people wrote: a stable reason, the place, what was expected, and the hint."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from geodata.errors import DigitalpfadError, InvalidInput
from geodata.findings.trail_file import Severity
from geodata.messages.message import Message, joined, message


def at_line(file: str, line: int) -> Message:
    """The place of a line, counted from 1, in what somebody wrote."""
    return message("{file}, line {line}", file=file, line=line)


@dataclass(frozen=True, slots=True)
class TextFinding:
    """One thing found. ``reason`` is a name that stays; ``place`` a file with its line, or a text with its field."""

    reason: str
    place: str
    value: str
    expected: str
    hint: str = ""
    severity: Severity = Severity.ERROR

    @classmethod
    def of(cls, reason: str, error: InvalidInput) -> TextFinding:
        """The same as a finding."""
        value = error.value if isinstance(error.value, str) else str(error.value)
        return cls(reason, error.field, value, error.expected, error.hint)

    def as_error(self) -> InvalidInput:
        """The same as an error."""
        return InvalidInput(self.place, self.value, self.expected, self.hint)

    def as_warning(self) -> TextFinding:
        """The same, but it refuses nothing."""
        return replace(self, severity=Severity.WARNING)

    @property
    def whole(self) -> Message:
        """All of it as one sentence, and the hint."""
        return self.as_error().sentence

    def __str__(self) -> str:
        """The same in English."""
        return str(self.whole)


@dataclass(slots=True)
class TextFindings:
    """Findings in the order they were made."""

    found: list[TextFinding] = field(default_factory=list[TextFinding])

    @property
    def errors(self) -> list[TextFinding]:
        """Those that refuse."""
        return [one for one in self.found if one.severity is Severity.ERROR]

    def error(self, reason: str, place: str, value: str, expected: str, hint: str = "") -> None:
        """Add what refuses."""
        self.found.append(TextFinding(reason, place, value, expected, hint))

    def warn(self, reason: str, place: str, value: str, expected: str, hint: str = "") -> None:
        """Add what wants to be looked at."""
        self.found.append(TextFinding(reason, place, value, expected, hint, Severity.WARNING))


class RefusedTexts(DigitalpfadError):
    """Texts that cannot be taken as they are; carries all findings."""

    def __init__(self, findings: Iterable[TextFinding]) -> None:
        """The message holds one finding a line, the errors alone."""
        self.findings = list(findings)
        super().__init__(joined([one.whole for one in self.findings if one.severity is Severity.ERROR], "\n"))
