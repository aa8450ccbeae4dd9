"""The fields of a head that say who wrote a text in plain language, and which group checked it on which day.

``translator``, ``checked_by``, ``checked_on`` (2026-05-12) and ``checked_text``, the digest of the words that were
read: an export writes it, people may leave it out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from geodata.findings.content import TextFindings, at_line
from geodata.messages.message import message, phrase
from geodata.model.plain_language import PlainLanguage
from geodata.vocabulary.languages import language

_FIELDS = ("translator", "checked_by", "checked_on", "checked_text")
UNQUOTED = ("checked_on", "checked_text")
"""Those that are written without quotes."""
_GERMAN_DATE = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})")


def names(variant: str) -> tuple[str, ...]:
    """The fields that a text of this variant may have: none where it is not in plain language."""
    return _FIELDS if language(variant).is_plain else ()


def read(
    fields: Mapping[str, str], lines: Mapping[str, int], file: str, findings: TextFindings
) -> PlainLanguage | None:
    """What a head's ``fields`` say, with findings for a day that is none; None where they say nothing."""
    if not any(fields.get(name) for name in _FIELDS):
        return None
    day = fields.get("checked_on", "")
    return PlainLanguage(
        translator=fields.get("translator", ""),
        checked_by=fields.get("checked_by", ""),
        checked_on=_day(day, at_line(file, lines["checked_on"]), findings) if day else None,
        checked_text=fields.get("checked_text", ""),
    )


def write(plain: PlainLanguage | None) -> dict[str, str]:
    """The fields by which read() makes the same again; empty ones are for the caller to leave out."""
    if plain is None:
        return {}
    return {
        "translator": plain.translator,
        "checked_by": plain.checked_by,
        "checked_on": plain.checked_on.isoformat() if plain.checked_on else "",
        "checked_text": plain.checked_text,
    }


def _day(text: str, place: str, findings: TextFindings) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        german = _GERMAN_DATE.fullmatch(text)
        hint = (
            message("Write {what}.", what=f"{german[3]}-{int(german[2]):02}-{int(german[1]):02}")
            if german
            else phrase("The 12th of May 2026 is 2026-05-12.")
        )
        findings.error("check-day", place, text, "a day: year-month-day", hint)
        return None
