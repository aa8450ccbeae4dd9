"""The observed properties every installation starts with: all that is known of each is in its row.

UCUM unit, kind, plausible range and names; who reads it, what comes before it on a page, its sentences for hikers. A
row in the table ``observed_property`` is the truth at run time; these are written there by ``migrate`` where they are
missing, but for the sentences, which come from here. A property of your own is one row more, no code. One that gets
another id keeps its old one in ``aliases``: ``migrate`` renames it, and devices may go on sending it. Ranges are what
can occur outdoors in Central Europe, with a margin; a result outside is kept, flagged as suspect and never shown as
fact.
"""

from __future__ import annotations

from functools import partial
from math import inf

from geodata.model.counting.counter import Direction
from geodata.model.observation import UNRANKED, Audience, ObservedProperty, PropertyKind
from geodata.model.sentences import NO_SENTENCES, Sentences, marked

_STAFF, _TECHNICAL = Audience.STAFF, Audience.TECHNICAL

_AIR_TEMPERATURE = Sentences(
    levels=(
        (0, marked("Es friert.")),
        (8, marked("Die Luft ist kalt.")),
        (16, marked("Die Luft ist kühl.")),
        (23, marked("Die Luft ist mild.")),
        (29, marked("Die Luft ist warm.")),
        (inf, marked("Die Luft ist heiß.")),
    ),
    more=marked("%(difference)s Grad wärmer als gestern"),
    less=marked("%(difference)s Grad kälter als gestern"),
    smallest=1.0,
    more_there=marked("%(difference)s Grad wärmer als an Station %(number)s"),
    less_there=marked("%(difference)s Grad kühler als an Station %(number)s"),
    highest=marked("So warm war es hier seit %(days)s Tagen nicht."),
    lowest=marked("So kalt war es hier seit %(days)s Tagen nicht."),
)

_AIR_HUMIDITY = Sentences(
    levels=(
        (40, marked("Die Luft ist trocken.")),
        (80, marked("Die Luft ist etwas feucht.")),
        (inf, marked("Die Luft ist sehr feucht.")),
    ),
    lowest=marked("So trocken war die Luft hier seit %(days)s Tagen nicht."),
)

_AIR_PRESSURE = Sentences(
    stands=marked("Der Luftdruck liegt bei %(value)s."),
    highest=marked("So hoch war der Luftdruck hier seit %(days)s Tagen nicht."),
    lowest=marked("So niedrig war der Luftdruck hier seit %(days)s Tagen nicht."),
)

_SOIL_MOISTURE = Sentences(
    levels=(
        (15, marked("Der Boden ist trocken.")),
        (30, marked("Der Boden ist etwas feucht.")),
        (inf, marked("Der Boden ist feucht.")),
    ),
    highest=marked("So feucht war der Boden hier seit %(days)s Tagen nicht."),
    lowest=marked("So trocken war der Boden hier seit %(days)s Tagen nicht."),
)

_SOIL_TEMPERATURE = Sentences(
    levels=(
        (0, marked("Der Boden ist gefroren.")),
        (10, marked("Der Boden ist kalt.")),
        (inf, marked("Der Boden ist nicht kalt.")),
    ),
    highest=marked("So warm war der Boden hier seit %(days)s Tagen nicht."),
    lowest=marked("So kalt war der Boden hier seit %(days)s Tagen nicht."),
)

_WATER_LEVEL = Sentences(
    stands=marked("Das Wasser steht bei %(value)s."),
    more=marked("%(difference)s höher als gestern"),
    less=marked("%(difference)s niedriger als gestern"),
    smallest=1.0,
    highest=marked("So hoch stand das Wasser hier seit %(days)s Tagen nicht."),
    lowest=marked("So niedrig stand das Wasser hier seit %(days)s Tagen nicht."),
)

_ILLUMINANCE = Sentences(
    levels=(
        (10, marked("Es ist dunkel.")),
        (1_000, marked("Es ist dämmrig.")),
        (10_000, marked("Es ist hell.")),
        (inf, marked("Es ist sehr hell.")),
    ),
)

_SOUND_LEVEL = Sentences(
    levels=(
        (35, marked("Es ist sehr still.")),
        (50, marked("Es ist ruhig.")),
        (65, marked("Es ist belebt.")),
        (inf, marked("Es ist laut.")),
    ),
)

_WIND_GUST = Sentences(
    levels=(
        (3, marked("Es ist fast windstill.")),
        (8, marked("Es weht ein leichter Wind.")),
        (14, marked("Es weht ein kräftiger Wind.")),
        (inf, marked("Es ist stürmisch.")),
    ),
    highest=marked("So kräftig war der Wind hier seit %(days)s Tagen nicht."),
)

_RAIN = Sentences(levels=((0.05, marked("Es regnet nicht.")), (inf, marked("Es regnet."))))

