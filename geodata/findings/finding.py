"""The record of what a check finds, in texts that people wrote and in trail files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from geodata.errors import InvalidInput
from geodata.messages.message import Message, followed_by, message, phrase

LonLat = tuple[float, float]


class Severity(StrEnum):
    """An error refuses the whole; a warning wants to be looked at; a note says what was done; a hint may be wrong."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. ``reason`` is a name that stays; ``place`` a file with its line, or a text with its field.

    Where "place is value" would say it badly, ``sentence`` does in its own words; ``at`` is lon, lat of where on Earth.
    """

    reason: str
    place: str = ""
    value: str = ""
    expected: str = ""
    hint: str = ""
    severity: Severity = Severity.ERROR
    sentence: str = ""
    at: LonLat | None = None

    @classmethod
    def of(cls, reason: str, error: InvalidInput) -> Finding:
        """An ``error`` of one field as a finding for ``reason``, with the error's field as its place."""
        value = error.value if isinstance(error.value, str) else str(error.value)
        return cls(reason, error.field, value, error.expected, error.hint)

    def as_error(self) -> InvalidInput:
        """The finding as the error that a single field raises; reason and severity are left out."""
        return InvalidInput(self.place, self.value, self.expected, self.hint)

    def as_warning(self) -> Finding:
        """The finding with the severity of a warning, which refuses nothing."""
        return replace(self, severity=Severity.WARNING)

    @property
    def whole(self) -> Message:
        """All of it as one line, and the hint."""
        if not self.sentence:
            return self.as_error().sentence
        where = message("At {lon:.6f}, {lat:.6f} (lon, lat).", lon=self.at[0], lat=self.at[1]) if self.at else ""
        expected = message("Expected {expected}.", expected=phrase(self.expected)) if self.expected else ""
        return followed_by(self.sentence, where, expected, self.hint)

    def __str__(self) -> str:
        """The finding as one line in English."""
        return str(self.whole)
