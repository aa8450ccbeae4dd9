"""`digitalpfad figures estimate`: days without a count estimated, beside those that were counted."""

from __future__ import annotations

from typing import Annotated

import typer

from digitalpfad import services
from digitalpfad.commands.figures.days import day_of
from digitalpfad.commands.figures.scope import scope_of
from digitalpfad.commands.output import Json, answer_json, answer_table
from digitalpfad.config import settings
from geodata.errors import InvalidInput
from geodata.figures import estimation
from geodata.figures.estimation import EstimatedDay
from geodata.messages.message import message, phrase
from geodata.statistics.counting.estimates import EstimateMethod

_LONGEST_DAYS = 3660
_METHODS = {
    EstimateMethod.WEEKDAYS: phrase("same weekday around it"),
    EstimateMethod.NEIGHBOUR: phrase("neighbouring counter"),
}


def register(group: typer.Typer) -> None:
    """Add the command to the group `figures`."""
    group.command("estimate")(estimate)


def estimate(
    place: Annotated[str, typer.Argument(metavar="TRAIL|STATION", help="Slug of the trail, or code of the station.")],
    *,
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="First day, such as 2026-05-01.")],
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="Last day, within.")],
    as_json: Json = False,
) -> None:
    """List the passes of days, and for days without a valid count an estimate with its 95 % interval.

    Counted and estimated passes stand side by side and are never added.
    """
    begin, end = day_of("--from", first), day_of("--to", last)
    if not 0 <= (end - begin).days < _LONGEST_DAYS:
        raise InvalidInput("--to", last, message("a day from {first} on, within ten years", first=begin.isoformat()))
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        rows = estimation.load(connection, scope_of(connection, place), begin, end)
    if as_json:
        answer_json([_record(row) for row in rows])
        return
    answer_table(
        ("mounting", "day", "counted", "estimated", "low", "high", "method"),
        [_cells(row) for row in rows],
        "No counter there has a valid day around this time.",
    )


def _cells(row: EstimatedDay) -> tuple[object, ...]:
    of = row.estimate
    estimated = (None,) * 4 if of is None else (round(of.passes), of.low, of.high, _METHODS[of.method])
    return row.counter, row.day, row.counted, *estimated


def _record(row: EstimatedDay) -> dict[str, object]:
    of = row.estimate
    return {
        "mounting": row.counter, "day": row.day.isoformat(), "counted": row.counted,
        "estimate": of and {"passes": of.passes, "low": of.low, "high": of.high, "method": of.method},
    }  # fmt: skip
