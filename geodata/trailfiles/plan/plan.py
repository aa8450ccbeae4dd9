"""What an import would do to what is stored: compared first, written as a whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path

from shapely import LineString
from shapely.ops import nearest_points

from geodata.errors import InvalidInput
from geodata.facts import words
from geodata.findings.finding import Finding, Severity
from geodata.findings.trail_file import Findings, Refused
from geodata.geometry.line import TrailGeometry
from geodata.messages.message import message, phrase
from geodata.model.municipality import Municipality
from geodata.model.station import Station
from geodata.model.trail import Trail, TrailContent, TrailDirection, TrailState
from geodata.trailfiles.draft.assembly import distance_m
from geodata.trailfiles.draft.records import Draft
from geodata.trailfiles.plan import facts, licence
from geodata.trailfiles.plan.facts import FactsPlan, StoredFacts
from geodata.trailfiles.plan.matching import match
from geodata.trailfiles.plan.naming import slugged
from geodata.trailfiles.plan.stations import Change, StationPlan, StationPlanner
from geodata.vocabulary.names import EXPECTED, is_name

_ELSEWHERE_M = 5000.0
_SAME_DEG, _SAME_HEIGHT_M = 1e-8, 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where the trail goes and what is said of it; empty: what the file or the stored trail says."""

    trail: str = ""
    municipality: str = ""
    name: str = ""
    licence: str = ""
    attribution: str = ""
    retire_missing: bool = False
    replace_facts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTrails:
    """What the database holds, by slug and code."""

    municipalities: Mapping[str, Municipality]
    trails: Mapping[str, Trail]
    stations: Mapping[str, Station]
    facts: Mapping[str, StoredFacts] = field(default_factory=dict[str, StoredFacts])


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlan:
    """All that the import would write; with an error among ``findings`` it writes nothing."""

    file: str
    municipality: Municipality
    new_municipality: bool
    trail: Trail
    trail_change: Change
    geometry: TrailGeometry
    stations: tuple[StationPlan, ...]
    facts: FactsPlan
    columns: str
    findings: tuple[Finding, ...]

    @property
    def refused(self) -> bool:
        """Whether an error forbids it."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)


def make(
    draft: Draft, target: Target, stored: StoredTrails, now: datetime, new_code: Callable[[], str], findings: Findings
) -> ImportPlan:
    """Compare ``draft`` with what is stored. Raises Refused where no plan makes sense, InvalidInput for wrong options.

    ``new_code`` gives a code that no station has or had.
    """
    slug = _slug(draft, target)
    before = stored.trails.get(slug)
    municipality = _municipality(target.municipality or draft.properties.get("municipality", ""), before, stored)
    _of_the_same_owner(before, municipality)
    trail = _Comparison(draft, target, slug, before, findings).trail(municipality)
    geometry = TrailGeometry(trail.line)
    if before:
        _near(before, trail.line, findings)
    if target.retire_missing and not draft.stations:
        raise Refused(
            message("The file has no stations: {option[retire-missing]} would retire all."),
            hint="Leave that option out.",
            reason="retires-all",
        )
    matches = match(draft.stations, slug, stored.stations, findings)
    planner = StationPlanner(trail, geometry, before, new_code, findings)
    known = stored.facts.get(slug, StoredFacts())
    stations = planner.plan(matches, stored.stations.values(), now if target.retire_missing else None)
    return ImportPlan(
        file=draft.file,
        municipality=municipality,
        new_municipality=municipality.slug not in stored.municipalities,
        trail=trail,
        trail_change=Change.NEW if before is None else Change.UNCHANGED if trail == before else Change.CHANGED,
        geometry=geometry,
        stations=stations,
        facts=facts.make(draft, trail, before, geometry, known, findings, only_file=target.replace_facts),
        columns=draft.columns,
        findings=tuple(findings.found),
    )


@dataclass(frozen=True, slots=True)
class _Comparison:
    """A file's trail beside what was said of it and the stored one, which is None where the trail is new."""

    draft: Draft
    target: Target
    slug: str
    before: Trail | None
    findings: Findings

    def trail(self, municipality: Municipality) -> Trail:
        """The trail as it would be stored. Raises Refused without a line."""
        before, line = self.before, self._line()
        details = self._details(same_line=before is not None and line == before.line)
        licence.warn(details["licence"], details["attribution"], self.findings)
        return Trail(
            slug=self.slug,
            municipality=municipality.slug,
            line=line,
            licence=details["licence"],
            attribution=details["attribution"],
            surveyed=details["surveyed"] == str(True),
            direction=self._direction(),
            contents=before.contents if before else {"de": TrailContent(variant="de", name=details["name"])},
            state=before.state if before else TrailState.SHOWN,
        )

    def _direction(self) -> TrailDirection | None:
        """Which way round the signs lead: as the file says in a word that is known, else as it was."""
        said = self.draft.properties.get("direction", "")
        direction = words.direction_of(said)
        if direction is None and not words.is_unknown(said):
            self.findings.warn(
                message("The direction {word} is not known and is left out.", word=repr(said)),
                message("one of {names}", names=words.listed(TrailDirection)),
                reason="direction-unknown",
            )
        return direction or (self.before.direction if self.before else None)

    def _line(self) -> LineString:
        line = _settled(self.before.line if self.before else None, self.draft.line)
        if line is None:
            raise Refused(
                message("{file} holds points only, and there is no trail {trail}.", file=self.draft.file,
                        trail=self.slug),
                "a line",
                message("Import the line first, or name the trail with {option[trail]}."),
                reason="points-only",
            )  # fmt: skip
        return line

    def _details(self, *, same_line: bool) -> dict[str, str]:
        """Name, licence, attribution and whether it was surveyed, each from the first source that says it."""
        target, draft = self.target, self.draft
        sources: tuple[Mapping[str, str], ...] = (
            {"name": target.name, "licence": target.licence, "attribution": target.attribution},
            {"name": draft.name, **draft.properties},
            _stored_details(self.before, same_line=same_line),
            {"name": self.slug, "licence": licence.NO_LICENCE, "attribution": "", "surveyed": str(True)},
        )
        return {
            detail: next((source[detail] for source in sources if source.get(detail)), default)
            for detail, default in sources[-1].items()
        }


