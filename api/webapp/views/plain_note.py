"""What a page says below a text in plain language: who wrote it, and which group checked it, while that is true."""

from __future__ import annotations

from dataclasses import dataclass

from api.languages.texts import Texts
from api.webapp import wording
from geodata.model.content import StationContent
from geodata.model.plain_language import CheckState, PlainLanguage
from geodata.model.trail import TrailContent
from geodata.vocabulary.languages import language


@dataclass(frozen=True, slots=True)
class PlainNote:
    """``checked_by`` and ``checked_on`` are empty unless the group checked exactly the words that are shown."""

    translator: str
    checked_by: str
    checked_on: str


def build(content: StationContent | TrailContent | None, t: Texts) -> PlainNote | None:
    """The note of a text; None where it is not in plain language."""
    if content is None or not language(content.variant).is_plain:
        return None
    plain = content.plain or PlainLanguage()
    if content.check_state is not CheckState.CHECKED or plain.checked_on is None:
        return PlainNote(plain.translator, "", "")
    return PlainNote(plain.translator, plain.checked_by, wording.calendar_day(plain.checked_on, t))
