"""Which points of a file are places beside the trail and no stations, and what its lines say of the ground.

Nothing is taken for a station, or left out, without being told. A point is a place where a column, its symbol or its
layer names a kind; by its name alone only where the word can mean nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import shapely
from shapely import LineString

from geodata.export.records import NO_NAME
from geodata.facts import sections, table, wording, words
from geodata.findings.content import TextFindings
from geodata.findings.finding import Severity
from geodata.findings.trail_file import Findings
from geodata.geometry.line import TrailGeometry
from geodata.messages.listing import listed
from geodata.messages.message import message
from geodata.model.place import Place, PlaceKind
from geodata.model.section import Section
from geodata.trailfiles.draft import columns
from geodata.trailfiles.draft.columns import Columns
from geodata.trailfiles.draft.layers import Feature

_KIND = ("kind", "art", "typ", "type", "kategorie", "category", "objektart", "nutzung", "sym", "symbol", "cmt",
         "amenity", "highway", "tourism", "fclass", "shelter")  # fmt: skip
_BY_NAME = frozenset({PlaceKind.TOILET, PlaceKind.BUS_STOP, PlaceKind.PARKING, PlaceKind.RESCUE_POINT, PlaceKind.BENCH})
"""A station may well be called "Trinkwasser" or "Schutzhütte am Hang"; hardly one "WC"."""
_NOTE = ("note", "hinweis", "desc", "description", "beschreibung", "bemerkung", "anmerkung")
_WHEELCHAIR = ("wheelchair", "rollstuhl", "rollstuhlgerecht", "barrierefrei")
_SNAP_M = 20.0


@dataclass(frozen=True, slots=True)
class SortedPoints:
    """The points that are stations, and the places; ``trail`` of these is empty."""

    stations: list[Feature]
    places: list[Place] = field(default_factory=list[Place])


def sort_points(points: Sequence[Feature], findings: Findings) -> SortedPoints:
    """Tell places from stations; what was taken for a place by its name alone is warned of."""
    recognised = columns.recognised([point.values for point in points])
    numbered = any(_is_station(point, recognised) for point in points)
    result = SortedPoints([])
    guessed: list[str] = []
    for point in points:
        kind = None if _is_station(point, recognised) else _kind(point)
        by_name = None
        if kind is None and not _is_station(point, recognised) and (numbered or len(points) > 1):
            by_name = words.kind_in_name(columns.text(point.values, recognised.name))
            if by_name and by_name[0] in _BY_NAME:
                kind = by_name[0]
                guessed.append(columns.text(point.values, recognised.name))
        if kind is None:
            result.stations.append(point)
        else:
            result.places.append(_place(point, kind, recognised))
    _tell(result.places, guessed, findings)
    return result


def _is_station(point: Feature, recognised: Columns) -> bool:
    """Whether it has a station's code, or a number in a layer that is not called after a kind of place."""
    values = point.values
    if columns.text(values, recognised.code):
        return True
    numbered = recognised.number in values and columns.whole(values[recognised.number]) is not None
    return numbered and words.kind_of(point.layer) is None


def _kind(point: Feature) -> PlaceKind | None:
    folded = {words.fold(name): name for name in point.values}
    for column in _KIND:
        name = folded.get(column)
        kind = words.kind_of(columns.text(point.values, name)) if name else None
        if kind:
            return kind
    return words.kind_of(point.layer)


def _place(point: Feature, kind: PlaceKind, recognised: Columns) -> Place:
    (lon, lat), *_ = shapely.get_coordinates(point.geometry).tolist()
    name = columns.text(point.values, recognised.name)
    if words.fold(name) == words.fold(NO_NAME[kind]) or words.is_only_kind(name, kind):
        name = ""
    note = _first(point, _NOTE)
    return Place(
        trail="",
        kind=kind,
        lon=lon,
        lat=lat,
        name=name[: table.LONGEST],
        note=note[: table.LONGEST],
        wheelchair=words.passable_of(_first(point, _WHEELCHAIR)),
        along_m=(columns.measure(point.values[recognised.along_m]) or 0.0)
        if recognised.along_m in point.values
        else -1.0,
    )


def _first(feature: Feature, names: Iterable[str]) -> str:
    folded = {words.fold(name): name for name in feature.values}
    return next((text for name in names if name in folded and (text := columns.text(feature.values, folded[name]))), "")


