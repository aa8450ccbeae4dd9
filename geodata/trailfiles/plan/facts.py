"""What an import would do to a trail's places and stretches: put on the line, compared with those that are stored."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from geodata.facts import places as places_of
from geodata.facts import sections as sections_of
from geodata.facts import words
from geodata.findings.trail_file import Findings
from geodata.geometry.line import TrailGeometry
from geodata.messages.message import message
from geodata.model.place import Place, PlaceKind
from geodata.model.section import Section
from geodata.model.trail import Trail
from geodata.trailfiles.draft.records import Draft

_SAME_DEG, _SAME_M = 1e-8, 0.01
_OTHER_LENGTH = 0.01


@dataclass(frozen=True, slots=True)
class StoredFacts:
    """What the database holds of one trail."""

    places: tuple[Place, ...] = ()
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class FactsPlan:
    """The places and stretches of a trail after the import, and whether they are others than before."""

    places: tuple[Place, ...]
    sections: tuple[Section, ...]
    places_change: bool
    sections_change: bool


def make(
    draft: Draft, trail: Trail, before: Trail | None, geometry: TrailGeometry, stored: StoredFacts, findings: Findings
) -> FactsPlan:
    """Places and stretches of the file, else those that are stored, on the new line."""
    places = _places(draft.places or stored.places, trail.slug, geometry, findings)
    places = stored.places if _alike(places, stored.places) else places
    sections = tuple(replace(section, trail=trail.slug) for section in draft.sections)
    if not sections:
        sections = _kept(stored.sections, before, geometry, findings)
    sections = stored.sections if _same(sections, stored.sections) else sections
    return FactsPlan(places, sections, places != stored.places, sections != stored.sections)


def _places(places: Sequence[Place], slug: str, geometry: TrailGeometry, findings: Findings) -> tuple[Place, ...]:
    """On the line, sorted along it; one that cannot be the trail's is warned of and left out."""
    put = [
        places_of.on_line(replace(place, trail=slug), geometry, place.along_m if place.along_m >= 0 else None)
        for place in places
    ]
    kept: list[Place] = []
    for place in put:
        if place.off_m > places_of.FARTHEST_M:
            findings.warn(
                message("The place {name} is {off:.0f} m off the line and left out.",
                        name=place.name or place.kind.value, off=place.off_m),
                message("at most {metres:.0f} m", metres=places_of.FARTHEST_M),
                place=(place.lon, place.lat), reason="place-too-far-off",
            )  # fmt: skip
        elif place.kind is PlaceKind.RESCUE_POINT and not place.name:
            findings.warn(
                message("A rescue point without a name is left out."),
                message("what stands on its sign, such as LIP-1234"),
                place=(place.lon, place.lat),
                reason="rescue-point-without-name",
            )
        else:
            kept.append(place)
    _tell_twice(kept, findings)
    return tuple(sorted(kept, key=lambda place: (place.along_m, place.kind, place.name)))


def _tell_twice(places: Sequence[Place], findings: Findings) -> None:
    """What stands on a rescue point's sign is read out to 112: at two places it is wrong at one of them."""
    seen: set[str] = set()
    for place in places:
        name = words.fold(place.name)
        if place.kind is PlaceKind.RESCUE_POINT and name in seen:
            findings.warn(
                message("The rescue point {name} is there twice.", name=place.name),
                place=(place.lon, place.lat),
                reason="rescue-point-twice",
            )
        elif place.kind is PlaceKind.RESCUE_POINT:
            seen.add(name)


def _kept(
    sections: tuple[Section, ...], before: Trail | None, geometry: TrailGeometry, findings: Findings
) -> tuple[Section, ...]:
    """The stored stretches on the new line; where it has another length they may not fit any more."""
    if not sections or before is None:
        return ()
    length_m = TrailGeometry(before.line).length_m
    if abs(length_m - geometry.length_m) <= _SAME_M:
        return sections
    if abs(length_m - geometry.length_m) > _OTHER_LENGTH * length_m:
        findings.warn(
            message("The line has another length, and what is said of its ground was measured along the one before."),
            hint=message("Correct {file} and import it with {action[content import]}.", file=sections_of.FILE),
            reason="sections-of-other-line",
        )
    cut = (replace(section, to_m=min(section.to_m, geometry.length_m)) for section in sections)
    return tuple(section for section in cut if section.from_m < section.to_m)


def _alike(after: Sequence[Place], before: Sequence[Place]) -> bool:
    """Whether nothing differs by more than a file format rounds."""
    return len(after) == len(before) and all(
        math.isclose(a.lon, b.lon, abs_tol=_SAME_DEG)
        and math.isclose(a.lat, b.lat, abs_tol=_SAME_DEG)
        and math.isclose(a.along_m, b.along_m, abs_tol=_SAME_M)
        and replace(a, lon=b.lon, lat=b.lat, along_m=b.along_m, off_m=b.off_m) == b
        for a, b in zip(after, before, strict=True)
    )


def _same(after: Sequence[Section], before: Sequence[Section]) -> bool:
    return len(after) == len(before) and all(
        math.isclose(a.from_m, b.from_m, abs_tol=_SAME_M)
        and math.isclose(a.to_m, b.to_m, abs_tol=_SAME_M)
        and replace(a, from_m=b.from_m, to_m=b.to_m) == b
        for a, b in zip(after, before, strict=True)
    )
