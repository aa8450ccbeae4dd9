"""All that is wrong in a file of notice rules, told at once: each fault with its rule, field and expectation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from importlib.resources.abc import Traversable
from typing import Any, cast

import msgspec

from geodata.bundle import json_rows
from geodata.bundle.notice_rows import NoticeRow, NoticeTextRow
from geodata.errors import InvalidInput
from geodata.messages.message import Message, cut, message, phrase
from geodata.vocabulary.languages import DEFAULT
from geodata.vocabulary.names import EXPECTED

_THRESHOLD = phrase("a number, in the unit of the observed property")
_SECONDS = phrase("a whole number of seconds, 0 or more")
_EXPECTED: Mapping[str, Message] = {
    "id": EXPECTED,
    "station": phrase("the number of a station"),
    "device": EXPECTED,
    "observed_property": phrase("the name of an observed property"),
    "below": phrase("true or false"),
    "caution": _THRESHOLD,
    "warning": _THRESHOLD,
    "hysteresis": phrase("a number, 0 or more"),
    "hold_s": _SECONDS,
    "expires_s": _SECONDS,
}
_FIELDS = {kind: {field.name: field for field in msgspec.structs.fields(kind)} for kind in (NoticeRow, NoticeTextRow)}
_NAMING = ("station", "id", "device", "observed_property")
Place = Callable[[str], Message]
"""What a sentence calls a field."""


def read(file: Traversable) -> tuple[list[NoticeRow], list[NoticeRow], list[InvalidInput]]:
    """The rules without a fault of form; the others as far as they can be read; the faults of those.

    Raises InvalidInput for what is no list of rules.
    """
    rules: object = json_rows.decode(file, object)
    if not isinstance(rules, list):
        raise InvalidInput(file.name, phrase("no list"), "a list of rules, in square brackets")
    rows: list[NoticeRow] = []
    torsos: list[NoticeRow] = []
    faults: list[InvalidInput] = []
    for number, rule in enumerate(cast("list[object]", rules), 1):
        found = list(_of_rule(number, rule))
        faults.extend(found)
        if not found:
            rows.append(msgspec.convert(rule, NoticeRow))
        elif (torso := _torso(_object(rule) or {})) is not None:
            torsos.append(torso)
    return rows, torsos, faults


def _torso(fields: Mapping[str, object]) -> NoticeRow | None:
    """What a rule with a fault names, to be held against what is there; the rest of it is made up."""
    known = _FIELDS[NoticeRow]
    named: dict[str, Any] = {name: fields[name] for name in _NAMING if name in fields}
    if any(name not in named for name in _NAMING[1:]) or not all(
        _is_of(named[name], known[name].type) for name in named
    ):
        return None
    variants = _object(fields.get("texts")) or {DEFAULT: None}
    return NoticeRow(**named, hysteresis=0, texts=dict.fromkeys(variants, NoticeTextRow("-", "-", "-")))


def _of_rule(number: int, rule: object) -> Iterator[InvalidInput]:
    fields = _object(rule)
    identity = None if fields is None else fields.get("id")
    place = _place(number, identity)
    if fields is None:
        yield InvalidInput(message("rule {number}", number=number), _shown(rule), "an object, in braces")
        return
    yield from _of_fields(fields, NoticeRow, place, "")
    texts = _object(fields.get("texts", {}))
    if texts is None:
        yield InvalidInput(place("texts"), _shown(fields["texts"]), "an object, in braces")
    for variant, text in (texts or {}).items():
        of_variant = _object(text)
        if of_variant is None:
            yield InvalidInput(place(f"texts.{variant}"), _shown(text), "an object, in braces")
        else:
            yield from _of_fields(of_variant, NoticeTextRow, place, f"texts.{variant}.")


def _of_fields(
    fields: Mapping[str, object], kind: type[NoticeRow | NoticeTextRow], place: Place, before: str
) -> Iterator[InvalidInput]:
    """Fields that there are not, that are missing, and that hold what they cannot."""
    known = _FIELDS[kind]
    misspelt: set[str] = set()
    for name in (name for name in fields if name not in known):
        lacking = [other for other in known if other not in fields]
        near = get_close_matches(name.lower(), lacking, n=1) or get_close_matches(name.lower(), known, n=1)
        misspelt.update(near)
        yield InvalidInput(place(before + name), phrase("no field"), "a field that there is", _meant(near, known))
    for name, field in known.items():
        if name not in fields:
            if field.required and name not in misspelt:
                yield InvalidInput(place(before + name), None, _expected(name, before))
        elif name != "texts" and not _is_of(fields[name], field.type):
            yield InvalidInput(place(before + name), _shown(fields[name]), _expected(name, before))


def _expected(name: str, before: str) -> Message:
    return phrase("a text") if before else _EXPECTED.get(name, phrase("texts in German at least"))


def _meant(near: list[str], known: Mapping[str, object]) -> Message:
    if near:
        return message("Did you mean {name}?", name=near[0])
    return message("The fields are {names}.", names=", ".join(known))


def _place(number: int, identity: object) -> Place:
    if isinstance(identity, str) and identity:
        return lambda field: message("{field} of notice {id}", field=cut(field), id=cut(identity))
    return lambda field: message("{field} of rule {number}", field=cut(field), number=number)


def _object(value: object) -> Mapping[str, object] | None:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else None


def _is_of(value: object, kind: object) -> bool:
    try:
        msgspec.convert(value, cast("type[object]", kind))
    except msgspec.ValidationError:
        return False
    return True


def _shown(value: object) -> object:
    """As it stands in the file: ``true``, not ``True``."""
    return value if isinstance(value, str) else phrase(cut(msgspec.json.encode(value).decode()))
