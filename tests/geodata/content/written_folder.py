"""A folder of texts as people make it, and what is read from it."""

from __future__ import annotations

from pathlib import Path

from geodata.content import folder as content_folder
from geodata.content.checks import check
from geodata.content.folder import StationFolder
from geodata.findings.content import TextFindings
from geodata.model.content import StationContent

GOOD = '---\ntitle: "Die Teiche"\nlead: "Vier Teiche."\nsource: "Klasse 4b"\n---\nHier ist es still.\n'
TRAIL = '---\ntitle: "Unser Pfad"\nlead: "Ein Weg."\n---\nText.\n'


def put(folder: Path, name: str, text: str | bytes = GOOD) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def read(folder: Path) -> tuple[tuple[StationFolder, ...], TextFindings]:
    findings = TextFindings()
    folders = content_folder.read(folder, findings)
    for station_folder in folders:
        check(station_folder.texts, station_folder.name, findings)
    return folders, findings


def texts(folder: StationFolder) -> dict[str, StationContent]:
    return {one.file: one.text for one in folder.texts if isinstance(one.text, StationContent)}
