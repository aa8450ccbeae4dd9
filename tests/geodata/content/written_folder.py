"""A folder of texts as people make it, and what is read from it."""

from __future__ import annotations

from pathlib import Path

from geodata.content import folder as content_folder
from geodata.content.checks import check
from geodata.content.folder import Chapter
from geodata.findings.content import TextFindings
from geodata.model.content import StationContent

GOOD = '---\ntitle: "Die Teiche"\nlead: "Vier Teiche."\nsource: "Klasse 4b"\n---\nHier ist es still.\n'
TRAIL = '---\ntitle: "Unser Pfad"\nlead: "Ein Weg."\n---\nText.\n'


def put(folder: Path, name: str, text: str | bytes = GOOD) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def read(folder: Path) -> tuple[tuple[Chapter, ...], TextFindings]:
    findings = TextFindings()
    chapters = content_folder.read(folder, findings)
    for chapter in chapters:
        check(chapter.texts, chapter.folder, findings)
    return chapters, findings


def texts(chapter: Chapter) -> dict[str, StationContent]:
    return {one.file: one.text for one in chapter.texts if isinstance(one.text, StationContent)}
