"""The observed properties every installation starts with: UCUM unit, kind, plausible range.

A row in the table ``observed_property`` is the truth at run time; these are written there by ``migrate`` where
they are missing. A property of your own is one row more, no code. Ranges are what can occur outdoors in Central
Europe, with a margin; a result outside is kept, flagged as suspect and never shown as fact.
"""

from __future__ import annotations

from geodata.model.observation import ObservedProperty, PropertyKind

_GAUGE, _TOTAL, _INCREMENT = PropertyKind.GAUGE, PropertyKind.RUNNING_TOTAL, PropertyKind.INCREMENT


def _property(  # noqa: PLR0917 - one line per property below reads as a table
    name: str,
    unit: str,
    kind: PropertyKind,
    minimum: float,
    maximum: float,
    label_de: str,
    label_en: str,
    decimals: int = 1,
) -> ObservedProperty:
    return ObservedProperty(
        id=name,
        unit=unit,
        kind=kind,
        minimum=minimum,
        maximum=maximum,
        label_de=label_de,
        label_en=label_en,
        decimals=decimals,
    )


STANDARD_PROPERTIES: tuple[ObservedProperty, ...] = (
    _property("air_temperature", "Cel", _GAUGE, -40, 50, "Lufttemperatur", "Air temperature"),
    _property("air_humidity", "%", _GAUGE, 0, 100, "Luftfeuchte", "Air humidity", 0),
    _property("air_pressure", "hPa", _GAUGE, 850, 1090, "Luftdruck", "Air pressure", 0),
    _property("soil_moisture", "%", _GAUGE, 0, 100, "Bodenfeuchte", "Soil moisture", 0),
    _property("soil_temperature", "Cel", _GAUGE, -25, 45, "Bodentemperatur", "Soil temperature"),
    _property("water_level", "cm", _GAUGE, -100, 1000, "Wasserstand", "Water level", 0),
    _property("illuminance", "lx", _GAUGE, 0, 200_000, "Helligkeit", "Illuminance", 0),
    _property("sound_level", "dB", _GAUGE, 0, 140, "Geräuschpegel", "Sound level", 0),
    _property("wind_gust", "m/s", _GAUGE, 0, 75, "Windböe", "Wind gust"),
    _property("rain", "mm", _INCREMENT, 0, 200, "Niederschlag", "Rain"),
    _property("surface_wetness", "%", _GAUGE, 0, 100, "Nässe der Oberfläche", "Surface wetness", 0),
    _property("battery_voltage", "V", _GAUGE, 0, 60, "Batteriespannung", "Battery voltage", 2),
    _property("battery_level", "%", _GAUGE, 0, 100, "Akkustand", "Battery level", 0),
    _property("rssi", "dBm", _GAUGE, -160, 10, "Empfangsstärke", "Signal strength", 0),
    _property("snr", "dB", _GAUGE, -40, 40, "Signal-Rausch-Abstand", "Signal-to-noise ratio"),
    _property("passes_in_total", "1", _TOTAL, 0, 2**32, "Durchgänge hinein", "Passes in", 0),
    _property("passes_out_total", "1", _TOTAL, 0, 2**32, "Durchgänge hinaus", "Passes out", 0),
    _property("beacon_adverts", "1", _INCREMENT, 0, 1_000_000, "Gesendete Funkrufe", "Beacon adverts", 0),
)
