"""A trail as a folder: line, stations, devices and texts, read with checks.

``trail.geojson`` (Feature, LineString in walking direction), ``stations.json``, ``devices.json`` and ``notices.json``
(these two may be missing),
``content/trail/VARIANT.md`` and ``content/NN-some-name/VARIANT.md``, NN being the station's number.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Annotated, Literal

import msgspec
from shapely import LineString

from geodata import codes, frontmatter
from geodata.errors import InvalidInput
from geodata.geometry import TrailGeometry
from geodata.jsonfile import Row, Slug, decode, once
from geodata.model import VARIANTS, Device, Municipality, Station, StationContent, Trail, TrailContent
from geodata.noticefile import NoticeRow, notice_rules
from geodata.notices import NoticeRule

DEMONSTRATION = "stadtwald"
_MAX_OFF_M = 60.0

_Vertex = Annotated[list[float], msgspec.Meta(min_length=2, max_length=3)]


class _Municipality(Row):
    slug: Slug
    name: str
    timezone: str = "Europe/Berlin"


class _TrailProperties(Row, kw_only=True):
    """``invented`` and ``sources`` are for the readers of the file."""

    slug: Slug
    municipality: _Municipality
    licence: str
    attribution: str = ""
    surveyed: bool = True
    invented: str = ""
    sources: tuple[str, ...] = ()


class _Line(Row):
    type: Literal["LineString"]
    coordinates: Annotated[list[_Vertex], msgspec.Meta(min_length=2)]


class _Feature(Row):
    type: Literal["Feature"]
    properties: _TrailProperties
    geometry: _Line


class _Station(Row):
    """``along_m`` says roughly where, for a line that passes the station more than once."""

    code: str
    number: Annotated[int, msgspec.Meta(gt=0)]
    lon: Annotated[float, msgspec.Meta(ge=-180, le=180)]
    lat: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    along_m: float | None = None


class _Device(Row, kw_only=True):
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
    notices: tuple[NoticeRule, ...] = ()


def bundled(name: str = DEMONSTRATION) -> TrailBundle:
    """A trail that comes with this release."""
    return read(resources.files("geodata").joinpath("trails", name))


def read(folder: Traversable) -> TrailBundle:
    """Read and check a trail folder; raises InvalidInput naming the file, the value and the mend."""
    feature = decode(folder / "trail.geojson", _Feature)
    properties = feature.properties
    texts = _content_folders(folder / "content")
    municipality = properties.municipality
    trail = Trail(
        slug=properties.slug,
        municipality=municipality.slug,
        line=_line(feature.geometry.coordinates),
        licence=properties.licence,
        attribution=properties.attribution,
        surveyed=properties.surveyed,
        contents=_trail_contents(texts.pop(0, folder / "content" / "trail")),
    )
    stations = _stations(decode(folder / "stations.json", list[_Station]), trail, texts)
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
        notices=notice_rules(notices, trail, by_number, measured),
    )


def _line(vertices: list[_Vertex]) -> LineString:
    if len({len(vertex) for vertex in vertices}) > 1:
        raise InvalidInput("trail.geojson: coordinates", "heights here and there", "all with height or all without")
    return LineString(vertices)


def _content_folders(content: Traversable) -> dict[int, Traversable]:
    """Station number to the folder with its texts; the trail's own texts are number 0."""
    folders: dict[int, Traversable] = {}
    for folder in sorted(content.iterdir(), key=lambda entry: entry.name) if content.is_dir() else ():
        if folder.name.startswith("."):
            continue
        number = "0" if folder.name == "trail" else folder.name.split("-")[0]
        if not number.isdecimal() or not folder.is_dir():
            raise InvalidInput("content", folder.name, "a folder such as 04-teiche, or trail", "Rename or remove it.")
        if int(number) in folders:
            raise InvalidInput("content", folder.name, f"one folder for number {int(number)}", "Merge the two.")
        folders[int(number)] = folder
    return folders


