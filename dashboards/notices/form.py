"""The forms of notices: a rule with its thresholds and texts, and what a person says for a while."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime

from wtforms import BooleanField, Field, HiddenField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length

from dashboards.forms import GermanForm, refuse_unfit
from dashboards.languages import marked, t
from dashboards.trails.ground import Ground
from geodata.conditions.notices import Level, NoticeRule, NoticeText
from geodata.errors import InvalidInput
from geodata.messages.message import cut
from geodata.text import localtime
from geodata.vocabulary.languages import DEFAULT, VARIANTS, language

LEVELS: Mapping[Level, str] = {
    Level.NONE: marked("kein Hinweis"),
    Level.CAUTION: marked("Vorsicht"),
    Level.WARNING: marked("Warnung"),
}
PARTS = (
    ("caution", marked("Vorsicht: was Wanderer lesen")),
    ("warning", marked("Warnung: was Wanderer lesen")),
    ("unknown", marked("Wenn niemand weiß, wie es ist")),
)
"""The three texts of a rule, by their names in NoticeText."""
_SHORT = Length(max=400, message=marked("Bitte kürzen Sie den Text: Es gehen höchstens 400 Zeichen."))
_LONGEST_HOLD_S, _LONGEST_EXPIRY_S = 7 * 86_400, 30 * 86_400


class NoticeRuleForm(GermanForm):
    """When values of a series become a notice. ``devices`` are those of the trail, ``properties`` what can be measured.

    ``station`` is a number; empty: all stations. ``hold_min`` and ``expires_h`` are minutes and hours.
    """

    station = StringField(marked("Wo steht der Hinweis?"))
    device = StringField(marked("Welches Gerät misst?"))
    observed_property = StringField(marked("Was wird gemessen?"))
    below = BooleanField(marked("Niedrige Werte sind die gefährlichen"))
    caution = StringField(marked("Vorsicht ab"))
    warning = StringField(marked("Warnung ab"))
    hysteresis = StringField(
        marked("Zurück erst nach"), [DataRequired(marked("Bitte geben Sie eine Zahl ein, auch 0."))]
    )
    hold_min = StringField(marked("Mindestens so viele Minuten lang"))
    expires_h = StringField(marked("Eine Warnung ohne neuen Wert gilt so viele Stunden"))
    version = HiddenField()
    ground: Ground
    devices: Mapping[str, str]
    properties: Mapping[str, str]

    @property
    def texts(self) -> list[tuple[str, str, list[Field]]]:
        """Variant and name of the language with its three texts; German first."""
        return [
            (variant, language(variant).name, [self[f"{part}_{variant}"] for part, _ in PARTS]) for variant in VARIANTS
        ]

    def validate_station(self, field: Field) -> None:
        """None, or one of the trail."""
        text = _line(field)
        if text and not (text.isascii() and text.isdecimal() and self.ground.station(int(text[:5]))):
            raise ValidationError(t("Bitte wählen Sie eine Station."))

    def validate_device(self, field: Field) -> None:
        """One of the trail."""
        if field.data not in self.devices:
            raise ValidationError(t("Bitte wählen Sie ein Gerät dieses Pfads."))

    def validate_observed_property(self, field: Field) -> None:
        """One that there is."""
        if field.data not in self.properties:
            raise ValidationError(t("Bitte wählen Sie, was gemessen wird."))

    def validate_caution(self, field: Field) -> None:
        """At least one threshold is there, and the warning further out."""
        if not _line(field) and not _line(self.warning):
            raise ValidationError(t("Bitte geben Sie an, ab welchem Wert Vorsicht oder Warnung gilt."))
        number(field)

    def validate_warning(self, field: Field) -> None:
        """Further out than the caution."""
        warning = number(field)
        try:
            caution = number(self.caution)
        except ValidationError:
            return  # that one is told already
        if warning is None or caution is None:
            return
        if (warning > caution) if self.below.data else (warning < caution):
            raise ValidationError(t("Die Warnung muss weiter draußen liegen als die Vorsicht."))

    def validate_hysteresis(self, field: Field) -> None:
        """0 or more."""
        if (number(field) or 0) < 0:
            raise ValidationError(t("Bitte geben Sie 0 oder mehr ein."))

    def validate_hold_min(self, field: Field) -> None:
        """Minutes up to a week."""
        _seconds(field, 60, _LONGEST_HOLD_S)

    def validate_expires_h(self, field: Field) -> None:
        """Hours up to a month."""
        _seconds(field, 3600, _LONGEST_EXPIRY_S)

    def made(self, identity: str) -> NoticeRule:
        """The rule that a form which validates says."""
        station = self.ground.station(int(_line(self.station))) if _line(self.station) else None
        thresholds = {Level.CAUTION: number(self.caution), Level.WARNING: number(self.warning)}
        return NoticeRule(
            id=identity,
            trail=self.ground.trail.slug,
            station=station.code if station else None,
            device=str(self.device.data),
            observed_property=str(self.observed_property.data),
            thresholds={level: at for level, at in thresholds.items() if at is not None},
            hysteresis=number(self.hysteresis) or 0.0,
            below=bool(self.below.data),
            hold_s=_seconds(self.hold_min, 60, _LONGEST_HOLD_S),
            expires_s=_seconds(self.expires_h, 3600, _LONGEST_EXPIRY_S),
            texts={
                variant: NoticeText(variant=variant, **{part: _line(self[f"{part}_{variant}"]) for part, _ in PARTS})
                for variant in VARIANTS
                if _line(self[f"caution_{variant}"])
            },
        )


class OverrideForm(GermanForm):
    """What somebody says of the way, and until when."""

    level = StringField(marked("Was gilt?"))
    until = StringField(marked("Bis wann?"), [DataRequired(marked("Bitte sagen Sie, bis wann."))])
    ground: Ground

    def validate_level(self, field: Field) -> None:
        """One of those that there are."""
        if str(field.data) not in {str(level.value) for level in Level}:
            raise ValidationError(t("Bitte wählen Sie, was gilt."))

    def validate_until(self, _: Field) -> None:
        """A time to come."""
        if self.ends() <= self.ground.now:
            raise ValidationError(t("Diese Zeit ist schon vorbei. Bitte wählen Sie eine spätere."))

    def ends(self) -> datetime:
        """Until when; raises ValidationError."""
        try:
            return localtime.parse("until", _line(self.until), self.ground.timezone, later=True)
        except (InvalidInput, OverflowError) as error:
            raise ValidationError(
                t(
                    "„%(value)s“ ist keine Zeit, die es gibt. Bitte schreiben Sie sie wie 23.11.2026 08:00.",
                    value=cut(_line(self.until)),
                )
            ) from error


def number(field: Field) -> float | None:
    """A number as people write it, None for nothing; raises ValidationError."""
    text = _line(field).replace("\u2212", "-").replace(",", ".")
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValidationError(t("„%(value)s“ ist keine Zahl. Bitte schreiben Sie sie wie 12,5.", value=cut(text)))
    return value


def _seconds(field: Field, unit_s: int, most_s: int) -> int:
    """A time of minutes or hours; raises ValidationError."""
    seconds = round((number(field) or 0) * unit_s)
    if not 0 <= seconds <= most_s:
        raise ValidationError(t("Bitte geben Sie eine Zahl von 0 bis %(most)s ein.", most=most_s // unit_s))
    return seconds


def _line(field: Field) -> str:
    return " ".join(str(field.data if field.data is not None else "").split())


def _told(form: NoticeRuleForm, field: Field) -> None:
    """German is needed; another language has all three texts or none."""
    refuse_unfit(field)
    variant = field.name.partition("_")[2]
    others = [_line(form[f"{part}_{variant}"]) for part, _ in PARTS]
    if not _line(field) and (variant == DEFAULT or any(others)):
        raise ValidationError(t("Bitte schreiben Sie alle drei Texte."))


for _variant in VARIANTS:
    for _part, _label in PARTS:
        setattr(NoticeRuleForm, f"{_part}_{_variant}", TextAreaField(_label, [_SHORT, _told]))


def filled(ground: Ground, rule: NoticeRule) -> dict[str, object]:
    """The fields of the form for a stored rule."""
    numbers = {station.code: station.number for station in ground.stations}
    data: dict[str, object] = {
        "station": str(numbers.get(rule.station or "", "")),
        "device": rule.device,
        "observed_property": rule.observed_property,
        "below": rule.below,
        "caution": typed(rule.thresholds.get(Level.CAUTION)),
        "warning": typed(rule.thresholds.get(Level.WARNING)),
        "hysteresis": typed(rule.hysteresis),
        "hold_min": typed(rule.hold_s / 60),
        "expires_h": typed(rule.expires_s / 3600),
    }
    for text in rule.texts.values():
        data |= {f"{part}_{text.variant}": getattr(text, part) for part, _ in PARTS}
    return data


def typed(value: float | None) -> str:
    """A number as the form shows it: ``12,5``."""
    return "" if value is None else f"{value:.10g}".replace(".", ",")
