"""The form that closes a trail or a part of it: every field as people type it, and what is wrong beside it."""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta

from wtforms import Field, HiddenField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length

from dashboards.forms import GermanForm, refuse_unfit
from dashboards.languages import marked, t
from dashboards.trails.ground import Ground
from geodata.conditions.closures import Closure, ClosureContent
from geodata.errors import InvalidInput
from geodata.messages.message import cut
from geodata.text import localtime
from geodata.vocabulary.languages import DEFAULT, VARIANTS, language
from geodata.vocabulary.season import MonthDay, Season

WHOLE, BETWEEN, ALONG, AREA = "whole", "between", "along", "area"
LONGEST_REASON = 600
_LONGEST_LAW = 300
_YEARS = range(2000, 2201)
_DAY = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.?", re.ASCII)
_OTHERS = tuple(variant for variant in VARIANTS if variant != DEFAULT)
_SHORT = Length(max=LONGEST_REASON, message=marked("Bitte kürzen Sie den Text: Es gehen höchstens 600 Zeichen."))
WHERES = (
    (WHOLE, marked("der ganze Pfad")),
    (BETWEEN, marked("von einer Station zur anderen")),
    (ALONG, marked("ein Stück dazwischen")),
)
"""What can be closed, and how it is called."""


class ClosureForm(GermanForm):
    """What is closed, why, from when until when; ``ground`` is the trail, ``area`` what a stored closure covers."""

    where = StringField(marked("Was ist gesperrt?"), default=BETWEEN)
    from_station = StringField(marked("Von Station"))
    to_station = StringField(marked("Bis Station"))
    from_m = StringField(marked("Von Meter"))
    to_m = StringField(marked("Bis Meter"))
    begins = StringField(marked("Ab wann?"), [DataRequired(marked("Bitte sagen Sie, ab wann gesperrt ist."))])
    ends = StringField(marked("Bis wann?"))
    season_first = StringField(marked("Jedes Jahr vom"))
    season_last = StringField(marked("Jedes Jahr bis zum"))
    legal_basis = StringField(
        marked("Grundlage"),
        [Length(max=_LONGEST_LAW, message=marked("Bitte kürzen Sie: Es gehen höchstens 300 Zeichen."))],
    )
    version = HiddenField()
    ground: Ground
    closure: Closure | None = None
    """The stored one that is changed; None for a new one."""

    @property
    def texts(self) -> list[tuple[str, Field, Field]]:
        """Name of the language, its reason and its detour; German first."""
        return [
            (language(variant).name, self[f"reason_{variant}"], self[f"detour_{variant}"])
            for variant in (DEFAULT, *_OTHERS)
        ]

    def validate_where(self, field: Field) -> None:
        """One of those that there are; an area only where the stored closure has one."""
        known = {WHOLE, BETWEEN, ALONG, *([AREA] if self.closure and self.closure.area is not None else [])}
        if field.data not in known:
            raise ValidationError(t("Bitte wählen Sie, was gesperrt ist."))

    def validate_from_station(self, field: Field) -> None:
        """A station of the trail, where stations count."""
        if self.where.data == BETWEEN:
            self._station(field)

    def validate_to_station(self, field: Field) -> None:
        """Another station of the trail, where stations count."""
        if self.where.data == BETWEEN and self._station(field) == str(self.from_station.data or "").strip():
            raise ValidationError(t("Das sind zweimal dieselbe Station. Bitte wählen Sie, bis wohin gesperrt ist."))

    def validate_from_m(self, field: Field) -> None:
        """A place on the line, where metres count."""
        if self.where.data == ALONG:
            self._metres(field)

    def validate_to_m(self, field: Field) -> None:
        """Another place on the line, where metres count."""
        if self.where.data == ALONG and str(field.data).strip() == str(self.from_m.data).strip():
            raise ValidationError(t("Anfang und Ende sind derselbe Punkt. Bitte wählen Sie zwei verschiedene."))
        if self.where.data == ALONG:
            self._metres(field)

    def validate_begins(self, field: Field) -> None:
        """A time that there is."""
        self._time(field, later=False)

    def validate_ends(self, field: Field) -> None:
        """Nothing for an open end, or a time after the beginning."""
        if not str(field.data or "").strip():
            return
        end = self._time(field, later=True)
        try:
            begin = self._time(self.begins, later=False)
        except ValidationError:
            return  # the beginning is told already
        if end <= begin:
            raise ValidationError(t("Das Ende liegt nicht nach dem Anfang. Bitte prüfen Sie beide Zeiten."))

    def validate_season_first(self, field: Field) -> None:
        """Both days of the year, or none."""
        if bool(str(field.data or "").strip()) != bool(str(self.season_last.data or "").strip()):
            raise ValidationError(t("Bitte geben Sie beide Tage ein, oder keinen."))
        if str(field.data or "").strip():
            self._day(field)

    def validate_season_last(self, field: Field) -> None:
        """A day; with the first one less than a year."""
        if not str(field.data or "").strip():
            return
        last = self._day(field)
        try:
            first = self._day(self.season_first)
        except ValidationError:
            return  # the first day is told already
        try:
            Season(first, last)
        except InvalidInput as error:
            raise ValidationError(
                t("Diese Tage gehen nicht. Für eine Sperrung, die immer gilt, lassen Sie beide leer.")
            ) from error

    def validate_legal_basis(self, field: Field) -> None:
        """Without what nobody can see."""
        refuse_unfit(field)

    def made(self) -> Closure:
        """The closure that a form which validates says."""
        where, stored = self.where.data, self.closure
        return Closure(
            id=stored.id if stored else 0,
            trail=self.ground.trail.slug,
            valid_from=self._time(self.begins, later=False),
            valid_until=self._time(self.ends, later=True) if str(self.ends.data or "").strip() else None,
            season=Season(self._day(self.season_first), self._day(self.season_last))
            if str(self.season_first.data or "").strip()
            else None,
            stretch=self._stretch(),
            area=stored.area if stored and where == AREA else None,
            legal_basis=" ".join(str(self.legal_basis.data or "").split()),
            contents={
                variant: ClosureContent(variant=variant, reason=reason, detour=_text(self[f"detour_{variant}"]))
                for variant in VARIANTS
                if (reason := _text(self[f"reason_{variant}"]))
            },
        )

    def _stretch(self) -> tuple[float, float] | None:
        if self.where.data == ALONG:
            return self._metres(self.from_m), self._metres(self.to_m)
        if self.where.data != BETWEEN:
            return None
        first, last = (self.ground.station(int(str(field.data))) for field in (self.from_station, self.to_station))
        return None if first is None or last is None else (first.along_m, last.along_m)

    def _station(self, field: Field) -> str:
        text = str(field.data or "").strip()
        if not (text.isascii() and text.isdecimal() and self.ground.station(int(text[:5]))):
            raise ValidationError(t("Bitte wählen Sie eine Station."))
        return text

    def _metres(self, field: Field) -> float:
        text = str(field.data or "").strip().replace(",", ".")
        longest = self.ground.geometry.length_m
        try:
            metres = float(text)
        except ValueError:
            metres = math.nan
        if not 0 <= metres <= longest:
            raise ValidationError(
                t(
                    "„%(value)s“ liegt nicht auf dem Pfad. Bitte geben Sie 0 bis %(longest)s Meter ein, oder drücken"
                    " Sie auf die Linie.",
                    value=cut(text),
                    longest=int(longest),
                )
            )
        return metres

    def _time(self, field: Field, *, later: bool) -> datetime:
        text = str(field.data or "").strip()
        try:
            moment = localtime.parse(field.name, text, self.ground.timezone, later=later)
        except (InvalidInput, OverflowError) as error:
            raise ValidationError(
                t(
                    "„%(value)s“ ist keine Zeit, die es gibt. Bitte schreiben Sie sie wie 23.11.2026 08:00.",
                    value=cut(text),
                )
            ) from error
        if moment.year not in _YEARS:
            raise ValidationError(t("Das Jahr %(year)s ist wohl nicht gemeint.", year=moment.year))
        return moment

    def _day(self, field: Field) -> MonthDay:
        found = _DAY.fullmatch(str(field.data or "").strip())
        day = (int(found[2]), int(found[1])) if found else (0, 0)
        try:
            datetime(2028, *day)  # noqa: DTZ001 - a day of a leap year
        except ValueError as error:
            raise ValidationError(
                t("„%(value)s“ ist kein Tag. Bitte schreiben Sie ihn wie 01.03.", value=cut(str(field.data)))
            ) from error
        return day


