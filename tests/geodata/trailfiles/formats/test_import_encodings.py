"""Texts of geodata files in the encodings that people's programs write, and what is said of a guess."""

from __future__ import annotations

import codecs
import struct
from pathlib import Path
from typing import Any

import pytest
from shapely import LineString, Point

from geodata.errors import InvalidInput
from geodata.findings.trail_file import Refused
from tests.geodata.trailfiles.geofiles import EASTWARDS, GPX, geojson, layers, read, station

NAME = "1 Försterteich"
PLACES = " ".join(f"{lon},{lat},{z}" for lon, lat, z in EASTWARDS)
LINE = f"<Placemark><name>Weg</name><LineString><coordinates>{PLACES}</coordinates></LineString></Placemark>"
POINT = f"<Placemark><name>{NAME}</name><Point><coordinates>8.9,52.05</coordinates></Point></Placemark>"
KML = f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{LINE}{POINT}</Document></kml>'
GPX_WITH_STATION = GPX.replace("<trk>", f'<wpt lat="52.05" lon="8.9"><name>{NAME}</name></wpt><trk>')


def names(file: Path, **how: Any) -> list[str]:
    return [one.name for one in read(file, **how)[0].stations]


@pytest.mark.parametrize(("suffix", "document"), [("kml", KML), ("gpx", GPX_WITH_STATION)])
@pytest.mark.parametrize(
    ("declared", "codec", "mark", "told"),
    [
        ("", "utf-8", b"", ""),
        ("UTF-8", "utf-8", codecs.BOM_UTF8, ""),
        ("windows-1252", "cp1252", b"", ""),
        ("ISO-8859-1", "latin-1", b"", ""),
        ("UTF-16", "utf-16-le", codecs.BOM_UTF16_LE, ""),
        ("UTF-16", "utf-16-be", codecs.BOM_UTF16_BE, ""),
        ("", "utf-16-le", b"", ""),
        ("UTF-32", "utf-32-le", codecs.BOM_UTF32_LE, ""),
        ("utf-16", "utf-8", b"", ""),
        ("windows-1252", "utf-8", b"", "should be in windows-1252, but its bytes are not: it is read as UTF-8."),
        ("UTF-8", "cp1252", b"", "should be in UTF-8, but its bytes are not: it is read as Windows-1252."),
        ("", "cp1252", b"", "should be in UTF-8, but its bytes are not: it is read as Windows-1252."),
        ("klingon", "utf-8", b"", ""),
    ],
)  # fmt: skip
def test_xml_is_read_whatever_its_encoding(
    tmp_path: Path, suffix: str, document: str, declared: str, codec: str, mark: bytes, told: str
) -> None:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    file = tmp_path / f"weg.{suffix}"
    file.write_bytes(mark + f"{declaration}\n{document}".encode(codec))
    draft, found = read(file)
    assert [one.name for one in draft.stations] == ["Försterteich"]
    assert draft.line is not None
    about_encoding = [line for line in found if "read as" in line]
    assert [told in line for line in about_encoding] == ([True] if told else [])


def test_dashes_in_what_calls_itself_iso_8859_1_are_those_of_windows(tmp_path: Path) -> None:
    declaration = b'<?xml version="1.0" encoding="ISO-8859-1"?>'
    (tmp_path / "weg.kml").write_bytes(declaration + KML.replace("teich", "teich – Süd").encode("cp1252"))
    assert names(tmp_path / "weg.kml") == ["Försterteich – Süd"]


@pytest.mark.parametrize(("codec", "mark"), [("utf-8", codecs.BOM_UTF8), ("utf-16", b""), ("utf-16-be", b"")])
def test_geojson_is_read_in_every_unicode_encoding(tmp_path: Path, codec: str, mark: bytes) -> None:
    text = geojson(tmp_path / "a.geojson", (station(1), {"name": "ö"})).read_text().replace("\\u00f6", NAME)
    (tmp_path / "weg.geojson").write_bytes(mark + text.encode(codec))
    assert names(tmp_path / "weg.geojson") == ["Försterteich"]