def _stored_details(before: Trail | None, *, same_line: bool) -> dict[str, str]:
    """What the stored trail says. Whether it was surveyed holds for its line only: another may well be."""
    if before is None:
        return {}
    surveyed = {"surveyed": str(before.surveyed)} if same_line else {}
    return {"licence": before.licence, "attribution": before.attribution, **surveyed}


def _of_the_same_owner(before: Trail | None, municipality: Municipality) -> None:
    if before and before.municipality != municipality.slug:
        raise Refused(
            message(
                "The trail {trail} belongs to {owner}, not to {municipality}.",
                trail=before.slug,
                owner=before.municipality,
                municipality=municipality.slug,
            ),
            "a trail of this municipality, or a new one",
            message("Choose another short name with {option[trail]}."),
            reason="other-municipality",
        )


def _slug(draft: Draft, target: Target) -> str:
    if target.trail and not is_name(target.trail):
        raise InvalidInput(message("{option[trail]}"), target.trail, EXPECTED)
    name = draft.properties.get("slug") or target.name or draft.name or Path(draft.file).stem
    slug = target.trail or slugged(name)
    if not slug:
        raise Refused(
            message("{file} gives the trail no name.", file=draft.file),
            hint=message("Say its short name with {option[trail]}."),
            reason="trail-without-name",
        )
    return slug


def _municipality(name: str, before: Trail | None, stored: StoredTrails) -> Municipality:
    """The one given by slug or name, new where unknown; else that of the trail; else the only one there is."""
    municipalities = stored.municipalities
    if not name:
        if before:
            return municipalities[before.municipality]
        if len(municipalities) == 1:
            return next(iter(municipalities.values()))
        raise Refused(
            "Whose trail it is was not said.",
            message("one of {names}, or a new one", names=", ".join(municipalities))
            if municipalities
            else phrase("a municipality"),
            message("Say it with {option[municipality]}, such as {option[municipality]:Kalletal}."),
            reason="municipality-missing",
        )
    for municipality in municipalities.values():
        if name.casefold() in {municipality.slug, municipality.name.casefold()}:
            return municipality
    similar = get_close_matches(slugged(name), municipalities, 1, 0.8)
    if similar:
        raise Refused(
            message("There is no municipality {given}, but {similar}.", given=repr(name), similar=repr(similar[0])),
            "a name that is not taken for another",
            message("Write {option[municipality]:{name}}.", name=similar[0]),
            reason="municipality-unknown",
        )
    if not slugged(name):
        raise InvalidInput(message("{option[municipality]}"), name, "a name with letters")
    return Municipality(slug=slugged(name), name=name)


def _settled(before: LineString | None, after: LineString | None) -> LineString | None:
    """The new line, or the stored one where nothing differs by as much as a millimetre."""
    if before is None or after is None:
        return after or before
    same = before.has_z == after.has_z and before.equals_exact(after, _SAME_DEG)
    if same and before.has_z:
        heights = zip(before.coords, after.coords, strict=True)
        same = all(abs(a[2] - b[2]) < _SAME_HEIGHT_M for a, b in heights)
    return before if same else after


def _near(stored: Trail, after: LineString, findings: Findings) -> None:
    """A line far from the stored one is another trail; one that is given up stays so."""
    if stored.state is TrailState.RETIRED:
        findings.warn(
            message("The trail {trail} is given up.", trail=stored.slug),
            hint=message("{action[trail show]:{trail}} brings it back.", trail=stored.slug),
            reason="trail-retired",
        )
    here, there = nearest_points(after, stored.line)
    apart_m = distance_m((here.x, here.y), (there.x, there.y))
    if apart_m > _ELSEWHERE_M:
        findings.error(
            message(
                "The line lies {apart:.1f} km from that of the stored trail {trail}.",
                apart=apart_m / 1000,
                trail=stored.slug,
            ),
            "a new survey of the same trail",
            message("Choose another short name with {option[trail]} for another trail."),
            (here.x, here.y),
            reason="line-elsewhere",
        )
