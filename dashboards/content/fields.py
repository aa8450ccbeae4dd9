"""The parts of a text as the staff pages call them, and a text as those parts: for the editor, for what changed."""

from __future__ import annotations

from collections.abc import Mapping

from dashboards.languages import marked
from geodata.content import media_fields
from geodata.content.versions import Text
from geodata.model.content import StationContent
from geodata.model.trail import TrailContent
from geodata.vocabulary.season import MonthDay

LABELS: Mapping[str, str] = {
    "title": marked("Überschrift"),
    "lead": marked("Ein Satz vorweg"),
    "body": marked("Text"),
    "question": marked("Frage"),
    "answer": marked("Auflösung"),
    "task": marked("Aufgabe ohne Handy"),
    "source": marked("Woher Sie das wissen"),
    "show_from": marked("Erster Tag"),
    "show_until": marked("Letzter Tag"),
    "translator": marked("Wer hat den Text übersetzt?"),
    "checked_by": marked("Prüfgruppe"),
    "checked_on": marked("Geprüft am"),
}
"""Parts that are written in the editor, in its order."""

MEDIA_LABELS: Mapping[str, str] = {
    "picture": marked("Bild 1"),
    "picture_2": marked("Bild 2"),
    "picture_3": marked("Bild 3"),
    "picture_4": marked("Bild 4"),
    "audio": marked("Aufnahme zum Anhören"),
    "sign_video": marked("Film in Gebärdensprache"),
}
"""Files beside a text, by the field that names each."""

PART_LABELS: Mapping[str, str] = {
    "alt": marked("Bildbeschreibung"),
    "decorative": marked("nur Schmuck"),
    "caption": marked("Bildunterschrift"),
    "author": marked("Wer hat es gemacht?"),
    "licence": marked("Lizenz"),
    "year": marked("Jahr"),
    "focus": marked("Wichtigster Punkt"),
    "transcript": marked("Alles, was gesprochen wird"),
    "text": marked("Was der Film sagt"),
}
"""What is said of a file."""


def german_day(day: MonthDay | None) -> str:
    """``1.3.`` for the first of March."""
    return f"{day[1]}.{day[0]}." if day else ""


def parts_of(text: Text | None) -> dict[str, str]:
    """The parts that the editor shows, by name; of no text all are empty."""
    parts = dict.fromkeys(LABELS, "")
    if text is None:
        return parts
    parts |= {"title": text.name if isinstance(text, TrailContent) else text.title, "lead": text.lead}
    parts["body"] = text.body
    if isinstance(text, StationContent):
        parts |= {name: getattr(text, name) for name in ("question", "answer", "task", "source")}
        if text.show is not None:
            parts |= {"show_from": german_day(text.show.first), "show_until": german_day(text.show.last)}
    if text.plain is not None:
        day = text.plain.checked_on
        parts |= {"translator": text.plain.translator, "checked_by": text.plain.checked_by}
        parts["checked_on"] = day.isoformat() if day else ""
    return parts


def media_parts_of(text: Text | None) -> dict[str, str]:
    """What is said of files, by name such as ``picture_2_alt``; those without a word are left out."""
    return media_fields.write(text) if isinstance(text, StationContent) else {}
