"""The tables of a trail's facts that lie beside its texts: which is which, and both read at once."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from geodata.facts import places, sections
from geodata.findings.content import TextFindings
from geodata.geometry.line import TrailGeometry
from geodata.messages.message import message
from geodata.model.place import Place
from geodata.model.section import Section

_PLACES = frozenset({places.FILE, "places.json", "orte.csv", "orte.json"})
_SECTIONS = frozenset({sections.FILE, "sections.json", "abschnitte.csv", "abschnitte.json"})
NAMES = _PLACES | _SECTIONS
"""What the files are called, in small letters."""


@dataclass(frozen=True, slots=True)
class TrailFacts:
    """What tables say of a trail; None where there is no table of that sort, which leaves what is stored."""

    places: tuple[Place, ...] | None = None
    sections: tuple[Section, ...] | None = None


def read(
    tables: Mapping[str, str], folder: str, trail: str, geometry: TrailGeometry | None, findings: TextFindings
) -> TrailFacts:
    """The facts in ``tables``, name to text, of the ``folder``; without ``geometry`` their form is checked only."""
    found_places: tuple[Place, ...] | None = None
    found_sections: tuple[Section, ...] | None = None
    for name, text in _once(tables, folder, findings).items():
        shown = f"{folder}/{name}"
        if name.lower() in _PLACES:
            found_places = places.read(shown, text, trail, geometry, findings)
        else:
            length_m = geometry.length_m if geometry else math.inf
            found_sections = sections.read(shown, text, trail, length_m, findings)
    return TrailFacts(found_places, found_sections)


def _once(tables: Mapping[str, str], folder: str, findings: TextFindings) -> dict[str, str]:
    """Without the second table of a sort: which of two would count, nobody could say."""
    kept = dict[str, str]()
    for name, text in tables.items():
        others = _PLACES if name.lower() in _PLACES else _SECTIONS
        before = next((other for other in kept if other.lower() in others), None)
        if before is None:
            kept[name] = text
        else:
            hint = message("Merge it with {folder}.", folder=before)
            findings.error("two-tables", f"{folder}/{name}", name, message("one table of its sort"), hint)
    return kept