_WETNESS = Sentences(
    levels=(
        (20, marked("Der Weg ist trocken.")),
        (60, marked("Der Weg ist feucht.")),
        (inf, marked("Der Weg ist nass.")),
    ),
    at_kind={
        "boardwalk": (
            (20, marked("Der Holzsteg ist trocken.")),
            (60, marked("Der Holzsteg ist feucht.")),
            (inf, marked("Der Holzsteg ist nass. Geh langsam.")),
        )
    },
)


def _property(  # noqa: PLR0913, PLR0917 - what every property has reads as a table, the traits follow by name
    kind: PropertyKind,
    name: str,
    unit: str,
    minimum: float,
    maximum: float,
    label_de: str,
    label_en: str,
    decimals: int = 1,
    *,
    audience: Audience = Audience.HIKERS,
    rank: int = UNRANKED,
    staff: int = UNRANKED,
    things: bool = False,
    counts: Direction | None = None,
    aliases: tuple[str, ...] = (),
    says: Sentences = NO_SENTENCES,
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
        audience=audience,
        rank=rank,
        staff_rank=staff,
        counts_things=things,
        direction=counts,
        aliases=aliases,
        sentences=says,
    )


_gauge = partial(_property, PropertyKind.GAUGE)
_total = partial(_property, PropertyKind.RUNNING_TOTAL)
_increment = partial(_property, PropertyKind.INCREMENT)

# Ranks: what matters first to someone on foot is footing, wind, water, then the rest.
STANDARD_PROPERTIES: tuple[ObservedProperty, ...] = (
    _gauge(
        "air_temperature", "Cel", -40, 50, "Lufttemperatur", "Air temperature", rank=40, staff=50, says=_AIR_TEMPERATURE
    ),
    _gauge("air_humidity", "%", 0, 100, "Luftfeuchte", "Air humidity", 0, rank=70, says=_AIR_HUMIDITY),
    _gauge("air_pressure", "hPa", 850, 1090, "Luftdruck", "Air pressure", 0, rank=110, says=_AIR_PRESSURE),
    _gauge("soil_moisture", "%", 0, 100, "Bodenfeuchte", "Soil moisture", 0, rank=60, staff=40, says=_SOIL_MOISTURE),
    _gauge("soil_temperature", "Cel", -25, 45, "Bodentemperatur", "Soil temperature", rank=80, says=_SOIL_TEMPERATURE),
    _gauge("water_level", "cm", -100, 1000, "Wasserstand", "Water level", 0, rank=30, staff=30, says=_WATER_LEVEL),
    _gauge("illuminance", "lx", 0, 200_000, "Helligkeit", "Illuminance", 0, rank=100, says=_ILLUMINANCE),
    _gauge("sound_level", "dB", 0, 140, "Geräuschpegel", "Sound level", 0, rank=90, says=_SOUND_LEVEL),
    _gauge("wind_gust", "m/s", 0, 75, "Windböe", "Wind gust", rank=20, says=_WIND_GUST),
    _increment("rain", "mm", 0, 200, "Niederschlag", "Rain", rank=50, says=_RAIN),
    _gauge(
        "surface_wetness", "%", 0, 100, "Nässe der Oberfläche", "Surface wetness", 0, rank=10, staff=20, says=_WETNESS
    ),
    _gauge("battery_voltage", "V", 0, 60, "Batteriespannung", "Battery voltage", 2, audience=_TECHNICAL),
    _gauge("battery_level", "%", 0, 100, "Akkustand", "Battery level", 0, audience=_TECHNICAL),
    _gauge("rssi", "dBm", -160, 10, "Empfangsstärke", "Signal strength", 0, audience=_TECHNICAL),
    _gauge("snr", "dB", -40, 40, "Signal-Rausch-Abstand", "Signal-to-noise ratio", audience=_TECHNICAL),
    _total(
        "passes_in_total",
        "1",
        0,
        2**32,
        "Durchgänge hinein",
        "Passes in",
        0,
        audience=_STAFF,
        staff=10,
        counts=Direction.IN,
    ),
    _total(
        "passes_out_total", "1", 0, 2**32, "Durchgänge hinaus", "Passes out", 0, audience=_STAFF, counts=Direction.OUT
    ),
    _total("passes_total", "1", 0, 2**32, "Durchgänge", "Passes", 0, audience=_STAFF, staff=15, counts=Direction.BOTH),
    _increment(
        "passes_in",
        "1",
        0,
        100_000,
        "Durchgänge hinein je Meldung",
        "Passes in, per message",
        0,
        audience=_STAFF,
        counts=Direction.IN,
    ),
    _increment(
        "passes_out",
        "1",
        0,
        100_000,
        "Durchgänge hinaus je Meldung",
        "Passes out, per message",
        0,
        audience=_STAFF,
        counts=Direction.OUT,
    ),
    _increment(
        "passes",
        "1",
        0,
        100_000,
        "Durchgänge je Meldung",
        "Passes per message",
        0,
        audience=_STAFF,
        counts=Direction.BOTH,
    ),
    _increment(
        "beacon_adverts", "1", 0, 1_000_000, "Gesendete Funkrufe", "Beacon adverts", 0, audience=_STAFF, things=True
    ),
)
