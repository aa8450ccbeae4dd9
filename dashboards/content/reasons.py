"""What forbids publishing a text, and what makes it hard to read, each beside the field that it is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dashboards.content.places import TextPlace
from dashboards.languages import marked, t
from geodata.content import media_fields
from geodata.content.checks import check_text, check_together, hint_at
from geodata.content.versions import Slot, State, Text
from geodata.findings.content import TextFindings
from geodata.findings.finding import Finding, Severity
from geodata.messages.message import cut
from geodata.messages.translation import translated
from geodata.model.content import StationContent

TOGETHER = "together"
"""Instead of a field: what the texts of a station are to each other."""

SENTENCES: Mapping[str, str] = {
    "title-missing": marked("Es fehlt noch eine Überschrift."),
    "lead-missing": marked("Es fehlt noch ein Satz vorweg."),
    "body-missing": marked("Es fehlt noch der Text."),
    "source-missing": marked("Bitte schreiben Sie, woher Sie das wissen: ein Buch, ein Mensch, oder selbst gesehen."),
    "question-without-answer": marked("Zur Frage fehlt die Auflösung."),
    "answer-without-question": marked("Zur Auflösung fehlt die Frage."),
    "picture-without-alt": marked("Es fehlt die Bildbeschreibung für alle, die das Bild nicht sehen."),
    "picture-without-author": marked("Bitte schreiben Sie, wer das Bild gemacht hat."),
    "picture-without-licence": marked("Bitte wählen Sie, unter welcher Lizenz das Bild steht."),
    "picture-without-year": marked("Bitte schreiben Sie, aus welchem Jahr das Bild ist."),
    "audio-without-transcript": marked("Es fehlt der Text zum Mitlesen für alle, die nicht hören."),
    "audio-without-author": marked("Bitte schreiben Sie, wer die Aufnahme gemacht hat."),
    "audio-without-licence": marked("Bitte wählen Sie, unter welcher Lizenz die Aufnahme steht."),
    "audio-without-year": marked("Bitte schreiben Sie, aus welchem Jahr die Aufnahme ist."),
    "sign-video-without-text": marked("Es fehlt der Text des Films für alle, die ihn nicht sehen."),
    "sign-video-without-author": marked("Bitte schreiben Sie, wer den Film gemacht hat."),
    "sign-video-without-licence": marked("Bitte wählen Sie, unter welcher Lizenz der Film steht."),
    "sign-video-without-year": marked("Bitte schreiben Sie, aus welchem Jahr der Film ist."),
    "licence-unknown": marked("Diese Lizenz ist nicht bekannt. Bitte wählen Sie eine aus der Liste."),
    "picture-in-text": marked(
        "Bilder stehen nicht im Text. Bitte laden Sie das Bild unter „Bilder, Ton und Film“ hoch."
    ),
    "raw-html": marked("Das ist HTML. Bitte nehmen Sie es heraus: **fett**, *kursiv*, Listen mit - gehen auch so."),
    "markdown-in-head": marked("Hier stehen nur Wörter: Bitte nehmen Sie Sternchen, Klammern und Links heraus."),
    "de-missing": marked("Zuerst braucht die Station einen deutschen Text: Alle anderen Texte stützen sich auf ihn."),
    "season-without-year-text": marked("Für die übrigen Tage fehlt noch der Text für das ganze Jahr."),
    "seasons-overlap": marked("Zwei Jahreszeiten überschneiden sich. Jeder Tag darf nur einen Text haben."),
    "check-incomplete": marked("Prüfgruppe und Tag gehören zusammen: Bitte geben Sie beides an oder keines."),
    "check-in-future": marked("Dieser Tag liegt in der Zukunft. Wann hat die Gruppe den Text gelesen?"),
    "check-outdated": marked(
        "Der Text ist nicht mehr der geprüfte. Die Seite nennt ihn deshalb nicht geprüft, bis die Gruppe ihn neu liest."
    ),
}
"""By reason; those that are missing are said in the words of the check, which fit everywhere."""


@dataclass(frozen=True, slots=True)
class FieldFinding:
    """A finding in words. ``level`` is ``error`` (forbids publishing), ``warning`` or ``hint``."""

    reason: str
    level: str
    sentence: str


@dataclass(frozen=True, slots=True)
class TextReport:
    """All that was found in a text, by the field that it is about."""

    by_field: Mapping[str, list[FieldFinding]]

    @property
    def faults(self) -> int:
        """How many forbid publishing."""
        return sum(found.level == Severity.ERROR for of_field in self.by_field.values() for found in of_field)

    def of(self, field: str) -> list[FieldFinding]:
        """What concerns a field; ``picture`` has all that is said of that picture."""
        parts = media_fields.PARTS.get(field, ())
        return [
            found for name in (field, *(f"{field}_{part}" for part in parts)) for found in self.by_field.get(name, [])
        ]


@dataclass(frozen=True, slots=True)
class _InEditor:
    """A text whose places are fields of the editor."""

    text: Text

    def place(self, name: str, line_of_body: int = 0) -> str:
        return f"{name}:{line_of_body + 1}" if name == "body" else name


def report(place: TextPlace, text: Text | None, states: Mapping[Slot, State]) -> TextReport:
    """Judge a text as it would be published, beside the others of its station or trail that are shown."""
    findings = TextFindings()
    if text is None:
        return TextReport({})
    written = _InEditor(text)
    check_text(written, findings)
    together = TextFindings()
    check_together([*_others(place, states), written], TOGETHER, together)
    hint_at(written, findings)
    by_field: defaultdict[str, list[FieldFinding]] = defaultdict(list)
    for finding in findings.found:
        by_field[finding.place.partition(":")[0]].append(_said(finding))
    for finding in together.found:
        by_field[TOGETHER].append(_said(finding))
    return TextReport({field: list(dict.fromkeys(found)) for field, found in by_field.items()})  # each said once


def _others(place: TextPlace, states: Mapping[Slot, State]) -> Iterable[_InEditor]:
    owner = (place.slot.station, place.slot.trail)
    for slot, state in states.items():
        is_other = slot != place.slot and (slot.station, slot.trail) == owner
        if is_other and state.shown is not None and state.shown.text is not None:
            yield _InEditor(state.shown.text)


def _said(finding: Finding) -> FieldFinding:
    own = SENTENCES.get(finding.reason)
    sentence = t(own) if own else _of_check(finding)
    line = finding.place.partition(":")[2]
    said = t("Zeile %(line)s: %(sentence)s", line=line, sentence=sentence) if line and finding.value else sentence
    return FieldFinding(finding.reason, str(finding.severity), said)


def _of_check(finding: Finding) -> str:
    """In the words of the check: what stands there, what was expected, what to do."""
    expected, hint = translated(finding.expected, t.language), translated(finding.hint, t.language)
    value = cut(translated(finding.value, t.language), 120)
    return t("„%(value)s“ – erwartet: %(expected)s. %(hint)s", value=value, expected=expected, hint=hint).strip()


def has_gaps(text: Text | None) -> tuple[bool, bool]:
    """Whether a picture lacks its description, and whether a file lacks its rights."""
    if not isinstance(text, StationContent):
        return False, False
    findings = TextFindings()
    check_text(_InEditor(text), findings)
    reasons = {finding.reason for finding in findings.found}
    rights = {f"{kind}-without-{part}" for kind in ("picture", "audio", "sign-video") for part in media_fields.RIGHTS}
    return "picture-without-alt" in reasons, not reasons.isdisjoint({*rights, "licence-unknown"})
