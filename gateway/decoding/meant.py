"""What a message of another shape meant: fields under other names, values beside the reading or nested by sensor."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import cast

from gateway.decoding.reasons import show
from gateway.redaction import is_address

TELEMETRY_FIELDS = ("boot", "seq", "time", "values", "oldest", "readings")
NAMED = 5  # fields in one sentence

_OTHER_NAMES = {
    "time": ("ts", "timestamp", "datetime", "date", "at"),
    "values": ("data", "fields", "measurements", "payload", "object", "decodedpayload"),
    "seq": ("sequence", "counter", "fcnt", "number"),
    "boot": ("bootid", "session"),
    "readings": ("samples", "records", "batch"),
}
"""What other systems call the same."""
_LONGEST_NAME = 40  # characters that are compared: beyond them nothing is nearly a name of the contract
_COMPARED = 32  # foreign names of one reading

Fields = dict[str, object]


@dataclass(slots=True)
class MeantValues:
    """Values that stand elsewhere than in ``values``: ``names`` are the fields of the message that hold them."""

    values: Fields = field(default_factory=dict[str, object])
    names: list[str] = field(default_factory=list[str])
    hint: str = ""


def meant(name: str, known: tuple[str, ...]) -> str | None:
    """The field of the contract that ``name`` is nearly, or that other systems call so."""
    letters = "".join(letter for letter in name[:_LONGEST_NAME].lower() if letter.isalnum())
    near = _near(letters, known)
    return near if near != name else None


@lru_cache(maxsize=1_024)
def _near(letters: str, known: tuple[str, ...]) -> str | None:
    for field_name in known:
        if letters in _OTHER_NAMES.get(field_name, ()):
            return field_name
    near = difflib.get_close_matches(letters, known, n=1, cutoff=0.7)
    return near[0] if near else None


def meant_time(fields: Fields) -> object:
    """What stands under another name for the time; None where nothing does."""
    names = islice(_others(fields), _COMPARED)
    return next((fields[name] for name in names if meant(name, TELEMETRY_FIELDS) == "time"), None)


def meant_values(fields: Fields) -> MeantValues:
    """The values of a reading that has none under that name."""
    others = list(_others(fields))
    for name in others[:_COMPARED]:
        if isinstance(fields[name], dict) and meant(name, ("values",)):
            return MeantValues(cast("Fields", fields[name]), [name], f": rename {show(name)} to values")
    suggestion, places = MeantValues(), list[str]()
    near = {name for name in others[:_COMPARED] if meant(name, TELEMETRY_FIELDS)}
    flat = [name for name in others if _is_number(fields[name]) and name not in near]
    if flat:
        suggestion.values.update((name, fields[name]) for name in flat)
        places.append(_listed(flat))
    for name in others:
        inner = cast("Fields", fields[name]) if isinstance(fields[name], dict) else {}
        numbers = {key: value for key, value in inner.items() if _is_number(value)}
        if numbers:
            suggestion.values.update(numbers)
        if numbers and len(places) < NAMED:
            places.append(f"{_listed(list(numbers))} of {show(name)}")
        if numbers:
            flat.append(name)
    if places:
        suggestion.names = flat
        example = json.dumps({"values": dict(list(suggestion.values.items())[:2])})
        suggestion.hint = f": put {' and '.join(places)} into it, as in {example}"
    return suggestion


def _others(fields: Fields) -> Iterator[str]:
    return (name for name, value in fields.items() if name not in TELEMETRY_FIELDS and not is_address(name, value))


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(map(show, names[:NAMED])) + more


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