def _texts(
    folder: Traversable, required: tuple[str, ...], optional: tuple[str, ...]
) -> dict[str, frontmatter.Document]:
    """Variant to document; German has to be there."""
    texts: dict[str, frontmatter.Document] = {}
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name) if folder.is_dir() else ():
        name = f"content/{folder.name}/{file.name}"
        variant = file.name.removesuffix(".md")
        if variant not in VARIANTS or not file.name.endswith(".md"):
            raise InvalidInput(
                name, variant, f"one of {', '.join(VARIANTS)}, ending in .md", "Rename or remove the file."
            )
        texts[variant] = frontmatter.parse(_text(file, name), name, required, optional)
    if "de" not in texts:
        raise InvalidInput(f"content/{folder.name}", sorted(texts), "a German text", "Add the file de.md.")
    return texts


def _text(file: Traversable, name: str) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = file.read_bytes()[: error.start].count(b"\n") + 1
        mend = "Save the file as UTF-8 in the editor."
        raise InvalidInput(f"{name}, line {line}", error.object[error.start : error.end], "UTF-8", mend) from error


def _trail_contents(folder: Traversable) -> dict[str, TrailContent]:
    return {
        variant: TrailContent(variant=variant, name=text.fields["title"], lead=text.fields["lead"], body=text.body)
        for variant, text in _texts(folder, ("title", "lead"), ()).items()
    }


def _station_contents(folder: Traversable) -> dict[str, StationContent]:
    contents: dict[str, StationContent] = {}
    for variant, text in _texts(folder, ("title", "lead"), ("question", "answer", "source", "invented")).items():
        fields = text.fields
        if bool(fields.get("question")) != bool(fields.get("answer")):
            place = f"content/{folder.name}/{variant}.md, line 1"
            raise InvalidInput(place, "a question or an answer alone", "both or none", "Add the other one.")
        contents[variant] = StationContent(
            variant=variant,
            title=fields["title"],
            lead=fields["lead"],
            body=text.body,
            question=fields.get("question", ""),
            answer=fields.get("answer", ""),
            source=" ".join(filter(None, [fields.get("source"), fields.get("invented")])),
        )
    return contents


def _stations(rows: list[_Station], trail: Trail, texts: dict[int, Traversable]) -> tuple[Station, ...]:
    once("stations.json: number", (row.number for row in rows))
    stray = texts.keys() - {row.number for row in rows}
    if stray:
        raise InvalidInput("content", texts[min(stray)].name, "the number of a station", "Add it to stations.json.")
    geometry = TrailGeometry(trail.line)
    stations = tuple(_station(row, trail.slug, geometry, texts) for row in rows)
    once("stations.json: code", (station.code for station in stations))
    return stations


def _station(row: _Station, trail: str, geometry: TrailGeometry, texts: dict[int, Traversable]) -> Station:
    code = codes.normalise(row.code)
    if not codes.is_valid(code):
        raise InvalidInput(
            f"code of station {row.number}", row.code, "a code with a right check character", "Make a new one."
        )
    if row.number not in texts:
        folder = f"content/{row.number:02}-…"
        raise InvalidInput(f"station {row.number}", "no texts", f"a folder {folder}", f"Add {folder}/de.md.")
    place = geometry.locate(row.lon, row.lat, row.along_m)
    if place.off_m > _MAX_OFF_M:
        raise InvalidInput(
            f"station {row.number}",
            f"{place.off_m:.0f} m off the line",
            f"at most {_MAX_OFF_M:.0f} m",
            "Correct lon and lat (in this order), or the line.",
        )
    height = geometry.height_at(place.along_m)
    return Station(
        code=code,
        trail=trail,
        number=row.number,
        lon=row.lon,
        lat=row.lat,
        height=None if height is None else round(height, 1),
        along_m=place.along_m,
        contents=_station_contents(texts[row.number]),
    )


def _devices(rows: list[_Device], trail: Trail, stations: dict[int, Station]) -> tuple[BundledDevice, ...]:
    once("devices.json: id", (row.id for row in rows))
    devices: list[BundledDevice] = []
    for row in rows:
        if row.station not in stations:
            raise InvalidInput(
                f"station of device {row.id}", row.station, "the number of a station", "See stations.json."
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
