"""Command `digitalpfad figures compare`: whether more or fewer passed than in another year."""

from __future__ import annotations

from typing import Annotated

import typer

from digitalpfad import services
from digitalpfad.commands.figures.days import month_day_of
from digitalpfad.commands.figures.scope import scope_of
from digitalpfad.commands.output import Json, answer_json, printable, say
from digitalpfad.config import settings
from geodata.errors import InvalidInput
from geodata.figures.comparison import YearQuestion, compare_years
from geodata.messages.message import counted, message, phrase
from geodata.statistics.comparison.outcome import Comparison, Method
from geodata.statistics.comparison.sentence import sentence

_METHODS = {
    Method.REGRESSION: phrase("regression on weekday, holidays, season and what is known of the weather"),
    Method.MATCHED_DAYS: phrase("days of the same kind beside each other"),
}


def register(group: typer.Typer) -> None:
    """Add the command."""
    group.command("compare")(compare)


def compare(
    place: Annotated[str, typer.Argument(metavar="TRAIL|STATION", help="Slug of the trail, or code of the station.")],
    before: Annotated[int, typer.Argument(metavar="YEAR", min=2000, max=2100, help="The year that is compared with.")],
    after: Annotated[int, typer.Argument(metavar="YEAR", min=2000, max=2100, help="The year that may differ.")],
    *,
    first: Annotated[str, typer.Option("--from", help="First day of each year, such as 04-01.")] = "01-01",
    last: Annotated[str, typer.Option("--to", help="Last day of each year, such as 10-31.")] = "12-31",
    leave_out: Annotated[bool, typer.Option("--leave-out-annotated", help="Without the days of annotations.")] = False,
    as_json: Json = False,
) -> None:
    """Say whether more or fewer passed than in another year, after weather and holidays, and how sure that is."""
    bounds = month_day_of("--from", first), month_day_of("--to", last)
    if bounds[0] > bounds[1]:
        raise InvalidInput("--to", last, message("a day from {first} on", first=first))
    if before == after:
        raise InvalidInput("YEAR", after, "another year than the first")
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        scope = scope_of(connection, place)
        asked = YearQuestion(
            scope=scope, before=before, after=after, first=bounds[0], last=bounds[1], leave_out_annotated=leave_out
        )
        found = compare_years(connection, asked)
    if as_json:
        answer_json(_record(found))
        return
    typer.echo(printable(sentence(found)))
    if found.change:
        first, second = (
            counted("{count} day of {year}", "{count} days of {year}", count=days, year=str(year))
            for days, year in zip(found.days, (found.before, found.after), strict=True)
        )
        weeks = counted("{count} week in both", "{count} weeks in both", count=found.weeks)
        basis = "{before} and {after} over all counters, {weeks}; {method}."
        say(message(basis, before=first, after=second, weeks=weeks, method=_METHODS[found.change.method]))
    for each in found.notes:
        say(each)


def _record(found: Comparison) -> dict[str, object]:
    change = found.change
    return {
        "before": found.before, "after": found.after, "verdict": found.verdict, "sentence": sentence(found),
        "percent": change and round(change.percent, 2), "low": change and round(change.low, 2),
        "high": change and round(change.high, 2), "method": change and change.method, "reason": found.reason,
        "days": list(found.days), "counters": list(found.counters), "weeks": found.weeks, "notes": list(found.notes),
    }  # fmt: skip
