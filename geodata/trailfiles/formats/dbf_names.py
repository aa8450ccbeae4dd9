"""Columns of one name in the table of a Shapefile: each gets a name of its own before GDAL reads it.

Programs cut names to the ten bytes that a .dbf has for them, and some do not look whether two are then the same:
"bezeichnung" and "bezeichnung_leicht" become "bezeichnun" twice. GDAL keeps both columns, but gives the values of the
last for each of them.
"""

from __future__ import annotations

from geodata.messages.listing import listed
from geodata.messages.message import message, phrase
from geodata.trailfiles.formats.dbf import DbfTable
from geodata.trailfiles.source import ImportFile

_FIELD_BYTES = 11  # the last of them 0
_MOST_BYTES = _FIELD_BYTES - 1
_MANY = 10  # that are told


def told_apart(table: DbfTable, codec: str, import_file: ImportFile) -> bytes | None:
    """The file's content with "name", "name_2", "name_3" … where it said "name" each time; None where none is doubled.

    ``codec`` is the encoding of the names. The first keeps its name: in most tables that is the column that was meant.
    """
    taken = {_trimmed(name) for _, name in table.names()}
    content, numbers, renamed = bytearray(table.content), dict[bytes, int](), list[str]()
    for at, field in table.names():
        name = _trimmed(field)
        numbers[name] = numbers.get(name, 0) + 1
        if numbers[name] == 1:
            continue
        while (free := _numbered(name, numbers[name], codec)) in taken:
            numbers[name] += 1
        taken.add(free)
        content[at : at + _FIELD_BYTES] = free.ljust(_FIELD_BYTES, b"\0")
        renamed.append(f"{name.decode(codec, 'replace')!r} → {free.decode(codec, 'replace')!r}")
    if not renamed:
        return None
    import_file.findings.warn(
        message(
            "The table of {name} has several columns of one name; from the second on they are read as: {columns}.",
            name=import_file.name,
            columns=listed(renamed, quoted=False, most=_MANY),
        ),
        hint=phrase("Give each column its own name in your GIS, of at most ten letters."),
        reason="columns-of-one-name",
    )
    return bytes(content)


def _trimmed(field: bytes) -> bytes:
    return field[:_MOST_BYTES].rstrip(b" ")


def _numbered(name: bytes, number: int, codec: str) -> bytes:
    """``name`` and ``number``, shortened by whole letters until both fit."""
    stem, ending = name.decode(codec, "replace"), f"_{number}"
    while len(numbered := f"{stem}{ending}".encode(codec, "replace")) > _MOST_BYTES:
        stem = stem[:-1]
    return numbered
