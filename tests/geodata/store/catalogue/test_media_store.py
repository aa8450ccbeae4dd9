"""Media in the database and in trail folders: known by their bytes, kept with the content, carried by a backup."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest

from geodata.actions.load_bundle import save_bundle
from geodata.bundle.folder import bundled, read
from geodata.content import frontmatter, media_fields, media_head
from geodata.content.versions import Author, Slot
from geodata.errors import InvalidInput, NotFound, StoreError
from geodata.findings.content import TextFindings
from geodata.media.files import MediaFolder, media_id
from geodata.model.content import StationContent
from geodata.model.media import Picture, ShownMedia
from geodata.store.catalogue import content_versions, media
from geodata.store.catalogue.catalogue import load
from geodata.store.database import Database
from geodata.store.operations import backup
from geodata.store.operations.restore import restore
from geodata.store.roles import WEB
from tests.fixtures.databases.database import one_row
from tests.fixtures.trails.media import FILES, furnish, photo
from tests.fixtures.web.hikers import PONDS

SOURCE = Path(__file__).parents[4] / "geodata" / "trails" / "stadtwald"


@pytest.fixture
def loaded(demo_trail: None, database: Database) -> Database:
    return database


def count(database: Database, table: str) -> int:
    with database.transaction() as connection:
        return one_row(connection, f"SELECT count(*) FROM {table}")[0]


def test_the_demonstration_has_pictures_with_everything_that_rights_and_access_need() -> None:
    trail = bundled()
    shown = [(s.number, c.variant, p) for s in trail.stations for c in s.contents.values() for p in c.pictures]
    assert {number for number, _, _ in shown} == {1, 2, 4}
    assert len(shown) == 12
    for _, variant, picture in shown:
        assert (picture.licence, picture.year) == ("CC0-1.0", 2026)
        assert picture.author.startswith("Digitalpfad")
        assert picture.alt.startswith("Drawing" if variant == "en" else "Zeichnung")
        assert picture.media in trail.media
    assert len(trail.media) == 3


def test_a_content_is_read_back_with_its_media(loaded: Database) -> None:
    furnished = furnish(loaded, PONDS)
    with loaded.transaction() as connection:
        catalogue = load(connection)
    assert catalogue.stations[PONDS].contents == furnished.contents
    german = furnished.contents["de"]
    assert german.audio
    medium = catalogue.media[german.audio.media]
    assert (medium.kind, [one.name for one in medium.renditions]) == ("audio", ["audio.mp3"])
    widths = [one.width for one in catalogue.media[german.pictures[0].media].renditions]
    assert widths == [480, 480, 960, 960, 1600, 1600]


def test_the_same_folder_again_adds_no_medium_and_changes_no_text(loaded: Database) -> None:
    with loaded.transaction() as connection:
        before = connection.execute("SELECT station, variant, updated_at FROM station_content ORDER BY 1, 2").fetchall()
    with loaded.transaction() as connection:
        save_bundle(connection, bundled())
        after = connection.execute("SELECT station, variant, updated_at FROM station_content ORDER BY 1, 2").fetchall()
    assert before == after
    assert count(loaded, "media") == 3


def test_another_picture_under_the_same_name_is_another_medium(loaded: Database, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SOURCE, tmp_path / "trail"))
    (folder / "content/04-foersterteiche/teich.png").write_bytes(photo(format_="PNG"))
    with loaded.transaction() as connection:
        save_bundle(connection, read(folder))
    assert count(loaded, "media") == 4
    with loaded.transaction() as connection:
        (picture,) = load(connection).stations[PONDS].contents["de"].pictures
    assert picture.media == media_id(photo(format_="PNG"))


def test_a_content_cannot_show_what_was_never_saved(loaded: Database) -> None:
    stray = StationContent(
        variant="de", title="A", lead="B", body="C", pictures=(Picture(media="0" * 32, file="x.jpg"),)
    )
    with (
        pytest.raises(InvalidInput, match=r"media is 'x\.jpg', expected a file that was saved before"),
        loaded.transaction() as c,
    ):
        content_versions.save(c, Slot.of(PONDS, stray), stray, Author("test"), publish=True)


def test_a_wrong_picture_leaves_the_trail_as_it_was(loaded: Database, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SOURCE, tmp_path / "trail"))
    (folder / "content/04-foersterteiche/teich.png").write_bytes(photo(300, 200, "PNG"))
    text = folder / "content/04-foersterteiche/de.md"
    text.write_text(text.read_text(encoding="utf-8").replace("Vier Teiche", "Fünf Teiche"), encoding="utf-8")
    sentence = r"content/04-foersterteiche/teich\.png is 300 pixels wide, expected at least 480"
    with pytest.raises(InvalidInput, match=sentence), loaded.transaction() as connection:
        save_bundle(connection, read(folder))
    with loaded.transaction() as connection:
        assert "Vier Teiche" in load(connection).stations[PONDS].contents["de"].lead


def test_a_piece_of_a_medium_is_read_without_the_rest(loaded: Database) -> None:
    film = furnish(loaded, PONDS).contents["de"].sign_video
    assert film
    with loaded.transaction() as connection:
        whole = media.piece(connection, film.media, "video.mp4", 0, 10**8)
        assert whole[4:8] == b"ftyp"
        assert media.piece(connection, film.media, "video.mp4", 100, 50) == whole[100:150]
        assert media.piece(connection, film.media, "video.mp4", len(whole) - 3, 50) == whole[-3:]
        with pytest.raises(NotFound, match=r"no medium '.*/960\.avif'"):
            media.piece(connection, film.media, "960.avif", 0, 1)


def test_the_web_process_reads_media_and_cannot_change_them(loaded: Database, database_url: str) -> None:
    with Database(database_url, role=WEB) as web:
        with web.transaction() as connection:
            assert len(media.load(connection)) == 3
        for statement in ("DELETE FROM media", "UPDATE media_rendition SET data = '', size = 0"):
            with pytest.raises(StoreError, match="permission denied"), web.transaction() as connection:
                connection.execute(statement.encode())


def test_a_backup_carries_every_byte(loaded: Database, empty_database_url: str, tmp_path: Path) -> None:
    furnish(loaded, PONDS)
    query = b"SELECT media, name, content_type, width, height, md5(data) FROM media_rendition ORDER BY 1, 2"
    with ZipFile(tmp_path / "backup.zip", "w") as archive:
        backup.write(loaded, archive, datetime.now(UTC))
    with ZipFile(tmp_path / "backup.zip") as archive:
        restore(empty_database_url, archive)
    with loaded.transaction() as connection:
        before, shown = connection.execute(query).fetchall(), load(connection).stations
    with Database(empty_database_url) as restored, restored.transaction() as connection:
        assert connection.execute(query).fetchall() == before
        assert load(connection).stations == shown
    assert len(before) > 20


def test_the_database_refuses_a_medium_whose_size_is_not_its_bytes(loaded: Database) -> None:
    with pytest.raises(StoreError, match="check constraint"), loaded.transaction() as connection:
        connection.execute("UPDATE media_rendition SET size = size + 1")


HEAD = "---\ntitle: A\nlead: B\n{}\n---\nText\n"
KNOWN = ("title", "lead", *media_fields.FIELDS)


def parse(folder: Path, head: str) -> ShownMedia:
    document = frontmatter.read(HEAD.format(head), "de.md", KNOWN, TextFindings())
    assert document is not None
    beside = MediaFolder((file for file in folder.iterdir()), "04-teiche")
    found = media_head.read(document, "de.md", beside.media_of)
    for error in beside.unnamed():
        raise error
    return found


@pytest.fixture
def beside(tmp_path: Path) -> Path:
    (tmp_path / "erle.jpg").write_bytes(photo())
    return tmp_path


def test_a_head_names_pictures_a_recording_and_a_film(beside: Path) -> None:
    (beside / "blatt.JPG").write_bytes(photo(600, 400))
    shutil.copy(FILES / "tone-with-id3.mp3", beside / "erle.mp3")
    shutil.copy(FILES / "film-with-place.mp4", beside / "erle.mp4")
    found = parse(
        beside,
        "picture: erle.jpg\npicture_alt: Eine Erle\npicture_author: Klasse 4b\npicture_licence: CC-BY-4.0\n"
        "picture_year: 2026\npicture_caption: Im März\npicture_3: blatt.JPG\npicture_3_decorative: ja\n"
        "audio: erle.mp3\naudio_transcript: |\n  Erste Zeile.\n  Zweite Zeile.\naudio_author: Anna\n"
        "sign_video: erle.mp4\nsign_video_text: Film\nsign_video_year: 2025",
    )
    first, second = found.pictures
    assert (first.file, first.alt, first.author, first.licence) == ("erle.jpg", "Eine Erle", "Klasse 4b", "CC-BY-4.0")
    assert (first.year, first.caption, first.decorative) == (2026, "Im März", False)
    assert (second.file, second.decorative, second.alt) == ("blatt.JPG", True, "")
    assert found.audio
    assert found.audio.transcript == "Erste Zeile.\nZweite Zeile."
    assert found.sign_video
    assert found.sign_video.year == 2025
    content_versions = StationContent(
        variant="de",
        title="",
        lead="",
        body="",
        pictures=found.pictures,
        audio=found.audio,
        sign_video=found.sign_video,
    )
    fields = media_fields.write(content_versions)
    assert fields["picture_2_decorative"] == "yes"
    again = frontmatter.Document({"title": "A", **fields}, "Text")
    ids = {item.file: item.media for item in (*found.pictures, found.audio, found.sign_video)}
    assert media_head.read(again, "de.md", lambda _kind, name, _place: ids[name]) == found


WRONG: dict[str, tuple[str, str]] = {
    "a file that is not there": (
        "picture: eiche.jpg",
        r"4 is 'eiche\.jpg', expected a file in .*there: erle\.jpg\)\. Put",
    ),
    "a file elsewhere": ("picture: ../erle.jpg", r"4 is '\.\./erle\.jpg', expected a file in 04-teiche"),
    "a recording as picture": ("picture: erle.mp3", r"4 is 'erle\.mp3', expected a picture ending in \.jpg"),
    "HEIC": ("picture: erle.HEIC", r"4 is 'erle\.HEIC', expected a picture ending in"),
    "a year in words": ("picture_year: letztes Jahr", r"5 is 'letztes Jahr', expected a year in four digits\. Write"),
    "a year to come": ("picture_year: 20226", r"5 is '20226', expected a year"),
    "neither yes nor no": (
        "picture_decorative: maybe",
        r"5 is 'maybe', expected yes or no\. Leave the line out for no",
    ),
    "both": ("picture_alt: Erle\npicture_decorative: yes", r"5 is 'Erle', expected either picture_alt or picture_dec"),
    "a part without its file": (
        "audio_transcript: Hallo",
        r"5 is 'audio_transcript', expected a field audio too\. Add",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_each_mistake_in_a_head_is_named_with_its_line_and_mend(beside: Path, case: str) -> None:
    head, sentence = WRONG[case]
    head = head if head.startswith("picture:") else f"picture: erle.jpg\n{head}"
    with pytest.raises(InvalidInput, match=rf"de\.md, line {sentence}"):
        parse(beside, head)


def test_a_file_that_no_text_names_is_not_left_behind_in_silence(beside: Path) -> None:
    (beside / "Blatt.png").write_bytes(b"")
    with pytest.raises(InvalidInput, match=r"04-teiche/Blatt\.png is a file that no text names.*picture: Blatt\.png"):
        parse(beside, "picture: erle.jpg")
