"""Folders as people make them: what is right is read, and what systems leave behind is passed over."""

from __future__ import annotations

from pathlib import Path

from geodata.vocabulary.season import Season
from tests.geodata.content.written_folder import GOOD, TRAIL, put, read, texts


def test_stations_seasons_and_the_trail_are_read(tmp_path: Path) -> None:
    put(tmp_path, "trail/de.md", TRAIL)
    put(tmp_path, "4-teiche/de.md")
    put(tmp_path, "4-teiche/children.md", GOOD.replace("---\ntitle", "---\ncode: 3dvb54\ntitle"))
    put(tmp_path, "4-teiche/de.fruehling.md", GOOD.replace("source", "show_from: 03-01\nshow_until: 05-31\nsource"))
    folders, findings = read(tmp_path)
    assert findings.found == []
    assert [(one.name, one.number, one.code, len(one.texts)) for one in folders] == [
        ("4-teiche", 4, "3DVB54", 3),
        ("trail", 0, "", 1),
    ]
    spring = texts(folders[0])["4-teiche/de.fruehling.md"]
    assert (spring.variant, spring.season, spring.show) == ("de", "fruehling", Season((3, 1), (5, 31)))


def test_what_editors_and_systems_leave_behind_is_passed_over(tmp_path: Path) -> None:
    put(tmp_path, "04/de.md", "\ufeff" + GOOD.replace("\n", "\r\n"))
    for name in (
        "04/.DS_Store",
        "04/Thumbs.db",
        "04/de.md~",
        "04/desktop.ini",
        "README.md",
        "LIESMICH.md",
        ".git/config",
    ):
        put(tmp_path, name, "x")
    folders, findings = read(tmp_path)
    assert findings.found == []
    assert texts(folders[0])["04/de.md"].body == "Hier ist es still."


def test_a_folder_with_its_texts_in_content_is_read_there(tmp_path: Path) -> None:
    put(tmp_path, "content/04/de.md")
    put(tmp_path, "trail.geojson", "{}")
    folders, findings = read(tmp_path)
    assert findings.found == []
    assert [one.file for one in folders[0].texts] == ["content/04/de.md"]


def test_marks_and_isolates_of_texts_from_right_to_left_stay(tmp_path: Path) -> None:
    text = GOOD.replace("still", "\u2067שלום (\u200fא\u200e)\u2069 \u061c")
    put(tmp_path, "04/de.md", text)
    (folder,), findings = read(tmp_path)
    assert [one for one in findings.errors if one.reason == "control-character"] == []
    assert "\u2067שלום" in folder.texts[0].text.body
