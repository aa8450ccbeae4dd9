"""The file as it comes: what it really is, how large it may be, unpacked safely, and nothing that reaches elsewhere.

GDAL tells formats by content: a file named .gpx may hold a virtual data source that opens other files or addresses. So
the beginning of each file must be what its name says before GDAL sees it.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec

from geodata.importing.findings import Refused

MAX_BYTES = 50 * 2**20
_MAX_ENTRIES = 200
_SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_GEOJSON_TYPES = ("FeatureCollection", "Feature", "GeometryCollection", "LineString", "MultiLineString")
AS_TEXT = "\ue000"
"""Stands before the values of GPX extensions, from which GDAL would make numbers: the code 012345 is none."""

_SMALLER = "Leave out what is not the trail, or simplify the line in a GIS."


@dataclass(frozen=True, slots=True)
class Source:
    """A file that GDAL may open. ``format`` is the suffix without the dot; ``name`` is the original file's name."""

    path: Path
    format: str
    name: str


@contextmanager
def opened(file: Path) -> Generator[Source]:
    """Check ``file``, unpack it where needed, and give it for the length of the block; raise Refused."""
    with tempfile.TemporaryDirectory(prefix="digitalpfad-import-") as folder:
        yield _prepared(file, Path(folder))


def _prepared(file: Path, folder: Path) -> Source:
    suffix = file.suffix.lower()
    if suffix not in _PREPARE:
        raise Refused(
            f"{file.name} ends in {suffix or 'nothing'}.",
            "one of " + " ".join(sorted(_PREPARE)),
            "Save it as GeoPackage in your GIS.",
        )
    try:
        size = file.stat().st_size
    except OSError as error:
        raise Refused(f"{file.name} cannot be read: {error.strerror}.", "a file") from error
    if size > MAX_BYTES:
        raise Refused(f"{file.name} has {size / 2**20:.0f} MB.", f"at most {MAX_BYTES // 2**20} MB", _SMALLER)
    return _PREPARE[suffix](file, folder)


def _geopackage(file: Path, _folder: Path) -> Source:
    _begins_with(file, b"SQLite format 3\0", "a GeoPackage (an SQLite database)")
    return Source(file, "gpkg", file.name)


def _shapefile(file: Path, _folder: Path) -> Source:
    _begins_with(file, b"\x00\x00\x27\x0a", "a Shapefile")
    siblings = {entry.suffix.lower() for entry in file.parent.glob(f"{file.stem}.*")}
    if ".shx" not in siblings:
        raise Refused(
            f"{file.name} lies there without its .shx.",
            "the parts of a Shapefile side by side",
            "Copy .shp, .shx, .dbf and .prj together, or pack them into one .zip.",
        )
    return Source(file, "shp", file.name)


def _begins_with(file: Path, magic: bytes, what: str) -> None:
    with file.open("rb") as stream:
        start = stream.read(len(magic))
    if start != magic:
        raise Refused(f"{file.name} begins with {start!r}.", what, "Save it again in your GIS.")


class _Json(msgspec.Struct):
    type: str = ""


def _geojson(file: Path, folder: Path) -> Source:
    content = file.read_bytes().removeprefix(b"\xef\xbb\xbf")
    try:
        kind = msgspec.json.decode(content, type=_Json).type
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refused(f"{file.name} is no JSON: {error}.", "GeoJSON (RFC 7946)", "Save it once more.") from error
    if kind not in _GEOJSON_TYPES:
        raise Refused(
            f"{file.name} has the type {kind!r}.", f"one of {', '.join(_GEOJSON_TYPES)}", "Save it again as GeoJSON."
        )
    copy = folder / f"{file.stem}.geojson"  # GDAL calls the layer after the file
    copy.write_bytes(content)
    return Source(copy, "geojson", file.name)


def _kml(file: Path, _folder: Path) -> Source:
    _xml_root(file, "kml")
    return Source(file, "kml", file.name)


