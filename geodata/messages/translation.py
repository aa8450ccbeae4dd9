"""Messages in other languages: ``locale/*.po`` by their English templates. Only edges import this: it loads babel."""

from __future__ import annotations

from functools import cache
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import get_decimal_symbol, get_group_symbol
from babel.support import NullTranslations, Translations

from geodata.messages.locales import FOLDER, languages
from geodata.messages.message import Message


def translated(text: str, language: str) -> str:
    """``text`` in ``language`` (such as ``de``): a Message by its template; as it stands where no words are known.

    Values that are plain text are left as they are: they are the user's own words.
    """
    if not text:
        return text
    if not isinstance(text, Message):
        return _catalogue(language).gettext(text)
    template = _template(text, _catalogue(language))
    values = {name: _value(value, language) for name, value in text.values.items()}
    return template.format(**values) if values else template


def _template(text: Message, catalogue: NullTranslations) -> str:
    count = text.values.get("count")
    if text.singular and isinstance(count, int):
        return catalogue.ngettext(text.singular, text.template, count)
    return catalogue.gettext(text.template)


class _LocalNumber:
    """A number with the signs of a language between its thousands and before its decimals, after the CLDR."""

    def __init__(self, number: float, language: str) -> None:
        self._number = number
        self._symbols = _symbols(language)

    def __format__(self, spec: str) -> str:
        return format(self._number, spec).translate(self._symbols)


def _value(value: object, language: str) -> object:
    if isinstance(value, Message):
        return translated(value, language)
    if language in languages() and isinstance(value, int | float) and not isinstance(value, bool):
        return _LocalNumber(value, language)
    return value


@cache
def _symbols(language: str) -> dict[int, str]:
    return str.maketrans({",": get_group_symbol(language), ".": get_decimal_symbol(language)})


@cache
def _catalogue(language: str) -> NullTranslations:
    path = FOLDER / f"{language}.po"
    if not path.exists():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return Translations(compiled)
