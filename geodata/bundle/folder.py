"""A trail as a folder: line, stations, devices and texts, read with checks.

``trail.geojson`` (Feature, LineString in walking direction), ``stations.json``, ``devices.json`` and ``notices.json``
(these two may be missing),
``content/trail/VARIANT.md`` and ``content/NN-some-name/VARIANT.md``, NN being the station's number; beside the latter
the pictures, recordings and films that its head names, beside the former the tables of facts. geodata.content.folder
reads them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Annotated, Literal

import msgspec
from shapely import LineString

from geodata.bundle.json_rows import JsonRow, Slug, decode, once
from geodata.bundle.notice_rows import NoticeRow, notice_rules
from geodata.conditions.notices import NoticeRule
from geodata.content.checks import check
from geodata.content.folder import StationFolder
from geodata.content.folder import read as read_folder
from geodata.errors import InvalidInput
from geodata.facts import tables
from geodata.facts.tables import TrailFacts
from geodata.findings.content import TextFindings
from geodata.geometry.line import MAX_OFF_M, TrailGeometry
from geodata.media.files import MediaFile
from geodata.messages.message import message, phrase
from geodata.model.content import StationContent
from geodata.model.device import Device
from geodata.model.municipality import DEFAULT_TIMEZONE, Municipality
from geodata.model.place import Place
from geodata.model.section import Section
from geodata.model.station import Station
from geodata.model.trail import Trail, TrailContent, TrailDirection
from geodata.vocabulary import codes
from geodata.vocabulary.device_names import check_free

DEMONSTRATION = "stadtwald"

_Vertex = Annotated[list[float], msgspec.Meta(min_length=2, max_length=3)]


class _Municipality(JsonRow):
    slug: Slug
    name: str
    timezone: str = DEFAULT_TIMEZONE


class _TrailProperties(JsonRow, kw_only=True):
    """``invented`` and ``sources`` are for the readers of the file."""

    slug: Slug
    municipality: _Municipality
    licence: str
    attribution: str = ""
    surveyed: bool = True
    direction: TrailDirection | None = None
    invented: str = ""
    sources: tuple[str, ...] = ()


class _Line(JsonRow):
    type: Literal["LineString"]
    coordinates: Annotated[list[_Vertex], msgspec.Meta(min_length=2)]


class _Feature(JsonRow):
    type: Literal["Feature"]
    properties: _TrailProperties
    geometry: _Line


class _Station(JsonRow):
    """``along_m`` says roughly where, for a line that passes the station more than once."""

    code: str
    number: Annotated[int, msgspec.Meta(gt=0)]
    lon: Annotated[float, msgspec.Meta(ge=-180, le=180)]
    lat: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    along_m: float | None = None


class _Device(JsonRow, kw_only=True):
    """``sensors``: name of the instrument to the observed properties it feeds."""

    id: Slug
    station: int
    kind: str
    name: str
    interval_s: Annotated[int, msgspec.Meta(gt=0)] = 600
    sensors: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class BundledDevice:
    """A device with its instruments: name to the observed properties each feeds."""

    device: Device
    sensors: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class TrailBundle:
    """All that one trail folder holds, checked."""

    municipality: Municipality
    trail: Trail
    stations: tuple[Station, ...]
    devices: tuple[BundledDevice, ...]
    places: tuple[Place, ...] = ()
    sections: tuple[Section, ...] = ()
    notices: tuple[NoticeRule, ...] = ()
    media: dict[str, MediaFile] = field(default_factory=dict[str, MediaFile])
    """By id, what the stations' contents name; the bytes are still in the files."""


def bundled(name: str = DEMONSTRATION) -> TrailBundle:
    """A trail that comes with this release."""
    return read(resources.files("geodata").joinpath("trails", name))


def read(folder: Traversable) -> TrailBundle:
    """Read and check a trail folder; raises InvalidInput naming the file, the value and the hint."""
    feature = decode(folder / "trail.geojson", _Feature)
    properties = feature.properties
    folders = _station_folders(folder / "content")
    if 0 not in folders:
        raise InvalidInput("content/trail", [], "a German text", "Add the file de.md.")
    municipality = properties.municipality
    trail = Trail(
        slug=properties.slug,
        municipality=municipality.slug,
        line=_line(feature.geometry.coordinates),
        licence=properties.licence,
        attribution=properties.attribution,
        surveyed=properties.surveyed,
        direction=properties.direction,
        contents={file.text.variant: file.text for file in folders[0].texts if isinstance(file.text, TrailContent)},
    )
    facts = _facts(folders[0], trail)
    stations = _stations(decode(folder / "stations.json", list[_Station]), trail, folders)
    by_number = {station.number: station for station in stations}
    rows = decode(folder / "devices.json", list[_Device]) if (folder / "devices.json").is_file() else []
    devices = _devices(rows, trail, by_number)
    measured = {entry.device.id: [prop for fed in entry.sensors.values() for prop in fed] for entry in devices}
    notices = decode(folder / "notices.json", list[NoticeRow]) if (folder / "notices.json").is_file() else []
    return TrailBundle(
        municipality=Municipality(slug=municipality.slug, name=municipality.name, timezone=municipality.timezone),
        trail=trail,
        stations=stations,
        devices=devices,
        places=facts.places or (),
        sections=facts.sections or (),
        notices=notice_rules(notices, trail, by_number, measured),
        media={key: file for station_folder in folders.values() for key, file in station_folder.media.items()},
    )


