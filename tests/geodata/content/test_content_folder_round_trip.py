"""What was exported comes back as the same bytes and without a new version."""

from __future__ import annotations

import shutil
from pathlib import Path, PurePosixPath

from PIL import Image

from geodata.actions import edit_station
from geodata.store.database import Database
from tests.fixtures.web.hikers import BOARDWALK, PONDS
from tests.geodata.content.imported_folder import bring, changes, give, pond, shown, versions

MEDIA_FILES = Path(__file__).parents[1] / "files/media"


def test_the_bundled_trail_exports_imports_and_exports_to_the_same_bytes(loaded: Database, tmp_path: Path) -> None:
    files, before = give(loaded, tmp_path / "a"), versions(loaded)
    assert PurePosixPath("04-die-foersterteiche/de.md") in files
    assert PurePosixPath("trail/de_simple.md") in files
    assert changes(bring(loaded, tmp_path / "a")) == {}
    assert versions(loaded) == before
    assert give(loaded, tmp_path / "b") == files


def test_importing_the_same_again_makes_no_version_and_touches_nothing_else(loaded: Database, tmp_path: Path) -> None:
    before = versions(loaded)
    pond(tmp_path, "de.md")
    done = changes(bring(loaded, tmp_path))
    assert done.pop(f"{PONDS} de") == "changed"
    assert set(done.values()) <= {"not in the folder"}
    assert changes(bring(loaded, tmp_path)).keys() == done.keys()
    assert versions(loaded) == before + 1
    assert shown(loaded)["en"].title == "The Foresters' Ponds"


def test_the_code_finds_the_station_when_its_number_has_changed(loaded: Database, tmp_path: Path) -> None:
    give(loaded, tmp_path)
    with loaded.transaction() as connection:
        edit_station.renumber(connection, {PONDS: 2, BOARDWALK: 4})
    assert changes(bring(loaded, tmp_path)) == {}


def test_pictures_and_recordings_come_back_as_they_were(loaded: Database, tmp_path: Path) -> None:
    head = (
        "picture: teich.png\npicture_alt: Ein Teich\npicture_author: Klasse 4b\npicture_licence: CC-BY-4.0\n"
        "picture_year: 2026\naudio: ton.mp3\naudio_transcript: Quak.\naudio_author: A\naudio_licence: CC0-1.0\n"
        "audio_year: 2026\n"
    )
    pond(tmp_path / "a", "de.md", head=head)
    Image.effect_mandelbrot((640, 480), (-3, -2.5, 2, 2.5), 20).save(tmp_path / "a/04-x/teich.png")
    shutil.copy(MEDIA_FILES / "tone-with-id3.mp3", tmp_path / "a/04-x/ton.mp3")
    assert changes(bring(loaded, tmp_path / "a"))[f"{PONDS} de"] == "changed"
    files = give(loaded, tmp_path / "b")
    assert sum(path.match("04-teiche/teich*.jpg") for path in files) == 2  # the other texts show another teich.jpg
    assert changes(bring(loaded, tmp_path / "b")) == {}
    assert give(loaded, tmp_path / "c") == files
