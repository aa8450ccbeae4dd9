"""The command `digitalpfad`: finds the command's module, and turns errors into one sentence and an exit code.

Exit codes: 0 done, 1 failed (also a start refused for a wrong setting), 2 usage (a wrong argument), 3 partly.
"""

from __future__ import annotations

import importlib
import io
import os
import sys
import traceback
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, cast

import typer

from digitalpfad.terminal.language import said
from geodata.errors import DigitalpfadError, InvalidInput, NotFound
from geodata.messages.message import cut, message

if TYPE_CHECKING:
    from digitalpfad.commands import CommandModule

# A process loads the modules of its own command only: the gateway lives for months in little memory and needs no web
# framework, the web process no MQTT client, and the list of commands none of it: geopandas alone takes a second.
_COMMANDS = {  # the package of digitalpfad.commands with the module of that name, and a sentence
    "up": ("operations", "Start database, broker, gateway and web app."),
    "gateway": ("operations", "Take messages from the broker into the database."),
    "web": ("operations", "Serve hikers' pages, public API and staff pages."),
    "migrate": ("operations", "Apply the migrations that the database has not seen."),
    "doctor": ("operations", "Check settings, database, broker, disk, clock, rights."),
    "broker": ("operations", "Sessions that the MQTT broker keeps messages for."),
    "housekeeping": ("operations", "Delete what is older than the settings allow."),
    "backup": ("operations", "Write the whole database to a file."),
    "maintenance": ("operations", "Pages that say until when the system is being worked on."),
    "restore": ("operations", "Read such a file into an empty database."),
    "device": ("devices", "Measuring devices and their credentials."),
    "counter": ("figures", "Counters of people: where they hang, what they count."),
    "closure": ("conditions", "Closed stretches, areas and trails."),
    "notice": ("conditions", "Notices of what the way is like."),
    "property": ("trails", "Observed properties: what devices may measure."),
    "quarantine": ("devices", "Messages that could not be kept, and why."),
    "trail": ("trails", "Trails: import and export, hide, retire, remove."),
    "municipality": ("trails", "Municipalities, and what their legal pages say."),
    "station": ("trails", "Stations and their permanent codes."),
    "content": ("content", "Texts of stations and trails: folders, versions, publishing."),
    "signs": ("trails", "Print-ready signs."),
    "sign-case": ("figures", "Signs that somebody should look at."),
    "figures": ("figures", "Figures for the council, and what of them is public."),
    "count": ("figures", "People counted by hand beside a counter."),
    "weather": ("figures", "Weather of days, for comparing years."),
    "annotation": ("figures", "Days on which counts are not what they usually are."),
    "staff": ("people", "People with a login."),
    "report": ("people", "Problems that people told of."),
    "audit": ("people", "Who signed in, failed to, and changed what."),
    "settings": ("operations", "Show every setting, its value and where it comes from."),
}

_NAME = "digitalpfad"
_LONGEST = 20_000  # characters of an error: a hundred findings, each a line
_COMPLETION = (
    f"_{_NAME.upper()}_COMPLETE"  # set while a shell completes a line: which command it is stands elsewhere then
)


def build(wanted: str | None) -> typer.Typer:
    """The command with this sub-command; where there is none of that name, with the list of those there are."""
    app = typer.Typer(name=_NAME, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None)

    @app.callback()
    def root(
        *,
        debug: Annotated[bool, typer.Option("--debug", help="Show where an error comes from.")] = False,
        version: Annotated[
            bool, typer.Option("--version", is_eager=True, callback=_version, help="Show the version and exit.")
        ] = False,
    ) -> None:
        """The digital forest trail of a municipality: devices, time series, stations, visitors.

        Settings are environment variables DIGITALPFAD_…; 'digitalpfad settings' shows them.
        """

    loaded = list(_COMMANDS) if _COMPLETION in os.environ else [wanted]
    for name, (package, sentence) in _COMMANDS.items():
        if name in loaded:
            module = importlib.import_module(f"digitalpfad.commands.{package}.{name.replace('-', '_')}")
            cast("CommandModule", module).register(app)
        else:
            app.command(name, help=sentence)(_not_loaded)
    return app


def _version(wanted: bool) -> None:  # noqa: FBT001 - as typer calls it
    """Release, and the newest migration that it brings: what a backup or a database has to fit to."""
    if wanted:
        from importlib import metadata, resources  # noqa: PLC0415 - a third of the start of every command otherwise

        newest = max(path.name for path in resources.files("geodata.store.migrations").iterdir() if path.name[0] == "0")
        typer.echo(f"{_NAME} {metadata.version(_NAME)} (database schema {newest.partition('_')[0]})")
        raise typer.Exit


def _not_loaded() -> None:
    """Stands for a command in the list of commands: only the wanted one ever runs."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit."""
    argv = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in argv
    argv = [argument for argument in argv if argument != "--debug"]
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks a character shows another, and continues
    wanted = next((argument for argument in argv if not argument.startswith("-")), None)
    app = build(wanted)
    try:
        app(argv, prog_name=_NAME)
    except DigitalpfadError as error:
        _fail(error.sentence, debug=debug)
        sys.exit(2 if isinstance(error, (InvalidInput, NotFound)) else 1)
    except BrokenPipeError:
        sys.stderr.close()  # the reader has gone (`… | head`): nobody is left to complain to
        sys.exit(0)
    except Exception as error:  # noqa: BLE001 - the last edge: nobody above would say it in a sentence
        kind, words = type(error).__name__, str(error)
        _fail(message("Unexpected {kind}: {words}. '--debug' shows where.", kind=kind, words=words), debug=debug)
        sys.exit(1)


def _fail(sentence: str, *, debug: bool) -> None:
    if debug:
        traceback.print_exc()
    sys.stderr.write(f"digitalpfad: {cut(said(sentence), _LONGEST)}\n")
