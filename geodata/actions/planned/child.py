"""Reads one trail file of a stranger and plans its import: ``apart`` runs ``python -m geodata.actions.planned.child``.

A PlanRequest comes on standard input, a PlanOutcome goes out; its working directory is an empty folder of its own.
"""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from random import SystemRandom
from typing import Final

from geodata.actions.planned.rows import (
    Asked,
    FindingRow,
    PlaceStepRow,
    PlannedStation,
    PlanOutcome,
    PlanRequest,
    PlanRow,
    StationStep,
    StoredState,
    TrailRow,
    packed,
    request_of,
)
from geodata.errors import InvalidInput
from geodata.facts import wording
from geodata.facts.changes import PlaceStep
from geodata.findings.finding import Finding, Severity
from geodata.findings.trail_file import Findings, Refused
from geodata.messages.message import Names, named
from geodata.messages.translation import translated
from geodata.trailfiles.draft import draft
from geodata.trailfiles.draft.numbers import Numbers
from geodata.trailfiles.draft.records import ReadOptions
from geodata.trailfiles.plan import plan
from geodata.trailfiles.plan.facts import StoredFacts
from geodata.trailfiles.plan.plan import ImportPlan, StoredTrails, Target
from geodata.trailfiles.plan.stations import StationPlan
from geodata.vocabulary import codes

_SECONDS: Final = 60
_MEMORY_BYTES: Final = 4_000_000_000  # of addresses, most of which GDAL and its libraries only reserve
_FILE_BYTES: Final = 200_000_000
_QUOTES: Final = {"de": "„“", "en": "“”"}


def main() -> int:
    """Read, plan, write; return the exit code."""
    _bound()
    request = request_of(sys.stdin.buffer.read())
    sys.stdout.buffer.write(packed(_outcome(request)))
    return 0


def _bound() -> None:
    os.nice(5)
    for what, most in (
        (resource.RLIMIT_AS, _MEMORY_BYTES),
        (resource.RLIMIT_CPU, _SECONDS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, _FILE_BYTES),
    ):
        resource.setrlimit(what, (most, most))


def _outcome(request: PlanRequest) -> PlanOutcome:
    file = Path.cwd() / request.file_name
    file.write_bytes(request.content)
    findings, says = Findings(), _Speaker(request.names)
    stored = _stored(request.stored)
    try:
        read = draft.read(file, _options(request.asked), findings)
        made = plan.make(
            read, _target(request.asked, request.stored), stored, request.now, _new_codes(request.stored), findings
        )
    except Refused as refused:
        return PlanOutcome(findings=[says.finding(each) for each in (*findings.found, refused.finding)])
    except InvalidInput as error:
        wrong = FindingRow(severity=Severity.ERROR, reason="option", said=says(error.sentence))
        return PlanOutcome(findings=[*map(says.finding, findings.found), wrong])
    return PlanOutcome(findings=[says.finding(each) for each in made.findings], plan=_row(made, stored, says))


class _Speaker:
    """Says sentences in each language, with what its pages call the options."""

    def __init__(self, names: Mapping[str, Mapping[str, str]]) -> None:
        self._names = {language: _edge(words, _QUOTES[language]) for language, words in names.items()}

    def __call__(self, text: str) -> dict[str, str]:
        return {language: translated(named(text, names), language) for language, names in self._names.items()}

    def finding(self, finding: Finding) -> FindingRow:
        """A finding as it is shown."""
        return FindingRow(severity=finding.severity, reason=finding.reason, said=self(finding.whole), at=finding.at)


def _edge(words: Mapping[str, str], quotes: str) -> dict[str, Names]:
    def word(name: str, value: str) -> str:
        said = f"{quotes[0]}{words.get(name, name)}{quotes[1]}"
        return f"{said}: {value}" if value else said

    return {"option": Names(word), "action": Names(word)}


def _stored(state: StoredState) -> StoredTrails:
    trails = {row.slug: row.trail() for row in (*state.trails, *state.foreign_trails)}
    facts = {
        row.slug: StoredFacts(tuple(state.places.get(row.slug, ())), tuple(state.sections.get(row.slug, ())))
        for row in state.trails
    }
    stations = {row.code: row.station() for row in (*state.stations, *state.foreign_stations)}
    town = state.town()
    return StoredTrails(municipalities={town.slug: town}, trails=trails, stations=stations, facts=facts)


def _target(asked: Asked, state: StoredState) -> Target:
    return Target(
        trail=asked.trail,
        municipality=state.municipality,
        name=asked.name,
        licence=asked.licence,
        attribution=asked.attribution,
        retire_missing=asked.retire_missing,
        replace_facts=asked.replace_facts,
    )


def _options(asked: Asked) -> ReadOptions:
    return ReadOptions(
        crs=asked.crs,
        layers=tuple(asked.layer),
        lines=tuple(asked.line),
        join_within_m=asked.join_within,
        numbers=Numbers(asked.numbers),
        leave_out=tuple(asked.leave_out),
        there_and_back=asked.there_and_back,
        reverse=asked.reverse,
        swap_axes=asked.swap_axes,
        encoding=asked.encoding,
        heights_above_sea=asked.heights_above_sea,
        without_heights=asked.without_heights,
        without_stations=asked.without_stations,
        points_are_stations=asked.points_are_stations,
    )


def _new_codes(state: StoredState) -> Callable[[], str]:
    source = SystemRandom()
    used = {*state.removed_codes, *(row.code for row in (*state.stations, *state.foreign_stations))}

    def new() -> str:
        while (code := codes.new_code(source)) in used:
            pass
        used.add(code)
        return code

    return new


def _row(made: ImportPlan, stored: StoredTrails, says: _Speaker) -> PlanRow:
    before = stored.stations
    planned = [step.station for step in made.stations]
    return PlanRow(
        trail=TrailRow.of(made.trail),
        trail_change=made.trail_change,
        length_m=made.geometry.length_m,
        ascent_m=made.geometry.ascent_m,
        descent_m=made.geometry.descent_m,
        is_loop=made.geometry.is_loop,
        columns=says(made.columns),
        steps=[_step(step) for step in made.stations],
        new=[station.code for station in planned if station.code not in before],
        changed=[station.code for station in planned if before.get(station.code, station) != station],
        places=list(made.facts.places),
        sections=list(made.facts.sections),
        place_steps=[_place_step(step, says) for step in made.facts.place_steps],
        stretches=made.facts.stretches.fate,
        stretches_before=made.facts.stretches.before,
    )


def _step(step: StationPlan) -> StationStep:
    return StationStep(
        change=step.change,
        station=PlannedStation.of(step.station),
        name=step.name,
        by=step.by,
        off_m=step.off_m,
        moved_m=step.moved_m,
        number_before=step.number_before,
    )


def _place_step(step: PlaceStep, says: _Speaker) -> PlaceStepRow:
    return PlaceStepRow(
        fate=step.fate, said=says(wording.called(step.place)), along_m=step.place.along_m, moved_m=step.moved_m
    )


if __name__ == "__main__":
    sys.exit(main())
