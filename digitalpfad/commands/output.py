"""Answers of read commands: JSON, or a plain aligned table."""

from __future__ import annotations

import dataclasses
import json
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any, cast

import typer

from digitalpfad.terminal.language import said
from digitalpfad.terminal.names import spelled
from digitalpfad.terminal.table import EMPTY, aligned
from geodata.messages.message import Message, phrase
from geodata.text.broken import STEERING
from geodata.times import rfc3339

Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


_SHOWN = {**dict.fromkeys(STEERING, "�"), **dict.fromkeys(map(ord, "\t\n\v\f\r\u2028\u2029"), " ")}
_ESCAPED = {code: f"\\u{code:04x}" for code in STEERING}


def answer_json(value: object) -> None:
    """Print ``value`` as JSON, in English whatever the locale; times in RFC 3339 UTC, days too, bytes as text."""
    typer.echo(json_text(value))


def json_text(value: object) -> str:
    """``value`` as one line of JSON in which nothing steers a terminal."""
    return json.dumps(_spelled(value), ensure_ascii=False, default=_plain).translate(_ESCAPED)


def answer_table(columns: Sequence[str], rows: Iterable[Sequence[object]], empty: str) -> None:
    """Print aligned columns, or the sentence ``empty``; headings and cells that are messages in people's language.

    On a terminal the table is no wider than that; elsewhere nothing is left out.
    """
    lines = [[printable(text) for text in row] for row in rows]
    if not lines:
        typer.echo(said(empty), err=True)
        return
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    for line in aligned([[said(column) for column in columns], *lines], width):
        typer.echo(line)


def say(sentence: str) -> None:
    """Print a sentence on stderr, in people's language; what could steer a terminal is made harmless."""
    typer.echo(printable(phrase(sentence)), err=True)


def printable(value: object) -> str:
    """``value`` as one line of text, a message in people's language; what could steer a terminal is made harmless.

    White space stays white space: a device's or a surveyor's text may hold no-break spaces, tabs and soft hyphens.
    """
    if value is None:
        return EMPTY
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    return (said(value) if isinstance(value, Message) else str(value)).translate(_SHOWN)


def record(value: Any, without: frozenset[str] = frozenset()) -> Mapping[str, object]:
    """A dataclass instance as a mapping."""
    return {name: part for name, part in dataclasses.asdict(value).items() if name not in without}


def hint(text: str) -> dict[str, str]:
    """What should be done about a finding, with the field's older name too: ``mend`` goes with release 0.2."""
    return {"hint": text, "mend": text}


def _spelled(value: object) -> object:
    """``value`` with all sentences in it as this command words them."""
    if isinstance(value, str):
        return spelled(value)
    if isinstance(value, Mapping):
        return {name: _spelled(part) for name, part in cast("Mapping[str, object]", value).items()}
    if isinstance(value, (list, tuple)):
        return [_spelled(part) for part in cast("Sequence[object]", value)]
    return value


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="backslashreplace")
    raise TypeError(f"{type(value).__name__} has no JSON form here")
