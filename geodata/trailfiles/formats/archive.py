"""A zip or KMZ: the geodata files in it, each with its parts in a separate folder."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from geodata.findings.trail_file import Refused
from geodata.messages.message import message
from geodata.security import unpacking
from geodata.security.unpacking import ArchiveFault, BadArchive
from geodata.trailfiles.formats import geopackage, shapefile
from geodata.trailfiles.source import MAX_BYTES, SMALLER, ImportFile, composed, goes_by

MAX_ENTRIES = 200
_NAMES_IN_UTF_8 = 0x800
_ARCHIVES = frozenset({".zip", ".kmz"})
_MOST = {"count": MAX_ENTRIES, "size": MAX_BYTES // 2**20}


def unpacked(import_file: ImportFile, suffixes: Collection[str], layers: Sequence[str]) -> list[ImportFile]:
    """The files whose suffix is in ``suffixes``, or those that ``layers`` names. Raises Refused."""
    try:
        with unpacking.opened(import_file.file) as archive:
            entries = _entries(archive, import_file)
            wanted = _wanted(entries, import_file, suffixes, layers)
            beside = replace(import_file, beside=frozenset(wanted))
            return [_written(archive, entries, name, beside, i) for i, name in enumerate(wanted)]
    except BadArchive as error:
        raise _refused(import_file, error) from error


def _refused(import_file: ImportFile, error: BadArchive) -> Refused:
    name = f"{import_file.name}/{error.member}" if error.member else import_file.name
    if error.fault is ArchiveFault.LOCKED:
        return Refused(
            message("{name} is locked with a password.", name=name),
            "a plain zip",
            "Pack it without one.",
            reason="archive-locked",
        )
    if error.fault is ArchiveFault.UNUSUAL:
        sentence = message("{name} cannot be unpacked: it is packed in an unusual way.", name=name)
        return Refused(
            sentence, "a plain zip", "Pack it again with the means of Windows or macOS.", reason="archive-unusual"
        )
    if error.fault is ArchiveFault.DAMAGED:
        sentence = message("{name} cannot be unpacked: it is damaged or no zip at all.", name=name)
        return Refused(sentence, "a plain zip", "Pack it again, or download it again.", reason="archive-damaged")
    sentence = message("{name} holds more than is unpacked.", name=name)
    return Refused(
        sentence, message("at most {count} files with {size} MB", **_MOST), SMALLER, reason="archive-too-large"
    )


def _entries(archive: zipfile.ZipFile, import_file: ImportFile) -> dict[PurePosixPath, zipfile.ZipInfo]:
    """By name, without folders and what Finder puts beside each file."""
    listed = [(_path(entry), entry) for entry in archive.infolist() if not entry.is_dir()]
    listed = [(path, entry) for path, entry in listed if not path.name.startswith(".") and "__MACOSX" not in path.parts]
    entries = dict(listed)
    unpacked_bytes = sum(entry.file_size for _, entry in listed)
    if unpacked_bytes > MAX_BYTES or len(listed) > MAX_ENTRIES:
        raise Refused(
            message(
                "{name} unpacks to {count} files with {size:.0f} MB.",
                name=import_file.name,
                count=len(listed),
                size=unpacked_bytes / 2**20,
            ),
            message("at most {count} files with {size} MB", **_MOST),
            SMALLER,
            reason="archive-too-large",
        )
    if len(entries) < len(listed):
        twice = next(path for path, count in Counter(path for path, _ in listed).items() if count > 1)
        sentence = message("{name} holds {file} more than once.", name=import_file.name, file=twice)
        raise Refused(sentence, "each file once", "Pack it again.", reason="archive-file-twice")
    return entries


def _path(entry: zipfile.ZipInfo) -> PurePosixPath:
    """MacOS writes names in UTF-8 without saying so, which zipfile then reads as code page 437."""
    name = entry.filename
    if not entry.flag_bits & _NAMES_IN_UTF_8:
        try:
            name = name.encode("cp437").decode()
        except UnicodeError:
            name = entry.filename
    return PurePosixPath(composed(name.replace("\\", "/")))


def _wanted(
    entries: Collection[PurePosixPath], import_file: ImportFile, suffixes: Collection[str], layers: Sequence[str]
) -> list[PurePosixPath]:
    known_files = [path for path in entries if path.suffix.lower() in suffixes]
    chosen = [path for path in known_files if any(goes_by(path.name, layer) for layer in layers)] or known_files
    if not chosen:
        raise _nothing_in(entries, import_file, suffixes)
    twice = [stem for stem, count in Counter(path.stem.casefold() for path in chosen).items() if count > 1]
    if twice:
        same = [str(path) for path in chosen if path.stem.casefold() == twice[0]]
        raise Refused(
            message(
                "{name} holds {stem} more than once: {files}.",
                name=import_file.name,
                stem=twice[0],
                files=", ".join(same),
            ),
            "each file once",
            message(
                "Choose with {option[layer]:{layer}}, or give one of them alone.", layer=same[0].rpartition("/")[2]
            ),
            reason="layer-twice",
        )
    if len(chosen) > 1:
        sentence = "{name} holds {count} files, read as layers of one trail: {files}. {option[layer]} chooses."
        files = ", ".join(str(path) for path in chosen)
        import_file.findings.note(
            message(sentence, name=import_file.name, count=len(chosen), files=files), reason="several-files"
        )
    if inner := [str(path) for path in entries if path.suffix.lower() in _ARCHIVES]:
        sentence = "Archives inside {name} are not opened: {files}."
        import_file.findings.warn(
            message(sentence, name=import_file.name, files=", ".join(inner)),
            hint="Import them on their own.",
            reason="archive-in-archive",
        )
    return chosen


def _nothing_in(entries: Collection[PurePosixPath], import_file: ImportFile, suffixes: Collection[str]) -> Refused:
    parts = sorted(str(path) for path in entries if path.suffix.lower() in shapefile.PARTS)
    names = ", ".join(parts or sorted(map(str, entries))[:10]) or "–"
    if parts:
        sentence = message(
            "{name} holds parts of a Shapefile without its .shp: {files}.", name=import_file.name, files=names
        )
        return Refused(
            sentence, "the parts of a Shapefile side by side", shapefile.TOGETHER, reason="shapefile-incomplete"
        )
    sentence = message("{name} holds no geodata file, but: {files}.", name=import_file.name, files=names)
    return Refused(
        sentence,
        message("one of {suffixes}", suffixes=" ".join(sorted(suffixes))),
        "Give the file itself.",
        reason="archive-without-geodata",
    )


def _written(
    archive: zipfile.ZipFile,
    entries: dict[PurePosixPath, zipfile.ZipInfo],
    wanted: PurePosixPath,
    import_file: ImportFile,
    number: int,
) -> ImportFile:
    """The folder in the archive's name is dropped: nothing lands outside ours."""
    folder, ours = import_file.folder / str(number), import_file.folder / f"{number}-unpacked"
    folder.mkdir()
    ours.mkdir()
    for path, entry in entries.items():
        if path == wanted or (path.parent == wanted.parent and _belongs(path.name, wanted)):
            with (ours / path.name).open("wb") as file:
                file.writelines(unpacking.pieces(archive, entry, MAX_BYTES))
    return replace(import_file, file=ours / wanted.name, name=f"{import_file.name}/{wanted.name}", folder=folder)


def _belongs(name: str, wanted: PurePosixPath) -> bool:
    """Whether it is a part of the same Shapefile, or what SQLite keeps beside a GeoPackage."""
    path = PurePosixPath(name)
    is_part = path.suffix.lower() in shapefile.PARTS and path.stem.casefold() == wanted.stem.casefold()
    return is_part or name in {wanted.name + ending for ending in geopackage.BESIDE}
