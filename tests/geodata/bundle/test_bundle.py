"""Trail folders: the bundled one holds what it promises, and a wrong one is refused with a sentence."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from geodata.bundle.folder import TrailBundle, bundled, read
from geodata.errors import InvalidInput
from geodata.geometry.line import TrailGeometry
from geodata.model.observation import by_name
from geodata.model.properties import STANDARD_PROPERTIES
from geodata.vocabulary import codes
from geodata.vocabulary.season import Season

SOURCE = Path(__file__).parents[3] / "geodata" / "trails" / "stadtwald"
BUNDLE = bundled()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SOURCE, tmp_path / "trail"))


def edit(file: Path, change: Callable[[Any], None]) -> None:
    data = json.loads(file.read_text(encoding="utf-8"))
    change(data)
    file.write_text(json.dumps(data), encoding="utf-8")


def test_the_demonstration_trail_has_the_size_of_the_real_walk() -> None:
    geometry = TrailGeometry(BUNDLE.trail.line)
    heights = [z for _, _, z in BUNDLE.trail.line.coords]
    assert geometry.is_loop
    assert geometry.length_m == pytest.approx(4870, abs=10)
    assert (min(heights), max(heights)) == (pytest.approx(125, abs=1), pytest.approx(204, abs=1))
    assert geometry.ascent_m == pytest.approx(138, abs=2)
    assert geometry.descent_m == pytest.approx(138, abs=2)
    assert 120 <= len(heights) <= 250


def test_the_demonstration_trail_is_walked_clockwise_and_the_stations_follow_in_order() -> None:
    coords = list(BUNDLE.trail.line.coords)
    doubled_area = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(coords))
    assert doubled_area < 0
    alongs = [station.along_m for station in BUNDLE.stations]
    assert alongs == sorted(alongs)
    assert [station.number for station in BUNDLE.stations] == list(range(1, 11))


def test_the_ponds_stand_at_the_sourced_point_and_the_rest_is_called_invented() -> None:
    ponds = BUNDLE.stations[3]
    assert (ponds.lon, ponds.lat) == (8.916774, 52.051552)
    assert BUNDLE.trail.surveyed is False
    assert "Vorführung" in BUNDLE.trail.contents["de"].body
    assert "demonstration" in BUNDLE.trail.contents["en"].body
    for station in BUNDLE.stations:
        assert "erfunden" in station.contents["de"].source
        assert "invented" in station.contents["en"].source


def test_station_codes_are_valid_and_not_in_sequence() -> None:
    found = [station.code for station in BUNDLE.stations]
    assert all(codes.is_valid(code) for code in found)
    assert found != sorted(found)


def words(text: str) -> int:
    return len(re.findall(r"\w+", text.replace("-", "")))


@pytest.mark.parametrize("station", BUNDLE.stations, ids=lambda station: str(station.number))
def test_every_station_speaks_three_ways_for_about_a_minute(station: Any) -> None:
    assert {"de", "en", "de_simple"} <= set(station.contents)
    assert 130 <= words(station.contents["de"].body) <= 190
    assert 130 <= words(station.contents["en"].body) <= 210
    assert 60 <= words(station.contents["de_simple"].body) <= 110
    for content in (*station.contents.values(), *station.seasonal):
        assert content.question.count("?") + content.question.count(".") >= 1
        assert content.answer
        assert content.source
        assert "!" not in content.body


def test_children_have_their_own_texts_at_least_at_five_stations() -> None:
    texts = [station.contents["children"] for station in BUNDLE.stations if "children" in station.contents]
    assert len(texts) >= 5
    for text in texts:
        assert 80 <= words(text.body) <= 130
        assert "erfunden" in text.source
        assert text.title not in {station.contents["de"].title for station in BUNDLE.stations}


def test_a_text_takes_its_turn_in_autumn() -> None:
    [text] = [text for station in BUNDLE.stations for text in station.seasonal]
    assert (text.variant, text.season, text.show) == ("de", "brunft", Season((9, 10), (10, 20)))
    assert 130 <= words(text.body) <= 190
    assert "erfunden" in text.source


@pytest.mark.parametrize("station", BUNDLE.stations, ids=lambda station: str(station.number))
def test_plain_language_has_one_short_statement_a_line(station: Any) -> None:
    for line in station.contents["de_simple"].body.splitlines():
        assert words(line) <= 12, line
        assert len(re.findall(r"[.?:](?:\s|$)", line)) <= 1, line
        assert not re.search(r"\b(nicht|kein\w*|niemand|nie)\b", line), line


def test_devices_measure_known_properties_at_their_stations() -> None:
    known = by_name(STANDARD_PROPERTIES).keys()
    code_of = {station.number: station.code for station in BUNDLE.stations}
    for entry in BUNDLE.devices:
        measured = [prop for fed in entry.sensors.values() for prop in fed]
        assert set(measured) <= known
        assert {"battery_level", "battery_voltage", "rssi"} <= set(measured)
        assert entry.device.station == code_of[int(entry.device.id[-2:])]
    assert len(BUNDLE.devices) == 11


def test_a_folder_on_disk_is_read_like_the_bundled_one(folder: Path) -> None:
    assert read(folder) == BUNDLE


def _swap_lon_lat(stations: Any) -> None:
    stations[0]["lon"], stations[0]["lat"] = stations[0]["lat"], stations[0]["lon"]


OTHERS_CODE = "---\ntitle: A\nlead: B\nsource: C\ncode: 3dvb54\n---\nD"
BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "no line": (lambda f: (f / "trail.geojson").unlink(), r"trail\.geojson is not there, expected a file of this name"),
    "no JSON": (lambda f: (f / "stations.json").write_text("[{]"), r"stations\.json is damaged in line 1"),
    "wrong type": (
        lambda f: edit(f / "stations.json", lambda rows: rows[2].update(number="3")),
        r"stations\.json .*Expected `int`, got `str` - at `\$\[2\]\.number`",
    ),
    "misspelt name": (
        lambda f: edit(f / "devices.json", lambda rows: rows[0].update(nmae="x")),
        r"devices\.json .*unknown field `nmae`",
    ),
    "mistyped code": (
        lambda f: edit(f / "stations.json", lambda rows: rows[0].update(code="K7YNX1")),
        r"code of station 1 is 'K7YNX1', expected a code with a right check character",
    ),
    "code twice": (
        lambda f: edit(f / "stations.json", lambda rows: rows[0].update(code=rows[1]["code"])),
        r"stations\.json: code is '2FYJEM', expected each value once",
    ),
    "number twice": (
        lambda f: edit(f / "stations.json", lambda rows: rows[0].update(number=2)),
        r"stations\.json: number is 2, expected each value once",
    ),
    "off the line": (
        lambda f: edit(f / "stations.json", lambda rows: rows[0].update(lat=52.05)),
        r"station 1 is \d+ m off the line, expected at most 60 m\. Correct lon and lat",
    ),
    "swapped": (lambda f: edit(f / "stations.json", _swap_lon_lat), r"station 1 is \d+ m off the line"),
    "some heights": (
        lambda f: edit(f / "trail.geojson", lambda d: d["geometry"]["coordinates"][5].pop()),
        r"trail\.geojson: coordinates is 'heights here and there', expected all with height or all without",
    ),
    "no German": (
        lambda f: (f / "content/04-foersterteiche/de.md").unlink(),
        r"content/04-foersterteiche is 'children, de_simple, en', expected a German text\. Add de\.md",
    ),
    "no texts": (lambda f: shutil.rmtree(f / "content/04-foersterteiche"), r"Add content/04-…/de\.md"),
    "no trail text": (lambda f: shutil.rmtree(f / "content/trail"), "content/trail is none, expected a German text"),
    "no content": (lambda f: shutil.rmtree(f / "content"), r"content/ is no folders, expected folders such as 04-"),
    "unknown variant": (
        lambda f: (f / "content/01-unter-den-eichen/eo.md").write_text("x"),
        r"content/01-unter-den-eichen/eo\.md is 'eo', expected one of de, de_simple, children, en",
    ),
    "stray folder": (
        lambda f: shutil.copytree(f / "content/01-unter-den-eichen", f / "content/11-neu"),
        r"content is '11-neu', expected the number of a station\. Add it to stations\.json",
    ),
    "folder without text": (
        lambda f: (f / "content/11-neu").mkdir(),
        r"content/11-neu is no text, expected a file de",
    ),
    "folder without number": (
        lambda f: (f / "content/01-unter-den-eichen").rename(f / "content/neu"),
        r"content/neu is 'neu', expected a folder such as",
    ),
    "number of two folders": (
        lambda f: shutil.copytree(f / "content/04-foersterteiche", f / "content/4-x"),
        r"content/4-x is '4-x', expected one folder for station 4\. Merge it with 04-foersterteiche",
    ),
    "another code": (
        lambda f: (f / "content/01-unter-den-eichen/de.md").write_text(OTHERS_CODE),
        r"content/01-unter-den-eichen is '3DVB54', expected K7YNX0, as in stations\.json",
    ),
    "no answer": (
        lambda f: (f / "content/01-unter-den-eichen/de.md").write_text("---\ntitle: A\nlead: B\nquestion: C?\n---\nD"),
        r"content/01-unter-den-eichen/de\.md, line 4 is question alone, expected answer too: both or none\. Add a",
    ),
    "bad head": (
        lambda f: (f / "content/01-unter-den-eichen/de.md").write_text("---\ntitle: A: b\n---\nD"),
        r"content/01-unter-den-eichen/de\.md, line 2 is 'title: A: b'",
    ),
    "not UTF-8": (
        lambda f: (f / "content/01-unter-den-eichen/de.md").write_bytes("---\ntitle: Bäume\n---\nD".encode("latin-1")),
        r"content/01-unter-den-eichen/de\.md, line 2 is 'title: Bäume', expected text in UTF-8\. It is in Windows-1252",
    ),
    "device at no station": (
        lambda f: edit(f / "devices.json", lambda rows: rows[0].update(station=12)),
        r"station of device klima-01 is 12, expected the number of a station",
    ),
    "property twice": (
        lambda f: edit(f / "devices.json", lambda rows: rows[0]["sensors"].update(x=["rssi"])),
        r"sensors of device klima-01 is 'rssi', expected each value once",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_wrong_folder_is_refused_with_what_is_wrong_where_and_the_mend(folder: Path, case: str) -> None:
    spoil, sentence = BROKEN[case]
    spoil(folder)
    with pytest.raises(InvalidInput, match=sentence):
        read(folder)


def test_a_folder_without_devices_is_a_trail_all_the_same(folder: Path) -> None:
    (folder / "devices.json").unlink()
    (folder / "notices.json").unlink()
    bundle: TrailBundle = read(folder)
    assert bundle.devices == ()
    assert bundle.stations == BUNDLE.stations


def test_every_notice_speaks_german_english_and_plain_language() -> None:
    assert {"steg-nass", "sturmboeen", "hitze", "teich-hoch"} <= {rule.id for rule in BUNDLE.notices}
    for rule in BUNDLE.notices:
        assert set(rule.texts) == {"de", "en", "de_simple"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda rules: rules[0].update(station=99), "station of notice steg-nass is 99"),
        (lambda rules: rules[0].update(device="nirgends"), "series of notice steg-nass is 'nirgends: surface_wetness'"),
        (
            lambda rules: rules[0].update(observed_property="rain"),
            "what a device measures. Register the device,",
        ),
        (lambda rules: rules[0]["texts"].pop("de"), "texts of notice steg-nass is"),
        (lambda rules: rules[0].update(warning=10), "thresholds of notice steg-nass is"),
        (lambda rules: rules.append(rules[0]), "notices.json: id is 'steg-nass'"),
        (lambda rules: rules[0].update(cautoin=1), "cautoin"),
    ],
)
def test_a_wrong_notice_is_refused_with_a_sentence(folder: Path, change: Callable[[Any], None], sentence: str) -> None:
    edit(folder / "notices.json", change)
    with pytest.raises(InvalidInput, match=re.escape(sentence)):
        read(folder)
