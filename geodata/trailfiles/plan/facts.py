"""What an import would do to a trail's places and stretches: put on the line, compared with those that are stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from geodata.facts import changes, wording, words
from geodata.facts import places as places_of
from geodata.facts import sections as sections_of
from geodata.facts.changes import Fate, PlaceStep, StretchesStep
from geodata.findings.trail_file import Findings, Refused
from geodata.geometry.line import TrailGeometry
from geodata.messages.message import message
from geodata.model.place import Place, PlaceKind
from geodata.model.section import Section
from geodata.model.trail import Trail
from geodata.trailfiles.draft.records import Draft

_OTHER_LENGTH = 0.01


@dataclass(frozen=True, slots=True)
class StoredFacts:
    """What the database holds of one trail."""

    places: tuple[Place, ...] = ()
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class FactsPlan:
    """The places and stretches of a trail after the import, and what happens to each of them."""

    places: tuple[Place, ...]
    sections: tuple[Section, ...]
    place_steps: tuple[PlaceStep, ...]
    stretches: StretchesStep
    sections_change: bool
    """Also where stored stretches are cut to a shorter line."""

    @property
    def places_change(self) -> bool:
        """Whether any place is another than before."""
        return changes.changed(self.place_steps)


@dataclass(frozen=True, slots=True)
class _OnLine:
    """The stored trail and its facts, and the line on which they and those of the file are put."""

    slug: str
    before: Trail | None
    geometry: TrailGeometry
    stored: StoredFacts


def make(
    draft: Draft,
    trail: Trail,
    before: Trail | None,
    geometry: TrailGeometry,
    stored: StoredFacts,
    findings: Findings,
    *,
    only_file: bool = False,
) -> FactsPlan:
    """Places and stretches of the file beside those that are stored, on the new line.

    What the file lacks stays unless ``only_file``: places where the file has some, stretches where it has some. Raises
    Refused where it has neither.
    """
    if only_file and not (draft.places or draft.sections):
        raise Refused(
            message("The file has neither places nor stretches: {option[replace-facts]} would take all away."),
            hint="Leave that option out.",
            reason="replaces-all",
        )
    on_line = _OnLine(trail.slug, before, geometry, stored)
    steps = _place_steps(draft.places, on_line, findings, only_file=only_file)
    sections, stretches = _stretches(draft.sections, on_line, findings, only_file=only_file)
    places = changes.result(steps)
    _tell_twice(places, findings)
    _tell_missing(steps, findings, told=bool(draft.places) and not only_file)
    return FactsPlan(places, sections, steps, stretches, sections != stored.sections)


def _place_steps(
    found: Sequence[Place], on_line: _OnLine, findings: Findings, *, only_file: bool
) -> tuple[PlaceStep, ...]:
    """What happens to each place of the file and of the store."""
    geometry = on_line.geometry

    def placed(place: Place, stored: Place | None) -> Place:
        place = replace(place if only_file else changes.filled(place, stored), trail=on_line.slug)
        about_m = place.along_m if place.along_m >= 0 else stored.along_m if stored else None
        return places_of.on_line(place, geometry, about_m)

    def kept(place: Place) -> Place:
        return places_of.on_line(place, geometry, place.along_m)

    usable = _usable(found, geometry, findings)
    steps = changes.steps(usable, on_line.stored.places, placed, None if only_file and usable else kept)
    for step in steps:
        if step.fate is Fate.KEPT and step.place.off_m > places_of.FARTHEST_M:
            findings.warn(
                message("The stored place {name} is {off:.0f} m off the line and stays.",
                        name=wording.called(step.place), off=step.place.off_m),
                message("at most {metres:.0f} m", metres=places_of.FARTHEST_M),
                place=(step.place.lon, step.place.lat), reason="place-too-far-off",
            )  # fmt: skip
    return steps


def _usable(places: Sequence[Place], geometry: TrailGeometry, findings: Findings) -> list[Place]:
    """The places of a file but those that cannot be the trail's: these are warned of and left out."""
    usable: list[Place] = []
    once, again = changes.each_once(places)
    if again:
        findings.note(
            message(
                "Places stand several times in the file and count once, {count} of them: {names}.",
                count=len(again),
                names=wording.listed_places(again),
            ),
            reason="place-twice",
        )
    for place in once:
        off_m = geometry.locate(place.lon, place.lat).off_m
        if off_m > places_of.FARTHEST_M:
            findings.warn(
                message("The place {name} is {off:.0f} m off the line and left out.",
                        name=wording.called(place), off=off_m),
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
            usable.append(place)
    return usable


def _tell_missing(steps: Sequence[PlaceStep], findings: Findings, *, told: bool) -> None:
    """Name what a file with places lacks: people who read it as the whole list would miss a rescue point."""
    kept = [step.place for step in steps if step.fate is Fate.KEPT]
    removed = [step.place for step in steps if step.fate is Fate.REMOVED]
    if kept and told:
        findings.note(
            message(
                "Stored places are not in the file and stay, {count} of them: {names}. {option[replace-facts]} takes"
                " them away.",
                count=len(kept),
                names=wording.listed_places(kept),
            ),
            reason="places-missing",
        )
    if removed:
        findings.warn(
            message(
                "Stored places are not in the file and go, {count} of them: {names}.",
                count=len(removed),
                names=wording.listed_places(removed),
            ),
            hint=message("Without {option[replace-facts]} they stay."),
            reason="places-removed",
        )


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


def _stretches(
    found: Sequence[Section], on_line: _OnLine, findings: Findings, *, only_file: bool
) -> tuple[tuple[Section, ...], StretchesStep]:
    """The stretches of the file; the stored ones where it has none, or says less than they do."""
    stored = on_line.stored.sections
    if not found:
        sections = _kept(stored, on_line.before, on_line.geometry, findings)
        return sections, changes.stretches(sections, stored, kept=bool(stored))
    sections = tuple(replace(section, trail=on_line.slug) for section in found)
    fitting = _cut(stored, on_line.geometry)
    less = changes.known_less(sections, fitting)
    if less and not only_file:
        findings.warn(
            message("The stretches of the file say less than the stored ones, which stay: nothing of {columns}.",
                    columns=", ".join(less)),
            hint=message("{option[replace-facts]} takes those of the file; or correct {file} and import it with"
                         " {action[content import]}.", file=sections_of.FILE),
            reason="stretches-say-less",
        )  # fmt: skip
        sections = _kept(stored, on_line.before, on_line.geometry, findings)
        return sections, changes.stretches(sections, stored, kept=True)
    if less:
        findings.warn(
            message("Of the stretches less is known than before: {columns}.", columns=", ".join(less)),
            hint=message("Without {option[replace-facts]} the stored ones stay."),
            reason="stretches-say-less",
        )
    step = changes.stretches(sections, stored)
    return (stored if step.fate is Fate.UNCHANGED else sections), step


def _kept(
    sections: tuple[Section, ...], before: Trail | None, geometry: TrailGeometry, findings: Findings
) -> tuple[Section, ...]:
    """The stored stretches on the new line; where it has another length they may not fit any more."""
    if not sections or before is None:
        return ()
    length_m = TrailGeometry(before.line).length_m
    if abs(length_m - geometry.length_m) <= changes.SAME_M:
        return sections
    if abs(length_m - geometry.length_m) > _OTHER_LENGTH * length_m:
        findings.warn(
            message("The line has another length, and what is said of its ground was measured along the one before."),
            hint=message("Correct {file} and import it with {action[content import]}.", file=sections_of.FILE),
            reason="sections-of-other-line",
        )
    return _cut(sections, geometry)


def _cut(sections: Sequence[Section], geometry: TrailGeometry) -> tuple[Section, ...]:
    """What of them lies on the line."""
    cut = (replace(section, to_m=min(section.to_m, geometry.length_m)) for section in sections)
    return tuple(section for section in cut if section.from_m < section.to_m)
