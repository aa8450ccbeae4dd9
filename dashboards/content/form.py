"""The editor's form: the parts of a text as somebody typed them, and the text that they are."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from wtforms import Field, IntegerField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange

from dashboards.content.fields import LABELS, parts_of
from dashboards.content.places import TextPlace
from dashboards.forms import GermanForm
from dashboards.languages import marked
from geodata.content.versions import Text
from geodata.errors import InvalidInput
from geodata.model.content import StationContent
from geodata.model.plain_language import PlainLanguage
from geodata.model.trail import TrailContent
from geodata.text.broken import UNFIT
from geodata.vocabulary.season import MonthDay, Season

OF_STATIONS = ("question", "answer", "task", "source")
OF_SEASONS = ("show_from", "show_until")
OF_PLAIN = ("translator", "checked_by", "checked_on")
_DAY = re.compile(r"\s*(\d{1,2})\.\s*(\d{1,2})\.?\s*", re.ASCII)
_LEAP_YEAR = 2028
_NO_DAY = marked("Bitte schreiben Sie Tag und Monat, zum Beispiel 1.3. für den ersten März.")


def _length(most: int) -> Length:
    return Length(max=most, message=marked("Das ist viel zu lang. Bitte kürzen Sie den Text."))


def _fit(_: object, field: Field) -> None:
    if UNFIT.search(str(field.data or "").replace("\r\n", "\n")):
        raise ValidationError(
            marked("Der Text hat unsichtbare Zeichen. Bitte tippen Sie ihn neu, statt ihn einzufügen.")
        )


class ContentForm(GermanForm):
    """What may be kept as a draft is nearly everything; what forbids publishing is said beside it, see `reasons`."""

    begun_with = IntegerField(default=0, validators=[InputRequired(), NumberRange(min=0, max=1_000_000)])
    title = StringField(LABELS["title"], [_length(1_000), _fit])
    lead = TextAreaField(LABELS["lead"], [_length(4_000), _fit])
    body = TextAreaField(LABELS["body"], [_length(60_000), _fit])
    question = TextAreaField(LABELS["question"], [_length(4_000), _fit])
    answer = TextAreaField(LABELS["answer"], [_length(4_000), _fit])
    task = TextAreaField(LABELS["task"], [_length(4_000), _fit])
    source = TextAreaField(LABELS["source"], [_length(4_000), _fit])
    show_from = StringField(LABELS["show_from"])
    show_until = StringField(LABELS["show_until"])
    translator = StringField(LABELS["translator"], [_length(200), _fit])
    checked_by = StringField(LABELS["checked_by"], [_length(200), _fit])
    checked_on = StringField(LABELS["checked_on"])
    note = StringField(marked("Was haben Sie geändert?"), [_length(200), _fit])

    def limit_to(self, place: TextPlace) -> None:
        """Keep the fields that the text at ``place`` has."""
        if place.station is None:
            self._drop(OF_STATIONS)
        if not place.slot.season:
            self._drop(OF_SEASONS)
        if not place.is_plain:
            self._drop(OF_PLAIN)

    def _drop(self, names: tuple[str, ...]) -> None:
        for name in names:
            del self[name]

    def fill(self, text: Text | None, version: int) -> None:
        """Show a text, and note which version it is."""
        self.process(data={**parts_of(text), "begun_with": version})

    def validate_show_from(self, field: Field) -> None:
        """A day of the year that begins a season."""
        self._season(field)

    def validate_show_until(self, field: Field) -> None:
        """A day of the year."""
        _day(field)

    def validate_checked_on(self, field: Field) -> None:
        """Empty or a day."""
        _date(str(field.data or ""))

    def _season(self, field: Field) -> Season:
        first, last = _day(field), _day(self.show_until)
        try:
            return Season(first, last)
        except InvalidInput as error:
            raise ValidationError(
                marked("Diese Tage ergeben keine Jahreszeit: Sie muss kürzer sein als ein Jahr.")
            ) from error

    def text(self, place: TextPlace, before: Text | None) -> Text:
        """The text that a form which validates holds; files beside it are those of ``before``."""
        slot = place.slot
        if place.station is None:
            plain = self._plain(place, before)
            return TrailContent(
                variant=slot.variant, name=self._line("title"), lead=self._line("lead"), body=self._body(), plain=plain
            )
        shown = before if isinstance(before, StationContent) else None
        empty = StationContent(variant=slot.variant, title="", lead="", body="", season=slot.season)
        return replace(
            shown or empty,
            title=self._line("title"),
            lead=self._line("lead"),
            body=self._body(),
            **{name: self.value(name) for name in OF_STATIONS},
            show=self._season(self.show_from) if slot.season else None,
            plain=self._plain(place, before),
        )

    def value(self, name: str) -> str:
        """What was typed into a field, with line ends of one kind; empty where the text has no such field."""
        typed = str(self[name].data or "") if name in self else ""
        return typed.replace("\r\n", "\n").replace("\r", "\n").strip()

    def _line(self, name: str) -> str:
        return " ".join(self.value(name).split())

    def _body(self) -> str:
        return "\n".join(line.rstrip() for line in self.value("body").split("\n"))

    def _plain(self, place: TextPlace, before: Text | None) -> PlainLanguage | None:
        if not place.is_plain:
            return None
        day = self.value("checked_on")
        plain = PlainLanguage(
            translator=self._line("translator"),
            checked_by=self._line("checked_by"),
            checked_on=_date(day),
        )
        was = before.plain if before is not None else None
        is_same_check = was is not None and (was.checked_by, was.checked_on) == (plain.checked_by, plain.checked_on)
        plain = replace(plain, checked_text=was.checked_text) if was is not None and is_same_check else plain
        return None if plain == PlainLanguage() else plain


def _day(field: Field) -> MonthDay:
    match = _DAY.fullmatch(str(field.data or ""))
    if match is None:
        raise ValidationError(_NO_DAY)
    day = (int(match[2]), int(match[1]))
    try:
        date(_LEAP_YEAR, *day)
    except ValueError as error:
        raise ValidationError(_NO_DAY) from error
    return day


def _date(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise ValidationError(marked("Bitte wählen Sie einen Tag.")) from error
