"""Names of text files, ``de.md`` or ``de.fruehling.md``, and the bytes in them as text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources.abc import Traversable

from geodata.brokentext import INVISIBLE, TWICE_ENCODED
from geodata.findings import TextFindings
from geodata.model import VARIANTS

ABOUT = frozenset({"readme.md", "liesmich.md", "readme.txt", "liesmich.txt"})
"""Files beside the folders that are for those who write, in small letters."""

MAX_BYTES = 200_000
_SEASON = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_LEFT_BEHIND = re.compile(r"\..*|~.*|.*~|.*\.(bak|tmp|swp)|thumbs\.db|desktop\.ini", re.IGNORECASE)
_MEANT = {
    "deutsch": "de",
    "german": "de",
    "englisch": "en",
    "english": "en",
    "leicht": "de_simple",
    "leichte-sprache": "de_simple",
    "de-simple": "de_simple",
    "simple": "de_simple",
    "kinder": "children",
    "kids": "children",
    "child": "children",
}


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
    if ending != "md" or variant not in VARIANTS or (of_trail and variant == "children"):
        variants = [one for one in VARIANTS if not (of_trail and one == "children")]
        expected = f"one of {', '.join(variants)}, ending in .md"
        findings.error("unknown-file", place, stem if ending == "md" else file.name, expected, _mend(file.name))
        return None
    if has_season and of_trail:
        findings.error("season-of-trail", place, file.name, f"{variant}.md", "Only texts of stations have seasons.")
        return None
    if has_season and not _SEASON.fullmatch(season):
        mend = f"Rename the file, such as {variant}.fruehling.md."
        findings.error("season-name", place, season, "small letters a to z, digits and hyphens", mend)
        return None
    return FileSlot(variant, season)


def decoded(file: Traversable, place: str, findings: TextFindings) -> str | None:
    """The file's text, without a byte order mark and with plain line ends, or None with a finding."""
    data = file.read_bytes()
    if len(data) > MAX_BYTES:
        findings.error("file-too-large", place, f"{len(data):,} bytes", f"at most {MAX_BYTES:,}", "Shorten the text.")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        value, mend = _encoding(data, error.start)
        findings.error("not-utf-8", f"{place}, line {line}", value, "text in UTF-8", mend)
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for pattern, reason, mend in (
        (INVISIBLE, "control-character", "Remove it: delete the letters around it and write them again."),
        (TWICE_ENCODED, "umlauts-broken", "Write the umlauts anew and save the file as UTF-8."),
    ):
        if found := pattern.search(text):
            line = text[: found.start()].count("\n") + 1
            expected = "no invisible characters" if reason == "control-character" else "whole umlauts and signs"
            findings.error(reason, f"{place}, line {line}", _around(text, found.start()), expected, mend)
            return None
    return text


def _encoding(data: bytes, at: int) -> tuple[str, str]:
    save = "Save the file as UTF-8: in the editor, 'Save as', encoding 'UTF-8'."
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return "UTF-16", save
    line = data[data.rfind(b"\n", 0, at) + 1 :].splitlines()[0]
    try:
        return line.decode("cp1252"), f"It is in Windows-1252. {save}"
    except UnicodeDecodeError:
        return repr(data[at : at + 1]), save


def _around(text: str, at: int) -> str:
    return text[max(text.rfind("\n", 0, at) + 1, at - 15) : at + 15].split("\n", maxsplit=1)[0]


def _mend(name: str) -> str:
    low = name.lower()
    if low.endswith(".md.txt"):
        return f"Rename it to {name[:-4]}; Windows hides the ending .txt until 'File name extensions' is on."
    variant = low.rpartition(".")[0].partition(".")[0] or low
    meant = _MEANT.get(variant, variant if variant in VARIANTS else "")
    return f"Did you mean {meant}.md?" if meant else "Rename or remove the file."
