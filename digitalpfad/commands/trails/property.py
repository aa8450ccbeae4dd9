"""`digitalpfad property`: what devices may measure."""

from __future__ import annotations

import math
import re
from typing import Annotated

import typer

from digitalpfad import services
from digitalpfad.commands.devices.quarantine import suggest_replay
from digitalpfad.commands.output import Json, answer_json, answer_table, record
from digitalpfad.config import settings
from digitalpfad.noting import note
from gateway.decoding.reasons import Reason
from geodata.errors import InvalidInput
from geodata.model.observation import ObservedProperty, PropertyKind
from geodata.store.catalogue import properties
from geodata.store.ingest import quarantine
from geodata.store.ingest.quarantine import Selection
from geodata.vocabulary.audit import Action

_ID = re.compile(r"[a-z][a-z0-9_]{0,62}")

group = typer.Typer(no_args_is_help=True, help="Observed properties: what devices may measure.")


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="property")


@group.command("list")
def list_properties(*, as_json: Json = False) -> None:
    """List the observed properties with unit and plausible range."""
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        known = properties.load(connection).values()
    if as_json:
        answer_json([record(one) for one in known])
        return
    answer_table(
        ("property", "unit", "kind", "minimum", "maximum", "label"),
        [(one.id, one.unit, one.kind, one.minimum, one.maximum, one.label_de) for one in known],
        "There are no observed properties: run 'digitalpfad migrate'.",
    )


@group.command("add")
def add(
    name: Annotated[str, typer.Argument(metavar="ID")],
    unit: Annotated[str, typer.Option(help="UCUM code, such as Cel or mm.")],
    label_de: Annotated[str, typer.Option(help="German name, as pages show it.")],
    label_en: Annotated[str, typer.Option(help="English name.")],
    minimum: Annotated[float, typer.Option(help="Below it a result is kept as suspect.")],
    maximum: Annotated[float, typer.Option(help="Above it a result is kept as suspect.")],
    *,
    kind: Annotated[PropertyKind, typer.Option(help="How values combine over time.")] = PropertyKind.GAUGE,
    decimals: Annotated[int, typer.Option(min=0, max=6, help="Digits after the decimal point, as shown.")] = 1,
) -> None:
    """Add an observed property; devices may send it from then on."""
    if not _ID.fullmatch(name):
        raise InvalidInput("ID", name, "1 to 63 characters a-z, 0-9 and _, beginning with a letter")
    if not (math.isfinite(minimum) and math.isfinite(maximum) and minimum < maximum):
        raise InvalidInput("--minimum and --maximum", (minimum, maximum), "two finite numbers, the smaller first")
    added = ObservedProperty(
        id=name,
        unit=unit,
        kind=kind,
        minimum=minimum,
        maximum=maximum,
        label_de=label_de,
        label_en=label_en,
        decimals=decimals,
    )
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        if name in properties.load(connection):
            raise InvalidInput("ID", name, "a name that no property has yet", "'property list' shows them.")
        properties.add_missing(connection, [added])
        note(connection, Action.PROPERTY_ADD, name)
        waiting = quarantine.count_open(connection, Selection(reason=Reason.UNKNOWN_PROPERTY))
    typer.echo(f"{name} may be sent now.", err=True)
    suggest_replay(waiting, f"--reason {Reason.UNKNOWN_PROPERTY}")
