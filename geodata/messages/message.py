"""Sentences for people that can be said in another language after they were written: English is in the code.

A ``Message`` is a ``str`` and holds the English sentence; it also keeps its template and its values, so that the edge
which shows it (a terminal, a staff page) can have it translated: see ``geodata.messages.translation``.

What people can do about it is named in the template as data: ``{option[dem]}``, ``{option[crs]:EPSG:25832}`` with a
value, ``{action[station list]}``, ``{setting[retention_raw_days]}``. Each edge has its own ``Names`` for them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import LiteralString, Self

_LONGEST = 1000  # characters; names of files have up to 255, and lists of names a sentence or two


@dataclass(frozen=True, slots=True)
class _Name:
    word: Callable[[str, str], str]
    name: str

    def __format__(self, value: str) -> str:
        return self.word(self.name, value)


@dataclass(frozen=True, slots=True)
class Names:
    """What options, actions or settings are called: ``word`` makes it of the name and of a value, or of ""."""

    word: Callable[[str, str], str]

    def __getitem__(self, name: str) -> _Name:
        """As ``str.format`` asks for it; the value is the format specification."""
        return _Name(self.word, name)


def _plain(name: str, value: str) -> str:
    return f"{name}={value}" if value else name


def _plain_action(name: str, value: str) -> str:
    return f"{name} {value}" if value else name


_NAMES = {"option": Names(_plain), "action": Names(_plain_action), "setting": Names(_plain)}
"""For those without an edge, such as a stored text: the names as they are in the code."""

_NAMED = re.compile(r"\{(option|action|setting)\[")


def cut(text: str, longest: int = 80) -> str:
    """As much of ``text``, which came from outside, as a sentence, a page or a line of the log shows of it."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


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
        text = super().__new__(cls, chosen.format(**values) if values else chosen)
        text.template = template
        text.values = values
        text.singular = singular
        return text

    def __reduce__(self) -> tuple[type[Self], tuple[str, Mapping[str, object], str]]:
        """What copies and pickles are made of."""
        return type(self), (self.template, self.values, self.singular)


def _bounded(value: object) -> object:
    if isinstance(value, (Message, int, float)):
        return value
    return cut(str(value), _LONGEST) if isinstance(value, (str, Exception)) else value


def message(template: LiteralString, /, **values: object) -> Message:
    """``message("{name} has {size:.1f} MB.", name=…, size=…)``; the template is what catalogues translate."""
    return Message(template, {**values, **_names(template)})


def counted(one: LiteralString, many: LiteralString, /, count: int, **values: object) -> Message:
    """``counted("{count} area", "{count} areas", count=1)``: the template that fits the number, in each language."""
    return Message(many, {"count": count, **values, **_names(many)}, one)


def _names(template: str) -> Mapping[str, Names]:
    return {kind: _NAMES[kind] for kind in set(_NAMED.findall(template))}


def named(text: str, names: Mapping[str, Names]) -> str:
    """``text`` with an edge's own ``names`` of what people can do: by ``option``, ``action`` and ``setting``."""
    if not isinstance(text, Message) or not text.values:
        return text
    values = {name: _of_edge(name, value, names) for name, value in text.values.items()}
    return Message(text.template, values, text.singular)


def _of_edge(name: str, value: object, names: Mapping[str, Names]) -> object:
    if isinstance(value, Names):
        return names.get(name, value)
    return named(value, names) if isinstance(value, Message) else value


def phrase(text: str) -> Message:
    """A text from the code, such as "a line", as a part that is translated inside another message."""
    return text if isinstance(text, Message) else Message(text, {})


def followed_by(*sentences: str) -> Message:
    """Sentences one after the other, the empty ones left out."""
    return joined([sentence for sentence in sentences if sentence], " ")


def joined(parts: Iterable[str], between: str = ", ") -> Message:
    """Parts that are translated one by one; ``between`` stands as it is."""
    values = {f"part_{number}": phrase(part) for number, part in enumerate(parts)}
    return Message(between.replace("{", "{{").replace("}", "}}").join(f"{{{name}}}" for name in values), values)
