"""How the plan of an import is printed: for people as a table, for programs as JSON."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from digitalpfad.commands.content.findings_output import say_findings
from digitalpfad.commands.output import answer_json, answer_table, hint, printable, say
from digitalpfad.terminal.language import said
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


def answer_plan(made: ImportPlan, *, dry_run: bool, as_json: bool) -> None:
    """The plan on stdout, findings and outcome on stderr; in JSON all of it on stdout."""
    outcome = "refused" if made.refused else "planned" if dry_run else "done"
    if as_json:
        answer_json(_record(made, outcome))
        return
    _print_plan(made, code_known=outcome == "done")
    say_findings(made.findings)
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
        "findings": [_finding(finding) for finding in plan.findings],
    }


def _station(one: StationPlan, *, code_known: bool) -> dict[str, object]:
    return {
        "change": one.change,
        "code": _code(one, code_known=code_known),
        "number": one.station.number,
        "name": one.name,
        "matched_by": one.by,
        "along_m": round(one.station.along_m, 1),
        "off_m": round(one.off_m, 1),
        "moved_m": _rounded(one.moved_m),
        "number_before": one.number_before,
    }


def _code(one: StationPlan, *, code_known: bool) -> str | None:
    """None for a code that a plan made up: the import itself will make up another."""
    return one.station.code if code_known or one.change is not Change.NEW or one.by == "code" else None


def _print_plan(plan: ImportPlan, *, code_known: bool) -> None:
    facts = [
        (phrase("trail"), joined([plan.trail.slug, phrase(plan.trail_change)])),
        (phrase("municipality"), _municipality(plan)),
        (phrase("line"), _line(plan)),
        (phrase("licence"), plan.trail.licence),
        (phrase("columns"), phrase(plan.columns)),
    ]
    width = max(14, *(len(said(name)) + 2 for name, _ in facts))
    for name, value in facts:
        if value:
            typer.echo(f"{said(name):<{width}}{printable(value)}")
    if plan.stations:
        typer.echo("")
        columns = ("number", "station", "code", "what happens", "known by", "at", "off line", "moves")
        answer_table(columns, [_row(station, code_known=code_known) for station in plan.stations], "")


def _municipality(made: ImportPlan) -> Message:
    return joined([made.municipality.name, *([phrase("new")] if made.new_municipality else [])])


def _line(made: ImportPlan) -> Message:
    geometry = made.geometry
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


def _row(one: StationPlan, *, code_known: bool) -> tuple[object, ...]:
    change, renumbered = phrase(one.change), one.number_before not in {None, one.station.number}
    return (
        one.station.number,
        one.name,
        _code(one, code_known=code_known) or phrase("(new)"),
        message("{change}, was {number}", change=change, number=one.number_before) if renumbered else change,
        _KNOWN_BY.get(one.by, one.by) or None,
        message("{metres:.0f} m", metres=one.station.along_m),
        message("{metres:.0f} m", metres=one.off_m),
        None if one.moved_m is None else message("{metres:.1f} m", metres=one.moved_m),
    )


def answer_refused(findings: Sequence[Finding], *, as_json: bool) -> None:
    """Findings and outcome of an import that made no plan, on stderr; in JSON all of it on stdout."""
    if as_json:
        answer_json({"outcome": "refused", "findings": [_finding(finding) for finding in findings]})
        return
    say_findings(findings)
    say(_OUTCOMES["refused"])


def _finding(one: Finding) -> dict[str, object]:
    return {
        "severity": one.severity,
        "reason": one.reason,
        "sentence": one.sentence,
        "place": one.at,
        "expected": one.expected,
        **hint(one.hint),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
