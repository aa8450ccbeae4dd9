"""XML and JSON that are not quite: what has one reading is read and told, the rest refused with its place."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import shapely
from shapely import LineString

from tests.geodata.trailfiles.geofiles import EASTWARDS, FILES, GPX, read, refusal, station, trail_file

HEIGHTS = [z for *_, z in EASTWARDS]


def gpx(folder: Path, document: str) -> Path:
    (folder / "weg.gpx").write_text(document, encoding="utf-8")
    return folder / "weg.gpx"


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ("\n \n<?xml version='1.0' encoding='UTF-8'?>" + GPX, ""),
        ("<!-- " + "Hinweis " * 500 + "-->" + GPX, ""),
        ("<?xml version='1.0'?><?xml-stylesheet href='a.xsl'?>\n" + GPX, ""),
        (GPX.replace("'1.1'", "'0.31'"), ""),
        (GPX.replace("</ele>", "</ele><hdop>0,7</hdop><speed>1.2</speed><time>gestern</time>"), ""),
        (GPX.replace("</trk>", "</trk><rte/><rte><name>leer</name></rte>"),
         "Pieces of the layer routes with less than two points are left out, 2 of them"),
        (GPX + "<br />\n<b>Warning</b>: in line 7",
         "weg.gpx continues after its end at line 3, column 7; this was not read: '<br />"),
        (GPX.replace("<trkseg>", "<extensions><locus:color>f00</locus:color></extensions><trkseg>", 1),
         "weg.gpx uses names of another program without saying whose (locus:)"),
        (GPX.replace("<trkpt", "<trkpt ql:flags='1'", 1), "(ql:)"),
        (GPX.replace("</ele>", "</ele><extensions><::ql:slope>1</::ql:slope></extensions>"),
         "11 of the extensions in weg.gpx are no well-formed XML and left out; the first stands at line 2, column 75"),
        (GPX.replace("</ele>", "</ele><extensions><a></b></extensions>", 1), "1 of the extensions in weg.gpx"),
        (GPX.replace("<trkseg>", "<desc>Wald & Wiese</desc><trkseg>"), "weg.gpx has 1 signs & that XML would write"),
    ],
)  # fmt: skip
def test_a_gpx_with_faults_that_have_one_reading_gives_its_line(tmp_path: Path, document: str, told: str) -> None:
    draft, found = read(gpx(tmp_path, document))
    assert draft.line is not None
    assert [z for *_, z in draft.line.coords] == pytest.approx(HEIGHTS)
    assert draft.name == "Weg"
    assert any(told in line for line in found) if told else not found


def test_html_names_of_letters_and_bare_ampersands_are_read_outside_of_cdata_only(tmp_path: Path) -> None:
    names = "<wpt lat='52.05' lon='8.9'><name>1 F&ouml;rster & S&ouml;hne &amp; Co</name></wpt>"
    cdata = "<wpt lat='52.05' lon='8.903'><name>2 <![CDATA[Teich &ouml;]]></name></wpt>"
    draft, found = read(gpx(tmp_path, GPX.replace("<trk>", names + cdata + "<trk>")))
    assert [one.name for one in draft.stations] == ["Förster & Söhne & Co", "Teich &ouml;"]
    assert any("weg.gpx has 3 signs &" in line for line in found)


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ("", "weg.gpx is empty."),
        ("  \n", "weg.gpx is empty."),
        ("Waldweg", "weg.gpx begins with 'Waldweg'. Expected GPX."),
        (GPX[:90], "weg.gpx is no well-formed XML at line 2, column"),
        (GPX[:-7], "the file ends before it is complete. Expected GPX. Export it once more, or download it again."),
        (GPX.replace("</name>", "</nmae>"), "at line 2, column 17, near '<trk><name>Weg</nmae><trkseg>"),
        (GPX.replace("<name>", "<name x='1' x='2'>"), "an attribute stands twice in one tag. Expected GPX. Remove one"),
        (GPX.replace("Weg", "We\x01g"), "column 14, near '<trk><name>We"),
        (GPX.replace("Weg", "We<g"), "a sign stands there that may not. Expected GPX. Write & as &amp; and < as &lt;"),
        (GPX + GPX, "weg.gpx holds two documents in a row; the second begins at line 3, column 7."),
    ],
)
def test_a_gpx_with_other_faults_is_refused_with_the_place_and_our_words(
    tmp_path: Path, document: str, sentence: str
) -> None:
    said = refusal(gpx(tmp_path, document))
    assert sentence in said
    assert not re.search("token|mismatched|junk|unbound|element found", said)


def test_the_place_of_a_fault_counts_what_stands_before_the_root(tmp_path: Path) -> None:
    document = "\ufeff<?xml version='1.0'?>\r\n<!-- a\r\nb -->  " + GPX.replace("'1.1'", "'1.1'' ")
    assert "at line 3, column 26" in refusal(gpx(tmp_path, document))


@pytest.mark.parametrize("namespace", ["", " xmlns='http://earth.google.com/kml/2.1'", " xmlns='urn:other'"])
def test_kml_of_any_namespace_is_read(tmp_path: Path, namespace: str) -> None:
    document = (FILES / "folders.kml").read_text(encoding="utf-8")
    (tmp_path / "folders.kml").write_text(re.sub(r"<kml[^>]*>", f"<kml{namespace}>", document), encoding="utf-8")
    assert read(tmp_path / "folders.kml")[0].line == read(FILES / "folders.kml")[0].line


@pytest.mark.parametrize("separator", ["\n", "\r\n", "\n\x1e", " ", "\n\n"])
def test_geojson_documents_in_a_row_are_one_file(tmp_path: Path, separator: str) -> None:
    whole = json.loads(trail_file(tmp_path, [(station(300), {"name": "1 Teich"})]).read_text())
    documents = [*whole["features"][:1], {"type": "FeatureCollection", "features": whole["features"][1:]}]
    file = tmp_path / "weg.geojsonl"
    file.write_text(separator + separator.join(map(json.dumps, documents)) + separator)
    draft, found = read(file)
    assert draft.line is not None
    assert [(one.number, one.name) for one in draft.stations] == [(1, "Teich")]
    assert "note: weg.geojsonl holds 2 GeoJSON documents in a row: all are read." in found


def test_bare_geometries_in_a_row_are_features(tmp_path: Path) -> None:
    parts = [LineString(EASTWARDS[:5]), LineString(EASTWARDS[4:])]
    (tmp_path / "weg.json").write_text("\n".join(shapely.to_geojson(part) for part in parts))
    assert read(tmp_path / "weg.json")[0].line == LineString(EASTWARDS)


@pytest.mark.parametrize("missing", ["NaN", "null", "-Infinity"])
def test_a_height_that_json_does_not_know_is_missing(tmp_path: Path, missing: str) -> None:
    text = trail_file(tmp_path).read_text().replace(" 154.0]", f" {missing}]")
    (tmp_path / "b.geojson").write_text(text.replace('"Waldweg"', f'"Waldweg", "NaN": {missing}'))
    draft, found = read(tmp_path / "b.geojson")
    assert draft.line is not None
    assert [z for *_, z in draft.line.coords] == pytest.approx(HEIGHTS)
    assert any("1 of 11 heights are missing and interpolated." in line for line in found)
    told = "b.geojson has 2 numbers that JSON does not know (NaN, Infinity): they are read as missing."
    assert any(told in line for line in found) == (missing != "null")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"type": "Feature",\n "a": 1,}', "at line 2, column 9, near"),
        ('{"type": "Feature",\n "a": 1,}', "a name in double quotes should stand there."),
        ("{'type': 'Feature'}", "Names need double quotes, and no comma follows the last entry."),
        ("// Weg\n{}", "at line 1, column 1, near '// Weg"),
        ('{"type": "Feature"', "the file ends before it is complete."),
        ('{"type": "Fea\nture"}', r"a text has a line break or tab in it. Expected GeoJSON (RFC 7946). Write it as \n"),
        ('{"type": "C:\\weg"}', "a backslash stands before a letter that needs none."),
        ('{"type": "Feature}', "the quotes of a text are not closed."),
        ('{"type" "Feature"}', "a colon should stand there."),
        ("[1, 2]", "weg.geojson has the type ''. Expected one of FeatureCollection"),
        ("[" * 100_000 + "]" * 100_000, "weg.geojson is nested too deep."),
        ('{"type": "Feature"} {"type": "Topology"}', "weg.geojson has the type 'Topology'."),
        ("\ufeff \n", "weg.geojson is empty."),
    ],
)
def test_faulty_json_is_refused_with_the_place_and_our_words(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "weg.geojson").write_text(text, encoding="utf-8")
    said = refusal(tmp_path / "weg.geojson")
    assert sentence in said
    assert not re.search("delimiter|malformed|byte", said)
