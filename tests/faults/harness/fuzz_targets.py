"""What is fuzzed: each target takes any bytes and says what came of them, or raises where our guard has a hole."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import cast
from unittest import mock

from api.webapp.markdown import to_html
from gateway.inbox import Delivery
from gateway.redaction import redact
from gateway.validation.validate import Validator
from geodata.bundle import json_rows
from geodata.bundle.notice_rows import NoticeRow
from geodata.content import filenames, frontmatter, markdown_checks
from geodata.errors import DigitalpfadError
from geodata.findings.content import TextFindings
from geodata.model.observation import by_name
from geodata.model.properties import STANDARD_PROPERTIES
from geodata.store.ingest.registry import RegisteredDevice, Registry

NOW_US = 1_795_000_000_000_000
TELEMETRY, STATUS = (f"digitalpfad/v1/t/d/event/{event}" for event in ("telemetry", "status"))
_REGISTRY = Registry({"d": RegisteredDevice("d", "t", {})}, by_name(STANDARD_PROPERTIES))
_FIELDS = ("title", "lead", "question", "answer", "source")
_READING = {"time": "2026-11-18T00:00:00Z", "seq": 3, "values": {"air_temperature": 7.4, "rain": None}}


@dataclass(frozen=True, slots=True)
class Target:
    """``run`` names what came of the bytes; ``seeds`` are sound inputs to begin with. ``pure``: without a disk."""

    run: Callable[[bytes], str]
    seeds: tuple[bytes, ...]
    pure: bool = True

    @property
    def sound(self) -> tuple[bytes, ...]:
        """Those that are written down, or what a GIS writes."""
        return self.seeds or (_by_gis()[{_SHAPES: "shp", _TABLE: "dbf"}.get(self.run, "gpkg")],)


def _validated(topic: str, payload: bytes) -> str:
    validated = Validator()._validate(Delivery(topic, payload, NOW_US, size=len(payload)), _REGISTRY)
    source = validated.source
    assert validated.received == len(validated.rows) + len(source.refusals)
    assert all(len(column) == len(validated.rows) for column in (validated.rows.times_us, validated.rows.results))
    if source.refusals:
        assert source.payload == redact(payload), "the quarantine keeps other bytes"
        assert source.kept == ("whole" if source.payload == payload else "redacted")
        assert source.digest
    elif payload and validated.status is None:  # an empty status clears what a broker kept, and says nothing
        assert validated.rows.datastreams or validated.seqs or validated.oldest, "a message vanished"
    reasons = sorted({str(refusal.reason) for refusal in source.refusals})
    return f"{bool(validated.rows.datastreams)} {bool(validated.status)} {' '.join(reasons)}"


def message(data: bytes) -> str:
    """The payload of telemetry, or of a status where the first byte is odd."""
    return _validated(STATUS if data[:1] and data[0] & 1 else TELEMETRY, data[1:])


def topic(data: bytes) -> str:
    """The topic of a sound message."""
    try:
        read = data.decode()
    except UnicodeDecodeError:
        read = "(a topic that is not UTF-8)"  # what gateway.mqtt.client calls it
    return _validated(read, json.dumps(_READING).encode())


def head(data: bytes) -> str:
    """A text's file: encoding, head and fields, then its Markdown as a page shows it."""
    findings = TextFindings()
    text = filenames.decoded(_held("de.md", data), "de.md", findings)
    read = None if text is None else frontmatter.read(text, "de.md", _FIELDS, findings)
    assert read is not None or findings.errors, "a text vanished"
    if read is not None:
        list(markdown_checks.faults(read.body))
        to_html(read.body)
    return " ".join(sorted({one.reason for one in findings.found}))


def notices(data: bytes) -> str:
    """A file of rules."""
    try:
        return f"{len(json_rows.decode(_held('notices.json', data), list[NoticeRow]))} rules"
    except DigitalpfadError as error:
        return str(error)[:60]


def settings(data: bytes) -> str:
    """The value of each setting, by the first byte."""
    from digitalpfad.config import settings as loaded  # noqa: PLC0415 - pydantic is not loaded for the other targets
    from digitalpfad.config.model import Settings  # noqa: PLC0415

    names = sorted(Settings.model_fields)
    name = f"{loaded.PREFIX}{names[(data[0] if data else 0) % len(names)].upper()}"
    value = data[1:].replace(b"\0", b"").decode("utf-8", "replace")
    with mock.patch.dict("os.environ", {name: value}):
        try:
            loaded.load()
        except DigitalpfadError as error:
            return f"{name} {str(error)[-60:]}"
    return name


def trail_file(suffix: str) -> Callable[[bytes], str]:
    """A file with this ending, read as `trail import` does."""

    def run(data: bytes) -> str:
        from geodata.findings.trail_file import Findings  # noqa: PLC0415
        from geodata.trailfiles.draft import draft  # noqa: PLC0415 - geopandas takes a second, and the parsers need none
        from geodata.trailfiles.draft.records import ReadOptions  # noqa: PLC0415

        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, f"weg.{suffix}")
            file.write_bytes(data)
            findings = Findings()
            try:
                draft.read(file, ReadOptions(), findings)
            except DigitalpfadError as error:
                return str(error)[:60]
            return " ".join(sorted({str(one.sentence)[:30] for one in findings.found}))

    return run


