"""The language of a staff page: German, or English for whoever chose it. One of a request, known everywhere in it.

``t("Alle Geräte")`` says a text in that language; German is in the code, ``locale/en.po`` has the English. What is
said before a request is there, such as the label of a form's field, is marked and translated where it is shown:
``marked("Name")`` in Python, ``t(field.label.text)`` in the template.
"""

from __future__ import annotations

from contextvars import ContextVar
from functools import cache
from http.cookies import CookieError, SimpleCookie
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from api.languages.texts import LOCALE, Texts, catalogue
from geodata.vocabulary.languages import html_tag

LANGUAGES = {"de": "Deutsch", "en": "English"}
"""What the pages speak, each by its own name; the first is spoken to whoever chose none."""
COOKIE = "digitalpfad-language"
STAFF_LOCALE = Path(__file__).parent / "locale"

_language: ContextVar[str] = ContextVar("language", default="de")


class SpokenTexts:
    """The texts of the language that the request at hand is answered in."""

    def __call__(self, text: str, /, **values: object) -> str:
        """The text with its values (``%(name)s``) filled in; it is HTML where one of them is."""
        return self.texts(text, **values)

    def plural(self, one: str, many: str, number: int, shown: str = "") -> str:
        """The form for ``number``, which is in the text as ``%(number)s``; ``shown`` is how it is written there."""
        return self.texts.plural(one, many, number, shown)

    @property
    def texts(self) -> Texts:
        """For what takes the texts of one language."""
        return _texts(_language.get())

    @property
    def language(self) -> str:
        """``de``."""
        return _language.get()

    @property
    def html_tag(self) -> str:
        """The language as HTML names it."""
        return html_tag(_language.get())


t = SpokenTexts()


def marked(text: str) -> str:
    """``text`` unchanged: a mark for the catalogue that it is translated where it is shown."""
    return text


@cache
def _texts(language: str) -> Texts:
    """The words of the staff pages, then those that the hikers' pages have."""
    return Texts(language, catalogue(language, STAFF_LOCALE, LOCALE))


def texts_in(language: str) -> Texts:
    """The texts of one of LANGUAGES, whichever the request speaks."""
    return _texts(language)


class SpokenLanguage:
    """ASGI middleware: each request in the language that its cookie names."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass ``scope`` on with the language set; threads that answer it know it too."""
        if scope["type"] == "http":
            _language.set(_chosen(scope))
        await self._app(scope, receive, send)


def _chosen(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"cookie":
            try:
                cookie = SimpleCookie(value.decode("latin-1")).get(COOKIE)
            except CookieError:  # another's, that no library would write
                continue
            if cookie is not None and cookie.value in LANGUAGES:
                return cookie.value
    return next(iter(LANGUAGES))
