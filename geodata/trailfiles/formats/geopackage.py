"""A GeoPackage is an SQLite database: read from a copy, for SQLite writes beside what it only reads."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

from geodata.findings.trail_file import Refused
from geodata.messages.message import message, phrase
from geodata.trailfiles import bounds
from geodata.trailfiles.source import ANEW, MAX_READ_BYTES, ImportFile, Source, begins_with, check_size

BESIDE = ("-wal", "-journal")
"""What the names of SQLite's own files end in."""

_WRITE_AHEAD = b"\x02\x02"  # bytes 18 and 19: changes are written into a file beside it first
_TRIES = 3
_STEPS, _MOST_PAUSES = 100_000, 200  # a second of SQLite's machine


def prepared(import_file: ImportFile) -> Source:
    """A copy with what SQLite keeps beside it: its changes of the last minutes, or what it has to take back."""
    begins_with(import_file, b"SQLite format 3\0", phrase("a GeoPackage (an SQLite database)"))
    copy = import_file.folder / f"{import_file.stem}.gpkg"
    for _ in range(_TRIES):
        before = _state(import_file.file)
        check_size(import_file, sum(size for size, _ in before.values()))
        for part in before:
            shutil.copyfile(part, f"{copy}{part.name.removeprefix(import_file.file.name)}")
        if _state(import_file.file) == before:
            break
    else:
        raise Refused(
            message("{name} is being written by another program.", name=import_file.name),
            hint="Save and close it there.",
            reason="file-in-use",
        )
    _tell_of_missing_changes(import_file, copy)
    if import_file.encoding:
        import_file.findings.note(
            message(
                "{name} is a GeoPackage and always in UTF-8: {option[encoding]} is not used.", name=import_file.name
            ),
            reason="encoding-not-used",
        )
    source = Source(copy, "gpkg", import_file.name)
    _check_views(source)
    return source


def check_layer(source: Source, layer: str, *, rows: int = -1) -> None:
    """Refuse a layer of more than is read, whatever its file's size says: views and computed columns take no room.

    Counted by SQLite itself, which is kept from taking more memory or time for a row than for the whole layer; of a
    layer that is not wanted the first ``rows`` are enough.
    """
    with _told(source, layer), closing(_bounded(source.path)) as connection:
        size = 0
        for row in connection.execute(f"SELECT * FROM {_quoted(layer)} LIMIT {rows}"):  # noqa: S608 - it is quoted
            size += sum(len(value) if isinstance(value, bytes | str) else 8 for value in row)
            if size > MAX_READ_BYTES:
                raise bounds.too_many(source.name)


def _check_views(source: Source) -> None:
    """GDAL looks into all of them, wanted or not, for as long as it takes."""
    with _told(source, "sqlite_master"), closing(_bounded(source.path)) as connection:
        views = [str(name) for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'view'")]
    for view in views:
        try:
            check_layer(source, view, rows=1)
        except Refused as refused:
            if "no such function" not in str(refused):  # GDAL has more of them; if the layer is wanted, it is told then
                raise


def _bounded(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_READ_BYTES)
    connection.execute(f"PRAGMA hard_heap_limit = {2 * MAX_READ_BYTES}").close()
    connection.set_progress_handler(iter([0] * _MOST_PAUSES + [1]).__next__, _STEPS)
    return connection


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@contextmanager
def _told(source: Source, layer: str) -> Generator[None]:
    """SQLite's errors in our words."""
    try:
        yield
    except (MemoryError, sqlite3.DataError) as error:
        raise bounds.too_many(source.name) from error
    except sqlite3.OperationalError as error:
        if "interrupted" in str(error):
            raise bounds.too_many(source.name) from error
        sentence = "The layer {layer} of {name} cannot be read: {reason}."
        raise Refused(
            message(sentence, layer=layer, name=source.name, reason=error),
            phrase("a table"),
            ANEW,
            reason="layer-unreadable",
        ) from error
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # sqlite3 decodes names and its own error texts
        raise Refused(
            message("{name} is damaged: {reason}.", name=source.name, reason=error), hint=ANEW, reason="file-damaged"
        ) from error


def _state(file: Path) -> dict[Path, tuple[int, int]]:
    """Size in bytes and time of change in nanoseconds of the file and of those that SQLite keeps beside it."""
    parts = [file, *(file.with_name(file.name + ending) for ending in BESIDE)]
    return {part: (part.stat().st_size, part.stat().st_mtime_ns) for part in parts if part.exists()}


def _tell_of_missing_changes(import_file: ImportFile, copy: Path) -> None:
    with copy.open("rb") as stream:
        head = stream.read(20)
    if head[18:20] == _WRITE_AHEAD and not copy.with_name(f"{copy.name}-wal").exists():
        import_file.findings.warn(
            message("{name} was left open in a GIS: what was drawn last may be missing.", name=import_file.name),
            message("{name}-wal beside it, or a file that was closed", name=import_file.file.name),
            "Close the project in the GIS and copy the file again, or copy both files.",
            reason="file-left-open",
        )
