"""The forms of a station: where it stands, its number, and the words that a new one begins with."""

from __future__ import annotations

import math
from collections.abc import Mapping

from wtforms import BooleanField, Field, HiddenField, StringField, ValidationError
from wtforms.validators import DataRequired, Length

from dashboards.forms import GermanForm, refuse_unfit
from dashboards.languages import marked, t
from geodata.actions.edit_station import EditProblem
from geodata.geometry.line import MAX_OFF_M
from geodata.messages.message import cut
from geodata.model.station import Station

PROBLEMS: Mapping[EditProblem, str] = {
    EditProblem.NUMBER_IMPOSSIBLE: marked("Bitte geben Sie eine Nummer von 1 bis 9999 ein."),
    EditProblem.NUMBER_TAKEN: marked("Diese Nummer hat schon eine andere Station. Wählen Sie eine andere."),
    EditProblem.FAR_FROM_LINE: marked("Dieser Punkt liegt zu weit vom Pfad. Es gehen höchstens %(most)s m."),
    EditProblem.RETIRED: marked("Diese Station ist schon stillgelegt."),
    EditProblem.NOT_RETIRED: marked("Diese Station ist nicht stillgelegt."),
}
_LONGEST_TITLE, _LONGEST_LEAD = 200, 500


class PointForm(GermanForm):
    """A point on Earth, in degrees as maps and phones say it; ``version`` is of the station as it was shown."""

    lat = StringField(marked("Breite"), [DataRequired(marked("Bitte drücken Sie auf die Karte."))])
    lon = StringField(marked("Länge"), [DataRequired(marked("Bitte drücken Sie auf die Karte."))])
    version = HiddenField()

    def validate_lat(self, field: Field) -> None:
        """Degrees north."""
        _degrees(field, 90)

    def validate_lon(self, field: Field) -> None:
        """Degrees east."""
        _degrees(field, 180)

    @property
    def lonlat(self) -> tuple[float, float]:
        """The point of a form that validates."""
        return _degrees(self.lon, 180), _degrees(self.lat, 90)


class NumberForm(GermanForm):
    """A number; ``swap`` gives its holder the old one."""

    number = StringField(marked("Nummer"))
    swap = BooleanField(marked("Mit der Station tauschen, die diese Nummer hat"))
    version = HiddenField()

    def validate_number(self, field: Field) -> None:
        """A whole number."""
        whole(field)


class NewStationForm(PointForm):
    """A new station with its German title; the sign prints title and sentence."""

    number = StringField(marked("Nummer"))
    title = StringField(
        marked("Titel"),
        [
            DataRequired(marked("Bitte geben Sie der Station einen Titel.")),
            Length(max=_LONGEST_TITLE, message=marked("Bitte kürzen Sie das: Es gehen höchstens 200 Zeichen.")),
        ],
    )
    lead = StringField(
        marked("Ein Satz für das Schild"),
        [Length(max=_LONGEST_LEAD, message=marked("Bitte kürzen Sie das: Es gehen höchstens 500 Zeichen."))],
    )

    def validate_number(self, field: Field) -> None:
        """A whole number."""
        whole(field)

    def validate_title(self, field: Field) -> None:
        """Words that people can see."""
        refuse_unfit(field)

    def validate_lead(self, field: Field) -> None:
        """Words that people can see, or none."""
        refuse_unfit(field)


def whole(field: Field) -> int:
    """The number of a field; raises ValidationError."""
    text = str(field.data if field.data is not None else "").strip()
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:5]) <= 9999):
        raise ValidationError(t(PROBLEMS[EditProblem.NUMBER_IMPOSSIBLE]))
    return int(text)


def sentence_of(problem: EditProblem) -> str:
    """What is said of an edit that is refused."""
    if problem is EditProblem.FAR_FROM_LINE:
        return t(PROBLEMS[problem], most=int(MAX_OFF_M))
    return t(PROBLEMS[problem])


def version_of(station: Station) -> str:
    """Another one as soon as the station stands elsewhere, has another number, or is retired."""
    return f"{station.number} {station.lon:.7f} {station.lat:.7f} {station.retired_at or ''}".strip()


def degrees(value: float) -> str:
    """``52,0515000`` would be taken for two numbers elsewhere: with a point, to a centimetre."""
    return f"{value:.7f}".rstrip("0").rstrip(".")


def _degrees(field: Field, most: int) -> float:
    text = str(field.data or "").strip().replace(",", ".").rstrip("°")
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not -most <= value <= most:
        raise ValidationError(
            t("„%(value)s“ ist kein Winkel in Grad. Bitte schreiben Sie ihn wie 52.0515.", value=cut(text))
        )
    return value
