"""A GeoPackage is an SQLite database: read from a copy, for SQLite writes beside what it only reads."""

from __future__ import annotations

import shutil
from pathlib import Path

from geodata.importing.findings import Refused
from geodata.importing.source import Given, Source, begins_with, check_size
from geodata.message import message, phrase

BESIDE = ("-wal", "-journal")
"""What the names of SQLite's own files end in."""

_WRITE_AHEAD = b"\x02\x02"  # bytes 18 and 19: changes are written into a file beside it first
_TRIES = 3


def prepared(given: Given) -> Source:
    """A copy with what SQLite keeps beside it: its changes of the last minutes, or what it has to take back."""
    begins_with(given, b"SQLite format 3\0", phrase("a GeoPackage (an SQLite database)"))
    copy = given.folder / f"{given.stem}.gpkg"
    for _ in range(_TRIES):
        before = _state(given.file)
        check_size(given, sum(size for size, _ in before.values()))
        for part in before:
            shutil.copyfile(part, f"{copy}{part.name.removeprefix(given.file.name)}")
        if _state(given.file) == before:
            break
    else:
        raise Refused(
            message("{name} is being written by another program.", name=given.name),
            mend="Save and close it there.",
        )
    _tell_of_missing_changes(given, copy)
    if given.encoding:
        given.findings.note(
            message("{name} is a GeoPackage and always in UTF-8: --encoding is not used.", name=given.name)
        )
    return Source(copy, "gpkg", given.name)


def _state(file: Path) -> dict[Path, tuple[int, int]]:
    """It and the files beside it, with sizes and times."""
    parts = [file, *(file.with_name(file.name + ending) for ending in BESIDE)]
    return {one: (one.stat().st_size, one.stat().st_mtime_ns) for one in parts if one.exists()}


def _tell_of_missing_changes(given: Given, copy: Path) -> None:
    with copy.open("rb") as stream:
        head = stream.read(20)
    if head[18:20] == _WRITE_AHEAD and not copy.with_name(f"{copy.name}-wal").exists():
        given.findings.warn(
            message("{name} was left open in a GIS: what was drawn last may be missing.", name=given.name),
            message("{name}-wal beside it, or a file that was closed", name=given.file.name),
            "Close the project in the GIS and copy the file again, or copy both files.",
        )
