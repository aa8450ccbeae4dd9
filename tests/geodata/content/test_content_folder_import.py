"""A folder of texts becomes new versions, drafts or findings in the database."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from geodata.actions.content_folder import import_folder
from geodata.content.plan import ImportOptions
from geodata.errors import NotFound
from geodata.store.database import Database
from tests.fixtures.web.hikers import PONDS
from tests.geodata.content.imported_folder import HEAD, ME, bring, changes, give, pond, shown, versions


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


def test_a_picture_that_cannot_be_used_is_told_with_the_rest(loaded: Database, tmp_path: Path) -> None:
    pond(tmp_path, "de.md", head="picture: a.jpg\nquestion: Was?\n")
    (tmp_path / "04-x/a.jpg").write_bytes(b"GIF89a")
    reasons = {one.reason for one in bring(loaded, tmp_path).findings}
    assert {"media-unusable", "picture-without-alt", "question-without-answer"} <= reasons


def test_a_trail_that_is_not_there_is_named(loaded: Database, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no trail 'wald'"), loaded.transaction() as connection:
        import_folder(connection, tmp_path, ImportOptions(trail="wald", publish=True), ME)
