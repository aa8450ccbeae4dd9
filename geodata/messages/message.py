"""Sentences for people that can be said in another language after they were written: English stands in the code.

A ``Message`` is a ``str`` and holds the English sentence; it also keeps its template and its values, so that the edge
which shows it (a terminal, a staff page) can have it translated: see ``geodata.messages.translation``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import LiteralString, Self

_LONGEST = 1000  # characters; names of files have up to 255, and lists of names a sentence or two


class Message(str):
    """An English sentence with its ``template`` (as for ``str.format``) and ``values``, which may be messages too.

    ``singular`` is the template for a count of one where there is another: then ``values`` hold the ``count``.
    """

    __slots__ = ("singular", "template", "values")

    template: str
    values: Mapping[str, object]
    singular: str

    def __new__(cls, template: str, values: Mapping[str, object], singular: str = "") -> Self:
        """Fill ``values`` into ``template``; without values it stands as it is, braces and all.

        A text among them that is no message comes from outside and is cut where no sentence needs more of it.
        """
        values = {name: _bounded(value) for name, value in values.items()}
        chosen = singular if singular and values["count"] == 1 else template
        made = super().__new__(cls, chosen.format(**values) if values else chosen)
        made.template = template
        made.values = values
        made.singular = singular
        return made

    def __reduce__(self) -> tuple[type[Self], tuple[str, Mapping[str, object], str]]:
        """What copies and pickles are made of."""
        return type(self), (self.template, self.values, self.singular)


def _bounded(value: object) -> object:
    if isinstance(value, (Message, int, float)):
        return value
    text = value if isinstance(value, str) else str(value) if isinstance(value, Exception) else ""
    return value if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def message(template: LiteralString, /, **values: object) -> Message:
    """``message("{name} has {size:.1f} MB.", name=…, size=…)``; the template is what catalogues translate."""
    return Message(template, values)


def counted(one: LiteralString, many: LiteralString, /, count: int, **values: object) -> Message:
    """``counted("{count} area", "{count} areas", count=1)``: the template that fits the number, in each language."""
    return Message(many, {"count": count, **values}, one)


def phrase(text: str) -> Message:
    """A text from the code, such as "a line", as a part that is translated inside another message."""
    return text if isinstance(text, Message) else Message(text, {})


def followed_by(*sentences: str) -> Message:
    """Sentences one after the other, the empty ones left out."""
    return joined([one for one in sentences if one], " ")


def joined(parts: Iterable[str], between: str = ", ") -> Message:
    """Parts that are translated one by one; ``between`` stands as it is."""
    said = {f"part_{number}": phrase(one) for number, one in enumerate(parts)}
    return Message(between.replace("{", "{{").replace("}", "}}").join(f"{{{name}}}" for name in said), said)
