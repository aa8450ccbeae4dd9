"""`digitalpfad content`: texts of trails and stations, from folders of Markdown files and as versions."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from digitalpfad import services
from digitalpfad.commands.content import content_output
from digitalpfad.commands.given_text import LONGEST_NAME, LONGEST_SENTENCE, one_line
from digitalpfad.commands.output import Json, say
from digitalpfad.config import settings
from digitalpfad.noting import note
from geodata.actions import content_facts, edit_station
from geodata.actions import content_folder as folder_store
from geodata.actions.publish_content import release
from geodata.content import folder as content_folder
from geodata.content import writing
from geodata.content.checks import check as judge
from geodata.content.checks import hint_at
from geodata.content.plan import ImportOptions
from geodata.content.versions import Author, Slot, State, Version
from geodata.errors import InvalidInput, NotFound
from geodata.findings.content import TextFindings
from geodata.messages.message import counted, message, phrase
from geodata.store.catalogue import content_versions as store
from geodata.store.catalogue import station_edit
from geodata.store.catalogue.trail import load_trails
from geodata.store.transaction import Transaction
from geodata.vocabulary.audit import Action
from geodata.vocabulary.languages import DEFAULT, VARIANTS

group = typer.Typer(no_args_is_help=True, help="Texts: folders of Markdown files in and out, drafts and versions.")
Trail = Annotated[str, typer.Argument(metavar="TRAIL", help="Short name of the trail.")]
Place = Annotated[str, typer.Argument(metavar="PLACE", help="A station's code, or a trail's short name.")]
Variant = Annotated[str, typer.Option(help=f"{', '.join(VARIANTS)}.")]
Season = Annotated[str, typer.Option(help="Short name of the season, such as fruehling.")]
Number = Annotated[int | None, typer.Option("--version", metavar="N", help="Number of the version.")]
By = Annotated[str, typer.Option("--as", metavar="NAME", help="Who did it, for the history.")]
Note = Annotated[str, typer.Option("--note", help="What for, for the history.")]
COMMAND_LINE = "command line"
_MAY_BE_STORED = {"de-missing", "season-without-year-text"}  # a class hands in its own texts; the town has the others


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="content")


@group.command("check")
def check(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, metavar="FOLDER")],
    *,
    as_json: Json = False,
) -> None:
    """Say all that is wrong in a folder of texts. Needs no database: anybody can do it."""
    findings = TextFindings()
    folders = content_folder.read(folder, findings)
    for station_folder in folders:
        judge(station_folder.texts, station_folder.name, findings)
        for file in station_folder.texts:
            hint_at(file, findings)
    content_facts.check(folders, findings)
    findings.found = [
        finding.as_warning() if finding.reason in _MAY_BE_STORED else finding for finding in findings.found
    ]
    for _ in folder_store.prepare_all(
        (file for station_folder in folders for file in station_folder.media.values()), findings
    ):
        pass  # one at a time, for what they find: nothing is kept
    content_output.answer_check(folders, findings, as_json=as_json)
    if findings.errors:
        raise typer.Exit(1)


@group.command("import")
def import_(
    trail: Trail,
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, metavar="FOLDER")],
    *,
    publish: Annotated[bool, typer.Option("--publish/--draft", help="Show the texts, or only keep them.")] = False,
    end_missing: Annotated[bool, typer.Option("--end-missing", help="End texts whose file is gone.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the plan and change nothing.")] = False,
    by: By = COMMAND_LINE,
    purpose: Note = "",
    as_json: Json = False,
) -> None:
    """Take the texts of a folder over, all or none. Without --publish as drafts, which nobody outside sees."""
    author = _author(by, purpose)
    options = ImportOptions(trail=trail, publish=publish, end_missing=end_missing)
    with _transaction() as connection:
        plan = folder_store.import_folder(connection, folder, options, author, dry_run=dry_run)
        if not (plan.refused or dry_run):
            note(connection, Action.CONTENT_IMPORT, trail)
    content_output.answer_plan(plan, dry_run=dry_run, as_json=as_json)
    if plan.refused:
        raise typer.Exit(1)


@group.command("export")
def export(
    trail: Trail,
    folder: Annotated[Path, typer.Argument(file_okay=False, metavar="FOLDER", help="New, or empty.")],
    *,
    drafts: Annotated[bool, typer.Option("--drafts", help="The newest of each text, published or not.")] = False,
) -> None:
    """Write a trail's texts as a folder of Markdown files, which 'content import' reads as the same texts."""
    if folder.exists() and any(folder.iterdir()):
        raise InvalidInput("FOLDER", str(folder), "a new or empty folder", "Files are never overwritten.")
    with _transaction() as connection:
        files = folder_store.export_folder(connection, trail, drafts=drafts)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as unfinished:
            for path, data in files.items():
                target = Path(unfinished, "done", path)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
            Path(unfinished, "done").mkdir(exist_ok=True)
            Path(unfinished, "done").replace(folder)
    except OSError as error:
        raise InvalidInput("FOLDER", str(folder), "a place to write to", f"{error.strerror}.") from error
    say(
        counted(
            "{count} file of {trail} is in {folder}.",
            "{count} files of {trail} are in {folder}.",
            count=len(files),
            trail=trail,
            folder=folder,
        )
    )


