"""Letters that our fonts lack are named before anything is set: a sign with a box in its title cannot be mended.

Nothing is set in another font instead: typst would take the serif one that it brings, without a word. A hyphen or a
space that only breaks lines in another way is set as the one that the fonts have, and told.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from digitalpfad.signs.sign import Sign
from geodata.errors import DigitalpfadError
from geodata.messages.message import Message, message, phrase
from geodata.typesetting.font import FONTS, characters

_OF_A_STATION = {"title": "the title", "lead": "the sentence below the title"}
_OF_ALL = {
    "trail": "the trail's name",
    "municipality": "the municipality's name",
    "site": "the address",
    "address": "the address",
    "nfc_address": "the address",
    "code": "the code",
}
_INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufeff\ufe0e\ufe0f")  # shaping makes no glyph of them
_WHITE = dict.fromkeys(map(ord, "\t\n\r\v\f\x1c\x1d\x1e\x1f\x85\u2028\u2029"), " ")
_AS = {
    "\u2010": "-",
    "\u2011": "-",
    "\u202f": "\u00a0",
    **dict.fromkeys((*map(chr, range(0x2000, 0x200B)), "\u205f", "\u3000"), " "),
    "\u02bc": "’",
}
_BETTER = {"ẞ": "SS", "→": "–", "⇒": "–", "➜": "–", "′": "'", "″": '"', "№": "Nr.", "☎": "Tel."}


@dataclass(frozen=True, slots=True)
class _Text:
    """A text that stands on a sign, and where."""

    where: Message
    text: str


def fonts_have(character: str) -> bool:
    """Whether it is set in our fonts: as it is, without a glyph, or as a letter and its accents."""
    parts = unicodedata.normalize("NFD", character)
    fonts = [characters(path) for path in FONTS.glob("*.ttf")]
    return character in _INVISIBLE or all(character in font or font.issuperset(parts) for font in fonts)


def ready_to_set(signs: Sequence[Sign]) -> tuple[list[Sign], list[Message]]:
    """The signs with letters that the fonts have, and what was exchanged.

    Raises DigitalpfadError that names every letter for which there is no other that looks the same.
    """
    lacking = [sentence for text in _texts(signs) for sentence in _lacking(text)]
    if lacking:
        head = message("The fonts of the signs lack these letters; change the texts, nothing was written:")
        raise DigitalpfadError(_lines([head, *lacking]))
    exchanged = [sentence for text in _texts(signs) for sentence in _exchanged(text)]
    names = [*_OF_A_STATION, *_OF_ALL]
    return [replace(sign, **{name: _as_set(getattr(sign, name)) for name in names}) for sign in signs], exchanged


def _texts(signs: Sequence[Sign]) -> Iterator[_Text]:
    """What all signs share once, then what is each one's own."""
    for name in ("trail", "municipality", "site"):
        yield _Text(phrase(_OF_ALL[name]), getattr(signs[0], name))
    for sign in signs:
        for name, what in _OF_A_STATION.items():
            where = message("station {number} ({code}), {what}", number=sign.number, code=sign.code, what=phrase(what))
            yield _Text(where, getattr(sign, name))


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text.translate(_WHITE))


def _as_set(text: str) -> str:
    return "".join(
        character if fonts_have(character) else _AS.get(character, character) for character in _composed(text)
    )


def _lacking(text: _Text) -> Iterator[Message]:
    for character in dict.fromkeys(_composed(text.text)):
        if not fonts_have(character) and character not in _AS:
            yield message(
                "- {where} «{text}»: {letter}; {hint}",
                where=text.where, text=text.text, letter=_named(character), hint=_hint(character),
            )  # fmt: skip


def _exchanged(text: _Text) -> Iterator[Message]:
    for character in dict.fromkeys(_composed(text.text)):
        if not fonts_have(character) and character in _AS:
            yield message(
                "{where}: {letter} is not in the fonts and set as {other}.",
                where=text.where, letter=_named(character), other=_named(_AS[character]),
            )  # fmt: skip


def _named(character: str) -> str:
    """Such as ``₂ (U+2082 SUBSCRIPT TWO)``."""
    name = unicodedata.name(character, "without a name")
    glyph = f"{character} " if character.isprintable() and not character.isspace() else ""
    return f"{glyph}(U+{ord(character):04X} {name})"


def _hint(character: str) -> Message:
    plain = unicodedata.normalize("NFKC", character)
    base = "".join(part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part))
    for better in (_BETTER.get(character, ""), plain, base):
        if better and better != character and all(map(fonts_have, better)):
            return message("write {better} instead", better=better)
    if unicodedata.name(character, "").startswith("LATIN"):
        return message("write another letter instead")
    if unicodedata.category(character).startswith("L"):
        return message("write it in Latin letters")
    return message("leave it out or write a word instead")


def _lines(sentences: Sequence[Message]) -> Message:
    values = {f"line_{i}": sentence for i, sentence in enumerate(sentences)}
    return Message("\n".join(f"{{{name}}}" for name in values), values)
