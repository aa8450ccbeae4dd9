"""Places of a trail as a table: read, put on the line, and written back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from geodata.facts import table, words
from geodata.facts.table import TableRow
from geodata.findings.content import TextFindings
from geodata.geometry.line import TrailGeometry
from geodata.messages.message import message, phrase
from geodata.model.place import Place, PlaceKind
from geodata.model.section import Passable

FILE = "places.csv"
COLUMNS: Mapping[str, Sequence[str]] = {
    "kind": ("art", "typ", "type", "kategorie", "category", "was"),
    "name": ("bezeichnung", "titel", "title"),
    "lon": ("länge", "laenge", "longitude", "lng", "x", "geografische Länge", "laengengrad", "Längengrad", "ost"),
    "lat": ("breite", "latitude", "y", "geografische Breite", "breitengrad", "nord"),
    "note": ("hinweis", "anmerkung", "bemerkung", "notiz", "beschreibung", "description", "desc", "cmt"),
    "wheelchair": ("rollstuhl", "rollstuhlgerecht", "barrierefrei"),
    "along_m": ("entlang_m", "meter", "alongm"),
}
"""The columns of the table, with their other spellings."""

NEEDED = ("kind", "lon", "lat")
"""Columns without which no row is a place."""

FARTHEST_M = 3_000.0
"""Beyond it a place is none of the trail's: a wrong coordinate, or another town's."""


def read(name: str, text: str, trail: str, geometry: TrailGeometry | None, findings: TextFindings) -> tuple[Place, ...]:
    """The places of a table, sorted along the trail; a wrong one becomes a finding and is left out.

    Without a ``geometry`` they are read for their form only.
    """
    rows = table.read(name, text, COLUMNS, findings, NEEDED)
    read_rows = [(place, row) for row in rows if (place := _place(row, trail, geometry)) is not None]
    return tuple(sorted(_once(read_rows), key=lambda place: (place.along_m, place.kind, place.name)))


def write(places: Iterable[Place], comment: str = "") -> str:
    """The table that read() reads as the same places."""
    rows = [(p.kind.value, p.name, p.lon, p.lat, p.note, p.wheelchair, round(p.along_m, 2)) for p in places]
    return table.write(tuple(COLUMNS), rows, comment)


def on_line(place_of: Place, geometry: TrailGeometry | None, along_m: float | None = None) -> Place:
    """A place with its metres along and off the line; ``along_m`` says roughly where, if the trail passes it twice."""
    if geometry is None:
        return place_of
    found = geometry.locate(place_of.lon, place_of.lat, along_m)
    return replace(place_of, along_m=found.along_m, off_m=found.off_m)


def _once(read_rows: Sequence[tuple[Place, TableRow]]) -> Iterator[Place]:
    """Each place once; and what stands on a rescue point's sign at one place alone: it is read out to 112."""
    seen: dict[object, TableRow] = {}
    for place, row in read_rows:
        named = words.fold(place.name)
        key = named if place.kind is PlaceKind.RESCUE_POINT else (place.kind, named, place.lon, place.lat)
        first = seen.setdefault(key, row)
        if first is row:
            yield place
        else:
            expected = message("each place once: it stands in {place}", place=first.place)
            row.refuse("name" if place.name else "kind", place.name or place.kind.value, expected)


def _place(row: TableRow, trail: str, geometry: TrailGeometry | None) -> Place | None:
    before = len(row.findings.errors)
    for column in NEEDED:
        row.require(column, phrase("a value"))
    kind = row.word("kind", words.kind_of, words.listed(PlaceKind))
    degrees = phrase("Degrees as maps on the web show them (WGS 84), such as 8.9168 and 52.0516.")
    lon, lat = row.number("lon", -180, 180, degrees), row.number("lat", -90, 90, degrees)
    wheelchair = row.word("wheelchair", words.passable_of, words.listed(Passable))
    name, note, along_m = row.text("name"), row.text("note"), row.number("along_m", 0, 1e6)
    if kind is None or lon is None or lat is None or len(row.findings.errors) > before:
        return None
    place = on_line(
        Place(trail=trail, kind=kind, lon=lon, lat=lat, name=name, note=note, wheelchair=wheelchair), geometry, along_m
    )
    if place.off_m > FARTHEST_M:
        hint = phrase("In Germany lon is between 5 and 16, lat between 47 and 56.")
        away = message("{metres:.0f} m off the trail", metres=place.off_m)
        row.refuse("lon", away, message("at most {metres:.0f} m", metres=FARTHEST_M), hint)
        return None
    if kind is PlaceKind.RESCUE_POINT and not name:
        row.refuse("name", phrase("nothing"), phrase("what stands on the sign, such as LIP-1234"))
        return None
    return place
