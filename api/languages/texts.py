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
from markupsafe import Markup, escape

from geodata.model.observation import ObservedProperty
from geodata.vocabulary.languages import chain, html_tag
from geodata.vocabulary.languages import language as row_of

LOCALE = Path(__file__).parent / "locale"
"""The ``.po`` files of the public faces."""


class Texts:
    """The texts of one language: call it with the German text, values by name (``%(name)s``)."""

    def __init__(self, language: str, translations: NullTranslations) -> None:
        self.language = language
        self.locale = Locale.parse(row_of(language).locale)
        self._translations = translations

    def __call__(self, text: str, /, **values: object) -> str:
        """The text in this language with its values filled in; it is HTML where one of them is."""
        translated = self._translations.gettext(text)
        if any(isinstance(value, Markup) for value in values.values()):
            return escape(translated) % values
        return translated % values if values else translated

    def plural(self, one: str, many: str, number: int, shown: str = "") -> str:
        """The form for ``number``, which is in the text as ``%(number)s``; ``shown`` is how it is written there."""
        return self._translations.ngettext(one, many, number) % {"number": shown or number}


def property_label(prop: ObservedProperty, t: Texts) -> str:
    """What is measured, in the language of ``t``: as its row says it, else as the texts translate its German name."""
    return _label(prop, t)[0]


def marked_label(prop: ObservedProperty, t: Texts) -> str:
    """What is measured, as a page shows it: HTML that says its language where that is not the language of ``t``."""
    label, variant = _label(prop, t)
    return label if variant == t.language else Markup('<span lang="{}">{}</span>').format(html_tag(variant), label)


def _label(prop: ObservedProperty, t: Texts) -> tuple[str, str]:
    """The label and the language that it is in."""
    labels, translated = {"de": prop.label_de, "en": prop.label_en}, t(prop.label_de)
    if translated != prop.label_de and not labels.get(t.language):
        return translated, t.language
    return next((label, variant) for variant in chain(t.language) if (label := labels.get(variant)))


@cache
def texts(language: str) -> Texts:
    """The texts of a language that whole pages speak; what it lacks is said as its fallback says it."""
    return Texts(language, catalogue(language, LOCALE))


def catalogue(language: str, *folders: Path) -> NullTranslations:
    """What the language's file says, then those of the languages to which it falls back; German is in the code.

    ``folders`` hold the ``.po`` files; what the first of them lacks is looked up in the next.
    """
    translations = NullTranslations()
    for variant in reversed(chain(language)):
        for folder in reversed(folders):
            path = folder / f"{variant}.po"
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
