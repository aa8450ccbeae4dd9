"""The command `digitalpfad`: finds the command's module, and turns errors into one sentence and an exit code.

Exit codes: 0 done, 1 failed (also a start refused for a wrong setting), 2 usage (a wrong argument), 3 partly.
"""

from __future__ import annotations

import importlib
import io
import sys
import traceback
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, cast

import typer

from geodata.errors import DigitalpfadError, InvalidInput, NotFound

if TYPE_CHECKING:
    from digitalpfad.commands import CommandModule

# A process loads the modules of its own command only: the gateway lives for months in little memory and needs no web
# framework, the web process no MQTT client.
_MODULES = {
    "up": "digitalpfad.commands.up",
    "gateway": "digitalpfad.commands.gateway",
    "web": "digitalpfad.commands.web",
    "migrate": "digitalpfad.commands.migrate",
    "doctor": "digitalpfad.commands.doctor",
    "housekeeping": "digitalpfad.commands.housekeeping",
    "backup": "digitalpfad.commands.backup",
    "restore": "digitalpfad.commands.restore",
    "device": "digitalpfad.commands.device",
    "closure": "digitalpfad.commands.closure",
    "notice": "digitalpfad.commands.notice",
    "property": "digitalpfad.commands.property",
    "quarantine": "digitalpfad.commands.quarantine",
    "trail": "digitalpfad.commands.trail",
    "station": "digitalpfad.commands.station",
    "signs": "digitalpfad.commands.signs",
    "staff": "digitalpfad.commands.staff",
    "settings": "digitalpfad.commands.settings",
}


def build(names: Sequence[str]) -> typer.Typer:
    """The command with these sub-commands."""
    app = typer.Typer(name="digitalpfad", no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None)

    @app.callback()
    def root(
        debug: Annotated[bool, typer.Option("--debug", help="Show where an error comes from.")] = False,  # noqa: FBT002
    ) -> None:
        """The digital forest trail of a municipality: devices, time series, stations, visitors.

        Settings are environment variables DIGITALPFAD_…; 'digitalpfad settings' shows them.
        """

    for name in names:
        cast("CommandModule", importlib.import_module(_MODULES[name])).register(app)
    return app


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in given
    given = [argument for argument in given if argument != "--debug"]
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks a character shows another, and goes on
    wanted = next((argument for argument in given if not argument.startswith("-")), None)
    app = build([wanted] if wanted in _MODULES else list(_MODULES))
    try:
        app(given, prog_name="digitalpfad")
    except DigitalpfadError as error:
        _fail(str(error), debug=debug)
        sys.exit(2 if isinstance(error, (InvalidInput, NotFound)) else 1)
    except BrokenPipeError:
        sys.stderr.close()  # the reader has gone (`… | head`): nobody is left to complain to
        sys.exit(0)
    except Exception as error:  # noqa: BLE001 - the last edge: nobody above would say it in a sentence
        _fail(f"Unexpected {type(error).__name__}: {error}. '--debug' shows where.", debug=debug)
        sys.exit(1)


def _fail(sentence: str, *, debug: bool) -> None:
    if debug:
        traceback.print_exc()
    sys.stderr.write(f"digitalpfad: {sentence}\n")
