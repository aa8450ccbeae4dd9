"""A trail from a file on the staff pages: planned, looked at, and carried out exactly as it was shown."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import timedelta

import httpx
import pytest

from geodata.actions.planned import apart
from geodata.model.staff import Role
from geodata.store.access import audit
from geodata.store.catalogue.station import load_stations
from geodata.store.catalogue.trail import load_trails
from geodata.store.submissions import trail_upload
from tests.dashboards.office import LINE, STATIONS, Office, hire

LIST = "/staff/trail-files"
TOWN = f"{LIST}?municipality=lemgo"


def gpx(stations: list[tuple[str, float, float]], line: list[tuple[float, float]] | None = None) -> bytes:
    """A file as phones write it."""
    points = "".join(f'<trkpt lat="{lat}" lon="{lon}"/>' for lon, lat in line or list(LINE.coords))
    named = "".join(f'<wpt lat="{lat}" lon="{lon}"><name>{name}</name></wpt>' for name, lon, lat in stations)
    head = '<gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1">'
    return f"{head}{named}<trk><name>Neuer Weg</name><trkseg>{points}</trkseg></trk></gpx>".encode()


SAME = [(f"{number} {title}", lon, lat) for _, number, title, lon, lat, _ in STATIONS]


@pytest.fixture
def editor(office: Office) -> httpx.Client:
    hire(office.database, "eva", Role.EDITOR, town="lemgo")
    return office.signed_in("eva")


def give(editor: httpx.Client, content: bytes, name: str = "weg.gpx", where: str = TOWN) -> str:
    """Hand a file in; the address of its plan."""
    answer = editor.post(where, files={"file": (name, content)})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def stations(office: Office) -> dict[str, tuple[str, int, float, float, bool]]:
    with office.database.transaction() as connection:
        return {
            code: (station.trail, station.number, station.lon, station.lat, station.retired_at is not None)
            for code, station in load_stations(connection).items()
        }


def test_a_new_trail_is_shown_first_and_then_there(office: Office, editor: httpx.Client) -> None:
    plan = give(editor, gpx([("1 Am Bach", 8.906, 52.048), ("2 Buche", 8.917, 52.0515)]))
    page = editor.get(plan).text
    assert "Neuer Weg (neu)" in page
    assert "Am Bach" in page
    assert "2 neu" in page
    assert 'class="map"' in page
    with office.database.transaction() as connection:
        assert set(load_trails(connection)) == {"stadtwald"}, "nothing is written by looking"
    assert editor.post(plan).headers["location"] == "/staff/trails?said=neuer-weg"
    with office.database.transaction() as connection:
        assert load_trails(connection)["neuer-weg"].name() == "Neuer Weg"
        entry = audit.newest(connection, 1)[0]
    assert (entry.action, entry.object, entry.municipality) == ("trail-import", "neuer-weg", "lemgo")
    new = sorted(station[1] for station in stations(office).values() if station[0] == "neuer-weg")
    assert new == [1, 2]
    assert editor.get(plan).status_code == 404, "what is carried out waits no longer"


def test_signs_keep_their_codes_when_a_trail_is_read_again(office: Office, editor: httpx.Client) -> None:
    before = stations(office)
    moved = [(name, lon + 0.0002, lat) if name.startswith("4 ") else (name, lon, lat) for name, lon, lat in SAME]
    plan = give(editor, gpx(moved), where=f"{TOWN}&trail=stadtwald")
    page = editor.get(plan).text
    assert re.search(r"zieht 1\d m um", page)
    assert 'class="move"' in page
    editor.post(plan)
    after = stations(office)
    assert after.keys() == before.keys()
    assert after["3DVB54"][2] == pytest.approx(8.9172)
    assert after["R7TZ2H"] == before["R7TZ2H"]


def test_what_was_shown_is_not_carried_out_once_something_has_changed(office: Office, editor: httpx.Client) -> None:
    plan = give(editor, gpx(SAME[:3]), where=f"{TOWN}&trail=stadtwald")
    with office.database.transaction() as connection:
        connection.execute("UPDATE station SET number = 9 WHERE code = 'R7TZ2H'")
    before = stations(office)
    answer = editor.post(plan)
    assert answer.headers["location"] == f"{plan}?said=again"
    assert stations(office) == before
    assert "Inzwischen hat sich etwas geändert" in editor.get(f"{plan}?said=again").text
    assert editor.post(plan).headers["location"] == "/staff/trails?said=stadtwald", "the new plan holds"


def test_the_same_file_is_read_in_another_way(office: Office, editor: httpx.Client) -> None:
    plan = give(editor, gpx(SAME[:3]), where=f"{TOWN}&trail=stadtwald")
    assert "bleibt, fehlt in der Datei" in editor.get(plan).text
    answer = editor.post(f"{plan}/read", data={"trail": "stadtwald", "licence": "CC0-1.0", "retire_missing": "y"})
    assert answer.status_code == 303
    page = editor.get(plan).text
    assert "wird stillgelegt" in page
    assert 'name="retire_missing" value="y" checked' in page
    editor.post(plan)
    assert stations(office)["R7TZ2H"][4]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("weg.gpx", b"<gpx", "Fehler"),
        ("weg.zip", b"PK\x03\x04 no archive", "Fehler"),
        ("weg.geojson", b'{"type": "FeatureCollection", "features": []}', "Fehler"),
        ("weg.kml", b"<!DOCTYPE kml [<!ENTITY a 'b'>]><kml>&a;</kml>", "Fehler"),
        ("..\\..\\weg.gpx", b"", ""),
    ],
)
def test_a_file_that_is_no_trail_is_refused_in_words_and_changes_nothing(
    office: Office, editor: httpx.Client, name: str, content: bytes, words: str
) -> None:
    if not content:
        assert editor.post(TOWN, files={"file": (name, content)}).status_code == 422
        return
    plan = give(editor, content, name)
    page = editor.get(plan).text
    assert words in page
    assert "So übernehmen" not in page
    assert editor.post(plan).status_code == 422
    assert len(stations(office)) == 4


@pytest.mark.parametrize(
    ("where", "files", "words"),
    [
        (TOWN, {"file": ("weg.exe", b"MZ")}, "Diese Art von Datei geht nicht"),
        (TOWN, {"other": ("weg.gpx", b"")}, "Bitte wählen Sie zuerst eine Datei."),
        (LIST, {"file": ("weg.gpx", b"x")}, "wohin der Pfad gehört"),
        (f"{LIST}?municipality=nirgends", {"file": ("weg.gpx", b"x")}, "wohin der Pfad gehört"),
        (TOWN, {"file": ("weg.gpx", b"x" * (apart.MOST_BYTES + 1))}, "höchstens 20 MB"),
    ],
)
def test_what_cannot_be_taken_says_why(
    editor: httpx.Client, where: str, files: dict[str, tuple[str, bytes]], words: str
) -> None:
    answer = editor.post(where, files=files)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_name_leads_out_of_no_folder_and_brings_no_script(editor: httpx.Client) -> None:
    plan = give(editor, gpx(SAME), "../../<script>alert(1)</script>\n.gpx")
    page = editor.get(plan).text
    assert "<script>alert" not in page
    assert "..&#" not in page
    assert "../" not in re.sub(r'href="[^"]*"', "", page)


def test_a_code_of_another_town_is_neither_taken_nor_told(office: Office, editor: httpx.Client) -> None:
    with office.database.transaction() as connection:
        connection.execute("INSERT INTO municipality (slug, name) VALUES ('kalletal', 'Kalletal')")
        connection.execute(
            "INSERT INTO trail (slug, municipality, line, licence)"
            " SELECT 'steinberg', 'kalletal', line, licence FROM trail"
        )
        connection.execute("UPDATE station SET trail = 'steinberg' WHERE code = 'R7TZ2H'")
    features = [
        {"type": "Feature", "properties": {"name": "Weg"}, "geometry": json.loads(json.dumps(LINE.__geo_interface__))},
        {
            "type": "Feature",
            "properties": {"name": "Steg", "code": "R7TZ2H"},
            "geometry": {"type": "Point", "coordinates": [8.9268, 52.0515]},
        },
    ]
    before = stations(office)
    plan = give(editor, json.dumps({"type": "FeatureCollection", "features": features}).encode(), "weg.geojson")
    page = editor.get(plan).text
    assert "R7TZ2H" in page
    assert "steinberg" not in page
    assert editor.post(plan).status_code == 422
    taken = give(editor, gpx(SAME[:2]), where=f"{LIST}?municipality=lemgo")
    editor.post(f"{taken}/read", data={"trail": "steinberg"})
    assert "kalletal" not in editor.get(taken).text.lower()
    assert editor.post(taken).status_code == 422
    assert stations(office) == before


def test_files_wait_for_a_day_and_no_more_than_a_few(office: Office, editor: httpx.Client) -> None:
    plans = [give(editor, gpx(SAME)) for _ in range(trail_upload.MOST + 1)]
    assert editor.get(plans[0]).status_code == 404
    assert editor.get(plans[1]).status_code == 200
    assert editor.get(LIST).text.count("weg.gpx") == trail_upload.MOST
    office.clock.ahead = timedelta(hours=25)
    hire(office.database, "ede", Role.EDITOR)
    assert office.signed_in("ede").get(plans[-1]).status_code == 404


def test_a_dropped_file_is_gone(editor: httpx.Client) -> None:
    plan = give(editor, gpx(SAME))
    assert editor.post(f"{plan}/drop").headers["location"] == f"{LIST}?said=dropped"
    assert editor.get(plan).status_code == 404


def test_a_reader_that_takes_too_long_ends_and_says_so(editor: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_SECONDS", 0.01)
    page = editor.get(give(editor, gpx(SAME))).text
    assert "zu viel Zeit oder Speicher" in page
    assert "So übernehmen" not in page


def test_an_archive_of_several_files_is_one_trail(editor: httpx.Client) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("weg.gpx", gpx([]))
        archive.writestr("punkte.gpx", gpx(SAME).replace(b"<trk>", b"<trk><!-- -->"))
    assert "Stationen" in editor.get(give(editor, packed.getvalue(), "alles.zip")).text


def test_an_english_reader_gets_findings_in_english(editor: httpx.Client) -> None:
    plan = give(editor, gpx(SAME))
    editor.post("/staff/language", data={"language": "en", "next": plan})
    page = editor.get(plan).text
    assert "“Licence of the line”" in page
    assert "Lizenz" not in page
