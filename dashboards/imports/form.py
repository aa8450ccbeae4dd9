"""How a trail file is to be read, as people say it; each field is an option of ``digitalpfad trail import``."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec
from wtforms import BooleanField, Field, StringField, TextAreaField, ValidationError
from wtforms.validators import Length

from dashboards.forms import GermanForm, refuse_unfit
from dashboards.languages import LANGUAGES, marked, t, texts_in
from geodata.actions.planned.rows import Asked
from geodata.vocabulary.names import is_name

_LONGEST = 200
_SHORT = Length(max=_LONGEST, message=marked("Bitte kürzen Sie das: Es gehen höchstens 200 Zeichen."))
_MOST_M = 500
NUMBERS: Mapping[str, str] = {
    "auto": marked("so, wie es die Datei hergibt"),
    "column": marked("aus der Spalte mit Nummern"),
    "name": marked("aus den Namen"),
    "order": marked("in der Reihenfolge der Datei"),
}
TICKS = (
    "there_and_back",
    "reverse",
    "swap_axes",
    "heights_above_sea",
    "without_heights",
    "without_stations",
    "points_are_stations",
    "retire_missing",
    "replace_facts",
)
_LISTS = ("layer", "line", "leave_out")
_OTHERS: Mapping[str, str] = {
    "dem": marked("Geländemodell (nur auf dem Server)"),
    "dem-crs": marked("Geländemodell (nur auf dem Server)"),
    "geoid": marked("Geoid (nur auf dem Server)"),
    "municipality": marked("Kommune"),
    "trail export": marked("Pfad als Datei (auf dem Server)"),
    "trail show": marked("Pfad wieder zeigen (auf dem Server)"),
    "trail direction": marked("Gehrichtung (auf dem Server)"),
    "content import": marked("Texte einlesen (auf dem Server)"),
    "content export": marked("Texte ausgeben (auf dem Server)"),
}
"""What sentences of the readers name that is no field here."""


class TrailFileForm(GermanForm):
    """The options. Lists have one name a line."""

    trail = StringField(marked("Kurzname für Adressen"), [_SHORT])
    name = StringField(marked("Name des Pfads"), [_SHORT])
    licence = StringField(marked("Lizenz der Linie"), [_SHORT])
    attribution = StringField(marked("Quelle der Linie"), [_SHORT])
    crs = StringField(marked("Koordinatensystem"), [_SHORT])
    encoding = StringField(marked("Kodierung der Texte"), [_SHORT])
    layer = TextAreaField(marked("Nur diese Ebenen"))
    line = TextAreaField(marked("Nur Linien mit diesem Namen"))
    leave_out = TextAreaField(marked("Weglassen, was so heißt"))
    join_within = StringField(marked("Enden verbinden bis (Meter)"))
    numbers = StringField(marked("Nummern der Stationen"))
    there_and_back = BooleanField(marked("Derselbe Weg hin und zurück"))
    reverse = BooleanField(marked("Andersherum gehen"))
    swap_axes = BooleanField(marked("Breite steht vor Länge"))
    heights_above_sea = BooleanField(marked("Höhen sind über dem Meer"))
    without_heights = BooleanField(marked("Ohne Höhen"))
    without_stations = BooleanField(marked("Ohne Stationen, nur die Linie"))
    points_are_stations = BooleanField(marked("Jeder Punkt ist eine Station"))
    retire_missing = BooleanField(marked("Stationen stilllegen, die in der Datei fehlen"))
    replace_facts = BooleanField(marked("Orte entfernen, die in der Datei fehlen"))

    def validate_trail(self, field: Field) -> None:
        """Nothing, or what may be in an address."""
        if field.data and not is_name(str(field.data).strip()):
            raise ValidationError(t("Bitte nur kleine Buchstaben a bis z, Ziffern und Bindestriche."))

    def validate_name(self, field: Field) -> None:
        """Without what nobody can see."""
        refuse_unfit(field)

    def validate_attribution(self, field: Field) -> None:
        """Without what nobody can see."""
        refuse_unfit(field)

    def validate_licence(self, field: Field) -> None:
        """Without what nobody can see."""
        refuse_unfit(field)

    def validate_numbers(self, field: Field) -> None:
        """One of the ways that there are."""
        if (field.data or "auto") not in NUMBERS:
            raise ValidationError(t("Bitte wählen Sie, woher die Nummern kommen."))

    def validate_join_within(self, field: Field) -> None:
        """Nothing, or metres."""
        text = str(field.data or "").strip().replace(",", ".")
        if text and not (re.fullmatch(r"\d{1,3}(\.\d{1,3})?", text, re.ASCII) and float(text) <= _MOST_M):
            raise ValidationError(t("Bitte geben Sie Meter von 0 bis 500 ein."))

    def asked(self) -> Asked:
        """The options of a form that validates."""
        texts = {
            name: " ".join(str(self[name].data or "").split())
            for name in ("trail", "name", "licence", "attribution", "crs", "encoding")
        }
        lists = {
            name: [line.strip() for line in str(self[name].data or "").splitlines() if line.strip()][:20]
            for name in _LISTS
        }
        join = str(self.join_within.data or "").strip().replace(",", ".")
        ticks = {name: bool(self[name].data) for name in TICKS}
        numbers = {"join_within": float(join) if join else None, "numbers": str(self.numbers.data or "auto")}
        return msgspec.convert({**texts, **lists, **ticks, **numbers}, Asked)


def filled(asked: Asked) -> TrailFileForm:
    """The form with options as they were asked."""
    data: dict[str, object] = msgspec.to_builtins(msgspec.structs.asdict(asked))
    for name in _LISTS:
        data[name] = "\n".join(getattr(asked, name))
    data["join_within"] = "" if asked.join_within is None else f"{asked.join_within:g}"
    return TrailFileForm(data=data)


def option_names() -> dict[str, dict[str, str]]:
    """By language, what the sentences of the readers call the options: as their fields are called here."""
    labels = {field.name.replace("_", "-"): str(field.label.text) for field in TrailFileForm()}
    return {
        language: {name: texts_in(language)(label) for name, label in {**_OTHERS, **labels}.items()}
        for language in LANGUAGES
    }
