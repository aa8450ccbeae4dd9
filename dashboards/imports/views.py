"""The plan of an import in words and as a map: what is new, what moves, what goes, and what was found in the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.catalogue.snapshot import Snapshot
from api.drawing.map import TrailMap, draw
from api.webapp import wording
from dashboards.languages import marked, t
from geodata.actions.planned.rows import FindingRow, PlanOutcome, PlanRow, StationStep
from geodata.errors import InvalidInput
from geodata.geometry.line import TrailGeometry

CHANGES: Mapping[str, str] = {
    "new": marked("neu"),
    "changed": marked("geändert"),
    "unchanged": marked("unverändert"),
    "restored": marked("wieder da"),
    "kept": marked("bleibt, fehlt in der Datei"),
    "retired": marked("wird stillgelegt"),
    "removed": marked("verschwindet"),
}
_KNOWN_BY: Mapping[str, str] = {
    "code": marked("am Code erkannt"),
    "number": marked("an der Nummer erkannt"),
    "name": marked("am Namen erkannt"),
    "place": marked("am Ort erkannt"),
}
SEVERITIES: Mapping[str, str] = {
    "error": marked("Fehler"),
    "warning": marked("Bitte ansehen"),
    "note": marked("Anmerkung"),
    "hint": marked("Anmerkung"),
}


@dataclass(frozen=True, slots=True)
class FindingWords:
    """A finding; ``at`` is its place as a link for maps, empty without."""

    severity: str
    word: str
    sentence: str
    at: str


@dataclass(frozen=True, slots=True)
class StepWords:
    """What happens to a station, in words."""

    number: int
    name: str
    change: str
    word: str
    more: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanView:
    """The plan as the page shows it; ``moves`` and ``old_line`` are paths on the map."""

    name: str
    slug: str
    is_new: bool
    facts: tuple[tuple[str, str], ...]
    steps: tuple[StepWords, ...]
    places: tuple[tuple[str, str], ...]
    map: TrailMap | None
    old_line: str
    moves: tuple[str, ...]
    counts: str


def findings_of(outcome: PlanOutcome) -> list[FindingWords]:
    """Errors first; what is only said last."""
    order = list(SEVERITIES)
    found = sorted(outcome.findings, key=lambda finding: order.index(finding.severity))
    return [_finding(finding) for finding in found]


def plan_view(plan: PlanRow, snapshot: Snapshot) -> PlanView:
    """The plan beside what the snapshot shows."""
    trail = plan.trail.trail()
    before = snapshot.stored.trails.get(trail.slug)
    standing = [step.station.station() for step in plan.steps if step.station.retired_at is None]
    try:
        drawn = draw(TrailGeometry(trail.line), trail.line, standing)
    except InvalidInput:  # a finding has said why
        drawn = None
    is_other = before is not None and before.line.wkb != trail.line.wkb
    return PlanView(
        name=plan.trail.name or trail.slug,
        slug=trail.slug,
        is_new=plan.trail_change == "new",
        facts=tuple(_facts(plan)),
        steps=tuple(_step(step) for step in plan.steps),
        places=tuple(
            (step.said[t.language], t(CHANGES[step.fate])) for step in plan.place_steps if step.fate != "unchanged"
        ),
        map=drawn,
        old_line=drawn.frame.path(before.line) if drawn and before and is_other else "",
        moves=tuple(_moves(plan.steps, drawn, snapshot)) if drawn else (),
        counts=_counts(plan),
    )


def _facts(plan: PlanRow) -> list[tuple[str, str]]:
    minutes = wording.distance(plan.length_m, t.texts)
    shape = t("ein Rundweg") if plan.is_loop else t("ein Weg mit Anfang und Ende")
    facts = [
        (t("Pfad"), f"{plan.trail.name or plan.trail.slug} ({t(CHANGES[plan.trail_change])})"),
        (t("Kurzname"), plan.trail.slug),
        (t("Linie"), f"{minutes}, {shape}"),
    ]
    if plan.ascent_m is not None and plan.descent_m is not None:
        climbs = t("%(up)s m hinauf, %(down)s m hinunter", up=round(plan.ascent_m), down=round(plan.descent_m))
        facts.append((t("Höhen"), climbs))
    else:
        facts.append((t("Höhen"), t("keine")))
    facts.append((t("Lizenz"), plan.trail.licence))
    if plan.columns[t.language]:
        facts.append((t("Erkannt"), plan.columns[t.language]))
    if plan.sections or plan.stretches_before:
        facts.append((t("Abschnitte"), f"{len(plan.sections)} ({t(CHANGES[plan.stretches])})"))
    return facts


def _counts(plan: PlanRow) -> str:
    """``2 neu, 1 geändert``."""
    changes = [step.change for step in plan.steps]
    words = [f"{changes.count(change)} {t(word)}" for change, word in CHANGES.items() if change in changes]
    return ", ".join(words)


def _step(step: StationStep) -> StepWords:
    more = [t(_KNOWN_BY[step.by])] if step.by in _KNOWN_BY and step.change != "new" else []
    if step.number_before not in {None, step.station.number}:
        more.append(t("war Nummer %(number)s", number=step.number_before))
    if step.moved_m is not None and step.moved_m >= 1:
        more.append(t("zieht %(metres)s m um", metres=round(step.moved_m)))
    more.append(t("%(metres)s m neben der Linie", metres=round(step.off_m)))
    return StepWords(step.station.number, step.name, step.change, t(CHANGES[step.change]), ", ".join(more))


def _moves(steps: Sequence[StationStep], drawn: TrailMap, snapshot: Snapshot) -> list[str]:
    moves: list[str] = []
    for step in steps:
        before = snapshot.stored.stations.get(step.station.code)
        if before is None or not step.moved_m or step.moved_m < 1:
            continue
        (ax, ay), (bx, by) = drawn.frame.xy(before.lon, before.lat), drawn.frame.xy(step.station.lon, step.station.lat)
        moves.append(f"M{ax:g} {ay:g}L{bx:g} {by:g}")
    return moves


def _finding(finding: FindingRow) -> FindingWords:
    at = f"geo:{finding.at[1]:.6f},{finding.at[0]:.6f}" if finding.at else ""
    return FindingWords(finding.severity, t(SEVERITIES[finding.severity]), finding.said[t.language], at)
