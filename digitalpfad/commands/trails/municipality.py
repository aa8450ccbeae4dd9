"""`digitalpfad municipality`: the towns that run trails, and what the legal pages of each say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated
from zoneinfo import available_timezones

import typer

from digitalpfad import services
from digitalpfad.commands.given_text import LONGEST_NAME, one_line
from digitalpfad.commands.output import Json, answer_json, answer_table, say
from digitalpfad.commands.trails import municipality_records
from digitalpfad.config import settings
from digitalpfad.noting import note
from geodata.errors import InvalidInput, NotFound
from geodata.messages.message import message, phrase
from geodata.model import operator
from geodata.model.municipality import Municipality
from geodata.model.operator import LINES, Operator
from geodata.store.catalogue import municipality
from geodata.store.catalogue.trail import load_municipalities, load_trails
from geodata.text.broken import is_one_line, is_visible
from geodata.vocabulary.audit import Action
from geodata.vocabulary.laender import LAENDER

group = typer.Typer(no_args_is_help=True, help="Municipalities, and what their legal pages say.")
Town = Annotated[str, typer.Argument(metavar="TOWN", help="Short name of the municipality.")]
_LONGEST = 1000
_ORIGINS = {None: phrase("not set"), "settings": phrase("settings"), "own": phrase("own")}
"""Where a line comes from, in words."""


def register(app: typer.Typer) -> None:
    """Add the group."""
    municipality_records.register(group)
    app.add_typer(group, name="municipality")


@group.command("list")
def list_municipalities(*, as_json: Json = False) -> None:
    """List the municipalities, with what is missing on their legal pages."""
    present, _ = settings.load()
    default = Operator(**present.operator)
    with services.open_database(present) as database, database.transaction() as connection:
        towns, trails = load_municipalities(connection), load_trails(connection).values()
    rows = [
        {
            "municipality": town.slug,
            "name": town.name,
            "timezone": town.timezone,
            "land": town.land,
            "trails": [trail.slug for trail in trails if trail.municipality == town.slug],
            "missing": operator.missing(operator.effective(town.operator, default)),
        }
        for town in towns.values()
    ]
    if as_json:
        answer_json(rows)
        return
    answer_table(
        ("municipality", "name", "time zone", "Land", "trails", "missing on its legal pages"),
        [[", ".join(v) if isinstance(v, (list, tuple)) else v for v in row.values()] for row in rows],
        "There are no municipalities. 'digitalpfad trail import FILE --municipality TOWN' brings one.",
    )


@group.command("show")
def show(town: Town, *, as_json: Json = False) -> None:
    """Show what the legal pages of a municipality say, line by line, and where each line comes from."""
    present, _ = settings.load()
    default = Operator(**present.operator)
    with services.open_database(present) as database, database.transaction() as connection:
        own = _found(load_municipalities(connection), town).operator
    rows = _rows(own, default)
    if as_json:
        answer_json([{"line": line, "text": text or None, "from": origin} for line, text, origin in rows])
        return
    answer_table(
        ("line", "text", "from"),
        [(line, text.replace("\n", " / ") or None, _ORIGINS[origin]) for line, text, origin in rows],
        "",
    )
    say(message("The pages: {address}", address=f"{present.public_url}/impressum/{town}"))


@group.command("set")
def set_lines(  # noqa: PLR0913 - one parameter per line of the legal pages
    town: Town,
    *,
    name: Annotated[str | None, typer.Option(help="Full name of the municipality, such as Kalletal.")] = None,
    timezone: Annotated[str | None, typer.Option(help="IANA name, such as Europe/Berlin.")] = None,
    land: Annotated[str | None, typer.Option(help="Whose holidays hold there: letters such as NW.")] = None,
    operator_name: Annotated[str | None, typer.Option("--operator", help="Who runs the trails, in full.")] = None,
    address: Annotated[str | None, typer.Option(help="Postal address; \\n between the lines.")] = None,
    represented_by: Annotated[str | None, typer.Option(help="Who represents it: the mayor.")] = None,
    email: Annotated[str | None, typer.Option(help="E-mail address for hikers.")] = None,
    phone: Annotated[str | None, typer.Option(help="Telephone number for hikers.")] = None,
    data_protection_contact: Annotated[str | None, typer.Option(help="Of the data protection officer.")] = None,
    supervisory_authority: Annotated[str | None, typer.Option(help="The data protection authority.")] = None,
    accessibility_ombuds: Annotated[str | None, typer.Option(help="Ombuds office for accessibility.")] = None,
    accessibility_law: Annotated[str | None, typer.Option(help="Law that the statement names; else NRW's.")] = None,
    forest_office: Annotated[str | None, typer.Option(help="The forest office in charge, by name.")] = None,
    forest_phone: Annotated[str | None, typer.Option(help="Its telephone number.")] = None,
) -> None:
    """Set lines of a municipality's legal pages; '' takes one away, what is not named stays."""
    changes = {
        "name": operator_name,
        "address": address,
        "represented_by": represented_by,
        "email": email,
        "phone": phone,
        "data_protection_contact": data_protection_contact,
        "supervisory_authority": supervisory_authority,
        "accessibility_ombuds": accessibility_ombuds,
        "accessibility_law": accessibility_law,
        "forest_office": forest_office,
        "forest_phone": forest_phone,
    }
    named = one_line("--name", name or "", LONGEST_NAME, may_be_empty=True)
    lines = {line: _checked(line, text) for line, text in changes.items() if text is not None}
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        own = replace(_found(load_municipalities(connection), town).operator, **lines)
        municipality.set_operator(connection, town, own)
        municipality.rename(connection, town, name=named, timezone=_timezone(timezone or ""), land=_land(land or ""))
        note(connection, Action.MUNICIPALITY_SET, town)
    _say_missing(town, operator.missing(operator.effective(own, Operator(**present.operator))))


def _say_missing(town: str, missing: Sequence[str]) -> None:
    """That it is changed, and what its legal pages still lack."""
    if missing:
        lines = ", ".join(map(operator.option, missing))
        say(message("{town} is changed; still missing: {lines}.", town=town, lines=lines))
    else:
        say(message("{town} is changed; nothing is missing.", town=town))


def _rows(own: Operator, default: Operator) -> list[tuple[str, str, str | None]]:
    """Each line with its text and where that comes from."""
    effective, mine = operator.record(operator.effective(own, default)), operator.record(own)
    origins = {**dict.fromkeys(effective, "settings"), **dict.fromkeys(mine, "own")}
    return [(operator.option(line), effective.get(line, ""), origins.get(line)) for line in LINES]


def _timezone(name: str) -> str:
    if name and name not in available_timezones():
        raise InvalidInput("--timezone", name, "an IANA time zone", "Write Europe/Berlin, for instance.")
    return name


def _land(letters: str) -> str:
    if letters and letters not in LAENDER:
        raise InvalidInput("--land", letters, message("one of {letters}", letters=", ".join(LAENDER)))
    return letters


def _checked(line: str, text: str) -> str:
    option = f"--{operator.option(line)}"
    text = text.replace("\\n", "\n").strip()
    if len(text) > _LONGEST or (text and not is_visible(text)) or not all(map(is_one_line, text.split("\n"))):
        raise InvalidInput(option, text, message("at most {most} printable characters", most=_LONGEST))
    if line == "email" and text and ("@" not in text.strip("@") or any(map(str.isspace, text))):
        raise InvalidInput(option, text, "an e-mail address such as pfad@stadt.example")
    return text


def _found(municipalities: dict[str, Municipality], town: str) -> Municipality:
    if town not in municipalities:
        raise NotFound("municipality", town)
    return municipalities[town]
