"""`digitalpfad trail`: trails from geodata files into the database, and out again."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from digitalpfad import services
from digitalpfad.commands.given_text import LONGEST_NAME, LONGEST_SENTENCE, one_line
from digitalpfad.commands.output import Json, say
from digitalpfad.commands.output_file import check_free
from digitalpfad.commands.trails import trail_state
from digitalpfad.commands.trails.plan_output import answer_plan, answer_refused
from digitalpfad.config import settings
from digitalpfad.noting import note
from geodata.actions import import_trail
from geodata.errors import NotFound
from geodata.export.records import TrailExport
from geodata.findings.trail_file import Findings, Refused
from geodata.messages.message import message
from geodata.store.catalogue import facts
from geodata.store.catalogue.station import load_stations
from geodata.store.catalogue.trail import load_trails
from geodata.store.transaction import Transaction
from geodata.trailfiles import export as exporter
from geodata.trailfiles.draft import draft
from geodata.trailfiles.draft.numbers import Numbers
from geodata.trailfiles.draft.records import JOIN_WITHIN_M, ReadOptions
from geodata.trailfiles.formats import opening
from geodata.trailfiles.plan.plan import ImportPlan, Target
from geodata.vocabulary.audit import Action

group = typer.Typer(no_args_is_help=True, help="Trails: import and export, hide, retire, remove.")
trail_state.register(group)


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="trail")


@group.command("import")
def import_(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help=f"Ends in one of {' '.join(opening.SUFFIXES)}.")
    ],
    trail: Annotated[str, typer.Option(metavar="SLUG", help="Short name of the trail, new or stored.")] = "",
    municipality: Annotated[str, typer.Option(metavar="NAME", help="Whose trail it is, by short or full name.")] = "",
    name: Annotated[str, typer.Option(help="German name of a new trail.")] = "",
    licence: Annotated[str, typer.Option(help="Of the line: an SPDX or dl-de identifier.")] = "",
    attribution: Annotated[str, typer.Option(help="Whom to name as the source of the line.")] = "",
    crs: Annotated[str, typer.Option(help="Coordinate system, overruling the file's, such as EPSG:25832.")] = "",
    layer: Annotated[list[str] | None, typer.Option(help="Read this layer only; several times for several.")] = None,
    line: Annotated[
        list[str] | None, typer.Option(help="Take the lines of this name; several times for parts.")
    ] = None,
    join_within: Annotated[
        float | None,
        typer.Option(metavar="M", min=0, max=500, help="Join ends so near.", show_default=f"{JOIN_WITHIN_M:.0f}"),
    ] = None,
    numbers: Annotated[Numbers, typer.Option(help="Where the stations' numbers come from.")] = Numbers.AUTO,
    leave_out: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Leave objects of this name out; several times for several."),
    ] = None,
    dem: Annotated[list[Path] | None, typer.Option(exists=True, dir_okay=False, help="Terrain model (tile).")] = None,
    dem_crs: Annotated[str, typer.Option(help="Coordinate system of tiles that do not say theirs.")] = "",
    encoding: Annotated[str, typer.Option(metavar="NAME", help="Of the file's texts, such as cp1252 or utf-8.")] = "",
    geoid: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Geoid (GTX, GeoTIFF), for heights above the ellipsoid."),
    ] = None,
    *,
    there_and_back: Annotated[
        bool, typer.Option("--there-and-back", help="A way that comes twice is walked there and back.")
    ] = False,
    reverse: Annotated[bool, typer.Option("--reverse", help="Walk it the other way round.")] = False,
    swap_axes: Annotated[bool, typer.Option("--swap-axes", help="The file has lat before lon.")] = False,
    heights_above_sea: Annotated[
        bool, typer.Option("--heights-above-sea", help="The file's heights are so, whatever it says.")
    ] = False,
    without_heights: Annotated[bool, typer.Option("--without-heights", help="Leave the file's heights out.")] = False,
    without_stations: Annotated[bool, typer.Option("--without-stations", help="Take the line only.")] = False,
    points_are_stations: Annotated[
        bool, typer.Option("--points-are-stations", help="Take every point for a station, a bench or bus stop too.")
    ] = False,
    retire_missing: Annotated[bool, typer.Option("--retire-missing", help="Retire what the file lacks.")] = False,
    replace_facts: Annotated[
        bool,
        typer.Option(
            "--replace-facts",
            help="Take away stored places that a file with places lacks.",
        ),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the plan and change nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Read a trail from a geodata file, print the plan, and carry it out as a whole unless an error forbids it."""
    how = ReadOptions(
        crs=crs,
        layers=tuple(layer or ()),
        lines=tuple(line or ()),
        join_within_m=join_within,
        numbers=numbers,
        leave_out=tuple(leave_out or ()),
        there_and_back=there_and_back,
        reverse=reverse,
        swap_axes=swap_axes,
        dem=tuple(dem or ()),
        dem_crs=dem_crs,
        encoding=encoding,
        geoid=geoid,
        heights_above_sea=heights_above_sea,
        without_heights=without_heights,
        without_stations=without_stations,
        points_are_stations=points_are_stations,
    )
    target = Target(
        trail=trail,
        municipality=one_line("--municipality", municipality, LONGEST_NAME, may_be_empty=True),
        name=one_line("--name", name, LONGEST_SENTENCE, may_be_empty=True),
        licence=one_line("--licence", licence, LONGEST_NAME, may_be_empty=True),
        attribution=one_line("--attribution", attribution, LONGEST_SENTENCE, may_be_empty=True),
        retire_missing=retire_missing,
        replace_facts=replace_facts,
    )
    findings = Findings()
    try:
        read = draft.read(file, how, findings)
        present, _ = settings.load()
        with services.open_database(present) as database:
            done = import_trail.carry_out(
                database, read, target, datetime.now(UTC), findings, dry_run=dry_run, written=_note
            )
    except Refused as refused:
        answer_refused([*findings.found, refused.finding], as_json=as_json)
        raise typer.Exit(1) from refused
    answer_plan(done, dry_run=dry_run, as_json=as_json)
    if done.refused:
        raise typer.Exit(1)


def _note(connection: Transaction, done: ImportPlan) -> None:
    note(connection, Action.TRAIL_IMPORT, done.trail.slug)


@group.command("export")
def export(
    trail: Annotated[str, typer.Argument(metavar="TRAIL", help="Short name of the trail.")],
    file: Annotated[Path, typer.Argument(dir_okay=False, help="Ends in .geojson, .gpx or .gpkg.")],
    *,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file where there is one.")] = False,
) -> None:
    """Write a trail with its live stations, places and stretches to a file for GIS and phones."""
    check_free(file, overwrite=overwrite)
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        trails = load_trails(connection)
        stations = load_stations(connection)
        places, sections = facts.load_places(connection, [trail]), facts.load_sections(connection, [trail])
    if trail not in trails:
        raise NotFound("trail", trail)
    own = [station for station in stations.values() if station.trail == trail]
    whole = TrailExport.of(trails[trail], own, places.get(trail, ()), sections.get(trail, ()))
    exporter.write(file, whole, str(present.base_url or ""))
    say(message("{trail} is written to {file}.", trail=trail, file=file))
