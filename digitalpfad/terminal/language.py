"""The language in which commands speak to people: the locale's where messages are translated into it, else English.

JSON for programs is English in every locale, and so are the exit codes and the names of reasons.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from digitalpfad.terminal.names import spelled
from geodata.messages.locales import ENGLISH, languages


def language(variables: Mapping[str, str] | None = None) -> str:
    """The language, such as ``de``, of LC_ALL, LC_MESSAGES or LANG (POSIX), and of LANGUAGE as gettext reads it.

    LANGUAGE is a list in order of preference; in the locale C or POSIX, and without any, it does not count.
    """
    env = os.environ if variables is None else variables
    locale = next((env[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if env.get(name)), "")
    if _spoken(locale) in {"", "c", "posix"}:
        return ENGLISH
    wanted = [*env.get("LANGUAGE", "").split(":"), locale]
    return next((_spoken(name) for name in wanted if _spoken(name) in languages()), ENGLISH)


def said(text: str) -> str:
    """``text`` as it is shown on this terminal."""
    tongue, text = language(), spelled(text)
    if tongue == ENGLISH:
        return text
    from geodata.messages.translation import translated  # noqa: PLC0415 - babel is loaded only where it is needed

    return translated(text, tongue)


def _spoken(locale: str) -> str:
    """``de`` of ``de_DE.UTF-8@euro``, in small letters."""
    return locale.partition(".")[0].partition("@")[0].partition("_")[0].lower()
