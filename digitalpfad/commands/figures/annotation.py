"""`digitalpfad annotation`: days on which counts are not what they usually are."""

from __future__ import annotations

from typing import Annotated

import typer

from digitalpfad import services
from digitalpfad.commands.figures.days import day_of
from digitalpfad.commands.figures.scope import scope_of
from digitalpfad.commands.given_text import one_line
from digitalpfad.commands.output import Json, answer_json, answer_table, record, say
from digitalpfad.config import settings
from digitalpfad.noting import account, note
from geodata.conditions.annotations import LONGEST_ANNOTATION, LONGEST_DAYS, Annotation, AnnotationKind
from geodata.errors import InvalidInput, NotFound
from geodata.messages.message import message, phrase
from geodata.store.catalogue.trail import load_municipalities
from geodata.store.comparison import annotation
from geodata.store.transaction import Transaction
from geodata.vocabulary.audit import Action

Identity = Annotated[int, typer.Argument(metavar="ID", min=1)]

group = typer.Typer(no_args_is_help=True, help="Days on which counts are not what they usually are.")
_KINDS = {
    AnnotationKind.EVENT: phrase("event"),
    AnnotationKind.DEFECT: phrase("defect"),
    AnnotationKind.CLOSURE: phrase("closure"),
    AnnotationKind.OTHER: phrase("other"),
}


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="annotation")


@group.command("add")
def add(
    first: Annotated[str, typer.Option(help="First day, such as 2026-05-01.")],
    text: Annotated[str, typer.Option(help="What was, in a few words.")],
    *,
    last: Annotated[str, typer.Option(help="Last day, within; without it the first alone.")] = "",
    trail: Annotated[str, typer.Option(help="Slug of the trail.")] = "",
    station: Annotated[str, typer.Option(help="Instead: code of the station.")] = "",
    town: Annotated[str, typer.Option("--municipality", help="Instead: the whole municipality.")] = "",
    kind: Annotated[AnnotationKind, typer.Option(help="What it was.")] = AnnotationKind.EVENT,
    public: Annotated[bool, typer.Option("--public", help="Everybody may read the text.")] = False,
) -> None:
    """Write down what was on some days: charts show it, and comparisons can leave these days out.

    Without '--public' the pages for everybody tell the kind and the days alone, and nothing of the kind 'other'.
    """
    first_day = day_of("--first", first)
    last_day = day_of("--last", last) if last else first_day
    if not 0 <= (last_day - first_day).days < LONGEST_DAYS:
        raise InvalidInput("--last", last, message("a day from {first} on, within a year", first=first_day.isoformat()))
    text = one_line("--text", text, LONGEST_ANNOTATION)
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        municipality, slug, code = _place(connection, trail, station, town)
        new = Annotation(
            municipality=municipality, trail=slug, station=code, kind=kind, first_day=first_day, last_day=last_day,
            text=text, created_by=account(), public=public,
        )  # fmt: skip
        identity = annotation.add(connection, new)
        note(connection, Action.ANNOTATION_ADD, str(identity))
    say(message("Annotation {number} is written down.", number=str(identity)))


def _place(connection: Transaction, trail: str, station: str, town: str) -> tuple[str, str | None, str | None]:
    """Municipality, trail and station of exactly one of the three."""
    if sum(map(bool, (trail, station, town))) != 1:
        given = ", ".join(filter(None, (trail, station, town)))
        raise InvalidInput("--trail", given or None, "one of --trail, --station and --municipality")
    if town:
        if town not in load_municipalities(connection):
            raise NotFound("municipality", town)
        return town, None, None
    scope = scope_of(connection, station or trail, is_station=bool(station))
    return scope.municipality, scope.trail, scope.station


@group.command("list")
def list_annotations(*, as_json: Json = False) -> None:
    """List what was written down, in the order of the days."""
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        rows = annotation.load(connection)
    if as_json:
        answer_json([record(row) for row in rows])
        return
    answer_table(
        ("id", "municipality", "trail", "station", "kind", "from", "until", "text", "public", "by"),
        [
            (row.id, row.municipality, row.trail, row.station, _KINDS[row.kind], row.first_day, row.last_day, row.text,
             phrase("yes") if row.public else phrase("no"), row.created_by)
            for row in rows
        ],
        "Nothing is written down. 'digitalpfad annotation add' does.",
    )  # fmt: skip


@group.command("publish")
def publish(identity: Identity) -> None:
    """Let everybody read the text of an annotation, on the pages of figures and in the public interface."""
    _set_public(identity, Action.ANNOTATION_PUBLISH)
    say(message("Everybody may read annotation {number} now.", number=str(identity)))


@group.command("withdraw")
def withdraw(identity: Identity) -> None:
    """Keep the text of an annotation for staff again; who has read it has read it."""
    _set_public(identity, Action.ANNOTATION_WITHDRAW)
    say(message("Staff alone read the text of annotation {number} now.", number=str(identity)))


def _set_public(identity: int, action: Action) -> None:
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        annotation.set_public(connection, identity, public=action is Action.ANNOTATION_PUBLISH)
        note(connection, action, str(identity))


@group.command("remove")
def remove(identity: Identity) -> None:
    """Take back what was written down."""
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        annotation.remove(connection, identity)
        note(connection, Action.ANNOTATION_REMOVE, str(identity))
    say(message("Annotation {number} is removed.", number=str(identity)))