def _reason(form: ClosureForm, field: Field) -> None:
    refuse_unfit(field)
    variant = field.name.removeprefix("reason_")
    if _text(field):
        return
    if variant == DEFAULT:
        raise ValidationError(t("Bitte schreiben Sie in einem Satz, warum gesperrt ist."))
    if _text(form[f"detour_{variant}"]):
        raise ValidationError(t("Bitte schreiben Sie auch den Grund in dieser Sprache: Nur die Umleitung geht nicht."))


def _detour(_: ClosureForm, field: Field) -> None:
    refuse_unfit(field)


def _text(field: Field) -> str:
    return str(field.data or "").replace("\r\n", "\n").strip()


for _variant in VARIANTS:
    setattr(ClosureForm, f"reason_{_variant}", TextAreaField(marked("Grund"), [_SHORT, _reason]))
    setattr(ClosureForm, f"detour_{_variant}", TextAreaField(marked("Umleitung"), [_SHORT, _detour]))


def filled(ground: Ground, closure: Closure) -> ClosureForm:
    """The form with what a stored closure says."""
    local = [
        moment.astimezone(ground.timezone).strftime("%Y-%m-%dT%H:%M") if moment else ""
        for moment in (closure.valid_from, closure.valid_until)
    ]
    data: dict[str, object] = {
        "where": {"trail": WHOLE, "area": AREA}.get(closure.kind, ALONG),
        "begins": local[0],
        "ends": local[1],
        "legal_basis": closure.legal_basis,
        "version": closure.updated_at.isoformat(),
    }
    if closure.season:
        for name, (month, day) in (("season_first", closure.season.first), ("season_last", closure.season.last)):
            data[name] = f"{day:02}.{month:02}."
    for content in closure.contents.values():
        data |= {f"reason_{content.variant}": content.reason, f"detour_{content.variant}": content.detour}
    data |= _place(ground, closure)
    form = ClosureForm(data=data)
    form.ground, form.closure = ground, closure
    return form


def _place(ground: Ground, closure: Closure) -> dict[str, object]:
    """Stations where the stretch ends at two, else metres."""
    if closure.stretch is None:
        return {}
    ends = [
        next((station.number for station in ground.stations if abs(station.along_m - end) < 1), None)
        for end in closure.stretch
    ]
    if None not in ends and ends[0] != ends[1]:
        return {"where": BETWEEN, "from_station": str(ends[0]), "to_station": str(ends[1])}
    return {"from_m": f"{closure.stretch[0]:.0f}", "to_m": f"{closure.stretch[1]:.0f}"}


def rounded(moment: datetime) -> datetime:
    """The begun minute: what a form can show."""
    return moment - timedelta(seconds=moment.second, microseconds=moment.microsecond)
