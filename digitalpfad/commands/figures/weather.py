"""`digitalpfad weather`: the weather of days, from files of the Deutscher Wetterdienst."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from digitalpfad import services
from digitalpfad.commands.output import Json, answer_json, answer_table, record, say
from digitalpfad.config import settings
from digitalpfad.noting import note
from geodata.errors import InvalidInput, NotFound
from geodata.messages.message import counted, message
from geodata.statistics.weather import dwd_file
from geodata.statistics.weather.dwd_file import StationWeather
from geodata.store.catalogue.trail import load_municipalities
from geodata.store.comparison import weather
from geodata.store.transaction import Transaction
from geodata.vocabulary.audit import Action

group = typer.Typer(no_args_is_help=True, help="Weather of days, for comparing years.")


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="weather")


@group.command("import")
def import_(
    town: Annotated[str, typer.Argument(metavar="TOWN", help="Short name of the municipality.")],
    file: Annotated[Path, typer.Argument(help="tageswerte_KL_….zip of the climate station, or the text in it.")],
    *,
    station: Annotated[int | None, typer.Option(help="Number that the station must have.", min=1)] = None,
    replace_station: Annotated[bool, typer.Option("--replace-station", help="Take the days of another away.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check all, write nothing.")] = False,
) -> None:
    """Read the daily values of a climate station of the Deutscher Wetterdienst; again, as often as it has new ones."""
    read = _read(file, station)
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        if town not in load_municipalities(connection):
            raise NotFound("municipality", town)
        with connection.transaction(force_rollback=dry_run):
            _refuse_another(connection, town, read, replace_station=replace_station)
            changed = weather.save(connection, town, read)
            note(connection, Action.WEATHER_IMPORT, f"{town}: {read.station}")
    days = sorted(read.days)
    done = "Station {station}, {days} from {first} to {last}; {changed} of them new or changed."
    would = (
        "Station {station}, {days} from {first} to {last}; {changed} of them would be new or changed; nothing is"
        " written."
    )
    given = {
        "station": str(read.station), "days": counted("{count} day", "{count} days", count=len(days)),
        "first": days[0].isoformat(), "last": days[-1].isoformat(), "changed": changed,
    }  # fmt: skip
    say(message(would, **given) if dry_run else message(done, **given))


def _read(file: Path, station: int | None) -> StationWeather:
    try:
        read = dwd_file.read(file)
    except OSError as error:
        raise InvalidInput("FILE", str(file), message("a file that can be read: {why}", why=error.strerror)) from error
    if station is not None and read.station != station:
        raise InvalidInput("FILE", message("of station {number}", number=str(read.station)),
                           message("station {number}", number=str(station)))  # fmt: skip
    if not read.days:
        raise InvalidInput("FILE", str(file), "temperature, rain or sunshine of a day")
    return read


def _refuse_another(connection: Transaction, town: str, read: StationWeather, *, replace_station: bool) -> None:
    """The days of two stations are not one series. With ``replace_station`` those of the other go."""
    before = weather.stored(connection).get(town)
    if before is None or before.station == read.station:
        return
    if not replace_station:
        raise InvalidInput(
            "FILE",
            message("of station {number}", number=str(read.station)),
            message("station {number} as before", number=str(before.station)),
            message("{option[replace-station]} takes this one, and the days of the other away."),
        )
    weather.delete(connection, town)


@group.command("list")
def list_weather(*, as_json: Json = False) -> None:
    """List the climate stations of the municipalities, with the days that are there."""
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        rows = list(weather.stored(connection).values())
    if as_json:
        answer_json([record(row) for row in rows])
        return
    answer_table(
        ("municipality", "climate station", "from", "until", "days"),
        [(row.municipality, str(row.station), row.first, row.last, str(row.days)) for row in rows],
        "There is no weather. 'digitalpfad weather import TOWN FILE' brings it.",
    )
