"""What goes into the opening of a geodata file, and what comes out: a file that GDAL may open.

GDAL tells formats by content: a file named .gpx may hold a virtual data source that opens other files or addresses. So
the beginning of each file must be what its name says before GDAL sees it, and GDAL sees a copy in a folder of ours.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from geodata.findings.trail_file import Findings, Refused
from geodata.messages.message import Message, message

MAX_BYTES = 50 * 2**20
"""Of an archive or a database, of which parts are read."""

MAX_READ_BYTES = 12 * 2**20
"""Of a text, a Shapefile or a layer: a recording of a long day, with a place each second, has half of it."""

AS_TEXT = "\ue000"
"""Stands before the values of GPX extensions, from which GDAL would make numbers: the code 012345 is none."""

SMALLER = message("Leave out what is not the trail, or simplify the line in a GIS.")
ANEW = message("Save it again in your GIS.")
EXPORT_AGAIN = message("Export it once more, or download it again.")


@dataclass(frozen=True, slots=True)
class Source:
    """A file that GDAL may open. ``format`` is the suffix without the dot; ``name`` is the original file's name."""

    path: Path
    format: str
    name: str

    def is_among(self, layers: Collection[str]) -> bool:
        """Whether ``layers`` names the whole file: a Shapefile in a zip by "weg" or "weg.shp"."""
        return any(goes_by(self.name, layer) for layer in layers)


@dataclass(frozen=True, slots=True)
class ImportFile:
    """A file that an import opens.

    ``name`` is what sentences call it, "weg.zip/weg.shp" for one from a zip. ``folder`` is ours and empty. ``encoding``
    is a codec that the caller says the texts are in, or empty; ``beside`` are the other files of an archive that are
    read; with ``above_sea`` all altitudes are taken as metres above sea level.
    """

    file: Path
    name: str
    folder: Path
    encoding: str
    findings: Findings
    beside: frozenset[PurePosixPath] = frozenset()
    above_sea: bool = False

    @property
    def stem(self) -> str:
        """The file's name without its suffix, in the form that is stored; layers are called after it."""
        return composed(self.file.stem)

    def copy(self, suffix: str, content: bytes) -> Source:
        """``content`` as a file of ours for GDAL, which calls layers after files; ``suffix`` has no dot."""
        path = self.folder / f"{self.stem}.{suffix}"
        path.write_bytes(content)
        return Source(path, suffix, self.name)


def goes_by(file: str, layer: str) -> bool:
    """Whether ``--layer`` means this file: by its name with or without suffix, however the case."""
    plain = Path(composed(file.rpartition("/")[2]).casefold())
    return composed(layer).casefold() in {plain.name, plain.stem}


def composed(name: str) -> str:
    """The name in NFC: a Mac's "ü" is a "u" and a dot over it, and would be another name.

    Bytes of a file's name that are not UTF-8 become question marks.
    """
    return unicodedata.normalize("NFC", name).encode(errors="replace").decode()


def begins_with(import_file: ImportFile, magic: bytes, what: Message) -> None:
    """Refuse a file whose first bytes are not ``magic``."""
    with import_file.file.open("rb") as stream:
        start = stream.read(len(magic))
    if start != magic:
        raise Refused(
            message("{name} begins with {start}.", name=import_file.name, start=repr(start)),
            what,
            ANEW,
            reason="file-begins-otherwise",
        )


def check_size(import_file: ImportFile, size: int, most: int = MAX_BYTES) -> None:
    """Refuse more than ``most`` bytes."""
    if size > most:
        sentence = message("{name} has {size:.0f} MB.", name=import_file.name, size=size / 2**20)
        raise Refused(sentence, message("at most {size} MB", size=most // 2**20), SMALLER, reason="file-too-large")
