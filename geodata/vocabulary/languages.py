"""The languages and voices in which texts are written, and which of the texts there are is delivered to whom.

One row each, and nowhere else: file names of texts (``de.md``), ``?lang=``, the choice of languages on pages, tags of
HTML, dates, numbers, checks and options follow from it. The ``variant`` is stored and is in addresses: it never
changes.

A new language is a row here, ``api/languages/locale/VARIANT.po`` with the words of pages and, where the town has them,
legal texts as ``api/webapp/templates/legal/NAME.VARIANT.html``; what is not translated yet is shown in the row's
``fallback``. Commands speak it with a ``geodata/messages/locale/VARIANT.po``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

DEFAULT = "de"
"""The variant that every text has, and to which every other falls back in the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language, or a voice in one. ``html`` is its BCP 47 tag, ``locale`` the CLDR's, for dates and numbers.

    ``name`` and ``short``, for narrow places, are in the language itself. ``fallback``: whose texts are delivered where
    there are none. ``is_voice``: it has texts of stations alone; pages around them speak its ``fallback``.
    ``is_plain``: sentences are to be short. ``misnamed``: how people name the files of it by mistake, in small letters.
    """

    variant: str
    html: str
    locale: str
    name: str
    short: str = ""
    fallback: str = DEFAULT
    is_voice: bool = False
    is_plain: bool = False
    misnamed: tuple[str, ...] = ()


ROWS = (
    Language(variant="de", html="de", locale="de_DE", name="Deutsch", short="DE", misnamed=("deutsch", "german")),
    Language(
        variant="de_simple",
        html="de-simple",
        locale="de_DE",
        name="Leichte Sprache",
        short="Leicht",
        is_plain=True,
        misnamed=("leicht", "leichte-sprache", "de-simple", "simple"),
    ),
    Language(
        variant="children",
        html="de",
        locale="de_DE",
        name="Für Kinder",
        is_voice=True,
        misnamed=("kinder", "kids", "child"),
    ),
    Language(variant="en", html="en", locale="en_GB", name="English", short="EN", misnamed=("englisch", "english")),
)

LANGUAGES: Mapping[str, Language] = {row.variant: row for row in ROWS}
"""The rows by variant, in the order in which people are shown them."""

VARIANTS = tuple(LANGUAGES)
INTERFACES = tuple(row.variant for row in ROWS if not row.is_voice)
"""Those that whole pages speak, and in which there are texts of trails."""

_Content = TypeVar("_Content")


def language(variant: str) -> Language:
    """The row of a variant; German's for one that is stored and no longer known."""
    return LANGUAGES.get(variant, LANGUAGES[DEFAULT])


def chain(variant: str) -> tuple[str, ...]:
    """The variant and its fallbacks, the nearest first."""
    variants: dict[str, None] = {}
    while variant not in variants:
        variants[variant] = None
        variant = language(variant).fallback
    return tuple(variants)


def interface(variant: str) -> str:
    """The variant that a page around texts of ``variant`` speaks: a voice has the words of its language."""
    return next(candidate for candidate in chain(variant) if not language(candidate).is_voice)


def ordinary(variant: str) -> str:
    """The variant in which what ``variant`` tells of has its ordinary name: neither a voice's nor plain language's."""
    return next(one for one in chain(variant) if not (language(one).is_voice or language(one).is_plain))


def html_tag(variant: str) -> str:
    """The BCP 47 tag of a variant's texts; plain language is a separate language there."""
    return language(variant).html


def primary_tag(variant: str) -> str:
    """The language alone, without region or form: ``de`` of plain German."""
    return html_tag(variant).partition("-")[0]


def of_browser(tag: str) -> str | None:
    """The variant for a language as a browser names it, ``en-US``: the first with that primary tag; None without."""
    primary = tag.partition("-")[0].lower()
    return next((candidate for candidate in INTERFACES if primary_tag(candidate) == primary), None)


def voices(variant: str) -> Iterator[Language]:
    """The voices whose pages speak ``variant``."""
    return (row for row in ROWS if row.is_voice and row.fallback == variant)


def delivered(there: Collection[str], variant: str) -> str | None:
    """Which of the variants that are ``there`` is delivered to who asks for ``variant``; None without any."""
    return next((candidate for candidate in (*chain(variant), *there) if candidate in there), None)


def text_in(contents: Mapping[str, _Content], variant: str = DEFAULT) -> _Content | None:
    """The content in ``variant``, else in what it falls back to, else the first there is; None without any."""
    best = delivered(contents, variant)
    return None if best is None else contents[best]
