"""Annotations on the staff pages: their form, and those of a trail with numbers, as chart, table and list have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date
from wtforms import BooleanField, Field, StringField, ValidationError
from wtforms.validators import DataRequired

from api.catalogue.snapshot import Snapshot
from api.catalogue.texts import title_of
from dashboards.forms import GermanForm
from dashboards.languages import marked, t
from geodata.conditions.annotations import (
    LONGEST_ANNOTATION,
    LONGEST_DAYS,
    Annotation,
    AnnotationKind,
    AnnotationScope,
    concerns,
)
from geodata.messages.message import cut
from geodata.text.broken import UNFIT

KINDS: Mapping[AnnotationKind, str] = {
    AnnotationKind.EVENT: marked("Fest oder Veranstaltung"),
    AnnotationKind.DEFECT: marked("Zähler gestört"),
    AnnotationKind.CLOSURE: marked("Weg gesperrt"),
    AnnotationKind.OTHER: marked("anderes"),
}
WHOLE_TRAIL, WHOLE_TOWN = "", "*"
"""What ``place`` of the form says beside codes of stations."""
_YEARS = range(2000, 2101)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedNote:
    """An annotation with its ``number`` in chart, table and list; ``days``, ``kind`` and ``place`` in words."""

    id: int
    number: int
    first_day: date
    last_day: date
    days: str
    kind: str
    place: str
    text: str
    created_by: str
    public: bool

    @property
    def sentence(self) -> str:
        """All of it in a line: ``13. Juni 2026, Fest oder Veranstaltung: Waldfest (ganzer Pfad)``."""
        return f"{self.days}, {self.kind}: {self.text} ({self.place})"

    def is_within(self, first: date, last: date) -> bool:
        """Whether any of its days is from ``first`` to ``last``."""
        return self.first_day <= last and first <= self.last_day


class AnnotationForm(GermanForm):
    """What was on which days; ``stations`` are the codes that may be chosen."""

    first_day = StringField("Erster Tag", [DataRequired("Bitte geben Sie den ersten Tag ein.")])
    last_day = StringField("Letzter Tag")
    place = StringField("Wo")
    kind = StringField("Was", [DataRequired("Bitte wählen Sie, was es war.")])
    text = StringField("In wenigen Worten", [DataRequired("Bitte schreiben Sie in wenigen Worten, was war.")])
    public = BooleanField("Für alle sichtbar")
    stations: Sequence[str] = ()

    def validate_first_day(self, field: Field) -> None:
        """A day."""
        _day(field)

    def validate_last_day(self, field: Field) -> None:
        """Empty for the first day alone, or a day from it on, within a year."""
        if not str(field.data or "").strip():
            return
        last = _day(field)
        try:
            days = (last - _day(self.first_day)).days
        except ValidationError:
            return  # the first day is told already
        if days < 0:
            raise ValidationError("Der letzte Tag liegt vor dem ersten. Bitte tauschen Sie die beiden.")
        if days >= LONGEST_DAYS:
            raise ValidationError(
                "Das ist länger als ein Jahr: So lange ist nichts eine Ausnahme. Bitte kürzen Sie es."
            )

    def validate_place(self, field: Field) -> None:
        """The trail, one of its stations, or the town."""
        if str(field.data or "") not in {WHOLE_TRAIL, WHOLE_TOWN, *self.stations}:
            raise ValidationError(f"„{cut(str(field.data))}“ ist keine Station dieses Pfads. Bitte wählen Sie eine.")

    def validate_kind(self, field: Field) -> None:
        """One of those that there are."""
        if field.data not in set(AnnotationKind):
            raise ValidationError("Bitte wählen Sie, was es war.")

    def validate_text(self, field: Field) -> None:
        """A line that people can read."""
        text = _line(field.data)
        if not text:
            raise ValidationError("Bitte schreiben Sie in wenigen Worten, was war.")
        if len(text) > LONGEST_ANNOTATION:
            raise ValidationError(f"Bitte kürzen Sie den Text: Es gehen höchstens {LONGEST_ANNOTATION} Zeichen.")
        if UNFIT.search(text):
            raise ValidationError("Der Text hat unsichtbare Zeichen. Bitte tippen Sie ihn neu, statt ihn einzufügen.")

    def annotation(self, scope: AnnotationScope, created_by: str) -> Annotation:
        """What a form that validates says, on the page of ``scope``, a trail."""
        place = str(self.place.data or "")
        first = _day(self.first_day)
        return Annotation(
            municipality=scope.municipality,
            trail=None if place == WHOLE_TOWN else scope.trail,
            station=None if place in {WHOLE_TRAIL, WHOLE_TOWN} else place,
            kind=AnnotationKind(self.kind.data),
            first_day=first,
            last_day=_day(self.last_day) if str(self.last_day.data or "").strip() else first,
            text=_line(self.text.data),
            created_by=created_by,
            public=bool(self.public.data),
        )


def numbered(
    annotations: Sequence[Annotation], scope: AnnotationScope, since: date, snapshot: Snapshot
) -> list[NumberedNote]:
    """Those that concern ``scope`` and were not over before ``since``, in the order of their days, from 1 on."""
    own = [each for each in annotations if concerns(each, scope) and each.last_day >= since]
    return [_note(number, each, snapshot) for number, each in enumerate(own, 1)]


def numbers_within(notes: Sequence[NumberedNote], first: date, last: date) -> list[int]:
    """The numbers of the notes that have a day from ``first`` to ``last``."""
    return [note.number for note in notes if note.is_within(first, last)]


def _note(number: int, annotation: Annotation, snapshot: Snapshot) -> NumberedNote:
    form = "d. MMMM y" if t.language == "de" else "d MMMM y"
    first, last = (format_date(day, form, locale=t.language) for day in (annotation.first_day, annotation.last_day))
    return NumberedNote(
        id=annotation.id,
        number=number,
        first_day=annotation.first_day,
        last_day=annotation.last_day,
        days=first if first == last else t("%(first)s bis %(last)s", first=first, last=last),
        kind=t(KINDS[annotation.kind]),
        place=_place(annotation, snapshot),
        text=annotation.text,
        created_by=annotation.created_by,
        public=annotation.public,
    )


def _place(annotation: Annotation, snapshot: Snapshot) -> str:
    if annotation.trail is None:
        town = snapshot.catalogue.municipalities.get(annotation.municipality)
        return t("ganz %(town)s", town=town.name) if town else t("ganze Stadt")
    if annotation.station is None:
        return t("ganzer Pfad")
    station = snapshot.catalogue.stations.get(annotation.station)
    if station is None:
        return t("Station %(number)s", number=annotation.station)
    return f"{t('Station %(number)s', number=station.number)} · {title_of(station)}"


def _day(field: Field) -> date:
    """As browsers send it, or as people write it."""
    text = str(field.data or "").strip()
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            day = datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        if day.year in _YEARS:
            return day
    raise ValidationError(f"„{cut(text)}“ ist kein Tag, der gemeint sein kann. Bitte schreiben Sie ihn wie 01.05.2026.")


def _line(text: object) -> str:
    return " ".join(str(text or "").split())
