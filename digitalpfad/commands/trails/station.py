"""`digitalpfad station`: stations and their permanent codes. No command of this group ends a printed sign."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated

import typer

from digitalpfad import services
from digitalpfad.commands.given_text import LONGEST_SENTENCE, one_line
from digitalpfad.commands.output import Json, answer_json, answer_table, record, say
from digitalpfad.config import settings
from digitalpfad.noting import note
from geodata.actions import edit_station
from geodata.actions.edit_station import EditProblem, EditRefused
from geodata.errors import InvalidInput
from geodata.messages.message import counted, message, phrase
from geodata.model.station import Station
from geodata.store.catalogue.station import load_stations
from geodata.store.transaction import Transaction
from geodata.vocabulary.audit import Action

group = typer.Typer(no_args_is_help=True, help="Stations and their permanent codes.")
Code = Annotated[str, typer.Argument(metavar="CODE", help="The station's code, in any spelling.")]
Number = Annotated[int | None, typer.Option(metavar="N", help="Its number on the trail.")]
Lon = Annotated[float | None, typer.Option(help="Longitude in degrees (CRS84).")]
Lat = Annotated[float | None, typer.Option(help="Latitude in degrees (CRS84).")]
_NOTHING = frozenset({"contents"})
_LISTED = message("{action[station list all]} shows them all.")
_HINTS = {
    EditProblem.NUMBER_TAKEN: phrase(
        "Choose another, or renumber both at once: 'station renumber CODE=NUMBER CODE=NUMBER'."
    ),
    EditProblem.FAR_FROM_LINE: message(
        "Give {option[lon]} and {option[lat]} of its place there; longitude comes first."
    ),
    EditProblem.RETIRED: _LISTED,
    EditProblem.NOT_RETIRED: _LISTED,
}


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="station")


@group.command("list")
def list_stations(
    *,
    trail: Annotated[str | None, typer.Option(metavar="TRAIL", help="Only stations of this trail.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Retired stations too.")] = False,
    as_json: Json = False,
) -> None:
    """List the stations, by trail and number."""
    with _transaction() as connection:
        stations = [
            station
            for station in load_stations(connection).values()
            if (everything or station.retired_at is None) and trail in (None, station.trail)
        ]
    if as_json:
        answer_json([{**record(station, _NOTHING), "title": _title(station)} for station in stations])
        return
    answer_table(
        ("trail", "number", "code", "title", "retired (UTC)"),
        [(station.trail, station.number, station.code, _title(station), station.retired_at) for station in stations],
        "There are no stations. 'digitalpfad trail import FILE' brings some.",
    )


@group.command("add")
def add(
    trail: Annotated[str, typer.Argument(metavar="TRAIL")],
    *,
    number: Annotated[int, typer.Option(metavar="N", help="Its number on the trail.")],
    lon: Annotated[float, typer.Option(help="Longitude in degrees (CRS84).")],
    lat: Annotated[float, typer.Option(help="Latitude in degrees (CRS84).")],
    title: Annotated[str, typer.Option(help="German title.")],
    lead: Annotated[str, typer.Option(help="One German sentence; the sign prints it.")] = "",
    as_json: Json = False,
) -> None:
    """Add a station beside the trail's line and print its new, permanent code."""
    if not title.strip():
        raise InvalidInput("title", title, "a title")
    title = one_line("--title", title, LONGEST_SENTENCE)
    lead = one_line("--lead", lead, LONGEST_SENTENCE, may_be_empty=True)
    with _transaction() as connection:
        code = edit_station.add(connection, trail, number=number, lonlat=(lon, lat), title=title, lead=lead)
        note(connection, Action.STATION_ADD, code)
    if as_json:
        answer_json({"code": code, "trail": trail, "number": number})
    else:
        typer.echo(code)


@group.command("renumber")
def renumber(
    numbers: Annotated[list[str], typer.Argument(metavar="CODE=NUMBER…", help="All that change, in one go.")],
) -> None:
    """Give stations other numbers; two can swap: `station renumber 3DVB54=5 2FYJEM=4`."""
    with _transaction() as connection:
        wanted: dict[str, int] = {}
        for text in numbers:
            code, _, number = text.partition("=")
            if not number.strip().isdecimal():
                raise InvalidInput("CODE=NUMBER", text, "a code, = and a whole number, such as 3DVB54=5")
            wanted[edit_station.find_code(connection, code)] = int(number)
        edit_station.renumber(connection, wanted)
        note(connection, Action.STATION_RENUMBER, ", ".join(f"{code}={number}" for code, number in wanted.items()))
    say(
        counted(
            "{count} renumbered. Print its sign anew: the number stands on it; the old code still works.",
            "{count} renumbered. Print their signs anew: the number stands on them; the old codes still work.",
            count=len(wanted),
        )
    )


@group.command("move")
def move(
    code: Code,
    *,
    trail: Annotated[str | None, typer.Option(metavar="TRAIL", help="The trail it goes to.")] = None,
    number: Number = None,
    lon: Lon = None,
    lat: Lat = None,
) -> None:
    """Stand a station elsewhere: another trail, another point, or both. Its code and texts stay."""
    if (lon is None) != (lat is None):
        raise InvalidInput("lon, lat", (lon, lat), "both or none")
    lonlat = None if lon is None or lat is None else (lon, lat)
    with _transaction() as connection:
        stored_code = edit_station.find_code(connection, code)
        edit_station.move(connection, stored_code, trail=trail, number=number, lonlat=lonlat)
        note(connection, Action.STATION_MOVE, stored_code)
    say(message("{code} has moved. Its devices still publish to the topics they know.", code=stored_code))


@group.command("retire")
def retire(code: Code) -> None:
    """Take a station out of its trail. Its address keeps answering: with what stood there and the nearest station."""
    with _transaction() as connection:
        stored_code = edit_station.find_code(connection, code)
        edit_station.retire(connection, stored_code, datetime.now(UTC))
        note(connection, Action.STATION_RETIRE, stored_code)
    say(message("{code} is retired. 'station restore {code}' brings it back.", code=stored_code))


@group.command("restore")
def restore(code: Code, *, number: Number = None) -> None:
    """Bring a retired station back."""
    with _transaction() as connection:
        stored_code = edit_station.find_code(connection, code)
        edit_station.restore(connection, stored_code, number)
        note(connection, Action.STATION_RESTORE, stored_code)
    say(message("{code} is back.", code=stored_code))


@contextmanager
def _transaction() -> Generator[Transaction]:
    """A transaction of the configured database; what it refuses gets the hint in the words of these commands."""
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        try:
            yield connection
        except EditRefused as error:
            hint = _HINTS.get(error.problem, "")
            raise InvalidInput(error.field, error.value, error.expected, hint) from error


def _title(station: Station) -> str | None:
    return station.title() or None
