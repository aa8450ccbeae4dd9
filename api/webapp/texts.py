"""The interface's own texts. German is what stands in the code; ``locale/*.po`` hold the other languages.

Plain language falls back to German where it has no text of its own.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

LANGUAGES = ("de", "en", "de_simple")
_FOLDER = Path(__file__).parent / "locale"


class Texts:
    """The texts of one language: call it with the German text, values by name (``%(name)s``)."""

    def __init__(self, language: str, translations: NullTranslations) -> None:
        self.language = language
        self.locale = Locale.parse("en_GB" if language == "en" else "de_DE")
        self._translations = translations

    def __call__(self, text: str, /, **values: object) -> str:
        """The text in this language with its values filled in."""
        translated = self._translations.gettext(text)
        return translated % values if values else translated

    def plural(self, one: str, many: str, number: int) -> str:
        """The form for ``number``, which stands in the text as ``%(number)s``."""
        return self._translations.ngettext(one, many, number) % {"number": number}


@cache
def texts(language: str) -> Texts:
    """The texts of ``de``, ``en`` or ``de_simple``."""
    path = _FOLDER / f"{language}.po"
    if not path.exists():
        return Texts(language, NullTranslations())
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale="en" if language == "en" else "de"))
    compiled.seek(0)
    return Texts(language, Translations(compiled))
