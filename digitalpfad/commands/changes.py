"""What an edit changed, from what to what, as the commands that edit answer it."""

from __future__ import annotations

from collections.abc import Iterable

from digitalpfad.terminal.table import EMPTY
from geodata.messages.message import Message, joined, message, phrase

Fields = Iterable[tuple[str, object, object]]
"""What a field is called, its value before and its value after."""


def changed(what: str, fields: Fields) -> Message:
    """``pegel-04 is changed: name Teich → Pond, every 600 s → 60 s.``, or that it is as it was."""
    told = changes(fields)
    if not told:
        return message("{what} is as it was.", what=what)
    return message("{what} is changed: {changes}.", what=what, changes=told)


def changes(fields: Fields) -> Message:
    """``name Teich → Pond, every 600 s → 60 s``; empty where all stayed."""
    return joined(
        message("{field} {before} → {after}", field=field, before=_shown(before), after=_shown(after))
        for field, before, after in fields
        if before != after
    )


def _shown(value: object) -> str:
    if isinstance(value, Message):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"  # as files and options spell it
    if isinstance(value, float):
        return message("{value:.10g}", value=value)
    return phrase(EMPTY) if value is None or value == "" else str(value)
