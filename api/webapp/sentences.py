"""A measured value as a sentence: what it means for someone standing there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import inf

from api.languages.texts import Texts, marked, property_label
from api.webapp.wording import number, quantity
from geodata.model.observation import Bucket, ObservedProperty, PropertyKind
from geodata.vocabulary.units import unit_sign

_TECHNICAL = frozenset({"battery_voltage", "battery_level", "rssi", "snr", "beacon_adverts"})

# What matters first to someone on foot: footing, wind, water, then the rest.
_ORDER = (
    "surface_wetness",
    "wind_gust",
    "water_level",
    "air_temperature",
    "rain",
    "soil_moisture",
    "air_humidity",
    "soil_temperature",
    "sound_level",
    "illuminance",
    "air_pressure",
)

# Up to (not including) the bound, this sentence.
_LEVELS: dict[str, tuple[tuple[float, str], ...]] = {
    "surface_wetness": (
        (20, marked("Der Weg ist trocken.")),
        (60, marked("Der Weg ist feucht.")),
        (inf, marked("Der Weg ist nass.")),
    ),
    "wind_gust": (
        (3, marked("Es ist fast windstill.")),
        (8, marked("Es weht ein leichter Wind.")),
        (14, marked("Es weht ein kräftiger Wind.")),
        (inf, marked("Es ist stürmisch.")),
    ),
    "air_temperature": (
        (0, marked("Es friert.")),
        (8, marked("Die Luft ist kalt.")),
        (16, marked("Die Luft ist kühl.")),
        (23, marked("Die Luft ist mild.")),
        (29, marked("Die Luft ist warm.")),
        (inf, marked("Die Luft ist heiß.")),
    ),
    "rain": ((0.05, marked("Es regnet nicht.")), (inf, marked("Es regnet."))),
    "soil_moisture": (
        (15, marked("Der Boden ist trocken.")),
        (30, marked("Der Boden ist etwas feucht.")),
        (inf, marked("Der Boden ist feucht.")),
    ),
    "air_humidity": (
        (40, marked("Die Luft ist trocken.")),
        (80, marked("Die Luft ist etwas feucht.")),
        (inf, marked("Die Luft ist sehr feucht.")),
    ),
    "soil_temperature": (
        (0, marked("Der Boden ist gefroren.")),
        (10, marked("Der Boden ist kalt.")),
        (inf, marked("Der Boden ist nicht kalt.")),
    ),
    "sound_level": (
        (35, marked("Es ist sehr still.")),
        (50, marked("Es ist ruhig.")),
        (65, marked("Es ist belebt.")),
        (inf, marked("Es ist laut.")),
    ),
    "illuminance": (
        (10, marked("Es ist dunkel.")),
        (1_000, marked("Es ist dämmrig.")),
        (10_000, marked("Es ist hell.")),
        (inf, marked("Es ist sehr hell.")),
    ),
}

_BOARDWALK = (
    (20, marked("Der Holzsteg ist trocken.")),
    (60, marked("Der Holzsteg ist feucht.")),
    (inf, marked("Der Holzsteg ist nass. Geh langsam.")),
)

_STANDS = {
    "water_level": marked("Das Wasser steht bei %(value)s."),
    "air_pressure": marked("Der Luftdruck liegt bei %(value)s."),
}

# Property → (more than yesterday, less than yesterday, smallest difference worth saying).
_COMPARED = {
    "water_level": (marked("%(difference)s höher als gestern"), marked("%(difference)s niedriger als gestern"), 1.0),
    "air_temperature": (
        marked("%(difference)s Grad wärmer als gestern"),
        marked("%(difference)s Grad kälter als gestern"),
        1.0,
    ),
}


def is_for_hikers(prop: ObservedProperty) -> bool:
    """Whether a station's page shows this property: no counters, no health of devices."""
    return prop.kind is not PropertyKind.RUNNING_TOTAL and prop.id not in _TECHNICAL


def rank(prop: ObservedProperty) -> int:
    """What comes first on the page has the lowest rank."""
    return _ORDER.index(prop.id) if prop.id in _ORDER else len(_ORDER)


def sentence(prop: ObservedProperty, value: float, device_kind: str, t: Texts) -> str:
    """What ``value`` of a device of this kind means; a property without words of its own says its name and number."""
    on_boardwalk = prop.id == "surface_wetness" and device_kind == "boardwalk"
    for bound, text in _BOARDWALK if on_boardwalk else _LEVELS.get(prop.id, ()):
        if value < bound:
            return t(text)
    if prop.id in _STANDS:
        return t(_STANDS[prop.id], value=quantity(value, prop, t))
    return f"{property_label(prop, t)}: {quantity(value, prop, t)}"


def against_yesterday(
    prop: ObservedProperty, value: float, measured_at: datetime, hours: Sequence[Bucket], t: Texts
) -> str:
    """How ``value`` differs from the mean of the same hour a day before; empty when that is little or unknown."""
    if prop.id not in _COMPARED:
        return ""
    more, less, smallest = _COMPARED[prop.id]
    hour = measured_at.replace(minute=0, second=0, microsecond=0) - timedelta(days=1)
    before = next((bucket.mean for bucket in hours if bucket.start == hour), None)
    if before is None or abs(value - before) < smallest:
        return ""
    gap = abs(value - before)
    shown = number(gap, 0, t) if prop.unit == "Cel" else f"{number(gap, 0, t)}\u00a0{unit_sign(prop.unit)}"
    return t(more if value > before else less, difference=shown)
