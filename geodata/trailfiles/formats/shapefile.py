"""A Shapefile: its parts side by side however their names are written, and the encoding of its texts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from geodata.findings.trail_file import Refused
from geodata.messages.message import message, phrase
from geodata.trailfiles.formats import dbf, dbf_names
from geodata.trailfiles.source import MAX_READ_BYTES, ImportFile, Source, begins_with, check_size, composed

PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
TOGETHER = message("Copy .shp, .shx, .dbf and .prj together, or pack them into one .zip.")
_HEADER_BYTES, _INDEX_BYTES = 100, 8


def prepared(import_file: ImportFile) -> Source:
    """The parts as links with plain names in our folder, and a .cpg that says in which encoding the texts are."""
    begins_with(import_file, b"\x00\x00\x27\x0a", phrase("a Shapefile"))
    parts = _parts(import_file.file)
    check_size(import_file, sum(part.stat().st_size for part in parts.values()), MAX_READ_BYTES)
    if ".shx" not in parts:
        raise Refused(
            message("{name} lies there without its .shx.", name=import_file.name),
            "the parts of a Shapefile side by side",
            TOGETHER,
            reason="shapefile-incomplete",
        )
    for suffix, part in parts.items():
        if suffix not in {".dbf", ".cpg"}:
            (import_file.folder / f"{import_file.stem}{suffix}").symlink_to(part.resolve())
    if ".dbf" in parts:
        _add_texts(import_file, parts)
    else:
        import_file.findings.warn(
            message("{name} lies there without its .dbf: names, numbers and codes are missing.", name=import_file.name),
            "the parts of a Shapefile side by side",
            TOGETHER,
            reason="shapefile-without-table",
        )
    return Source(import_file.folder / f"{import_file.stem}.shp", "shp", import_file.name)


def _parts(file: Path) -> dict[str, Path]:
    """By suffix in small letters; of STATIONEN.DBF and stationen.dbf the one that is written as the .shp is."""
    by_suffix: dict[str, Path] = {}
    stem = composed(file.stem).casefold()
    for entry in sorted(file.parent.iterdir(), key=lambda path: path.stem == file.stem):
        if entry.suffix.lower() in PARTS and composed(entry.stem).casefold() == stem:
            by_suffix[entry.suffix.lower()] = entry
    return {**by_suffix, ".shp": file}


def _add_texts(import_file: ImportFile, parts: dict[str, Path]) -> None:
    table = dbf.read(parts[".dbf"])
    if table is None:
        raise Refused(
            message("The .dbf of {name} is no dBASE table.", name=import_file.name),
            "the parts of a Shapefile side by side",
            TOGETHER,
            reason="table-malformed",
        )
    objects = (parts[".shx"].stat().st_size - _HEADER_BYTES) // _INDEX_BYTES
    if table.rows != objects:
        sentence = "{name} has {objects} objects, its .dbf {rows} rows: they are not of the same Shapefile."
        import_file.findings.warn(
            message(sentence, name=import_file.name, objects=objects, rows=table.rows),
            hint=TOGETHER,
            reason="shapefile-mixed",
        )
    codec, repaired = dbf.encoding(table, _said(parts), import_file)
    if repaired is not None:
        table = replace(table, content=repaired)  # names that were cut within a letter may be the same without it
    repaired = dbf_names.told_apart(table, codec, import_file) or repaired
    (import_file.folder / f"{import_file.stem}.cpg").write_text(dbf.GDAL_NAMES.get(codec, codec.upper()))
    target = import_file.folder / f"{import_file.stem}.dbf"
    if repaired is None:
        target.symlink_to(parts[".dbf"].resolve())
    else:
        target.write_bytes(repaired)


def _said(parts: dict[str, Path]) -> str:
    return parts[".cpg"].read_bytes()[:100].decode("ascii", "replace").strip() if ".cpg" in parts else ""
