"""A folder of texts, read: ``04-teiche/de.md``, ``04-teiche/de.fruehling.md``, ``trail/en.md``, and their pictures.

Beside the trail's own texts may lie its tables of facts, ``trail/places.csv`` and ``trail/sections.csv``.

Everything wrong is collected, each with its file, line and hint; what can be read is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from pathlib import Path

from geodata.content import filenames
from geodata.content.text_file import StationHead, TextFile, read_station, read_trail
from geodata.facts import tables as tables_of_facts
from geodata.findings.content import TextFindings
from geodata.findings.finding import Finding
from geodata.media.files import MediaFile, MediaFolder, is_media
from geodata.messages.message import message, phrase
from geodata.vocabulary import codes

TRAIL = "trail"
_NUMBERED = re.compile(
    r"(?:(?:station|nr|no)[\s_.-]*)?0*(?P<number>[1-9][0-9]{0,3})(?:[\s_.:)–—-].*)?", re.IGNORECASE
)  # 04-teiche, 4 Teiche, Station 4: Teiche; not 4a
_TRAIL_MEANT = frozenset({"pfad", "weg", "trail-texte", "der pfad"})


@dataclass(frozen=True, slots=True, kw_only=True)
class StationFolder:
    """The texts of one station, or of the trail (``number`` 0), and the files that they show, by media id.

    The station is told by its ``code`` where a head names it, else by its ``number``.
    """

    name: str
    number: int | None
    code: str = ""
    texts: tuple[TextFile, ...] = ()
    media: Mapping[str, MediaFile] = field(default_factory=dict[str, MediaFile])
    tables: Mapping[str, str] = field(default_factory=dict[str, str])
    """Of the trail's own folder: name of a table of facts to its text."""

    @property
    def is_trail(self) -> bool:
        """Whether it holds the trail's own texts."""
        return self.number == 0


def read(folder: Traversable, findings: TextFindings, shown: str = "") -> tuple[StationFolder, ...]:
    """Read a folder; ``shown`` stands before its files' names in error messages."""
    if not shown and (folder / "content").is_dir():
        return read(folder / "content", findings, "content/")
    folders: list[StationFolder] = []
    for entry in _entries(folder, shown, findings):
        if not entry.is_dir():
            if entry.name.lower() not in filenames.ABOUT:
                hint = "Put a text into the folder of its station, such as 04-teiche/de.md."
                findings.error(
                    "stray-file", shown + entry.name, entry.name, "folders such as 04-teiche, or trail", hint
                )
            continue
        folders.append(_station_folder(entry, shown, findings))
    if not folders:
        hint = "Make one for each station and write a de.md into it."
        place = shown or phrase("the folder")
        findings.error("folder-empty", place, phrase("no folders"), "folders such as 04-teiche", hint)
    return tuple(_once(folders, shown, findings))


def _entries(folder: Traversable, shown: str, findings: TextFindings) -> Iterator[Traversable]:
    """What lies in a folder, by name; links are refused, what systems leave behind is passed over."""
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name) if folder.is_dir() else ():
        if filenames.is_left_behind(entry.name):
            continue
        if isinstance(entry, Path) and entry.is_symlink():
            hint = "Copy what it points to into the folder."
            findings.error("link", shown + entry.name, phrase("a link"), "a file or folder, not a link to one", hint)
            continue
        yield entry


def _once(folders: list[StationFolder], shown: str, findings: TextFindings) -> Iterator[StationFolder]:
    """Refuse the second folder with the same number or code."""
    seen: dict[object, str] = {}
    for station_folder in folders:
        keys = [key for key in (station_folder.code, station_folder.number) if key not in ("", None)]
        before = next((seen[key] for key in keys if key in seen), None)
        if before is not None:
            expected = (
                phrase("one folder for the trail")
                if station_folder.is_trail
                else message("one folder for station {station}", station=keys[0])
            )
            hint = message("Merge it with {folder}.", folder=before)
            findings.error("two-folders", shown + station_folder.name, station_folder.name, expected, hint)
            continue
        seen.update(dict.fromkeys(keys, station_folder.name))
        yield station_folder


def _station_folder(folder: Traversable, shown: str, findings: TextFindings) -> StationFolder:
    name = f"{shown}{folder.name}"
    files = list(_entries(folder, f"{name}/", findings))
    beside = MediaFolder((file for file in files if is_media(file.name) and file.is_file()), name)
    match = _NUMBERED.fullmatch(folder.name)
    number = 0 if folder.name.lower() == TRAIL else int(match["number"]) if match else None
    texts: list[TextFile] = []
    tables: dict[str, str] = {}
    for file in files:
        if number == 0 and file.name.lower() in tables_of_facts.NAMES and file.is_file():
            tables |= _table(file, name, findings)
        elif not is_media(file.name) or not file.is_file():
            text = _text(file, name, beside, findings, of_trail=number == 0)
            texts += [text] if text else []
    findings.found += [Finding.of("media-not-named", error) for error in beside.unnamed()]
    if not texts and not tables and not any(finding.place.startswith(f"{name}/") for finding in findings.found):
        findings.error(
            "folder-without-text", name, phrase("no text"), "a file de.md", "Write it, or remove the folder."
        )
    code = _code(texts, name, findings)
    if number is None and not any(text.code for text in texts):
        hint = (
            phrase("Call the folder with the trail's own text: trail.")
            if folder.name.lower() in _TRAIL_MEANT
            else phrase("Begin its name with the station's number, or write code: into the head of its de.md.")
        )
        findings.error("folder-without-number", name, folder.name, "a folder such as 04-teiche, or trail", hint)
    return StationFolder(
        name=folder.name, number=number, code=code, texts=tuple(texts), media=beside.named(), tables=tables
    )


def _table(file: Traversable, folder: str, findings: TextFindings) -> dict[str, str]:
    """A table of facts by its name, as tables_of_facts calls it; nothing where it cannot be read."""
    text = filenames.decoded(file, f"{folder}/{file.name}", findings)
    return {} if text is None else {file.name: text}


def _text(
    file: Traversable, folder: str, beside: MediaFolder, findings: TextFindings, *, of_trail: bool
) -> TextFile | None:
    place = f"{folder}/{file.name}"
    slot = filenames.slot_of(file, place, findings, of_trail=of_trail)
    text = filenames.decoded(file, place, findings) if slot else None
    if slot is None or text is None:
        return None
    if of_trail:
        return read_trail(text, place, slot, findings)
    return read_station(text, StationHead(place, slot, beside), findings)


def _code(texts: list[TextFile], folder: str, findings: TextFindings) -> str:
    """The code that the heads name; all the same, and one that a sign could have."""
    named = {codes.normalise(text.code): text for text in texts if text.code}
    for code, text in named.items():
        if not codes.is_valid(code):
            hint = "Copy it from the sign, or leave the line out: the folder's number is enough."
            findings.error("code-wrong", text.place("code"), text.code, "a code with a right check character", hint)
            return ""
    if len(named) > 1:
        findings.error("codes-differ", folder, ", ".join(named), "one code in a folder", "Correct the wrong one.")
        return ""
    return next(iter(named), "")
