"""`digitalpfad figures close`, `check`, `settings`: what the public may know of passes and scans."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Annotated

import typer

from digitalpfad import services
from digitalpfad.commands.changes import changed
from digitalpfad.commands.output import Json, answer_json, answer_table, say
from digitalpfad.config import settings
from digitalpfad.noting import note
from geodata.errors import InvalidInput, NotFound
from geodata.figures.publishing import checking, town
from geodata.figures.publishing.closing import close_due
from geodata.messages.message import Message, counted, message
from geodata.model.municipality import Publishing
from geodata.statistics.disclosure.figure import Finest, K
from geodata.store.figures import periods
from geodata.store.transaction import Transaction
from geodata.vocabulary.audit import Action
from geodata.vocabulary.figures import CountMeasure

_LARGEST_K, _LONGEST_DAYS = 100, 14


def register(group: typer.Typer) -> None:
    """Add the commands to the group `figures`."""
    group.command("close")(close)
    group.command("check")(check)
    group.command("settings")(set_publishing)


def close(
    *,
    until: Annotated[str, typer.Option(metavar="DATE", help="The last day to close, such as 2026-11-30.")] = "",
    as_json: Json = False,
) -> None:
    """Publish the figures of all days that are over, and of their weeks, months and years; the gateway does it too.

    What is published is never taken back: close no day of which a counter has still to report.
    """
    last = _day("--until", until) if until else None
    present, _ = settings.load()
    with services.open_database(present) as database:
        closed = list(close_due(database, datetime.now(UTC), until=last))
        with database.transaction() as connection:
            note(connection, Action.FIGURES_CLOSE, until)
    if as_json:
        answer_json([dataclasses.asdict(each) | {"start": each.start.isoformat()} for each in closed])
        return
    answer_table(
        ("municipality", "bucket", "first day"),
        [(each.municipality, each.span.value, each.start.isoformat()) for each in closed],
        "Nothing is due.",
    )


def check(
    slug: Annotated[str, typer.Argument(metavar="TOWN", help="Short name of the municipality; else all.")] = "",
    *,
    as_json: Json = False,
) -> None:
    """Try to work out withheld figures from all that are published, as an attacker would, by linear programming."""
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        towns = [_found(connection, slug)] if slug else periods.publishing(connection)
        withheld, found = 0, list[checking.Exposed]()
        for publishes in towns:
            for trail, year, more, exposed in _checked(connection, publishes):
                withheld, found = withheld + more, found + exposed
                if not as_json:
                    say(_looked(trail, year, more))
    rows = [dataclasses.asdict(each) for each in found]
    if as_json:
        answer_json({"withheld": withheld, "exposed": rows})
    elif rows:
        answer_table(tuple(rows[0]), [list(row.values()) for row in rows], "")
    else:
        say(
            counted(
                "The one withheld figure cannot be worked out.",
                "None of {count} withheld figures can be worked out.",
                count=withheld,
            )
        )
    if rows:
        raise typer.Exit(1)


def _looked(trail: str, year: date, withheld: int) -> Message:
    return counted(
        "{trail}, {year}: {count} withheld figure looked at.", "{trail}, {year}: {count} withheld figures looked at.",
        count=withheld, trail=trail, year=f"{year:%Y}",
    )  # fmt: skip


def set_publishing(
    slug: Annotated[str, typer.Argument(metavar="TOWN", help="Short name of the municipality.")],
    *,
    k: Annotated[int | None, typer.Option("--k", help="The smallest count that is published, besides 0.")] = None,
    finest: Annotated[str | None, typer.Option(help="The shortest time: hour, day or month.")] = None,
    close_after: Annotated[int | None, typer.Option(help="Days for which late messages are waited for.")] = None,
    as_json: Json = False,
) -> None:
    """Show what a municipality publishes, or set it from now on.

    What is not named stays, and what is published stays as it is.
    """
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        before = _found(connection, slug)
        after = replace(
            before,
            smallest_count=before.smallest_count if k is None else _within("--k", k, K, _LARGEST_K),
            finest=before.finest if finest is None else _finest(finest),
            close_after_days=before.close_after_days
            if close_after is None
            else _within("--close-after", close_after, 0, _LONGEST_DAYS),
        )
        if after != before:
            periods.set_publishing(connection, after)
            note(connection, Action.FIGURES_SETTINGS, slug)
    _answer_settings(slug, before, after, as_json=as_json)


def _answer_settings(slug: str, before: Publishing, after: Publishing, *, as_json: bool) -> None:
    """What is set now; where something changed in people's words, also what it was."""
    if as_json:
        answer_json({"k": after.smallest_count, "finest": after.finest, "close_after_days": after.close_after_days})
        return
    finest, days = message("finest"), message("close after days")
    if after != before:
        fields = [
            ("k", before.smallest_count, after.smallest_count),
            (finest, before.finest, after.finest),
            (days, before.close_after_days, after.close_after_days),
        ]
        say(changed(slug, fields))
        return
    row = (slug, after.smallest_count, after.finest, after.close_after_days)
    answer_table(("municipality", "k", finest, days), [row], "")


def _checked(connection: Transaction, publishes: Publishing) -> Iterator[tuple[str, date, int, list[checking.Exposed]]]:
    """Trail by trail and year by year, how many figures are withheld and which of them can be told."""
    of = town.load(connection, publishes)
    for year in checking.years(connection, of):
        for trail in of.trails:
            both = [checking.exposed(connection, of, trail, measure, year) for measure in CountMeasure]
            yield trail, year, sum(withheld for withheld, _ in both), [each for _, told in both for each in told]


def _found(connection: Transaction, slug: str) -> Publishing:
    for publishes in periods.publishing(connection):
        if publishes.slug == slug:
            return publishes
    raise NotFound("municipality", slug)


def _day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(option, text, "a day such as 2026-11-30") from None


def _within(option: str, number: int, least: int, most: int) -> int:
    if not least <= number <= most:
        raise InvalidInput(option, number, message("{least} to {most}", least=least, most=most))
    return number


def _finest(text: str) -> str:
    if text not in set(Finest):
        raise InvalidInput("--finest", text, "hour, day or month")
    return text