@group.command("list")
def list_texts(trail: Trail, *, as_json: Json = False) -> None:
    """List all texts of a trail: which version is shown, which draft waits."""
    with _transaction() as connection:
        if trail not in load_trails(connection):
            raise NotFound("trail", trail)
        states = store.states(connection, trail)
    content_output.answer_states(states.values(), as_json=as_json)


@group.command("history")
def history(place: Place, *, variant: Variant = "", as_json: Json = False) -> None:
    """List the versions of a station's texts, or of a trail's own: who saved and published what, and when."""
    with _transaction() as connection:
        versions = _versions(connection, place)
    content_output.answer_history([entry for entry in versions if variant in {"", entry.slot.variant}], as_json=as_json)


@group.command("show")
def show(
    place: Place, *, variant: Variant = DEFAULT, season: Season = "", version: Number = None, as_json: Json = False
) -> None:
    """Print one text as its file would be: the shown version, or the one that is asked for."""
    with _transaction() as connection:
        versions = [
            entry
            for entry in _versions(connection, place)
            if (entry.slot.variant, entry.slot.season) == (variant, season)
        ]
    chosen = _chosen(versions, version)
    if as_json:
        content_output.answer_version(chosen)
    elif chosen.text is None:
        say(phrase("This version ends the text."))
    else:
        typer.echo(writing.write(chosen.text, chosen.slot.station), nl=False)


@group.command("publish")
def publish(
    place: Place,
    *,
    variant: Variant = "",
    season: Season = "",
    version: Number = None,
    by: By = COMMAND_LINE,
    purpose: Note = "",
) -> None:
    """Show drafts: all of a trail, all of a station, or one text. With --version go back: a copy becomes the newest."""
    if version is not None and not variant:
        raise InvalidInput("--version", version, "--variant too", "Versions are counted in each text by itself.")
    author, findings = _author(by, purpose), TextFindings()
    with _transaction() as connection:
        store.lock(connection)
        trail, owner = _whereabouts(connection, place)
        states = store.states(connection, trail)
        wanted = _wanted(connection, states, owner, Slot(variant=variant, season=season), version)
        published = release(connection, wanted, states, author, findings)
        if wanted:
            content_facts.warn_of_stored_gaps(connection, trail, findings)
        if published and not findings.errors:
            note(connection, Action.CONTENT_PUBLISH, place)
    content_output.say_findings(findings.found)
    if findings.errors:
        say(content_output.REFUSED)
        raise typer.Exit(1)
    for slot, number in published.items():
        owner = slot.station or slot.trail
        say(message("{owner}, {text}: version {number} is shown.", owner=owner, text=slot.name, number=number))
    if not published:
        say(phrase("There is no draft to publish."))


def _wanted(
    connection: Transaction, states: dict[Slot, State], owner: str, asked: Slot, number: int | None
) -> list[Version]:
    """The versions to publish: drafts, or the numbered one. ``owner`` is empty for the whole trail."""
    if number is not None:
        own = store.history(connection, station=owner, trail=owner)
        versions = [entry for entry in own if (entry.slot.variant, entry.slot.season) == (asked.variant, asked.season)]
        return [_chosen(versions, number)]
    return [
        state.draft
        for slot, state in states.items()
        if state.draft
        and owner in {"", slot.station, slot.trail}
        and (not asked.variant or (slot.variant, slot.season) == (asked.variant, asked.season))
    ]


def _author(by: str, purpose: str) -> Author:
    named = one_line("--as", by, LONGEST_NAME)
    return Author(named, one_line("--note", purpose, LONGEST_SENTENCE, may_be_empty=True))


@contextmanager
def _transaction() -> Generator[Transaction]:
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        yield connection


def _whereabouts(connection: Transaction, place: str) -> tuple[str, str]:
    """The trail, and the station's code where a station is meant."""
    if place in load_trails(connection):
        return place, ""
    code = edit_station.find_code(connection, place)
    return station_edit.trail_of(connection, code), code


def _versions(connection: Transaction, place: str) -> list[Version]:
    trail, code = _whereabouts(connection, place)
    return store.history(connection, station=code) if code else store.history(connection, trail=trail)


def _chosen(versions: list[Version], number: int | None) -> Version:
    """The version with this number; without one the shown one, else the newest."""
    if number is not None:
        matching = [entry for entry in versions if entry.number == number]
    else:
        matching = [entry for entry in versions if entry.published_at is not None][-1:] or versions[-1:]
    if not matching:
        numbers = ", ".join(str(entry.number) for entry in versions)
        expected = message("one of {names}", names=numbers) if numbers else phrase("a text that is there")
        hint = "'digitalpfad content history' lists them."
        raise InvalidInput("version", phrase("none") if number is None else number, expected, hint)
    return matching[0]
