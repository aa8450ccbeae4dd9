"""Frozen records of all that the database holds; the words are those of docs/glossary.md.

Times are aware UTC, coordinates are lon, lat in degrees (CRS84), heights and distances metres.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, IntFlag, StrEnum
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:  # the gateway reads no geometry: it starts sooner and stays 17 MB smaller without shapely and numpy
    from shapely import LineString

from geodata.model.operator import Operator
from geodata.model.shown_media import Audio, Picture, SignVideo
from geodata.vocabulary.season import Season

VARIANTS = ("de", "en", "de_simple", "children")
"""Voices of a station's content; ``de`` is the one every station has and every other falls back to."""


class Quality(IntEnum):
    """Whether a result may be shown and counted."""

    OK = 0
    SUSPECT = 1
    MISSING = 2


class Flag(IntFlag):
    """Why an observation is not plainly ok, or where its time comes from; a bit set."""

    NONE = 0
    TIME_OF_RECEIPT = 1  # the device has no clock: phenomenon_time is when the gateway got it
    OUT_OF_RANGE = 2  # outside the property's plausible range
    SENSOR_FAILED = 4  # the device sent null


class PropertyKind(StrEnum):
    """How the results of an observed property add up."""

    GAUGE = "gauge"  # an instantaneous value: mean, minimum and maximum make sense
    RUNNING_TOTAL = "running_total"  # only differences make sense; may wrap or reset
    INCREMENT = "increment"  # an amount since the previous observation: sums make sense


class TrailState(StrEnum):
    """Where a trail shows."""

    SHOWN = "shown"
    HIDDEN = "hidden"  # no list names it; its own addresses answer
    RETIRED = "retired"  # given up: no list names it, its codes tell what stood there


class Role(StrEnum):
    """What a member of staff may do; each includes none of the others, the role matrix says what."""

    VIEWER = "viewer"
    EDITOR = "editor"
    RANGER = "ranger"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Municipality:
    """A town that runs trails. ``timezone`` is an IANA name; days follow it. ``operator``: its lines of legal pages."""

    slug: str
    name: str
    timezone: str = "Europe/Berlin"
    operator: Operator = field(default_factory=Operator)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailContent:
    """Name and texts of a trail in one variant; ``body`` is Markdown."""

    variant: str
    name: str
    lead: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """A route with a line geometry in walking direction.

    ``line``: lon, lat and, where known, height of each vertex. ``surveyed`` is False where the line or its
    stations were invented for a demonstration. ``licence`` is an SPDX or dl-de identifier. ``state_since``: since when
    the ``state`` holds; None before the trail is stored.
    """

    slug: str
    municipality: str
    line: LineString
    licence: str
    attribution: str = ""
    surveyed: bool = True
    contents: dict[str, TrailContent] = field(default_factory=dict[str, TrailContent])
    state: TrailState = TrailState.SHOWN
    state_since: datetime | None = field(default=None, compare=False)

    @property
    def is_listed(self) -> bool:
        """Whether lists name it."""
        return self.state is TrailState.SHOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """One form in which a medium is served; ``name`` is the last part of its address, ``size`` in bytes."""

    name: str
    content_type: str
    size: int
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """A picture, recording or film that the database holds. ``kind``: ``picture``, ``audio`` or ``sign_video``.

    ``renditions`` come in order of width; their bytes are read where they are served. ``seconds``: how long it plays.
    """

    id: str
    kind: str
    renditions: tuple[Rendition, ...]
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StationContent:
    """What a station says in one variant. ``body`` is Markdown; ``answer`` belongs to ``question``.

    The first of ``pictures`` stands above the text, the others below it.
    With a ``season`` (its short name) the text is shown on the days ``show`` instead of the one of all the year, which
    has neither.
    """

    variant: str
    title: str
    lead: str
    body: str
    question: str = ""
    answer: str = ""
    source: str = ""
    pictures: tuple[Picture, ...] = ()
    audio: Audio | None = None
    sign_video: SignVideo | None = None
    season: str = ""
    show: Season | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """A numbered stop on a trail with its permanent code. ``along_m`` is metres along the trail's line.

    ``contents``: the texts by variant, those of all the year unless geodata.content.seasonal has chosen.
    ``seasonal``: those that take their turn.
    """

    code: str
    trail: str
    number: int
    lon: float
    lat: float
    height: float | None = None
    along_m: float = 0.0
    retired_at: datetime | None = None
    contents: dict[str, StationContent] = field(default_factory=dict[str, StationContent])
    seasonal: tuple[StationContent, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedProperty:
    """What is measured, in which UCUM ``unit``; results outside ``minimum``..``maximum`` are suspect."""

    id: str
    unit: str
    kind: PropertyKind
    minimum: float
    maximum: float
    label_de: str
    label_en: str
    decimals: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """Where a device stood before: at ``station`` of ``trail`` (None: beside it) up to but not at ``until``."""

    trail: str
    station: str | None
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A box with electronics and an MQTT identity, at a station or beside the trail.

    ``state`` is ``online``, ``offline`` or ``unknown``; ``last_seen_at`` is the receipt of its last own message,
    ``unusable_at`` that of the newest of which nothing could be stored. ``earlier`` are the places where it stood
    before, the first one first.
    """

    id: str
    trail: str
    station: str | None = None
    name: str = ""
    kind: str = ""
    lon: float | None = None
    lat: float | None = None
    interval_s: int = 600
    state: str = "unknown"
    firmware: str = ""
    boot: str = ""
    last_seen_at: datetime | None = None
    revoked_at: datetime | None = None
    registered_at: datetime | None = None
    unusable_at: datetime | None = None
    earlier: tuple[Stay, ...] = ()

    @property
    def since(self) -> datetime | None:
        """Since when it stands where it stands; None: always."""
        return self.earlier[-1].until if self.earlier else None

    def place_at(self, moment: datetime) -> tuple[str, str | None]:
        """Trail and station where it stood at ``moment``."""
        stay = next((stay for stay in self.earlier if moment < stay.until), None)
        return (self.trail, self.station) if stay is None else (stay.trail, stay.station)


@dataclass(frozen=True, slots=True, kw_only=True)
class Datastream:
    """The series of one observed property of one device. ``sensor`` names the instrument."""

    id: int
    device: str
    observed_property: str
    sensor: str = ""


@dataclass(frozen=True, slots=True)
class Observation:
    """One measured value; ``result`` is None exactly when ``quality`` is MISSING."""

    datastream_id: int
    phenomenon_time: datetime
    result: float | None
    quality: Quality = Quality.OK
    flags: Flag = Flag.NONE


class Bucket(msgspec.Struct, frozen=True, gc=False):  # a year of hours is 8760 of them: a dataclass takes 10 ms longer
    """A time interval of a series. Only results of quality ok count in ``count``, mean, minimum and maximum."""

    start: datetime
    count: int
    mean: float | None
    minimum: float | None
    maximum: float | None
    first: float | None
    last: float | None
    suspect: int = 0
    missing: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """A person with a login. ``one_time`` says that the password was generated and has not been used yet."""

    id: int
    name: str
    role: Role
    one_time: bool = False