def test_geojson_in_windows_1252_is_read_and_told(tmp_path: Path) -> None:
    text = geojson(tmp_path / "a.geojson", (station(1), {"name": "ö"})).read_text().replace("\\u00f6", NAME)
    (tmp_path / "weg.geojson").write_bytes(text.encode("cp1252"))
    draft, found = read(tmp_path / "weg.geojson")
    assert draft.stations[0].name == "Försterteich"
    assert any("it is read as Windows-1252. encoding says another." in line for line in found)


def shapefile(folder: Path, texts: list[bytes], *, language: int = 0, cpg: str | None = None) -> Path:
    """A Shapefile of points whose column NAME of 20 bytes holds ``texts`` as they are."""
    places = [station(100 * i) for i in range(len(texts))]
    file = layers(folder / "tafeln.shp", "ESRI Shapefile", "EPSG:25832",
                  tafeln=(places, [{"NAME": "x" * 20} for _ in texts]))  # fmt: skip
    header = struct.pack("<B3BIHH16xBBxx", 3, 126, 11, 28, len(texts), 65, 21, 0, language)
    column = b"NAME".ljust(11, b"\0") + b"C" + bytes(4) + bytes([20]) + bytes(15)
    rows = b"".join(b" " + text.ljust(20) for text in texts)
    file.with_suffix(".dbf").write_bytes(header + column + b"\r" + rows + b"\x1a")
    file.with_suffix(".cpg").unlink(missing_ok=True)
    if cpg is not None:
        file.with_suffix(".cpg").write_text(cpg)
    return file


@pytest.mark.parametrize(
    ("codec", "language", "cpg", "told"),
    [
        ("utf-8", 0, "UTF-8", ""),
        ("utf-8", 0, "65001\n", ""),
        ("cp1252", 0, "ANSI 1252", ""),
        ("cp1252", 0, "1252", ""),
        ("cp850", 0, "OEM 850", ""),
        ("iso8859-15", 0x57, "ISO 8859-15", ""),
        ("cp1252", 0, "88591", "The .cpg of tafeln.shp says ISO-8859-1, but its texts are in Windows-1252"),
        ("utf-8", 0, None, "note: tafeln.shp does not say its encoding; judged by their bytes the texts are in UTF-8"),
        ("utf-8", 0x57, None, "judged by their bytes the texts are in UTF-8, such as 'Förster – Süd'."),
        ("cp1252", 0x57, None, "by the language byte of its .dbf the texts are in Windows-1252, such as 'Förster"),
        ("cp1252", 0, None, "does not say its encoding; judged by their bytes the texts are in Windows-1252"),
        ("cp1252", 0, "UTF-8", "warning: The .cpg of tafeln.shp says UTF-8, but its texts are in Windows-1252"),
        ("utf-8", 0, "1252", "warning: The .cpg of tafeln.shp says Windows-1252, but its texts are in UTF-8"),
        ("cp850", 0, None, "does not say its encoding; judged by their bytes the texts are in CP850, such as 'Förster"),
        ("cp1252", 0, "system", "warning: The .cpg of tafeln.shp says system, which is no encoding."),
    ],
)  # fmt: skip
def test_texts_of_a_shapefile_are_read_whatever_their_encoding(
    tmp_path: Path, codec: str, language: int, cpg: str | None, told: str
) -> None:
    expected = "Förster – Süd".replace("–", "-") if codec in {"cp850", "iso8859-15"} else "Förster – Süd"
    file = shapefile(tmp_path, [b"Eiche", expected.encode(codec)], language=language, cpg=cpg)
    draft, found = read(file)
    assert [one.name for one in draft.stations] == ["Eiche", expected]
    about_encoding = [line for line in found if "encoding" in line]
    assert any(told in line for line in about_encoding) if told else not about_encoding


def test_german_letters_of_an_old_dos_program_are_read_by_the_language_byte(tmp_path: Path) -> None:
    assert names(shapefile(tmp_path, ["Größe".encode("cp850")], language=0x02)) == ["Größe"]


def test_the_option_overrules_what_a_shapefile_says(tmp_path: Path) -> None:
    file = shapefile(tmp_path, ["Größe".encode("cp850")], cpg="1252")
    assert names(file, encoding="cp850") == ["Größe"]


