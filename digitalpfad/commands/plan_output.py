"""How the plan of an import is printed: for people as a table, for programs as JSON."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from digitalpfad.commands.output import answer_json, answer_table, printable
from geodata.importing.findings import Finding
from geodata.importing.plan import Plan
from geodata.importing.stations import Change, StationPlan


def answer_plan(made: Plan, *, dry_run: bool, as_json: bool) -> None:
    """The plan on stdout, findings and outcome on stderr; in JSON all of it on stdout."""
    outcome = "refused" if made.refused else "planned" if dry_run else "done"
    if as_json:
        answer_json(_record(made, outcome))
        return
    _print_plan(made, code_known=outcome == "done")
    _print_findings(made.findings)
    sentence = {
        "refused": "Refused: nothing was changed.",
        "planned": "Nothing was changed (--dry-run).",
        "done": "Done.",
    }
    typer.echo(sentence[outcome], err=True)


def _record(made: Plan, outcome: str) -> dict[str, object]:
    return {
        "outcome": outcome,
        "file": made.file,
        "municipality": made.municipality.slug,
        "new_municipality": made.new_municipality,
        "trail": made.trail.slug,
        "change": made.trail_change,
        "vertices": len(made.trail.line.coords),
        "length_m": round(made.geometry.length_m, 1),
        "ascent_m": _rounded(made.geometry.ascent_m),
        "descent_m": _rounded(made.geometry.descent_m),
        "loop": made.geometry.is_loop,
        "licence": made.trail.licence,
        "columns": made.columns,
        "stations": [_station(one, code_known=outcome == "done") for one in made.stations],
        "findings": [_finding(one) for one in made.findings],
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


def _print_plan(made: Plan, *, code_known: bool) -> None:
    geometry = made.geometry
    climbs = (
        "no heights" if geometry.ascent_m is None else f"{geometry.ascent_m:.0f} m up, {geometry.descent_m:.0f} m down"
    )
    shape = "a loop" if geometry.is_loop else "one way"
    facts = [
        ("trail", f"{made.trail.slug}, {made.trail_change}"),
        ("municipality", f"{made.municipality.name}{', new' if made.new_municipality else ''}"),
        ("line", f"{geometry.length_m / 1000:.2f} km, {climbs}, {geometry.minutes:.0f} min, {shape}"),
        ("licence", made.trail.licence),
        ("columns", made.columns),
    ]
    for name, value in facts:
        if value:
            typer.echo(f"{name:<14}{printable(value)}")
    if made.stations:
        typer.echo("")
        columns = ("number", "station", "code", "what happens", "known by", "at", "off line", "moves")
        answer_table(columns, [_row(one, code_known=code_known) for one in made.stations], "")


def _row(one: StationPlan, *, code_known: bool) -> tuple[object, ...]:
    renumbered = one.number_before not in {None, one.station.number}
    return (
        one.station.number,
        one.name,
        _code(one, code_known=code_known) or "(new)",
        f"{one.change}, was {one.number_before}" if renumbered else one.change,
        one.by or None,
        f"{one.station.along_m:.0f} m",
        f"{one.off_m:.0f} m",
        None if one.moved_m is None else f"{one.moved_m:.1f} m",
    )


def _print_findings(findings: Sequence[Finding]) -> None:
    for finding in findings:
        typer.echo(printable(f"{finding.severity}: {finding}"), err=True)


def answer_refused(findings: Sequence[Finding], *, as_json: bool) -> None:
    """The same where it did not come to a plan."""
    if as_json:
        answer_json({"outcome": "refused", "findings": [_finding(one) for one in findings]})
        return
    _print_findings(findings)
    typer.echo("Refused: nothing was changed.", err=True)


def _finding(one: Finding) -> dict[str, object]:
    return {
        "severity": one.severity,
        "sentence": one.sentence,
        "place": one.place,
        "expected": one.expected,
        "mend": one.mend,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