def _of_shapefile(suffix: str) -> Callable[[bytes], str]:
    """A Shapefile of which the part with this ending is the bytes."""

    def run(data: bytes) -> str:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            for part in ("shp", "shx", "dbf", "prj"):
                archive.writestr(f"weg.{part}", data if part == suffix else _by_gis()[part])
        return trail_file("zip")(file.getvalue())

    return run


_SHAPES, _TABLE = _of_shapefile("shp"), _of_shapefile("dbf")


@cache
def _by_gis() -> dict[str, bytes]:
    """A line and its name as GeoPackage and Shapefile, by ending."""
    import geopandas  # noqa: PLC0415 - see above
    from shapely import LineString  # noqa: PLC0415

    frame = geopandas.GeoDataFrame(
        {"NAME": ["Wäg"]}, geometry=[LineString([(9, 52, 1), (9, 52.01, 2)])], crs="EPSG:4326"
    )
    with tempfile.TemporaryDirectory() as folder:
        for suffix, driver in (("gpkg", "GPKG"), ("shp", "ESRI Shapefile")):
            frame.to_file(Path(folder, f"weg.{suffix}"), driver=driver)
        return {file.suffix[1:]: file.read_bytes() for file in Path(folder).iterdir()}


def _held(name: str, data: bytes) -> Traversable:
    """A file in memory, as a folder's reader sees it: all that it asks for."""

    class Held:
        def open(self, _mode: str = "rb") -> io.BytesIO:
            return io.BytesIO(data)

    held = Held()
    held.name = name  # pyright: ignore[reportAttributeAccessIssue]
    return cast("Traversable", held)


def _packed(name: str, content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return file.getvalue()


_GPX = b"""<?xml version="1.0"?><gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">
<wpt lat="52" lon="9"><name>1 A</name></wpt>
<trk><name>W &amp; X</name><trkseg><trkpt lat="52" lon="9"><ele>1</ele></trkpt>
<trkpt lat="52.01" lon="9"><ele>2,5</ele>
<extensions><a:b xmlns:a="c">1</a:b></extensions></trkpt></trkseg></trk></gpx>"""
_KML = b"""<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2">
<Document><Folder><name>A</name><Placemark><name>W</name><LineString>
<altitudeMode>absolute</altitudeMode><coordinates>9,52,1 9,52.01,2</coordinates></LineString></Placemark>
<Placemark><gx:Track><when>2026</when><gx:coord>9 52 1</gx:coord>
<gx:coord>9 52.01 1</gx:coord></gx:Track></Placemark></Folder></Document></kml>"""
_GEOJSON = b"""{"type": "FeatureCollection", "features": [{"type": "Feature",
"properties": {"name": "W", "nr": 1, "a": NaN},
"geometry": {"type": "LineString", "coordinates": [[9, 52, 1], [9, 52.01]]}},
{"type": "Feature", "properties": null,
"geometry": {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [9, 52]}]}}]}"""
_TEXT = (
    '---\ntitle: "Teiche"\nlead: |\n  x: y\nquestion: „Wer?“\n---\n## A\n\n- *b* **c** [d](https://e.de)\n1. f\n'
).encode()
_RULE = b"""[{"id": "a", "station": 4, "device": "d", "observed_property": "rain",
"caution": 1, "warning": 2.5, "hysteresis": 0.5, "texts": {"de": {"caution": "x", "warning": "y", "unknown": "z"}}}]"""

TARGETS: Mapping[str, Target] = {
    "MQTT payloads": Target(
        message,
        (
            b"\0" + json.dumps(_READING).encode(),
            b"\0"
            + json.dumps({"boot": "b", "oldest": 1, "readings": [_READING, {"seq": 4, "values": {"x": "7"}}]}).encode(),
            b'\1{"state": "online", "boot": "b", "interval_s": 600, "firmware": "AA:BB:CC:DD:EE:FF"}',
        ),
    ),
    "MQTT topics": Target(topic, (TELEMETRY.encode(), STATUS.encode(), b"digitalpfad/v1/+/#")),
    "front matter and Markdown": Target(head, (_TEXT,)),
    "files of notices": Target(notices, (_RULE,)),
    "settings": Target(settings, (b"\x00https://a.de", b"\x05600", b"\x08postgresql://a:b@c/d"), pure=False),
    "GPX": Target(trail_file("gpx"), (_GPX,), pure=False),
    "KML": Target(trail_file("kml"), (_KML,), pure=False),
    "GeoJSON": Target(trail_file("geojson"), (_GEOJSON,), pure=False),
    "GeoPackage": Target(trail_file("gpkg"), (), pure=False),
    "Shapefile": Target(_SHAPES, (), pure=False),
    "dBASE table of a Shapefile": Target(_TABLE, (), pure=False),
    "zip": Target(trail_file("zip"), (_packed("weg.gpx", _GPX), _packed("a/weg.kml", _KML)), pure=False),
    "KMZ": Target(trail_file("kmz"), (_packed("doc.kml", _KML),), pure=False),
}
