"""Messages in other languages: ``locale/*.po`` by their English templates. Only edges import this: it loads babel."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from geodata.messages.message import Message

_FOLDER = Path(__file__).parent / "locale"
_DECIMAL_COMMA = frozenset({"de"})
_SWAPPED = str.maketrans(",.", ".,")


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


class _GermanFloat(float):
    """A number that is written with a decimal comma."""

    def __format__(self, spec: str) -> str:
        return format(float(self), spec).translate(_SWAPPED)


class _GermanInt(int):
    """A number whose thousands are parted by points."""

    def __format__(self, spec: str) -> str:
        return format(int(self), spec).translate(_SWAPPED)


def _value(value: object, language: str) -> object:
    if isinstance(value, Message):
        return translated(value, language)
    if language not in _DECIMAL_COMMA or isinstance(value, bool):
        return value
    if isinstance(value, float):
        return _GermanFloat(value)
    return _GermanInt(value) if isinstance(value, int) else value


@cache
def _catalogue(language: str) -> NullTranslations:
    path = _FOLDER / f"{language}.po"
    if not path.exists():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return Translations(compiled)
