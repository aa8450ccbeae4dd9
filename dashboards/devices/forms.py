"""The forms about devices: what is typed, checked field by field before the actions check the whole."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo

from wtforms import BooleanField, Field, StringField, ValidationError
from wtforms.validators import DataRequired, Length

from dashboards.forms import GermanForm, refuse_unfit
from dashboards.languages import marked
from geodata.actions.devices.device_maintenance import LONGEST_REASON
from geodata.actions.devices.edit_device import LONGEST_NAME, DeviceChange
from geodata.messages.message import cut
from geodata.model.device import Device
from geodata.vocabulary.names import is_name

INTERVALS: Mapping[int, str] = {
    60: marked("jede Minute"),
    300: marked("alle 5 Minuten"),
    600: marked("alle 10 Minuten"),
    900: marked("alle 15 Minuten"),
    1800: marked("alle 30 Minuten"),
    3600: marked("jede Stunde"),
    7200: marked("alle 2 Stunden"),
    21600: marked("alle 6 Stunden"),
    43200: marked("alle 12 Stunden"),
    86400: marked("einmal am Tag"),
}
BESIDE = ""
"""What ``station`` says of a device beside the trail, at no station."""
_LINE = Length(max=LONGEST_NAME, message=marked("Bitte kürzen Sie das: Es gehen höchstens 80 Zeichen."))


class DeviceIdForm(GermanForm):
    """The id of a new box, which is also its login."""

    id = StringField(marked("Kennung"), [DataRequired(marked("Bitte geben Sie dem Gerät eine Kennung."))])

    def validate_id(self, field: Field) -> None:
        """As ids are spelled."""
        if not is_name(str(field.data or "").strip()):
            raise ValidationError(
                marked(
                    "Nur kleine Buchstaben, Ziffern und Bindestriche, am Anfang kein Bindestrich, wie teich-pegel-2."
                )
            )


class DescriptionForm(GermanForm):
    """What a device is called and how often it reports."""

    name = StringField(marked("Name"), [_LINE])
    kind = StringField(marked("Art"), [_LINE])
    interval = StringField(marked("Meldet sich"), default="600")
    version = StringField("")

    def validate_name(self, field: Field) -> None:
        """Without what nobody can see."""
        refuse_unfit(field)

    def validate_kind(self, field: Field) -> None:
        """Without what nobody can see."""
        refuse_unfit(field)

    def validate_interval(self, field: Field) -> None:
        """One of those that are offered, or what the device had."""
        if not (str(field.data).isascii() and str(field.data).isdecimal() and int(field.data) > 0):
            raise ValidationError(marked("Bitte wählen Sie, wie oft sich das Gerät meldet."))

    @property
    def change(self) -> DeviceChange:
        """All of it as the actions take it."""
        return DeviceChange(
            name=str(self.name.data or "").strip(),
            kind=str(self.kind.data or "").strip(),
            interval_s=int(self.interval.data or 600),
        )


class PlaceForm(GermanForm):
    """A station of the trail in the address, or a point beside it."""

    stations: tuple[str, ...] = ()
    station = StringField(marked("Ort"))
    lat = StringField(marked("Breite"))
    lon = StringField(marked("Länge"))

    def validate_station(self, field: Field) -> None:
        """A station of this trail, or none."""
        if field.data and field.data not in self.stations:
            raise ValidationError(marked("Bitte wählen Sie eine Station dieses Pfads, oder einen Ort neben dem Weg."))

    def validate_lat(self, field: Field) -> None:
        """Degrees, and both or none."""
        if not self._typed(field.data) and self._typed(self.lon.data):
            raise ValidationError(marked("Bitte geben Sie Breite und Länge an, oder keine von beiden."))
        _degrees(field.data, 90)

    def validate_lon(self, field: Field) -> None:
        """Degrees, and both or none."""
        if not self._typed(field.data) and self._typed(self.lat.data):
            raise ValidationError(marked("Bitte geben Sie Breite und Länge an, oder keine von beiden."))
        _degrees(field.data, 180)

    def _typed(self, text: str | None) -> bool:
        return not self.station.data and bool((text or "").strip())

    @property
    def lonlat(self) -> tuple[float, float] | None:
        """The point beside the trail in degrees, longitude first; None at a station or where none was given."""
        if self.station.data or not (self.lon.data or "").strip():
            return None
        lon, lat = _degrees(self.lon.data, 180), _degrees(self.lat.data, 90)
        return None if lon is None or lat is None else (lon, lat)


class NewDeviceForm(DeviceIdForm, DescriptionForm, PlaceForm):
    """A new device with its place."""


class MoveForm(PlaceForm):
    """Where a device stands from when on."""

    at = StringField(marked("Seit wann"))
    correct = BooleanField(marked("Es stand schon immer dort: Der bisherige Ort war falsch eingetragen."))

    def validate_at(self, field: Field) -> None:
        """A day and a time, or nothing: now."""
        _moment(field.data)

    def moment(self, zone: tzinfo) -> datetime | None:
        """When it was moved; None: now."""
        typed = _moment(self.at.data)
        return None if typed is None else typed.replace(tzinfo=zone).astimezone(UTC)


class MaintenanceForm(GermanForm):
    """From when to when somebody works at a device, and why."""

    start = StringField(marked("Von"))
    end = StringField(marked("Bis"))
    reason = StringField(
        marked("Was wird gemacht?"),
        [
            DataRequired(marked("Bitte schreiben Sie kurz, was gemacht wird.")),
            Length(max=LONGEST_REASON, message=marked("Bitte kürzen Sie das: Es gehen höchstens 300 Zeichen.")),
        ],
    )

    def validate_start(self, field: Field) -> None:
        """A day and a time, or nothing: now."""
        _moment(field.data)

    def validate_end(self, field: Field) -> None:
        """After the beginning, or nothing: open."""
        start, end = _moment(self.start.data), _moment(field.data)
        if start is not None and end is not None and end <= start:
            raise ValidationError(marked("Das Ende liegt vor dem Anfang. Bitte prüfen Sie beide."))

    def validate_reason(self, field: Field) -> None:
        """Without what nobody can see."""
        refuse_unfit(field)

    def span(self, zone: tzinfo, now: datetime) -> tuple[datetime, datetime | None]:
        """From and to in UTC; None: the end is open."""
        start, end = _moment(self.start.data), _moment(self.end.data)
        begin = now if start is None else start.replace(tzinfo=zone).astimezone(UTC)
        return begin.replace(microsecond=0), None if end is None else end.replace(tzinfo=zone).astimezone(UTC)


def version_of(device: Device) -> str:
    """Changes whenever somebody changes what DescriptionForm has."""
    described = f"{device.name}\0{device.kind}\0{device.interval_s}"
    return hashlib.sha256(described.encode()).hexdigest()[:16]


def _degrees(text: str | None, most: int) -> float | None:
    typed = (text or "").strip().removesuffix("°").replace(",", ".")
    if not typed:
        return None
    try:
        degrees = float(typed)
    except ValueError:
        raise ValidationError(marked("Bitte geben Sie Grad mit Komma ein, wie 52,05155.")) from None
    if not -most <= degrees <= most:
        raise ValidationError(marked("Das liegt nicht auf der Erde. Bitte geben Sie Grad ein, wie 52,05155."))
    return degrees


def _moment(text: str | None) -> datetime | None:
    typed = (text or "").strip()
    if not typed:
        return None
    try:
        return datetime.fromisoformat(cut(typed)).replace(tzinfo=None)
    except ValueError:
        raise ValidationError(marked("Bitte geben Sie Tag und Uhrzeit ein, wie 23.11.2026 08:00.")) from None
