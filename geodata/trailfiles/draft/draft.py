"""What a file says of one trail: its line, its stations, its own properties, checked before anything is compared."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import shapely
from shapely import LineString

from geodata.errors import InvalidInput
from geodata.findings.finding import LonLat
from geodata.findings.trail_file import Findings, Refused
from geodata.messages.listing import listed, shortened
from geodata.messages.message import Message, message, phrase
from geodata.trailfiles import bounds, reader_warnings
from geodata.trailfiles.draft import (
    assembly,
    checks,
    columns,
    heights,
    layers,
    lines,
    numbers,
    shapes,
    spelling,
    terrain,
)
from geodata.trailfiles.draft.layers import Feature
from geodata.trailfiles.draft.numbers import Numbered, Numbers
from geodata.trailfiles.draft.recording import without_recorded
from geodata.trailfiles.formats import opening
from geodata.trailfiles.formats.opening import Said
from geodata.trailfiles.source import composed
from geodata.trailfiles.systems import reprojection
from geodata.trailfiles.systems.reprojection import Systems
from geodata.trailfiles.systems.vertical import HowHigh

JOIN_WITHIN_M = 15.0
PROPERTIES = ("slug", "licence", "attribution", "municipality", "surveyed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How to read the file; the defaults suit a file that holds one trail and says all of itself."""

    crs: str = ""
    layers: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    join_within_m: float | None = None
    """None: JOIN_WITHIN_M, and up to 100 m between the segments of one recording."""
    numbers: Numbers = Numbers.AUTO
    leave_out: tuple[str, ...] = ()
    there_and_back: bool = False
    reverse: bool = False
    swap_axes: bool = False
    dem: tuple[Path, ...] = ()
    dem_crs: str = ""
    encoding: str = ""
    geoid: Path | None = None
    heights_above_sea: bool = False
    without_heights: bool = False
    without_stations: bool = False

    @property
    def high(self) -> HowHigh:
        """What is said of heights."""
        return HowHigh(geoid=self.geoid, above_sea=self.heights_above_sea)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedStation:
    """A station as the file has it; ``number``, ``code`` and ``along_m`` may be unknown.

    ``unread_number`` is what the file writes for a number and is no whole one, such as 11a.
    """

    lon: float
    lat: float
    height: float | None = None
    number: int | None = None
    unread_number: str = ""
    name: str = ""
    code: str = ""
    along_m: float | None = None

    @property
    def title(self) -> str:
        """How a sentence calls it."""
        if self.number:
            return " ".join(filter(None, [f"Station {self.number}", self.name]))
        return message("The station {name}", name=self.name) if self.name else phrase("A station without a name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A file's trail. ``line`` is None where the file holds stations only; ``columns`` says what was taken for what."""

    file: str
    line: LineString | None
    name: str = ""
    properties: dict[str, str] = field(default_factory=dict[str, str])
    stations: tuple[ParsedStation, ...] = ()
    columns: str = ""


def read(file: Path, how: Reading, findings: Findings) -> Draft:
    """Read and check ``file``; what it finds goes to ``findings``, what ends it is raised as Refused."""
    try:
        with reader_warnings.told(findings):
            return _read(file, how, findings)
    except RecursionError as error:
        raise bounds.too_deep(composed(file.name)) from error
    except MemoryError as error:
        raise bounds.too_many(composed(file.name)) from error


def _read(file: Path, how: Reading, findings: Findings) -> Draft:
    said = Said(encoding=how.encoding, above_sea=how.heights_above_sea)
    with opening.opened(file, findings, said, how.layers) as sources:
        systems = Systems(crs=_crs(how.crs), swap_axes=how.swap_axes, heights=how.high)
        features = layers.read(file.name, sources, systems, how.layers, findings)
    found = shapes.sorted_out(_without(features, how.leave_out, findings))
    shapes.tell_areas(found, findings)
    if not found.lines and not found.points:
        raise Refused(
            message("{name} holds neither lines nor points.", name=file.name),
            phrase("a line, points for the stations, or both"),
            reason="no-geometry",
        )
    taken = lines.chosen(found.lines, how.lines, how.layers, findings) if found.lines else []
    for one in taken:
        places: list[LonLat] = shapely.get_coordinates(one.geometry).tolist()
        checks.on_earth("The line", places, findings)
    taken = taken if how.there_and_back else lines.without_doubles(taken, findings)
    line = _line(taken, how, findings) if taken else None
    parsed, said = ([], phrase("")) if how.without_stations else _stations(found.points, taken, how, findings)
    read_draft = Draft(
        file=composed(file.name),
        line=line,
        name=lines.name_of(taken[0]) if taken else "",
        properties=_properties(taken[0].values) if taken else {},
        stations=tuple(parsed),
        columns=said,
    )
    spelling.check(read_draft, findings)
    return read_draft


def _without(features: Sequence[Feature], names: Sequence[str], findings: Findings) -> list[Feature]:
    """Without the objects of these names. Raises Refused where none has one."""
    if not names:
        return list(features)
    given = columns.names_of([one.values for one in features])
    wanted = {name.casefold() for name in names}
    left = [name for name in given if name.casefold() in wanted]
    for name in names:
        if name.casefold() not in {one.casefold() for one in left}:
            raise Refused(
                message("Nothing is named {name}.", name=shortened(name)),
                message("one of {names}", names=listed(dict.fromkeys(filter(None, given)))),
                reason="name-unknown",
            )
    findings.note(
        message("Left out by {option[leave-out]}, {count} of them: {names}.", count=len(left), names=listed(left)),
        reason="left-out",
    )
    return [one for one, name in zip(features, given, strict=True) if name.casefold() not in wanted]


def _crs(given: str) -> str:
    """The same where pyproj knows it: a wrong option is no fault of the file."""
    if given and not reprojection.is_crs(given):
        raise InvalidInput(message("{option[crs]}"), given, "a coordinate system", "Write it as EPSG:25832.")
    return given


def _properties(values: Mapping[str, object]) -> dict[str, str]:
    found = {name: columns.text(values, name) for name in PROPERTIES if name in values}
    if "surveyed" in found:  # formats without truth values write 0, 0.0 or False
        found["surveyed"] = str(found["surveyed"].casefold() not in {"false", "0", "0.0"})
    return found


def _line(taken: Sequence[Feature], how: Reading, findings: Findings) -> LineString:
    parts = lines.parts(taken, how.join_within_m, JOIN_WITHIN_M, findings)
    within_m = JOIN_WITHIN_M if how.join_within_m is None else how.join_within_m
    line = checks.without_repeated_vertices(assembly.join(parts, within_m, findings))
    line = line[::-1] if how.reverse else line
    if how.without_heights:
        line = [(lon, lat, math.nan) for lon, lat, _ in line]
    else:
        at = partial(terrain.heights, how.dem, how.dem_crs, how=how.high, findings=findings) if how.dem else None
        line = heights.complete(line, at, findings)
    line = checks.simplified(line, findings)
    checks.plausible(line, findings)
    flat = any(math.isnan(height) for *_, height in line)
    return LineString([vertex[:2] for vertex in line] if flat else line)


def _stations(
    points: Sequence[Feature], taken: Sequence[Feature], how: Reading, findings: Findings
) -> tuple[list[ParsedStation], Message]:
    """The stations, and which columns were taken for what; ``taken`` are the lines of the trail."""
    found = columns.recognised([one.values for one in points])
    points = shapes.single_points(points, found, taken, findings)
    points = without_recorded(points, found, taken, how.layers, findings)
    if not points:
        return [], phrase("")
    rows = [point.values for point in points]
    found = found if all(rows) else columns.recognised(rows)  # some lost the values of a line
    places: list[list[float]] = shapely.get_coordinates([one.geometry for one in points], include_z=True).tolist()
    checks.on_earth(f"The layer {points[0].layer}", [(lon, lat) for lon, lat, _ in places], findings)
    numbered, origin = numbers.read(rows, found, how.numbers, findings)
    _tell_unread(rows, found, findings)
    parsed = [_parsed_station(row, place, one, found) for row, place, one in zip(rows, places, numbered, strict=True)]
    name = message("name from {column}", column=repr(found.name)) if found.name else phrase("no name")
    code = message("code from {column}", column=repr(found.code)) if found.code else phrase("no code")
    return parsed, message("{numbers}, {names}, {codes}", numbers=origin, names=name, codes=code)


def _parsed_station(row: columns.Row, place: Sequence[float], one: Numbered, found: columns.Columns) -> ParsedStation:
    lon, lat, z = place
    return ParsedStation(
        lon=lon,
        lat=lat,
        height=z if z and -450 <= z <= 9000 else None,
        number=one.number,
        unread_number=one.unread,
        name=one.name,
        code=columns.text(row, found.code),
        along_m=columns.measure(row[found.along_m]) if found.along_m in row else None,
    )


def _tell_unread(rows: Sequence[columns.Row], found: columns.Columns, findings: Findings) -> None:
    """What stands where a name or a place along the line is expected, and is none."""
    for column, values, expected in (
        (found.name, columns.untold_names(rows, found.name), phrase("text")),
        (found.along_m, columns.unread_measures(rows, found.along_m), phrase("metres, such as 1234.5")),
    ):
        if values:
            findings.warn(
                message("Values of the column {column} are not read, {count} of them: {values}.", column=repr(column),
                        count=len(values), values=listed(values)),
                expected, reason="values-not-read",
            )  # fmt: skip
