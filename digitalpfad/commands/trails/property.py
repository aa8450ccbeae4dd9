"""`digitalpfad property`: what devices may measure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Annotated

import typer

from digitalpfad import services
from digitalpfad.commands.changes import changed
from digitalpfad.commands.devices.quarantine import suggest_replay
from digitalpfad.commands.given_text import LONGEST_NAME, one_line
from digitalpfad.commands.output import Json, answer_json, answer_table, record, say
from digitalpfad.config import settings
from digitalpfad.noting import note
from gateway.decoding.reasons import Reason
from geodata.errors import InvalidInput, NotFound
from geodata.messages.message import Message, joined, message, phrase
from geodata.model.counting.counter import Direction
from geodata.model.observation import UNRANKED, Audience, ObservedProperty, PropertyKind, by_name
from geodata.store.catalogue import properties
from geodata.store.catalogue.trail import load_trails
from geodata.store.devices.property_alias import current_id
from geodata.store.ingest import quarantine
from geodata.store.ingest.quarantine import Selection
from geodata.store.transaction import Transaction
from geodata.vocabulary.audit import Action

_ID = re.compile(r"[a-z][a-z0-9_]{0,62}")
_TEXTS = frozenset({"sentences"})  # of the release, not of the row
_READERS = "On whose pages it stands; technical speaks of the device itself. The public API gives it in any case."
_Audience = Annotated[Audience | None, typer.Option(help=f"{_READERS} Not given: hikers, of a count staff.")]

_Direction = Annotated[
    Direction | None, typer.Option(help="Which way the people go whose passes it counts; both: together.")
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
        differing = properties.load_audiences(connection)
    on_trails = {prop.id: {trail: who for (trail, name), who in differing.items() if name == prop.id} for prop in props}
    if as_json:
        answer_json([{**record(prop, _TEXTS), "audience_on_trails": on_trails[prop.id]} for prop in props])
        return
    answer_table(
        ("property", "unit", "kind", "minimum", "maximum", "for", "on trails", "label"),
        [
            (
                prop.id,
                prop.unit,
                phrase(prop.kind),
                prop.minimum,
                prop.maximum,
                phrase(prop.audience),
                _differing(on_trails[prop.id]),
                prop.label_de,
            )
            for prop in props
        ],
        "There are no observed properties: run 'digitalpfad migrate'.",
    )


def _differing(on_trails: Mapping[str, Audience]) -> Message | None:
    """``stadtwald: staff``: the trails on which others read a property."""
    return joined([joined([trail, phrase(who)], ": ") for trail, who in on_trails.items()]) if on_trails else None


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
    direction: _Direction = None,
) -> None:
    """Add an observed property; devices may send it from then on."""
    _check_new(name, minimum, maximum)
    _check_direction(direction, kind, counts_things=counts_things)
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
            direction=direction,
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


def _check_direction(direction: Direction | None, kind: PropertyKind, *, counts_things: bool) -> None:
    if direction is not None and kind is PropertyKind.GAUGE:
        hint = "--kind running_total for what only rises, increment for what passed since the message before."
        raise InvalidInput("--direction", direction, "a running total or an increment: a gauge counts no passes", hint)
    if direction is not None and counts_things:
        expected = "none with --counts-things: only people pass in a direction"
        raise InvalidInput("--direction", direction, expected, "Leave one of the two out.")


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
    audience: Annotated[Audience | None, typer.Option(help=_READERS)] = None,
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
    """Change on whose pages an observed property stands, everywhere or on one trail, and what comes before it there."""
    if trail is None:
        _check_change(name, (audience, rank, staff_rank), as_elsewhere=as_elsewhere)
    else:
        _check_change_of_trail(audience, {"--rank": rank, "--staff-rank": staff_rank}, as_elsewhere=as_elsewhere)
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        name = current_id(connection, name)
        if trail is None:
            sentence = _edit_everywhere(connection, name, audience, rank, staff_rank)
        else:
            sentence = _edit_on(connection, trail, name, audience)
        note(connection, Action.PROPERTY_EDIT, name if trail is None else f"{name}: {trail}")
    say(sentence)


def _edit_everywhere(
    connection: Transaction, name: str, audience: Audience | None, rank: int | None, staff_rank: int | None
) -> Message:
    """Change a property and say what was changed."""
    before = _found(connection, name, audience)
    properties.edit(connection, name, audience=audience, rank=rank, staff_rank=staff_rank)
    after = _found(connection, name)
    return changed(
        name,
        [
            (phrase("for"), phrase(before.audience), phrase(after.audience)),
            (phrase("rank"), before.rank, after.rank),
            (phrase("staff rank"), before.staff_rank, after.staff_rank),
        ],
    )


def _edit_on(connection: Transaction, trail: str, name: str, audience: Audience | None) -> Message:
    """Say who reads a property on one trail, as elsewhere for None; the answer names both."""
    elsewhere = _found(connection, name, audience).audience
    if trail not in load_trails(connection, [trail]):
        raise NotFound("trail", trail)
    before = properties.load_audiences(connection).get((trail, name), elsewhere)
    properties.set_audience(connection, trail, name, audience)
    where = message("{name} on {trail}", name=name, trail=trail)
    return changed(where, [(phrase("for"), phrase(before), phrase(audience or elsewhere))])


def _found(connection: Transaction, name: str, audience: Audience | None = None) -> ObservedProperty:
    """The stored property; raises InvalidInput where ``audience`` may not read it."""
    prop = properties.load(connection)[name]
    _for_its_readers(prop, audience)
    return prop


def _check_change(name: str, changes: tuple[object, ...], *, as_elsewhere: bool) -> None:
    if as_elsewhere:
        raise InvalidInput("--trail", None, "the trail that is meant", "--as-elsewhere speaks of one trail.")
    if all(change is None for change in changes):
        expected = "something to change: --audience, --rank or --staff-rank"
        raise InvalidInput(message("change of {name}", name=name), None, expected)


def _check_change_of_trail(audience: Audience | None, ranks: Mapping[str, int | None], *, as_elsewhere: bool) -> None:
    for option, rank in ranks.items():
        if rank is not None:
            raise InvalidInput(option, rank, "no place on one trail alone", "Leave --trail out: it holds everywhere.")
    if audience is Audience.TECHNICAL:
        raise InvalidInput("--audience", audience, "hikers or staff with --trail", "Leave --trail out for technical.")
    if audience is not None and as_elsewhere:
        raise InvalidInput("--audience", audience, "none with --as-elsewhere", "Leave one of the two out.")
    if audience is None and not as_elsewhere:
        raise InvalidInput("--audience", None, "hikers or staff with --trail, or --as-elsewhere")


def _for_its_readers(prop: ObservedProperty, audience: Audience | None) -> ObservedProperty:
    """With this audience, or the usual one; hikers read no count, which tells when somebody passed."""
    if prop.is_count and audience is Audience.HIKERS:
        raise InvalidInput("--audience", audience, "staff or technical: single counts are not shown to hikers")
    return replace(prop, audience=audience or (Audience.STAFF if prop.is_count else Audience.HIKERS))
