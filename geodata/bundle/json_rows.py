"""Read the JSON files of a trail folder with checks, and errors that name the file and the hint."""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from functools import partial
from importlib.resources.abc import Traversable
from typing import Annotated, TypeVar

import msgspec

from geodata.errors import InvalidInput
from geodata.messages.message import Message, message, phrase
from geodata.security import bounded_file
from geodata.vocabulary import names

Slug = Annotated[str, msgspec.Meta(pattern=f"^{names.PATTERN}$")]
MAX_BYTES = 5_000_000
"""Of a trail's line with more places than a trail has; the other files are far smaller."""

_AT_BYTE = re.compile(r"\(byte (\d+)\)")
_T = TypeVar("_T")


class JsonRow(msgspec.Struct, forbid_unknown_fields=True):
    """A JSON object in which a misspelt name is an error."""


def decode(file: Traversable, kind: type[_T]) -> _T:
    """The file's content as ``kind``; raises InvalidInput."""
    data = _read(file)
    try:
        rows = msgspec.json.decode(data, type=kind)
        json.loads(data, object_pairs_hook=partial(_refuse_repeated, file.name))
    except RecursionError as error:
        raise InvalidInput(file.name, phrase("nested without end"), "what the format says") from error
    except UnicodeDecodeError as error:
        raise InvalidInput(file.name, phrase("a file"), "text in UTF-8", "Save it anew as UTF-8.") from error
    except msgspec.ValidationError as error:
        expected = message("what the format says: {error}", error=error)
        raise InvalidInput(file.name, phrase("a file"), expected, "Correct it there ($ is the file).") from error
    except msgspec.DecodeError as error:
        hint = "A comma, a quotation mark or a bracket is missing there or before, or one is too many."
        raise InvalidInput(file.name, _damage(data, str(error)), "JSON", hint) from error
    return rows


def _read(file: Traversable) -> bytes:
    try:
        data = bounded_file.at_most(file, MAX_BYTES)
    except FileNotFoundError as error:
        raise InvalidInput(file.name, phrase("not there"), "a file of this name", "Add the file.") from error
    except OSError as error:
        raise InvalidInput(file.name, phrase("a file"), "a file that can be read", f"{error.strerror}.") from error
    if len(data) > MAX_BYTES:
        larger = message("larger than {most:,} bytes", most=MAX_BYTES)
        expected = message("at most {most:,} bytes", most=MAX_BYTES)
        raise InvalidInput(file.name, larger, expected, "Leave out what is not needed.")
    if 0 in data[:4]:  # UTF-16 or UTF-32: JSON begins with letters of ASCII
        raise InvalidInput(file.name, phrase("a file"), "text in UTF-8", "Save it anew as UTF-8.")
    return data.removeprefix(codecs.BOM_UTF8)


def _refuse_repeated(file: str, members: list[tuple[str, object]]) -> None:
    """Which of two would be taken, the decoder does not say."""
    name, times = Counter(name for name, _ in members).most_common(1)[0] if members else ("", 0)
    if times > 1:
        raise InvalidInput(file, name, "each name once in an object", "Leave one of them in it.")


def _damage(data: bytes, complaint: str) -> Message:
    """Where text stops being JSON: the line of msgspec's ``(byte 35)``; without one it ends too early."""
    at = _AT_BYTE.search(complaint)
    if at is None:
        return phrase("cut off at its end")
    return message("damaged in line {line}", line=data.count(b"\n", 0, int(at[1])) + 1)


def encode(rows: Sequence[JsonRow]) -> bytes:
    """The text of a file that decode() reads back as ``rows``, made for people to edit: a field a line, UTF-8."""
    return msgspec.json.format(msgspec.json.encode(rows), indent=2) + b"\n"


def once(field: str, values: Iterable[Hashable]) -> None:
    """Raise InvalidInput for a value that comes more than once."""
    for fault in repeated(field, values):
        raise fault


def repeated(field: str, values: Iterable[Hashable]) -> list[InvalidInput]:
    """A fault for each value that comes more than once."""
    return [
        InvalidInput(field, value, "each value once", message("It stands there {times} times.", times=count))
        for value, count in Counter(values).items()
        if count > 1
    ]
