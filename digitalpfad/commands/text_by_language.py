"""Options that are given once for each language: ``--reason de=… --reason en=…``."""

from __future__ import annotations

import re
from collections.abc import Iterable

from digitalpfad.commands.given_text import plain
from geodata.errors import InvalidInput
from geodata.messages.message import message
from geodata.vocabulary.languages import DEFAULT, ROWS, VARIANTS

_NAMED = re.compile(r"([A-Za-z][A-Za-z_-]*)=(.*)", re.DOTALL)
_TAG = re.compile(r"[A-Za-z]{2,3}|[A-Za-z]+([_-][A-Za-z]+)+")
_MISNAMED = frozenset(name for row in ROWS for name in row.misnamed)


def by_language(option: str, values: Iterable[str]) -> dict[str, str]:
    """The texts of ``option`` by variant; one without ``LANGUAGE=`` before it is German. Raises InvalidInput."""
    texts: dict[str, str] = {}
    for value in values:
        named = _NAMED.fullmatch(value)
        variant, text = (named[1].lower().replace("-", "_"), named[2].strip()) if named else (DEFAULT, value.strip())
        if named and variant not in VARIANTS:
            raise _unknown(option, value, named[1])
        if not text:
            raise InvalidInput(option, value, "a text")
        if variant in texts:
            raise InvalidInput(option, value, message("one text of {name}", name=variant))
        texts[variant] = plain(option, text)
    return texts


def _unknown(option: str, value: str, before: str) -> InvalidInput:
    """Hikers would read the name of a language as part of a German text: ``de=`` is offered for other words alone."""
    names = ", ".join(VARIANTS)
    expected = message("one of {names} before the sign =", names=names)
    if _TAG.fullmatch(before) or before.lower() in _MISNAMED:
        hint = message("{tag} is no language here; languages: {names}.", tag=before, names=names)
        return InvalidInput(option, value, "a text in a language that is known here", hint)
    return InvalidInput(option, value, expected, message("Write it as {example}.", example=f"{DEFAULT}={value}"))
