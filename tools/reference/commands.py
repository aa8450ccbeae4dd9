"""docs/commands.md: every command with its arguments and options, read from the command line itself."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any, cast

import typer
from typer.main import get_command

from digitalpfad import cli
from tools.reference.markdown import anchor, code, paragraph, table

_INTRODUCTION = """\
# Commands

What `digitalpfad --help` and `digitalpfad COMMAND --help` say, on one page; made from the commands themselves.

Addresses, limits and names come from [the settings](settings.md). With `--json` the answer on standard output is JSON;
errors go to standard error. `--debug`, before or after any command, shows where an error comes from;
`digitalpfad --version` tells the release and the newest migration that it brings.

"""
_EXIT_CODES = (
    ("0", "done"),
    ("1", "failed; also a start that was refused for a wrong setting"),
    ("2", "wrong usage: an argument, an option, or a name that does not exist"),
    ("3", "done in part; the answer says what is left"),
)

Command = Parameter = Any
"""A command, or an argument or option of it, as typer builds it; typer gives these classes no public name."""


def page() -> str:
    """The whole page."""
    names = _below(get_command(cli.build(None)))
    commands = {name: _below(get_command(cli.build(name)))[name] for name in names}
    contents = [(f"[`{name}`](#{anchor(name)})", _first_sentence(command)) for name, command in commands.items()]
    parts = [_INTRODUCTION, table(("exit code", "means"), _EXIT_CODES), "\n", table(("command", "does"), contents)]
    for name, command in commands.items():
        parts.extend(_sections(command, name, 2))
    return "".join(parts)


def _below(command: Command) -> dict[str, Command]:
    """The commands of a group by their names."""
    return cast("dict[str, Command]", getattr(command, "commands", {}))


def _sections(command: Command, path: str, level: int) -> Iterator[str]:
    """A heading with what is to be said of a command, then those of the commands below it."""
    yield f"\n{'#' * level} {path}\n\n"
    yield "\n".join(map(paragraph, _paragraphs(command)))
    below = _below(command)
    if not below:
        context = typer.Context(command, info_name=path)
        usage = " ".join(["digitalpfad", path, *command.collect_usage_pieces(context)])
        yield f"\n```\n{usage}\n```\n"
        yield from _parameters(command, context)
    for name, one in below.items():
        yield from _sections(one, f"{path} {name}", level + 1)


def _parameters(command: Command, context: typer.Context) -> Iterator[str]:
    rows = [_row(one, *record) for one in command.params if (record := one.get_help_record(context))]
    if rows:
        yield "\n" + table(("argument or option", "values", "default", "meaning"), rows)


def _row(parameter: Parameter, names: str, told: str) -> tuple[str, str, str, str]:
    """A row from the two columns of a terminal's help: ``--limit <int>``, ``At most so many.  [default: 20; x>=1]``."""
    words = names.split(" ")
    flags = [word for number, word in enumerate(words) if number == 0 or word.startswith("-")]
    values = " ".join(words[len(flags) :]).removeprefix("<").removesuffix(">")
    if values.startswith("list["):
        values = values.removeprefix("list[").removesuffix("]")
    is_repeatable = parameter.multiple or parameter.nargs == -1
    meaning, _, extra = told.rpartition("[") if told.endswith("]") else (told, "", "")
    notes = extra.removesuffix("]").split("; ") if extra else []
    default = next((note.removeprefix("default: ") for note in notes if note.startswith("default: ")), "")
    bounds = [note for note in notes if note != "required" and not note.startswith("default: ")]
    return (
        code(" ".join(flags)),
        ", ".join([*map(code, filter(None, [values, *bounds])), *(["repeatable"] if is_repeatable else [])]),
        "required" if "required" in notes else code(default.strip("()")),
        meaning.strip(),
    )


def _paragraphs(command: Command) -> list[str]:
    return inspect.cleandoc(command.help or "").split("\n\n")


def _first_sentence(command: Command) -> str:
    return " ".join(_paragraphs(command)[0].split()).partition(". ")[0].rstrip(".") + "."
