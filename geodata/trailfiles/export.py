"""Write a trail to a file for GIS and phones, whole or not at all; the importer reads each format back without loss."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from geodata.export import geojson, geopackage, gpx
from geodata.export.records import TrailExport
from geodata.findings.trail_file import Refused
from geodata.messages.message import message, phrase


def write(file: Path, export: TrailExport, base_url: str = "") -> None:
    """Write ``file``, whole or not at all, in the format of its suffix.

    ``base_url`` is the beginning of the stations' addresses, for the links in GPX. Raises Refused for other suffixes.
    """
    suffix = file.suffix.lower()
    formats: Mapping[str, Callable[[], bytes]] = {
        ".geojson": lambda: geojson.write(export),
        ".json": lambda: geojson.write(export),
        ".gpx": lambda: gpx.write(export, base_url),
        ".gpkg": lambda: geopackage.write(export),
    }
    if suffix not in formats:
        raise Refused(
            message("{name} ends in {ending}.", name=file.name, ending=suffix or phrase("nothing")),
            ".geojson, .gpx or .gpkg",
            reason="suffix-unknown",
        )
    try:
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=".digitalpfad-export-") as folder:
            part = Path(folder) / f"part{suffix}"
            part.write_bytes(formats[suffix]())
            part.replace(file)
    except OSError as error:
        sentence = message("{file} cannot be written: {reason}.", file=file, reason=error.strerror)
        raise Refused(sentence, "a folder that exists and takes files", reason="file-not-written") from error