def _gpx(file: Path, folder: Path) -> Source:
    """GDAL knows GPX by plain names only: prefixes go, foreign elements stay inside ``extensions`` alone."""
    root = _xml_root(file, "gpx")
    _strip(root, _namespace(root))
    root.attrib = {"version": root.get("version", "1.1"), "creator": root.get("creator", "")}
    copy = folder / "source.gpx"
    ET.ElementTree(root).write(copy, encoding="utf-8", xml_declaration=True)
    return Source(copy, "gpx", file.name)


class _WithoutEntities(ET.TreeBuilder):
    """Ends at a DOCTYPE: entities can blow a small file up, or name other files."""

    def doctype(self, name: str, _public: str, _system: str) -> None:
        raise Refused(f"It has a DOCTYPE ({name}), which may define entities.", "plain XML", "Remove the DOCTYPE line.")


def _xml_root(file: Path, name: str) -> ET.Element:
    parser = ET.XMLParser(target=_WithoutEntities())  # noqa: S314 - entities are refused, outside references not followed
    try:
        root: ET.Element = ET.parse(file, parser).getroot()  # noqa: S314 - see above
    except (ET.ParseError, ValueError, LookupError) as error:
        raise Refused(f"{file.name} is no well-formed XML: {error}.", name.upper(), "Export it once more.") from error
    if _local(root) != name:
        raise Refused(f"{file.name} begins with <{_local(root)}>.", f"<{name}>", "Check the file's name and format.")
    return root


def _strip(element: ET.Element, home: str) -> None:
    element.tag = _local(element)
    if element.tag == "extensions":
        home = "*"
    elif home == "*" and element.text and element.text.strip():
        element.text = AS_TEXT + element.text.strip()
    for child in list(element):
        if home in {"*", _namespace(child)}:
            _strip(child, home)
        else:
            element.remove(child)


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _namespace(element: ET.Element) -> str:
    return element.tag.rpartition("}")[0]


def _zip(file: Path, folder: Path) -> Source:
    """The one file inside that we know; a Shapefile with its parts."""
    try:
        with zipfile.ZipFile(file) as archive:
            inner = _unpack(archive, file, folder)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise Refused(f"{file.name} cannot be unpacked: {error}.", "a plain zip", "Pack it again.") from error
    source = _prepared(inner, folder)
    return Source(source.path, source.format, file.name)


def _unpack(archive: zipfile.ZipFile, file: Path, folder: Path) -> Path:
    entries = [entry for entry in archive.infolist() if not (entry.is_dir() or "__MACOSX" in entry.filename)]
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_BYTES or len(entries) > _MAX_ENTRIES:
        raise Refused(
            f"{file.name} unpacks to {len(entries)} files with {unpacked / 2**20:.0f} MB.",
            f"at most {_MAX_ENTRIES} files with {MAX_BYTES // 2**20} MB",
            _SMALLER,
        )
    wanted = [entry for entry in entries if Path(entry.filename).suffix.lower() in _PREPARE.keys() - {".zip", ".kmz"}]
    if len(wanted) != 1:
        names = ", ".join(entry.filename for entry in wanted) or "none"
        raise Refused(f"{file.name} holds these geodata files: {names}.", "exactly one", "Give one of them alone.")
    stem = Path(wanted[0].filename).stem
    for entry in entries:
        name = Path(entry.filename)  # the folder in the name is dropped: nothing lands outside ours
        if entry is wanted[0] or (name.stem == stem and name.suffix.lower() in _SHAPEFILE_PARTS):
            (folder / f"{stem}{name.suffix.lower()}").write_bytes(archive.read(entry))
    return folder / f"{stem}{Path(wanted[0].filename).suffix.lower()}"


_PREPARE: dict[str, Callable[[Path, Path], Source]] = {
    ".gpx": _gpx,
    ".gpkg": _geopackage,
    ".kml": _kml,
    ".kmz": _zip,
    ".geojson": _geojson,
    ".json": _geojson,
    ".shp": _shapefile,
    ".zip": _zip,
}
