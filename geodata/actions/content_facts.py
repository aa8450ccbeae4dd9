"""A trail's tables of facts, which lie beside its texts, into the database and out again.

They have no drafts: what stands on a map or is read out to 112 is either so or not. A draft import checks them only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from geodata.content import folder as content_folder
from geodata.content.folder import StationFolder
from geodata.errors import InvalidInput
from geodata.facts import changes, gaps, places, sections, tables, wording
from geodata.facts.changes import Fate, TableSteps
from geodata.facts.tables import TrailFacts
from geodata.findings.content import TextFindings
from geodata.findings.finding import Finding, Severity
from geodata.geometry.line import TrailGeometry
from geodata.messages.message import Message, joined, message, phrase
from geodata.model.place import Place, PlaceKind
from geodata.model.section import Section
from geodata.model.station import Station
from geodata.model.trail import Trail
from geodata.store.catalogue import facts as stored_facts
from geodata.store.catalogue.station import load_stations
from geodata.store.catalogue.trail import load_trails
from geodata.store.transaction import Transaction

_IN_NEED = (PlaceKind.RESCUE_POINT, PlaceKind.ROAD_ACCESS)


def read(folders: Iterable[StationFolder], trail: Trail | None, findings: TextFindings) -> TrailFacts:
    """The facts of a folder's tables, put on the line of ``trail``; without one their form is checked only."""
    own = next((folder for folder in folders if folder.is_trail), None)
    if own is None or not own.tables:
        return TrailFacts()
    return tables.read(own.tables, own.name, trail.slug if trail else "", _geometry(trail), findings)


def check(folders: Sequence[StationFolder], findings: TextFindings) -> None:
    """All that is wrong in the tables of a folder, as far as it can be said without the line and the stations."""
    found = read(folders, None, findings).places
    if found is not None and not any(place.kind is PlaceKind.RESCUE_POINT for place in found):
        place, hint = f"{content_folder.TRAIL}/{places.FILE}", phrase("The forest office knows them.")
        findings.warn("rescue-point-missing", place, phrase("no rescue point"), phrase("one at least"), hint)


def tell_only_checked(facts: TrailFacts, findings: TextFindings) -> None:
    """Say of tables that come with drafts that publishing those later does not bring the tables."""
    if facts.places is not None or facts.sections is not None:
        sentence = message("The tables were only checked: they have no drafts, and {option[publish]} takes them over.")
        findings.found.append(Finding("tables-without-draft", severity=Severity.WARNING, sentence=sentence))


def warn_of_gaps(
    connection: Transaction, trail: Trail, stations: Iterable[Station], facts: TrailFacts, findings: TextFindings
) -> None:
    """Warn of stations without a rescue point in reach, and of what nobody has entered, as it would be afterwards."""
    known_places, known_sections = facts.places, facts.sections
    if known_places is None:
        known_places = _places(connection, trail.slug)
    if known_sections is None:
        known_sections = _sections(connection, trail.slug)
    hint = message("Enter it in {file} beside the texts of the trail.", file=f"{content_folder.TRAIL}/{places.FILE}")
    for gap in gaps.rescue_points(known_places, stations):
        findings.found.append(_warning("rescue-point-missing", trail.slug, [gap], hint))
    missing = [*gaps.others(known_places, known_sections, trail.direction), *gaps.attribution(trail)]
    if missing:
        findings.found.append(
            _warning("facts-missing", trail.slug, missing, gaps.direction_hint(trail.slug, trail.direction))
        )


def warn_of_stored_gaps(connection: Transaction, trail: str, findings: TextFindings) -> None:
    """Warn of the gaps in what is stored, where texts alone are published."""
    stations = [station for station in load_stations(connection).values() if station.trail == trail]
    warn_of_gaps(connection, load_trails(connection, [trail])[trail], stations, TrailFacts(), findings)


def _warning(reason: str, trail: str, gaps_found: Sequence[Message], hint: str = "") -> Finding:
    sentence = message("The trail {trail} has {gaps}.", trail=trail, gaps=joined(gaps_found))
    return Finding(reason, trail, severity=Severity.WARNING, sentence=sentence, hint=hint)


def compare(
    connection: Transaction, trail: str, facts: TrailFacts, findings: TextFindings, *, is_written: bool
) -> TableSteps:
    """What the tables change of what is stored.

    Where they are written, it is a warning that a place goes on which people rely in need.
    """
    steps = TableSteps(
        None if facts.places is None else changes.of_table(facts.places, _places(connection, trail)),
        None if facts.sections is None else changes.stretches(facts.sections, _sections(connection, trail)),
    )
    gone = [step.place for step in steps.places or () if step.fate is Fate.REMOVED and step.place.kind in _IN_NEED]
    if gone and is_written:
        sentence = message("The table lacks stored places, which go: {names}.", names=wording.listed_places(gone))
        place = f"{content_folder.TRAIL}/{places.FILE}"
        hint = message("{action[content export]} writes the table with all that is stored.")
        findings.found.append(Finding("places-removed", place, severity=Severity.WARNING, sentence=sentence, hint=hint))
    return steps


def _places(connection: Transaction, trail: str) -> tuple[Place, ...]:
    return stored_facts.load_places(connection, [trail]).get(trail, ())


def _sections(connection: Transaction, trail: str) -> tuple[Section, ...]:
    return stored_facts.load_sections(connection, [trail]).get(trail, ())


def write(connection: Transaction, trail: str, facts: TrailFacts) -> None:
    """Store what the tables say; what they do not speak of stays."""
    if facts.places is not None:
        stored_facts.replace_places(connection, trail, facts.places)
    if facts.sections is not None:
        stored_facts.replace_sections(connection, trail, facts.sections)


def export(connection: Transaction, trail: Trail) -> dict[PurePosixPath, bytes]:
    """The tables that read() reads as what is stored; none of what is not there."""
    comment = "" if trail.surveyed else "Erfunden für eine Vorführung: nichts davon ist vermessen."
    found, stretches = _places(connection, trail.slug), _sections(connection, trail.slug)
    home = PurePosixPath(content_folder.TRAIL)
    files: dict[PurePosixPath, bytes] = {}
    if found:
        files[home / places.FILE] = places.write(found, comment).encode()
    if stretches:
        files[home / sections.FILE] = sections.write(stretches, comment).encode()
    return files


def _geometry(trail: Trail | None) -> TrailGeometry | None:
    try:
        return TrailGeometry(trail.line) if trail else None
    except InvalidInput:
        return None
