"""What is written reads as the same text; what was exported comes back without a new version."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from geodata.actions.content_folder import export_folder, import_folder
from geodata.content import folder as content_folder
from geodata.content import writing
from geodata.content.plan import ContentPlan, ImportOptions
from geodata.content.versions import Author
from geodata.errors import InvalidInput, NotFound
from geodata.findings.content import TextFindings
from geodata.model.content import StationContent
from geodata.model.media import Audio, Picture, SignVideo
from geodata.store.catalogue import content_versions, station_edit
from geodata.store.catalogue.station import load_stations
from geodata.store.database import Database
from geodata.vocabulary.languages import VARIANTS
from geodata.vocabulary.season import Season
from tests.fixtures.fix_hikers import BOARDWALK, PONDS

ME = Author("Klasse 4b")
MEDIA_FILES = Path(__file__).parents[1] / "files/media"

_CONTROLS = [*range(9), *range(11, 32), *range(127, 160)]
_REFUSED = [0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x206A, 0x2070), *range(0xFFF9, 0xFFFC), 0xFEFF]
INVISIBLE = "".join(map(chr, [*_CONTROLS, *_REFUSED]))
LETTERS = st.characters(exclude_categories=["Cs", "Cn"], exclude_characters=INVISIBLE + "ÃÂâ\ufffd")


def composed(text: str) -> str:
    return normalize("NFC", text)  # as every text is once it was read


WORDS = (
    st.text(LETTERS, min_size=1, max_size=40).map(lambda text: composed(text.replace("\n", " ").strip())).filter(bool)
)
LINES = (
    st.lists(st.text(LETTERS, max_size=30).map(str.rstrip), min_size=1, max_size=6)
    .map("\n".join)
    .map(str.strip)
    .map(composed)
)
OPTIONAL = st.just("") | LINES
BODY = LINES.filter(bool)


@st.composite
def seasons(draw: st.DrawFn) -> tuple[str, Season | None]:
    name = draw(st.just("") | st.from_regex(r"[a-z0-9][a-z0-9-]{0,10}", fullmatch=True))
    try:
        days = st.tuples(st.integers(1, 12), st.integers(1, 28))
        return name, Season(draw(days), draw(days)) if name else None
    except InvalidInput:
        return name, Season((3, 1), (5, 31))


RIGHTS = {"author": st.just("") | WORDS, "licence": st.just("") | WORDS, "year": st.none() | st.integers(1826, 2100)}
PICTURES = st.builds(
    Picture, media=st.just("0" * 32), file=st.just("a.jpg"), alt=OPTIONAL, caption=st.just("") | WORDS, **RIGHTS
)  # fmt: skip


@st.composite
def station_texts(draw: st.DrawFn) -> StationContent:
    season, show = draw(seasons())
    return StationContent(
        variant=draw(st.sampled_from(VARIANTS)),
        title=draw(WORDS),
        lead=draw(WORDS),
        body=draw(BODY),
        question=draw(OPTIONAL),
        answer=draw(OPTIONAL),
        source=draw(OPTIONAL),
        pictures=tuple(draw(st.lists(PICTURES, max_size=3))),
        audio=draw(st.none() | st.builds(Audio, media=st.just("0" * 32), file=st.just("a.mp3"), transcript=OPTIONAL)),
        sign_video=draw(
            st.none() | st.builds(SignVideo, media=st.just("0" * 32), file=st.just("a.mp4"), text=OPTIONAL)
        ),
        season=season,
        show=show,
    )


@settings(max_examples=300, deadline=None)
@given(station_texts())
def test_a_written_text_is_read_as_the_same_text_and_written_as_the_same_bytes(text: StationContent) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name, writing.folder_name(4, text.title))
        folder.mkdir()
        shown = [one for one in (*text.pictures, text.audio, text.sign_video) if one]
        for item in shown:
            (folder / item.file).write_bytes(item.file.encode())
        written = writing.write(text, PONDS)
        (folder / writing.file_name(text)).write_bytes(written.encode())
        findings = TextFindings()
        [folder] = content_folder.read(Path(name), findings)
    assert findings.found == []
    [one] = folder.texts
    read = one.text
    assert isinstance(read, StationContent)
    assert without_ids(read) == without_ids(text)
    assert writing.write(read, PONDS) == written
    assert (folder.number, folder.code) == (4, PONDS)


def without_ids(text: StationContent) -> StationContent:
    """The files have other bytes here than the ids say."""
    return replace(
        text,
        pictures=tuple(replace(one, media="") for one in text.pictures),
        audio=text.audio and replace(text.audio, media=""),
        sign_video=text.sign_video and replace(text.sign_video, media=""),
    )


@pytest.fixture
def loaded(demo_trail: None, database: Database) -> Database:
    return database


def bring(database: Database, folder: Path, *, publish: bool = True, **how: bool) -> ContentPlan:
    options = ImportOptions(trail="stadtwald", publish=publish, end_missing=how.pop("end_missing", False))
    with database.transaction() as connection:
        return import_folder(connection, folder, options, ME, **how)


def give(database: Database, folder: Path, *, drafts: bool = False) -> dict[PurePosixPath, bytes]:
    with database.transaction() as connection:
        files = export_folder(connection, "stadtwald", drafts=drafts)
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return files


def changes(plan: ContentPlan) -> dict[str, str]:
    assert not plan.refused, [str(one) for one in plan.findings]
    return {
        f"{one.slot.station or one.slot.trail} {one.slot.name}": one.what for one in plan.steps if one.what != "same"
    }


def versions(database: Database) -> int:
    with database.transaction() as connection:
        return sum(len(content_versions.history(connection, station=code)) for code in load_stations(connection))


def test_the_bundled_trail_exports_imports_and_exports_to_the_same_bytes(loaded: Database, tmp_path: Path) -> None:
    files, before = give(loaded, tmp_path / "a"), versions(loaded)
    assert PurePosixPath("04-die-foersterteiche/de.md") in files
    assert PurePosixPath("trail/de_simple.md") in files
    assert changes(bring(loaded, tmp_path / "a")) == {}
    assert versions(loaded) == before
    assert give(loaded, tmp_path / "b") == files


HEAD = '---\ntitle: "Teiche"\nlead: "Vier."\nsource: "Klasse 4b"\n'


def pond(folder: Path, name: str, body: str = "Quak.", head: str = "") -> Path:
    (folder / "04-x").mkdir(parents=True, exist_ok=True)
    file = folder / "04-x" / name
    file.write_text(f"{HEAD}{head}---\n{body}\n", encoding="utf-8")
    return file


def shown(database: Database) -> dict[str, StationContent]:
    with database.transaction() as connection:
        return load_stations(connection)[PONDS].contents


def test_importing_the_same_again_makes_no_version_and_touches_nothing_else(loaded: Database, tmp_path: Path) -> None:
    before = versions(loaded)
    pond(tmp_path, "de.md")
    done = changes(bring(loaded, tmp_path))
    assert done.pop(f"{PONDS} de") == "changed"
    assert set(done.values()) <= {"not in the folder"}
    assert changes(bring(loaded, tmp_path)).keys() == done.keys()
    assert versions(loaded) == before + 1
    assert shown(loaded)["en"].title == "The Foresters' Ponds"


def test_a_dry_run_writes_nothing(loaded: Database, tmp_path: Path) -> None:
    pond(tmp_path, "de.md")
    before = versions(loaded)
    assert changes(bring(loaded, tmp_path, dry_run=True))[f"{PONDS} de"] == "changed"
    assert versions(loaded) == before


def test_one_error_keeps_the_whole_folder_out(loaded: Database, tmp_path: Path) -> None:
    pond(tmp_path, "de.md")
    pond(tmp_path, "en.md", head="question: Was?\n")
    before = versions(loaded)
    made = bring(loaded, tmp_path)
    assert made.refused
    assert [one.reason for one in made.findings] == ["question-without-answer"]
    assert versions(loaded) == before


def test_a_draft_may_lack_what_publishing_needs_but_says_so(loaded: Database, tmp_path: Path) -> None:
    pond(tmp_path, "de.md", head="question: Was?\n")
    made = bring(loaded, tmp_path, publish=False)
    assert not made.refused
    assert [(one.reason, one.severity) for one in made.findings] == [("question-without-answer", "warning")]
    assert shown(loaded)["de"].question != "Was?"
    assert bring(loaded, tmp_path, publish=True).refused
    files = give(loaded, tmp_path / "out", drafts=True)
    assert b"Quak." in files[PurePosixPath("04-teiche/de.md")]


@pytest.mark.parametrize("publish", [False, True])
def test_a_draft_that_waits_is_named_before_another_class_stands_before_it(
    loaded: Database, tmp_path: Path, publish: bool
) -> None:
    pond(tmp_path / "a", "de.md")
    pond(tmp_path / "b", "de.md", head="question: Was?\nanswer: Das.\n")
    assert bring(loaded, tmp_path / "a", publish=False).findings == ()
    assert bring(loaded, tmp_path / "a", publish=False).findings == ()  # the same again replaces nothing
    made = bring(loaded, tmp_path / "b", publish=publish)
    assert not made.refused
    [warning] = [one for one in made.findings if one.reason == "draft-replaced"]
    assert str(warning).startswith("04-x/de.md is version 2 by Klasse 4b, expected no draft that waits. Publish it")


def test_texts_whose_file_is_gone_stay_until_somebody_asks_for_their_end(loaded: Database, tmp_path: Path) -> None:
    pond(tmp_path, "de.md")
    assert changes(bring(loaded, tmp_path))[f"{PONDS} en"] == "not in the folder"
    assert "en" in shown(loaded)
    assert changes(bring(loaded, tmp_path, end_missing=True))[f"{PONDS} en"] == "ended"
    assert shown(loaded).keys() == {"de"}


def test_a_season_in_the_folder_must_not_overlap_one_that_is_stored(loaded: Database, tmp_path: Path) -> None:
    days = "show_from: {}\nshow_until: {}\n"
    pond(tmp_path / "a", "de.mai.md", head=days.format("05-01", "05-31"))
    pond(tmp_path / "b", "de.pfingsten.md", head=days.format("05-20", "06-10"))
    assert changes(bring(loaded, tmp_path / "a"))[f"{PONDS} de.mai"] == "new"
    made = bring(loaded, tmp_path / "b")
    assert [(one.reason, one.place, one.value) for one in made.findings] == [
        ("seasons-overlap", "04-x/de.pfingsten.md, line 5", "mai and pfingsten on 05-20")
    ]


@pytest.mark.parametrize(
    ("folder", "sentence"),
    [
        (
            "99-x",
            r"99-x is '99', expected the number of a station of this trail (1, 2, 3, 4, 5, 6, 7, 8, 9, 10). Rename",
        ),
        ("x", "x is '84G7ZM', expected the code of a station of this trail. station list shows"),
    ],
)
def test_a_folder_without_a_station_is_refused(loaded: Database, tmp_path: Path, folder: str, sentence: str) -> None:
    file = pond(tmp_path, "de.md", head="code: 84G7ZM\n" if folder == "x" else "")
    file.parent.rename(tmp_path / folder)
    made = bring(loaded, tmp_path)
    assert [one.reason for one in made.findings] == ["station-unknown"]
    assert sentence in str(made.findings[0])


def test_number_and_code_of_one_station_in_two_folders_are_refused(loaded: Database, tmp_path: Path) -> None:
    pond(tmp_path, "de.md")
    (tmp_path / "teiche").mkdir()
    (tmp_path / "teiche/de.md").write_text(f"{HEAD}code: {PONDS}\n---\nB\n", encoding="utf-8")
    made = bring(loaded, tmp_path)
    assert [str(one) for one in made.findings] == [
        f"teiche is 'teiche', expected one folder for station {PONDS}. Merge it with 04-x."
    ]


def test_the_code_finds_the_station_when_its_number_has_changed(loaded: Database, tmp_path: Path) -> None:
    give(loaded, tmp_path)
    with loaded.transaction() as connection:
        station_edit.renumber(connection, {PONDS: 2, BOARDWALK: 4})
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


def test_a_picture_that_cannot_be_used_is_told_with_the_rest(loaded: Database, tmp_path: Path) -> None:
    pond(tmp_path, "de.md", head="picture: a.jpg\nquestion: Was?\n")
    (tmp_path / "04-x/a.jpg").write_bytes(b"GIF89a")
    reasons = {one.reason for one in bring(loaded, tmp_path).findings}
    assert {"media-unusable", "picture-without-alt", "question-without-answer"} <= reasons


def test_a_trail_that_is_not_there_is_named(loaded: Database, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no trail 'wald'"), loaded.transaction() as connection:
        import_folder(connection, tmp_path, ImportOptions(trail="wald", publish=True), ME)
