"""What an import finds: records with a place, an expectation and the hint."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from geodata.errors import DigitalpfadError
from geodata.messages.message import Message, followed_by, message, phrase

LonLat = tuple[float, float]


class Severity(StrEnum):
    """An error refuses the whole import; a warning wants to be looked at; a note says what was done."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. ``sentence`` holds the value; ``place`` is lon, lat of where on Earth it is."""

    severity: Severity
    sentence: str
    place: LonLat | None = None
    expected: str = ""
    hint: str = ""

    @property
    def whole(self) -> Message:
        """All of it as one line."""
        where = (
            message("At {lon:.6f}, {lat:.6f} (lon, lat).", lon=self.place[0], lat=self.place[1]) if self.place else ""
        )
        expected = message("Expected {expected}.", expected=phrase(self.expected)) if self.expected else ""
        return followed_by(self.sentence, where, expected, self.hint)

    def __str__(self) -> str:
        """The same in English."""
        return str(self.whole)


class Refused(DigitalpfadError):
    """An import or export that makes no sense to continue; carries the finding that ends it."""

    def __init__(self, sentence: str, expected: str = "", hint: str = "", place: LonLat | None = None) -> None:
        """See Finding."""
        self.finding = Finding(Severity.ERROR, sentence, place, expected, hint)
        super().__init__(self.finding.whole)


@dataclass(slots=True)
class Findings:
    """Findings in the order they were made."""

    found: list[Finding] = field(default_factory=list[Finding])

    def error(self, sentence: str, expected: str = "", hint: str = "", place: LonLat | None = None) -> None:
        """Add what refuses the import."""
        self.found.append(Finding(Severity.ERROR, sentence, place, expected, hint))

    def warn(self, sentence: str, expected: str = "", hint: str = "", place: LonLat | None = None) -> None:
        """Add what wants to be looked at."""
        self.found.append(Finding(Severity.WARNING, sentence, place, expected, hint))

    def note(self, sentence: str, place: LonLat | None = None) -> None:
        """Add what was done without being asked for."""
        self.found.append(Finding(Severity.NOTE, sentence, place))
