"""What every page has around its content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

from api.languages.texts import Texts, texts
from api.webapp.language import Choice
from geodata.vocabulary.languages import DEFAULT, INTERFACES, html_tag, language


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """The page in another language. ``label`` is in that language, ``lang`` its HTML tag."""

    label: str
    full_label: str
    lang: str
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Language and links around a page. ``t`` are the interface's texts, ``path`` the page's own address.

    ``town``: the short name of the municipality whose legal pages are linked; empty on pages of none. ``is_pack``: the
    page is taken along, and read where there is no reception.
    """

    choice: Choice
    t: Texts
    path: str
    languages: tuple[LanguageLink, ...]
    town: str = ""
    is_pack: bool = False

    @classmethod
    def of(cls, choice: Choice, path: str, town: str = "", query: Mapping[str, str] | None = None) -> Self:
        """The frame of the page at ``path`` in the chosen voice; ``query``: what its address says besides."""
        return cls(
            choice=choice,
            t=texts(choice.interface),
            path=path,
            town=town,
            languages=tuple(
                LanguageLink(
                    label=row.short or row.name,
                    full_label=row.name,
                    lang=row.html,
                    href=f"{path}?{urlencode(dict(query or {}, lang=row.variant))}",
                    is_current=row.variant == choice.variant,
                )
                for row in map(language, INTERFACES)
            ),
        )

    def link(self, path: str, **query: str) -> str:
        """A link within the site that keeps the chosen voice."""
        return self.choice.link(path, **query)

    def legal(self, path: str) -> str:
        """A link to a legal page, of the page's own municipality where it has one."""
        return self.link(f"{path}/{self.town}" if self.town else path)


@dataclass(frozen=True, slots=True)
class Words:
    """A text with the HTML language it is in."""

    text: str
    lang: str

    @classmethod
    def german(cls, text: str) -> Self:
        """What municipalities write in German alone, such as the name of a place."""
        return cls(text, html_tag(DEFAULT))


@dataclass(frozen=True, slots=True)
class StationLink:
    """A station as a link: its number, title and address."""

    number: int
    title: Words
    href: str
