"""Sentences for people that can be said in another language after they were written: English stands in the code.

A ``Message`` is a ``str`` and holds the English sentence; it also keeps its template and its values, so that the edge
which shows it (a terminal, a staff page) can have it translated: see ``geodata.translation``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import LiteralString, Self


class Message(str):
    """An English sentence with its ``template`` (as for ``str.format``) and ``values``, which may be messages too."""

    __slots__ = ("template", "values")

    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, values: Mapping[str, object]) -> Self:
        """Fill ``values`` into ``template``; without values it stands as it is, braces and all."""
        made = super().__new__(cls, template.format(**values) if values else template)
        made.template = template
        made.values = values
        return made

    def __reduce__(self) -> tuple[type[Self], tuple[str, Mapping[str, object]]]:
        """What copies and pickles are made of."""
        return type(self), (self.template, self.values)


def message(template: LiteralString, /, **values: object) -> Message:
    """``message("{name} has {size:.1f} MB.", name=…, size=…)``; the template is what catalogues translate."""
    return Message(template, values)


def phrase(text: str) -> Message:
    """A text from the code, such as "a line", as a part that is translated inside another message."""
    return text if isinstance(text, Message) else Message(text, {})


def followed_by(*sentences: str) -> Message:
    """Sentences one after the other, the empty ones left out."""
    said = [phrase(one) for one in sentences if one]
    return Message(
        " ".join(f"{{part_{i}}}" for i in range(len(said))), {f"part_{i}": one for i, one in enumerate(said)}
    )
