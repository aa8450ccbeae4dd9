"""How the plan of an import is printed: for people as a table, for programs as JSON."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from digitalpfad.commands import facts_output
from digitalpfad.commands.content.findings_output import say_findings
from digitalpfad.commands.output import answer_json, answer_table, hint, printable, say
from digitalpfad.terminal.language import said
from geodata.facts.changes import Fate
from geodata.findings.finding import Finding
from geodata.messages.message import Message, joined, message, phrase
from geodata.trailfiles.plan.plan import ImportPlan
from geodata.trailfiles.plan.stations import Change, StationPlan

_OUTCOMES = {
    "refused": phrase("Refused: nothing was changed."),
    "planned": phrase("Nothing was changed (--dry-run)."),
    "done": phrase("Done."),
}


_KNOWN_BY = {word: phrase(word) for word in ("code", "number", "name", "place", "new")}


def answer_plan(plan: ImportPlan, *, dry_run: bool, as_json: bool) -> None:
    """The plan on stdout, findings and outcome on stderr; in JSON all of it on stdout."""
    outcome = "refused" if plan.refused else "planned" if dry_run else "done"
    if as_json:
        answer_json(_record(plan, outcome))
        return
    _print_plan(plan, code_known=outcome == "done")
    say_findings(plan.findings)
    say(_OUTCOMES[outcome])


def _record(plan: ImportPlan, outcome: str) -> dict[str, object]:
    return {
        "outcome": outcome,
        "file": plan.file,
        "municipality": plan.municipality.slug,
        "new_municipality": plan.new_municipality,
        "trail": plan.trail.slug,
        "change": plan.trail_change,
        "vertices": len(plan.trail.line.coords),
        "length_m": round(plan.geometry.length_m, 1),
        "ascent_m": _rounded(plan.geometry.ascent_m),
        "descent_m": _rounded(plan.geometry.descent_m),
        "loop": plan.geometry.is_loop,
        "licence": plan.trail.licence,
        "columns": plan.columns,
        "stations": [_station(station, code_known=outcome == "done") for station in plan.stations],
        "direction": plan.trail.direction,
        "places": [facts_output.place_record(step) for step in plan.facts.place_steps],
        "places_change": plan.facts.places_change,
        "sections": len(plan.facts.sections),
        "sections_change": plan.facts.sections_change,
        "stretches": facts_output.stretches_record(plan.facts.stretches),
        "findings": [_finding(finding) for finding in plan.findings],
    }


def _station(planned: StationPlan, *, code_known: bool) -> dict[str, object]:
    return {
        "change": planned.change,
        "code": _code(planned, code_known=code_known),
        "number": planned.station.number,
        "name": planned.name,
        "matched_by": planned.by,
        "along_m": round(planned.station.along_m, 1),
        "off_m": round(planned.off_m, 1),
        "moved_m": _rounded(planned.moved_m),
        "number_before": planned.number_before,
    }


def _code(planned: StationPlan, *, code_known: bool) -> str | None:
    """None for a code that a plan made up: the import itself will make up another."""
    return planned.station.code if code_known or planned.change is not Change.NEW or planned.by == "code" else None


def _print_plan(plan: ImportPlan, *, code_known: bool) -> None:
    facts = [
        (phrase("trail"), joined([plan.trail.slug, phrase(plan.trail_change)])),
        (phrase("municipality"), _municipality(plan)),
        (phrase("line"), _line(plan)),
        (phrase("licence"), plan.trail.licence),
        (phrase("columns"), phrase(plan.columns)),
        (phrase("places"), facts_output.places_summary(plan.facts.place_steps)),
        (phrase("stretches"), facts_output.stretches_summary(plan.facts.stretches)),
    ]
    width = max(14, *(len(said(name)) + 2 for name, _ in facts))
    for name, value in facts:
        if value:
            typer.echo(f"{said(name):<{width}}{printable(value)}")
    if plan.stations:
        typer.echo("")
        columns = ("number", "station", "code", "what happens", "known by", "at", "off line", "moves")
        answer_table(columns, [_row(station, code_known=code_known) for station in plan.stations], "")
    if any(step.fate is not Fate.KEPT for step in plan.facts.place_steps) and (
        rows := facts_output.place_rows(plan.facts.place_steps)
    ):
        typer.echo("")
        answer_table(("place", "what happens", "at", "off line", "moves"), rows, "")


def _municipality(plan: ImportPlan) -> Message:
    return joined([plan.municipality.name, *([phrase("new")] if plan.new_municipality else [])])


def _line(plan: ImportPlan) -> Message:
    geometry = plan.geometry
    climbs = (
        phrase("no heights")
        if geometry.ascent_m is None
        else message("{up:.0f} m up, {down:.0f} m down", up=geometry.ascent_m, down=geometry.descent_m)
    )
    parts = [
        message("{length:.2f} km", length=geometry.length_m / 1000),
        climbs,
        message("{minutes:.0f} min", minutes=geometry.minutes),
        phrase("a loop") if geometry.is_loop else phrase("one way"),
    ]
    return joined(parts)


def _row(planned: StationPlan, *, code_known: bool) -> tuple[object, ...]:
    change, renumbered = phrase(planned.change), planned.number_before not in {None, planned.station.number}
    return (
        planned.station.number,
        planned.name,
        _code(planned, code_known=code_known) or phrase("(new)"),
        message("{change}, was {number}", change=change, number=planned.number_before) if renumbered else change,
        _KNOWN_BY.get(planned.by, planned.by) or None,
        message("{metres:.0f} m", metres=planned.station.along_m),
        message("{metres:.0f} m", metres=planned.off_m),
        None if planned.moved_m is None else message("{metres:.1f} m", metres=planned.moved_m),
    )


def answer_refused(findings: Sequence[Finding], *, as_json: bool) -> None:
    """Findings and outcome of an import that made no plan, on stderr; in JSON all of it on stdout."""
    if as_json:
        answer_json({"outcome": "refused", "findings": [_finding(finding) for finding in findings]})
        return
    say_findings(findings)
    say(_OUTCOMES["refused"])


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "severity": finding.severity,
        "reason": finding.reason,
        "sentence": finding.sentence,
        "place": finding.at,
        "expected": finding.expected,
        **hint(finding.hint),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
