"""The interface's own texts. German is what is in the code; ``locale/*.po`` hold the other languages.

A language that has no word of its own says it as the one to which it falls back, in the end in German.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from geodata.model.observation import ObservedProperty
from geodata.vocabulary.languages import chain
from geodata.vocabulary.languages import language as row_of

_FOLDER = Path(__file__).parent / "locale"


class Texts:
    """The texts of one language: call it with the German text, values by name (``%(name)s``)."""

    def __init__(self, language: str, translations: NullTranslations) -> None:
        self.language = language
        self.locale = Locale.parse(row_of(language).locale)
        self._translations = translations

    def __call__(self, text: str, /, **values: object) -> str:
        """The text in this language with its values filled in."""
        translated = self._translations.gettext(text)
        return translated % values if values else translated

    def plural(self, one: str, many: str, number: int) -> str:
        """The form for ``number``, which is in the text as ``%(number)s``."""
        return self._translations.ngettext(one, many, number) % {"number": number}


def property_label(prop: ObservedProperty, t: Texts) -> str:
    """What is measured, in the language of ``t``: as its row says it, else as the texts translate its German name."""
    labels = {"de": prop.label_de, "en": prop.label_en}
    return labels.get(t.language) or t(prop.label_de)


@cache
def texts(language: str) -> Texts:
    """The texts of a language that whole pages speak; what it lacks is said as its fallback says it."""
    return Texts(language, _catalogue(language))


def _catalogue(language: str) -> NullTranslations:
    """What the language's file says, then those of the languages to which it falls back; German is in the code."""
    translations = NullTranslations()
    for variant in reversed(chain(language)):
        path = _FOLDER / f"{variant}.po"
        if path.exists():
            behind, translations = translations, _translations(path, row_of(variant).locale)
            translations.add_fallback(behind)
    return translations


def _translations(path: Path, locale: str) -> Translations:
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=locale))
    compiled.seek(0)
    return Translations(compiled)