def _tell(places: Sequence[Place], guessed: Sequence[str], findings: Findings) -> None:
    if not places:
        return
    findings.note(
        message(
            "Points are taken for places beside the trail and for no stations, {count} of them: {names}.",
            count=len(places),
            names=wording.listed_places(places),
        ),
        reason="points-are-places",
    )
    if guessed:
        findings.warn(
            message("Of these by their names alone, {count} of them: {names}.", count=len(guessed),
                    names=listed(guessed)),
            hint=message("{option[points-are-stations]} takes all points for stations."),
            reason="places-by-name",
        )  # fmt: skip


def without_section_lines(lines: Sequence[Feature]) -> tuple[list[Feature], list[Feature]]:
    """The lines that may be the trail, and those that only say what a stretch of it is like: from_m and to_m."""
    own = [line for line in lines if not _has_reach(line)]
    return (own, [line for line in lines if _has_reach(line)]) if own else (list(lines), [])


def _has_reach(line: Feature) -> bool:
    called = table.known_columns(list(line.values), sections.COLUMNS)
    return {"from_m", "to_m"} <= {
        known for name, known in called.items() if columns.measure(line.values[name]) is not None
    }


def read_sections(
    trail_lines: Sequence[Feature], stretches: Sequence[Feature], geometry: TrailGeometry, *, reverse: bool,
    findings: Findings,
) -> tuple[Section, ...]:  # fmt: skip
    """The stretches, ``trail`` empty: of lines with from_m and to_m, else of a table in the line, else of its parts."""
    told = TextFindings()
    length_m = geometry.length_m
    text = next((str(line.values["sections"]) for line in trail_lines if "sections" in line.values), "")
    if stretches:
        found = sections.read("sections", _as_table(stretches), "", length_m, told)
    elif text:
        found = sections.read("sections", text, "", length_m, told)
    else:
        found, reverse = _of_parts(trail_lines, geometry, told), False
    for finding in told.found:
        findings.found.append(finding.as_warning() if finding.severity is Severity.ERROR else finding)
    if reverse:
        found = tuple(
            replace(section, from_m=length_m - section.to_m, to_m=length_m - section.from_m)
            for section in reversed(found)
        )
    return found


def _as_table(features: Sequence[Feature], reach: Sequence[tuple[float, float]] | None = None) -> str:
    """What columns of lines say, in the form in which tables are read; ``reach`` where each is, else its own."""
    rows: list[list[object]] = []
    for i, feature in enumerate(features):
        called = {known: name for name, known in table.known_columns(list(feature.values), sections.COLUMNS).items()}
        cells = {known: columns.text(feature.values, name) for known, name in called.items()}
        for known in ("from_m", "to_m"):
            if known in called:
                cells[known] = str(feature.values[called[known]])
        if reach is not None:
            cells |= {"from_m": str(reach[i][0]), "to_m": str(reach[i][1])}
        rows.append([cells.get(column, "") for column in sections.COLUMNS])
    return table.write(tuple(sections.COLUMNS), rows)


def _of_parts(lines: Sequence[Feature], geometry: TrailGeometry, told: TextFindings) -> tuple[Section, ...]:
    """Of parts of the line that say their ground: where the middle of each lies, half its length to both sides."""
    said = {"surface", "steps", "wheelchair", "pram", "width_cm"}
    parts: list[tuple[float, float, Feature]] = []
    for line in lines:
        if not said & set(table.known_columns(list(line.values), sections.COLUMNS).values()):
            continue
        pieces: list[LineString] = shapely.get_parts(line.geometry).tolist()
        for piece in pieces:
            own = TrailGeometry(LineString([vertex[:2] for vertex in piece.coords]))
            half = own.length_m / 2
            at = geometry.locate(*own.point_at(half)).along_m  # halfway in metres: degrees are no measure
            parts.append((max(at - half, 0.0), min(at + half, geometry.length_m), line))
    parts.sort(key=lambda part: part[:2])
    reach = [(start, end) for start, end, _ in parts]
    for i, (before, after) in enumerate(pairwise(reach)):
        if abs(after[0] - before[1]) <= _SNAP_M and after[0] > before[0]:
            reach[i] = (reach[i][0], after[0])
    rows = _as_table([part for *_, part in parts], reach)
    return sections.read("line", rows, "", geometry.length_m, told) if parts else ()
