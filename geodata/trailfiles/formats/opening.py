"""Opening a geodata file: what it really is, how large it may be, safely unpacked, reaching nowhere else."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from geodata.findings.trail_file import Findings, Refused
from geodata.messages.message import message
from geodata.trailfiles.formats import archive, encoding, geojson, geopackage, gpx, kml, shapefile
from geodata.trailfiles.source import ImportFile, Source, check_size, composed

READERS: Mapping[str, Callable[[ImportFile], Source]] = {
    ".gpx": gpx.prepared,
    ".gpkg": geopackage.prepared,
    ".kml": kml.prepared,
    ".geojson": geojson.prepared,
    ".geojsonl": geojson.prepared,
    ".geojsons": geojson.prepared,
    ".ndjson": geojson.prepared,
    ".json": geojson.prepared,
    ".shp": shapefile.prepared,
}
"""By the ending of a file. A format is its reader and its rows here, one for each ending."""

_ARCHIVES = {".zip": tuple(READERS), ".kmz": (".kml",)}
SUFFIXES = tuple(sorted({*READERS, *_ARCHIVES}))
"""All endings that are read; what is said and shown of them is made from this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the caller says of a file: the ``encoding`` of its texts, and that all altitudes are above sea level."""

    encoding: str = ""
    above_sea: bool = False


_NOTHING = Said()


@contextmanager
def opened(
    file: Path, findings: Findings, said: Said = _NOTHING, layers: Sequence[str] = ()
) -> Generator[tuple[Source, ...]]:
    """Check ``file``, unpack it where needed, and give what GDAL may open for the length of the block.

    Most files give one source; a zip with several files as many, or those whose names are among ``layers``. Raises
    Refused, and InvalidInput for an encoding that is none.
    """
    codec = encoding.asked_for(said.encoding)
    with tempfile.TemporaryDirectory(prefix="digitalpfad-import-") as folder:
        import_file = ImportFile(file, composed(file.name), Path(folder), codec, findings, above_sea=said.above_sea)
        yield _prepared(import_file, layers)


def _prepared(import_file: ImportFile, layers: Sequence[str]) -> tuple[Source, ...]:
    try:
        suffix = _checked(import_file)
        if suffix not in _ARCHIVES:
            return (READERS[suffix](import_file),)
        inner = archive.unpacked(import_file, _ARCHIVES[suffix], layers)
        return tuple(READERS[_checked(inner_file)](inner_file) for inner_file in inner)
    except OSError as error:
        reason = error.strerror or ""
        raise Refused(
            message("{name} cannot be read: {reason}.", name=import_file.name, reason=reason),
            "a file",
            reason="file-unreadable",
        ) from error


def _checked(import_file: ImportFile) -> str:
    """The file's suffix in small letters, where it is one that we know and the file one that can be read."""
    suffix = import_file.file.suffix.lower()
    if suffix not in SUFFIXES:
        raise _unknown(import_file, suffix)
    size = import_file.file.stat().st_size
    if import_file.file.is_dir():
        raise Refused(
            message("{name} is a folder.", name=import_file.name),
            "a file",
            "Give the file inside it.",
            reason="file-is-folder",
        )
    check_size(import_file, size)
    if not size:
        raise Refused(
            message("{name} is empty.", name=import_file.name),
            "a file",
            "Export it again, or copy it again.",
            reason="file-empty",
        )
    return suffix


def _unknown(import_file: ImportFile, suffix: str) -> Refused:
    if suffix in shapefile.PARTS:
        sentence = message("{name} is a part of a Shapefile.", name=import_file.name)
        return Refused(
            sentence,
            "the file that ends in .shp, or a .zip with all parts",
            shapefile.TOGETHER,
            reason="shapefile-part",
        )
    sentence = (
        message("{name} ends in {suffix}.", name=import_file.name, suffix=suffix)
        if suffix
        else message("{name} ends in nothing.", name=import_file.name)
    )
    known = message("one of {suffixes}", suffixes=" ".join(SUFFIXES))
    return Refused(sentence, known, "Save it as GeoPackage in your GIS.", reason="suffix-unknown")
