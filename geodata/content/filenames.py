"""Names of text files, ``de.md`` or ``de.fruehling.md``, and the bytes in them as text."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from importlib.resources.abc import Traversable

from geodata.findings.content import TextFindings, at_line
from geodata.messages.message import Message, message, phrase
from geodata.security import bounded_file
from geodata.text.broken import INVISIBLE, TWICE_ENCODED
from geodata.vocabulary.languages import INTERFACES, LANGUAGES, VARIANTS

ABOUT = frozenset({"readme.md", "liesmich.md", "readme.txt", "liesmich.txt"})
"""Files beside the folders that are for those who write, in small letters."""

MAX_BYTES = 200_000
_SEASON = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_LEFT_BEHIND = re.compile(
    r"\..*|~.*|.*~|.*\.(bak|tmp|swp)|(eh)?thumbs\.db|desktop\.ini|icon\r|__macosx|@eadir|\$recycle\.bin", re.IGNORECASE
)
_MEANT = {name: row.variant for row in LANGUAGES.values() for name in (row.variant, *row.misnamed)}
_SAVE = phrase("Save the file as UTF-8: in the editor, 'Save as', encoding 'UTF-8'.")


@dataclass(frozen=True, slots=True)
class FileSlot:
    """Which text a file holds; ``season`` is empty for the one of all the year."""

    variant: str
    season: str = ""


def is_left_behind(name: str) -> bool:
    """Whether systems and editors leave files of this name behind."""
    return bool(_LEFT_BEHIND.fullmatch(name))


def slot_of(file: Traversable, place: str, findings: TextFindings, *, of_trail: bool) -> FileSlot | None:
    """What the file's name says, or None with a finding."""
    if file.is_dir():
        findings.error("folder-in-folder", place, file.name, "files only", "Move its files up, or remove it.")
        return None
    stem, _, ending = file.name.rpartition(".")
    variant, has_season, season = stem.partition(".")
    variants = INTERFACES if of_trail else VARIANTS
    if ending != "md" or variant not in variants:
        expected = message("one of {variants}, ending in .md", variants=", ".join(variants))
        findings.error("unknown-file", place, stem if ending == "md" else file.name, expected, _mend(file.name))
        return None
    if has_season and of_trail:
        findings.error("season-of-trail", place, file.name, f"{variant}.md", "Only texts of stations have seasons.")
        return None
    if has_season and not _SEASON.fullmatch(season):
        hint = message("Rename the file, such as {name}.", name=f"{variant}.fruehling.md")
        findings.error("season-name", place, season, "small letters a to z, digits and hyphens", hint)
        return None
    return FileSlot(variant, season)


def decoded(file: Traversable, place: str, findings: TextFindings) -> str | None:
    """The file's text, or None with a finding.

    A byte order mark is left out, line ends are plain, and a letter with its mark is one character (Unicode's form
    NFC): a Mac may write "ä" as two.
    """
    try:
        data = bounded_file.at_most(file, MAX_BYTES)
    except OSError as error:
        findings.error("file-unreadable", place, phrase("a file"), "a file that can be read", f"{error.strerror}.")
        return None
    if len(data) > MAX_BYTES:
        size = message("more than {size:,} bytes", size=MAX_BYTES)
        findings.error("file-too-large", place, size, message("at most {most:,}", most=MAX_BYTES), "Shorten the text.")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        value, hint = _encoding(data, error.start)
        findings.error("not-utf-8", at_line(place, line), value, "text in UTF-8", hint)
        return None
    if "\0" in text[:200]:
        findings.error("not-utf-8", at_line(place, 1), "UTF-16", "text in UTF-8", _SAVE)
        return None
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return text if _is_whole(text, place, findings) else None


def _is_whole(text: str, place: str, findings: TextFindings) -> bool:
    for pattern, reason, expected, hint in (
        (
            INVISIBLE,
            "control-character",
            "no invisible characters",
            "Remove it: delete the letters around it and write them again.",
        ),
        (
            TWICE_ENCODED,
            "umlauts-broken",
            "whole umlauts and signs",
            "Write the umlauts anew and save the file as UTF-8.",
        ),
    ):
        if match := pattern.search(text):
            line = text[: match.start()].count("\n") + 1
            findings.error(reason, at_line(place, line), _around(text, match.start()), expected, hint)
            return False
    return True


def _encoding(data: bytes, at: int) -> tuple[str, Message]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "UTF-16", _SAVE
    line = data[data.rfind(b"\n", 0, at) + 1 :].splitlines()[0]
    try:
        return line.decode("cp1252"), message("It is in Windows-1252. {save}", save=_SAVE)
    except UnicodeDecodeError:
        return repr(data[at : at + 1]), _SAVE


def _around(text: str, at: int) -> str:
    return text[max(text.rfind("\n", 0, at) + 1, at - 15) : at + 15].split("\n", maxsplit=1)[0]


def _mend(name: str) -> Message:
    low = name.lower()
    if low.endswith(".md.txt"):
        return message(
            "Rename it to {name}; Windows hides the ending .txt until 'File name extensions' is on.", name=name[:-4]
        )
    variant = low.rpartition(".")[0].partition(".")[0] or low
    meant = _MEANT.get(variant, "")
    return message("Did you mean {name}?", name=f"{meant}.md") if meant else phrase("Rename or remove the file.")