def _line(vertices: list[_Vertex]) -> LineString:
    if len({len(vertex) for vertex in vertices}) > 1:
        raise InvalidInput("trail.geojson: coordinates", "heights here and there", "all with height or all without")
    return LineString(vertices)


def _station_folders(content: Traversable) -> dict[int, StationFolder]:
    """Station number to its texts; the trail's own are number 0. Raises InvalidInput for the first thing wrong."""
    findings = TextFindings()
    folders = {folder.number: folder for folder in read_folder(content, findings, "content/")}
    for folder in folders.values():
        check(folder.texts, f"content/{folder.name}", findings)
    for error in findings.errors:
        raise error.as_error()
    return {number: folder for number, folder in folders.items() if number is not None}


def _facts(folder: StationFolder, trail: Trail) -> TrailFacts:
    """Places and stretches; raises InvalidInput for the first thing wrong."""
    findings = TextFindings()
    facts = tables.read(folder.tables, "content/trail", trail.slug, TrailGeometry(trail.line), findings)
    for error in findings.errors:
        raise error.as_error()
    return facts


def _stations(rows: list[_Station], trail: Trail, folders: dict[int, StationFolder]) -> tuple[Station, ...]:
    once("stations.json: number", (row.number for row in rows))
    stray = folders.keys() - {row.number for row in rows} - {0}
    if stray:
        raise InvalidInput("content", folders[min(stray)].name, "the number of a station", "Add it to stations.json.")
    geometry = TrailGeometry(trail.line)
    stations = tuple(_station(row, trail.slug, geometry, folders) for row in rows)
    once("stations.json: code", (station.code for station in stations))
    return stations


def _station(row: _Station, trail: str, geometry: TrailGeometry, folders: dict[int, StationFolder]) -> Station:
    code = codes.normalise(row.code)
    if not codes.is_valid(code):
        raise InvalidInput(
            message("code of station {number}", number=row.number),
            row.code,
            "a code with a right check character",
            "Make a new one.",
        )
    if row.number not in folders:
        wanted = f"content/{row.number:02}-…"
        expected, hint = message("a folder {folder}", folder=wanted), message("Add {file}.", file=f"{wanted}/de.md")
        raise InvalidInput(message("station {number}", number=row.number), phrase("no texts"), expected, hint)
    folder = folders[row.number]
    if folder.code not in {"", code}:
        hint = "Correct one of the two."
        raise InvalidInput(
            f"content/{folder.name}", folder.code, message("{code}, as in stations.json", code=code), hint
        )
    place = geometry.locate(row.lon, row.lat, row.along_m)
    if place.off_m > MAX_OFF_M:
        raise InvalidInput(
            message("station {number}", number=row.number),
            message("{metres:.0f} m off the line", metres=place.off_m),
            message("at most {metres:.0f} m", metres=MAX_OFF_M),
            "Correct lon and lat (in this order), or the line.",
        )
    height = geometry.height_at(place.along_m)
    texts = [file.text for file in folder.texts if isinstance(file.text, StationContent)]
    return Station(
        code=code,
        trail=trail,
        number=row.number,
        lon=row.lon,
        lat=row.lat,
        height=None if height is None else round(height, 1),
        along_m=place.along_m,
        contents={text.variant: text for text in texts if not text.season},
        seasonal=tuple(text for text in texts if text.season),
    )


def _devices(rows: list[_Device], trail: Trail, stations: dict[int, Station]) -> tuple[BundledDevice, ...]:
    once("devices.json: id", (row.id for row in rows))
    devices: list[BundledDevice] = []
    for row in rows:
        check_free(row.id)
        if row.station not in stations:
            raise InvalidInput(
                message("station of device {id}", id=row.id),
                row.station,
                "the number of a station",
                "See stations.json.",
            )
        once(f"sensors of device {row.id}", (prop for fed in row.sensors.values() for prop in fed))
        station = stations[row.station]
        device = Device(
            id=row.id,
            trail=trail.slug,
            station=station.code,
            name=row.name,
            kind=row.kind,
            lon=station.lon,
            lat=station.lat,
            interval_s=row.interval_s,
        )
        devices.append(BundledDevice(device, row.sensors))
    return tuple(devices)
