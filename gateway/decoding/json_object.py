"""The JSON object of a message: the bytes to its fields, and what the contract does not know among them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import cast

from gateway.decoding.meant import NAMED, Fields, meant
from gateway.decoding.nearly_json import MAX_DEPTH, read
from gateway.decoding.reasons import Reason, is_full, may_hint, refuse, show
from gateway.redaction import is_address
from geodata.store.ingest.flush import Refusal, count


@dataclass(slots=True)
class Parsed:
    """A JSON object, None where the bytes spell none, and what was refused on the way.

    ``broken``: the fields are only what was meant, to tell what else is wrong; nothing of them may be stored.
    ``private``: there is an address in the message, and its fields must be looked at.
    """

    fields: Fields | None = None
    broken: bool = False
    private: bool = False
    refusals: list[Refusal] = field(default_factory=list[Refusal])


def parse_object(payload: bytes) -> Parsed:
    """The JSON object that ``payload`` spells, or why it is none. Of a name that occurs twice the last counts."""
    document = read(payload)
    message = document.value
    parsed = Parsed(broken=document.broken, private=document.private, refusals=document.refusals)
    if not document.found:
        return parsed
    if not isinstance(message, dict):
        refuse(parsed.refusals, Reason.NOT_AN_OBJECT, value=_kind(message), expected=_instead(message))
        parsed.fields, parsed.broken = _first_of(message), True
    elif _deeper_than(cast("Fields", message), MAX_DEPTH):
        refuse(parsed.refusals, Reason.TOO_DEEP, expected=str(MAX_DEPTH))
    else:
        parsed.fields = cast("Fields", message)
        for name in document.repeated:
            refuse(parsed.refusals, Reason.REPEATED_FIELD, name=show(name))
    return parsed


def refuse_unknown_fields(
    refusals: list[Refusal],
    fields: Fields,
    known: tuple[str, ...],
    where: str = "",
    *,
    told_already: Iterable[str] = (),
) -> None:
    """Refuse what the contract does not know: each address as such, all others of the object as one part.

    ``told_already`` are fields that were refused already.
    """
    unknown = fields.keys() - {*known, *told_already}
    if not unknown:
        return None
    if is_full(refusals):
        return count(refusals, Reason.UNKNOWN_FIELD, 1)
    others: list[str] = []
    for name, value in fields.items():
        if name not in unknown:
            continue
        if is_address(name, value):
            refuse(refusals, Reason.ADDRESS, where, name=show(name))
        else:
            others.append(name)
    if others:
        more = f" and {len(others) - NAMED} more" if len(others) > NAMED else ""
        compared = others[:NAMED] if may_hint(refusals) else ()
        near_names = [f"{near} for {show(name)}" for name in compared if (near := meant(name, known))]
        expected = f" (did you mean {', '.join(near_names)}?)" if near_names else ""
        refuse(
            refusals,
            Reason.UNKNOWN_FIELD,
            where,
            name=", ".join(map(show, others[:NAMED])) + more,
            expected=expected,
        )
    return None


def _kind(value: object) -> str:
    if isinstance(value, list):
        return "an array"
    return "a text" if isinstance(value, str) else show(value)


def _instead(value: object) -> str:
    """What to send instead of what is no object."""
    return ' Put the readings into it, {"boot": …, "readings": […]}.' if isinstance(value, list) else ""


def _first_of(value: object) -> Fields | None:
    """What a list of readings would be as one message; of its first only, the others are like it."""
    items = cast("list[object]", value) if isinstance(value, list) else []
    first = next((cast("Fields", item) for item in items if isinstance(item, dict)), None)
    return None if first is None or _deeper_than(first, MAX_DEPTH) else first


def _deeper_than(value: object, depth: int) -> bool:
    level: list[object] = [value]
    for _ in range(depth):
        level = [
            child
            for item in level
            if isinstance(item, dict | list)
            for child in (cast("Fields", item).values() if isinstance(item, dict) else cast("list[object]", item))
        ]
    return any(isinstance(item, dict | list) for item in level)
