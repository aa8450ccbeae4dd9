"""`digitalpfad property`: what devices may measure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated

import typer

from digitalpfad import services
from digitalpfad.commands.devices.quarantine import suggest_replay
from digitalpfad.commands.given_text import LONGEST_NAME, one_line
from digitalpfad.commands.output import Json, answer_json, answer_table, record, say
from digitalpfad.config import settings
from digitalpfad.noting import note
from gateway.decoding.reasons import Reason
from geodata.errors import InvalidInput, NotFound
from geodata.messages.message import message
from geodata.model.observation import UNRANKED, Audience, ObservedProperty, PropertyKind, by_name
from geodata.store.catalogue import properties
from geodata.store.catalogue.trail import load_trails
from geodata.store.devices.property_alias import current_id
from geodata.store.ingest import quarantine
from geodata.store.ingest.quarantine import Selection
from geodata.vocabulary.audit import Action

_ID = re.compile(r"[a-z][a-z0-9_]{0,62}")
_TEXTS = frozenset({"sentences"})  # of the release, not of the row
_Audience = Annotated[
    Audience | None,
    typer.Option(help="Who reads it; technical speaks of the device itself. Not given: hikers, of a count staff."),
]

group = typer.Typer(no_args_is_help=True, help="Observed properties: what devices may measure.")


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="property")


@group.command("list")
def list_properties(*, as_json: Json = False) -> None:
    """List the observed properties with unit and plausible range."""
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        props = properties.load(connection).values()
    if as_json:
        answer_json([record(prop, _TEXTS) for prop in props])
        return
    answer_table(
        ("property", "unit", "kind", "minimum", "maximum", "for", "label"),
        [(prop.id, prop.unit, prop.kind, prop.minimum, prop.maximum, prop.audience, prop.label_de) for prop in props],
        "There are no observed properties: run 'digitalpfad migrate'.",
    )


@group.command("add")
def add(  # noqa: PLR0913 - the options of a command, a line each
    name: Annotated[str, typer.Argument(metavar="ID")],
    unit: Annotated[str, typer.Option(help="UCUM code, such as Cel or mm.")],
    label_de: Annotated[str, typer.Option(help="German name, as pages show it.")],
    label_en: Annotated[str, typer.Option(help="English name.")],
    minimum: Annotated[float, typer.Option(help="Below it a result is kept as suspect.")],
    maximum: Annotated[float, typer.Option(help="Above it a result is kept as suspect.")],
    *,
    kind: Annotated[PropertyKind, typer.Option(help="How values combine over time.")] = PropertyKind.GAUGE,
    decimals: Annotated[int, typer.Option(min=0, max=6, help="Digits after the decimal point, as shown.")] = 1,
    audience: _Audience = None,
    counts_things: Annotated[bool, typer.Option("--counts-things", help="A count, and not of people.")] = False,
) -> None:
    """Add an observed property; devices may send it from then on."""
    _check_new(name, minimum, maximum)
    added = _for_its_readers(
        ObservedProperty(
            id=name,
            unit=one_line("--unit", unit, LONGEST_NAME),
            kind=kind,
            minimum=minimum,
            maximum=maximum,
            label_de=one_line("--label-de", label_de, LONGEST_NAME),
            label_en=one_line("--label-en", label_en, LONGEST_NAME),
            decimals=decimals,
            counts_things=counts_things,
        ),
        audience,
    )
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        _check_free(name, "ID", properties.load(connection).values())
        properties.add_missing(connection, [added])
        note(connection, Action.PROPERTY_ADD, name)
        waiting = quarantine.count_open(connection, Selection(reason=Reason.UNKNOWN_PROPERTY))
    typer.echo(f"{name} may be sent now.", err=True)
    suggest_replay(waiting, f"--reason {Reason.UNKNOWN_PROPERTY}")


def _check_new(name: str, minimum: float, maximum: float) -> None:
    _check_id(name, "ID")
    if not (math.isfinite(minimum) and math.isfinite(maximum) and minimum < maximum):
        raise InvalidInput("--minimum and --maximum", (minimum, maximum), "two finite numbers, the smaller first")


def _check_id(name: str, where: str) -> None:
    if not _ID.fullmatch(name):
        raise InvalidInput(where, name, "1 to 63 characters a-z, 0-9 and _, beginning with a letter")


def _check_free(name: str, where: str, known: Iterable[ObservedProperty]) -> None:
    if name in by_name(known):
        raise InvalidInput(where, name, "a name that no property has yet", "'property list' shows them.")


@group.command("rename")
def rename(
    name: Annotated[str, typer.Argument(metavar="ID")], new: Annotated[str, typer.Argument(metavar="NEW_ID")]
) -> None:
    """Give an observed property another id; the old one goes on naming it, to devices and to readers."""
    _check_id(new, "NEW_ID")
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        known = properties.load(connection)
        before = current_id(connection, name)
        _check_free(new, "NEW_ID", [prop for prop in known.values() if prop.id != before])
        if new == before:
            raise InvalidInput("NEW_ID", new, "a name that no property has yet", "'property list' shows them.")
        properties.rename(connection, before, new)
        note(connection, Action.PROPERTY_RENAME, f"{before}: {new}")
    say(message("{property} is {new} now; who uses the old name goes on being understood.", property=before, new=new))


@group.command("edit")
def edit(
    name: Annotated[str, typer.Argument(metavar="ID")],
    *,
    audience: Annotated[
        Audience | None, typer.Option(help="Who reads it; technical speaks of the device itself.")
    ] = None,
    rank: Annotated[
        int | None, typer.Option(min=0, max=UNRANKED, help="Place on hikers' pages, the lowest first.")
    ] = None,
    staff_rank: Annotated[
        int | None, typer.Option(min=0, max=UNRANKED, help="The lowest of a device's is its value for staff.")
    ] = None,
    trail: Annotated[
        str | None, typer.Option(metavar="TRAIL", help="With --audience: on this trail alone, for hikers or staff.")
    ] = None,
    as_elsewhere: Annotated[
        bool, typer.Option("--as-elsewhere", help="With --trail: who reads it elsewhere does so there too.")
    ] = False,
) -> None:
    """Change who reads an observed property, everywhere or on one trail, and what comes before it on a page."""
    if trail is None:
        _check_change(name, (audience, rank, staff_rank), as_elsewhere=as_elsewhere)
    else:
        _check_change_of_trail(name, audience, (rank, staff_rank), as_elsewhere=as_elsewhere)
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        name = current_id(connection, name)
        if audience is not None:
            _for_its_readers(properties.load(connection)[name], audience)
        if trail is None:
            properties.edit(connection, name, audience=audience, rank=rank, staff_rank=staff_rank)
        elif trail not in load_trails(connection, [trail]):
            raise NotFound("trail", trail)
        else:
            properties.set_audience(connection, trail, name, audience)
        note(connection, Action.PROPERTY_EDIT, name if trail is None else f"{name}: {trail}")
    say(message("{property} is changed.", property=name))


def _check_change(name: str, changes: tuple[object, ...], *, as_elsewhere: bool) -> None:
    if as_elsewhere:
        raise InvalidInput("--as-elsewhere", name, "the trail that is meant: --trail")
    if all(change is None for change in changes):
        raise InvalidInput("edit", name, "something to change: --audience, --rank or --staff-rank")


def _check_change_of_trail(
    name: str, audience: Audience | None, ranks: tuple[int | None, ...], *, as_elsewhere: bool
) -> None:
    if ranks != (None, None) or (audience is not None) == as_elsewhere or audience is Audience.TECHNICAL:
        raise InvalidInput("--trail", name, "either --audience hikers, --audience staff or --as-elsewhere with it")


def _for_its_readers(prop: ObservedProperty, audience: Audience | None) -> ObservedProperty:
    """With this audience, or the usual one; hikers read no count, which tells when somebody passed."""
    if prop.is_count and audience is Audience.HIKERS:
        raise InvalidInput("--audience", audience.value, "staff or technical: single counts are not shown to hikers")
    return replace(prop, audience=audience or (Audience.STAFF if prop.is_count else Audience.HIKERS))
