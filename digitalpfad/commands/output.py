"""Answers of read commands: JSON, or a plain aligned table."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


def answer_json(value: object) -> None:
    """Print ``value`` as JSON; times in RFC 3339 UTC, bytes as text."""
    typer.echo(json.dumps(value, ensure_ascii=False, default=_plain))


def answer_table(columns: Sequence[str], rows: Iterable[Sequence[object]], empty: str) -> None:
    """Print aligned columns, or the sentence ``empty``."""
    lines = [[printable(text) for text in row] for row in rows]
    if not lines:
        typer.echo(empty, err=True)
        return
    widths = [max(len(line[index]) for line in [list(columns), *lines]) for index in range(len(columns))]
    for line in [list(columns), *lines]:
        typer.echo("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())


def printable(value: object) -> str:
    """``value`` as one line of text; what could steer a terminal (a device's text may try) is made harmless."""
    if value is None:
        return "–"
    text = value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S") if isinstance(value, datetime) else str(value)
    return "".join(character if character.isprintable() else "�" for character in text)


def record(value: Any, without: frozenset[str] = frozenset()) -> Mapping[str, object]:
    """A dataclass instance as a mapping."""
    return {name: part for name, part in dataclasses.asdict(value).items() if name not in without}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="backslashreplace")
    raise TypeError(f"{type(value).__name__} has no JSON form here")
