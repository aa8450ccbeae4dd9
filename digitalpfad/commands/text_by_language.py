"""Options that are given once for each language: ``--reason de=… --reason en=…``."""

from __future__ import annotations

import re
from collections.abc import Iterable

from digitalpfad.commands.given_text import plain
from geodata.errors import InvalidInput
from geodata.messages.message import message
from geodata.vocabulary.languages import DEFAULT, VARIANTS

_NAMED = re.compile(r"([A-Za-z][A-Za-z_-]*)=(.*)", re.DOTALL)


def by_language(option: str, values: Iterable[str]) -> dict[str, str]:
    """The texts of ``option`` by variant; one without ``LANGUAGE=`` before it is German. Raises InvalidInput."""
    texts: dict[str, str] = {}
    for value in values:
        named = _NAMED.fullmatch(value)
        variant, text = (named[1].lower().replace("-", "_"), named[2].strip()) if named else (DEFAULT, value.strip())
        if variant not in VARIANTS:
            expected = message("one of {names} before the sign =", names=", ".join(VARIANTS))
            raise InvalidInput(option, value, expected, message("Write it as {example}.", example=f"{DEFAULT}={value}"))
        if not text:
            raise InvalidInput(option, value, "a text")
        if variant in texts:
            raise InvalidInput(option, value, message("one text of {name}", name=variant))
        texts[variant] = plain(option, text)
    return texts