def test_an_option_that_does_not_fit_the_bytes_is_wrong_usage(tmp_path: Path) -> None:
    file = shapefile(tmp_path, ["Größe".encode("cp1252")])
    with pytest.raises(InvalidInput, match=r"encoding is 'utf-8', expected the encoding of the texts in tafeln.shp"):
        read(file, encoding="UTF-8")
    with pytest.raises(InvalidInput, match="encoding is 'klingon', expected the name of an encoding"):
        read(file, encoding="klingon")
    with pytest.raises(InvalidInput, match="encoding is 'hex'"):
        read(file, encoding="hex")


def test_a_text_that_fills_its_column_and_ends_within_a_letter_loses_that_letter_and_is_named(tmp_path: Path) -> None:
    draft, found = read(shapefile(tmp_path, [b"A" * 19 + "ö".encode()[:1], "Bäche".encode()], cpg="UTF-8"))
    assert [one.name for one in draft.stations] == ["A" * 19, "Bäche"]
    assert any("1 texts in tafeln.shp fill their column and end within a letter" in line for line in found)


def test_a_byte_that_no_encoding_knows_is_refused_and_no_letter_is_lost(tmp_path: Path) -> None:
    _, found = read(shapefile(tmp_path, [b"Gr\x8d\xe4n"], cpg="1252"))
    assert any(line.startswith("error: The name of a station holds broken letters: 'Gr\\x8d") for line in found)


def test_names_of_columns_with_umlauts_are_read_too(tmp_path: Path) -> None:
    file = shapefile(tmp_path, [b"Eiche"])
    content = file.with_suffix(".dbf").read_bytes().replace(b"NAME\0\0", "GRÖSSE".encode("cp1252"))
    file.with_suffix(".dbf").write_bytes(content)
    _, found = read(file)
    assert any("texts are in Windows-1252, such as 'GRÖSSE'" in line for line in found)


@pytest.mark.parametrize(
    ("name", "shown"),
    [("FÃ¶rster", "FÃ¶rster"), ("Teich \x96 Süd", r"Teich \x96"), ("Gr\ufffdn", "Gr\ufffdn"), ("a\x07b", r"a\x07b")],
)
def test_broken_letters_in_names_are_refused_with_the_place(tmp_path: Path, name: str, shown: str) -> None:
    file = geojson(
        tmp_path / "a.geojson", (LineString(EASTWARDS), {"name": "Weg"}), (Point(8.9, 52.05), {"name": name})
    )
    (sentence,) = [line for line in read(file)[1] if line.startswith("error")]
    assert f"The name of a station holds broken letters: '{shown}" in sentence
    assert "At 8.900000, 52.050000 (lon, lat)." in sentence
    assert "encoding" in sentence


def test_broken_letters_in_the_trails_name_are_refused_in_every_format(tmp_path: Path) -> None:
    line = ([LineString(EASTWARDS)], [{"name": "GroÃŸe Buche"}])
    for file in (
        layers(tmp_path / "a.gpkg", "GPKG", "EPSG:25832", weg=line),
        layers(tmp_path / "b.kml", "KML", "EPSG:4326", weg=line),
        layers(tmp_path / "c.gpx", "GPX", "EPSG:4326", routes=line),
    ):
        assert any("error: The name of the trail holds broken letters" in found for found in read(file)[1]), file


def test_white_space_and_soft_hyphens_are_no_broken_letters(tmp_path: Path) -> None:
    name = "St.\u00a0Annen\u2011Steg\u00ad"
    file = geojson(tmp_path / "a.geojson", (LineString(EASTWARDS), {"name": name}))
    assert not [line for line in read(file)[1] if line.startswith("error")]


def test_bytes_that_are_in_no_known_encoding_are_refused_with_the_line(tmp_path: Path) -> None:
    (tmp_path / "weg.kml").write_bytes(b"<kml>\n<name>\x81\xe4</name></kml>")
    with pytest.raises(Refused, match=r"weg.kml is not in Windows-1252: line 2 holds the byte 0x81. .*encoding=cp850"):
        read(tmp_path / "weg.kml")
    (tmp_path / "kurz.gpx").write_bytes(codecs.BOM_UTF16_LE + GPX.encode("utf-16-le")[:-1])
    with pytest.raises(Refused, match=r"kurz\.gpx is not in UTF-16-LE"):
        read(tmp_path / "kurz.gpx")
