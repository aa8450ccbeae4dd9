"""What the two processes of a planned import say to each other, as MessagePack that is checked when it is read."""

from __future__ import annotations

from datetime import datetime
from typing import cast

import msgspec
import shapely
from shapely import LineString

from geodata.model.content import StationContent
from geodata.model.municipality import Municipality
from geodata.model.place import Place
from geodata.model.section import Section
from geodata.model.station import Station
from geodata.model.trail import Trail, TrailContent, TrailDirection, TrailState
from geodata.vocabulary.languages import DEFAULT


class TrailRow(msgspec.Struct, frozen=True, kw_only=True):
    """A trail; ``line`` is WKB, of the texts there is the German ``name`` alone."""

    slug: str
    municipality: str
    line: bytes
    licence: str
    attribution: str
    surveyed: bool
    direction: TrailDirection | None
    state: TrailState
    name: str

    @classmethod
    def of(cls, trail: Trail, municipality: str = "") -> TrailRow:
        """The row of a trail; with ``municipality`` it is said to be of that one."""
        return cls(
            slug=trail.slug,
            municipality=municipality or trail.municipality,
            line=shapely.to_wkb(trail.line),
            licence=trail.licence,
            attribution=trail.attribution,
            surveyed=trail.surveyed,
            direction=trail.direction,
            state=trail.state,
            name=trail.name(),
        )

    def trail(self) -> Trail:
        """The trail of the row."""
        return Trail(
            slug=self.slug,
            municipality=self.municipality,
            line=cast("LineString", shapely.from_wkb(self.line)),
            licence=self.licence,
            attribution=self.attribution,
            surveyed=self.surveyed,
            direction=self.direction,
            state=self.state,
            contents={DEFAULT: TrailContent(variant=DEFAULT, name=self.name)} if self.name else {},
        )


class PlannedStation(msgspec.Struct, frozen=True, kw_only=True):
    """A station; of its texts there is the German ``title`` alone."""

    code: str
    trail: str
    number: int
    lon: float
    lat: float
    height: float | None
    along_m: float
    retired_at: datetime | None
    title: str

    @classmethod
    def of(cls, station: Station, trail: str = "") -> PlannedStation:
        """The row of a station; with ``trail`` it is said to be of that one."""
        return cls(
            code=station.code,
            trail=trail or station.trail,
            number=station.number,
            lon=station.lon,
            lat=station.lat,
            height=station.height,
            along_m=station.along_m,
            retired_at=station.retired_at,
            title=station.title(),
        )

    def station(self) -> Station:
        """The station of the row."""
        text = StationContent(variant=DEFAULT, title=self.title, lead="", body="")
        return Station(
            code=self.code,
            trail=self.trail,
            number=self.number,
            lon=self.lon,
            lat=self.lat,
            height=self.height,
            along_m=self.along_m,
            retired_at=self.retired_at,
            contents={DEFAULT: text} if self.title else {},
        )


class StoredState(msgspec.Struct, frozen=True, kw_only=True):
    """What is stored when a plan is made. Of other municipalities there is only what must not be taken from them."""

    municipality: str
    municipality_name: str
    timezone: str
    trails: list[TrailRow]
    stations: list[PlannedStation]
    places: dict[str, list[Place]]
    sections: dict[str, list[Section]]
    foreign_trails: list[TrailRow]
    foreign_stations: list[PlannedStation]
    removed_codes: list[str]

    def town(self) -> Municipality:
        """Whose trail it is."""
        return Municipality(slug=self.municipality, name=self.municipality_name, timezone=self.timezone)


class Asked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How to read a file and where its trail goes: the options of ``digitalpfad trail import`` by their names."""

    trail: str = ""
    name: str = ""
    licence: str = ""
    attribution: str = ""
    retire_missing: bool = False
    replace_facts: bool = False
    crs: str = ""
    layer: list[str] = []
    line: list[str] = []
    leave_out: list[str] = []
    join_within: float | None = None
    numbers: str = "auto"
    encoding: str = ""
    there_and_back: bool = False
    reverse: bool = False
    swap_axes: bool = False
    heights_above_sea: bool = False
    without_heights: bool = False
    without_stations: bool = False
    points_are_stations: bool = False


class PlanRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What the planning process is given. ``names``: by language what people call the options in sentences."""

    file_name: str
    content: bytes
    asked: Asked
    stored: StoredState
    now: datetime
    names: dict[str, dict[str, str]]


class FindingRow(msgspec.Struct, frozen=True, kw_only=True):
    """A finding, said in each language; ``at`` is lon, lat."""

    severity: str
    reason: str
    said: dict[str, str]
    at: tuple[float, float] | None = None


class StationStep(msgspec.Struct, frozen=True, kw_only=True):
    """What happens to a station, as geodata.trailfiles.plan.stations.StationPlan says it."""

    change: str
    station: PlannedStation
    name: str
    by: str
    off_m: float
    moved_m: float | None
    number_before: int | None


class PlaceStepRow(msgspec.Struct, frozen=True, kw_only=True):
    """What happens to a place."""

    fate: str
    said: dict[str, str]
    along_m: float
    moved_m: float | None


class PlanRow(msgspec.Struct, frozen=True, kw_only=True):
    """All that the import would write, and what it would change; ``new`` and ``changed`` are codes."""

    trail: TrailRow
    trail_change: str
    length_m: float
    ascent_m: float | None
    descent_m: float | None
    is_loop: bool
    columns: dict[str, str]
    steps: list[StationStep]
    new: list[str]
    changed: list[str]
    places: list[Place]
    sections: list[Section]
    place_steps: list[PlaceStepRow]
    stretches: str
    stretches_before: int


class PlanOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a reading: without a plan, or with an error among the findings, nothing can be carried out."""

    findings: list[FindingRow]
    plan: PlanRow | None = None

    @property
    def is_refused(self) -> bool:
        """Whether nothing can be carried out."""
        return self.plan is None or any(finding.severity == "error" for finding in self.findings)


def packed(row: msgspec.Struct) -> bytes:
    """A row as bytes."""
    return msgspec.msgpack.encode(row, enc_hook=_plain)


def _plain(value: object) -> str:
    """A Message, which is a str of a kind of its own, as the text that it is."""
    if isinstance(value, str):
        return "".join(value)
    raise NotImplementedError(type(value))


def outcome_of(data: bytes) -> PlanOutcome:
    """What packed() made of an outcome; raises msgspec.DecodeError for anything else."""
    return msgspec.msgpack.decode(data, type=PlanOutcome)


def request_of(data: bytes) -> PlanRequest:
    """What packed() made of a request; raises msgspec.DecodeError for anything else."""
    return msgspec.msgpack.decode(data, type=PlanRequest)
