"""The command that writes the signs of a trail: its files, its selection and its refusals."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pypdf
import pytest
from typer.testing import CliRunner, Result

from digitalpfad.cli import build
from digitalpfad.signs import pdf
from geodata.actions import edit_station
from geodata.errors import DigitalpfadError, InvalidInput, NotFound, StartRefused
from geodata.messages.translation import translated
from geodata.store.database import Database
from tests.digitalpfad.signs.printed import BASE_URL, NOW, fonts_of, picture, plates, read, signs, text_of
from tests.fixtures.databases.database import url_of


@pytest.fixture
def command(demo_trail: None, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    monkeypatch.setenv("DIGITALPFAD_DATABASE_URL", url_of(database_url))

    def run(*arguments: str) -> Result:
        result = CliRunner().invoke(build("signs"), ["signs", "build", *arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


def test_the_command_writes_all_files_of_a_trail_without_its_retired_stations(
    command: Any, database: Database, tmp_path: Path
) -> None:
    with database.transaction() as connection:
        edit_station.retire(connection, signs()[4].code, NOW)
    result = command("stadtwald", str(tmp_path), "--base-url", BASE_URL)
    names = {"schilder-a6.pdf", "werkstatt-a4.pdf", "nfc.csv", "rundgang.html", "rundgang.csv"}
    assert {path.name for path in (tmp_path / "stadtwald").iterdir()} == names
    assert len(result.stdout.splitlines()) == len(names)
    assert len(pypdf.PdfReader(tmp_path / "stadtwald/schilder-a6.pdf").pages) == 9
    assert signs()[4].code not in (tmp_path / "stadtwald/nfc.csv").read_text()


def test_letters_that_the_fonts_lack_are_told_before_a_file_is_written(
    command: Any, database: Database, tmp_path: Path
) -> None:
    _retitle(database, 2, "Wasser H₂O")
    _retitle(database, 5, "Große Eiche → GROẞ")
    with pytest.raises(DigitalpfadError) as caught:
        command("stadtwald", str(tmp_path), "--base-url", BASE_URL)
    _, water, arrow, capital = str(caught.value).splitlines()
    assert f"station 2 ({signs()[1].code}), the title «Wasser H₂O»: ₂ (U+2082 SUBSCRIPT TWO)" in water
    assert water.endswith("write 2 instead")
    assert "station 5" in arrow
    assert "U+1E9E LATIN CAPITAL LETTER SHARP S" in capital
    assert not list(tmp_path.iterdir())


def test_a_hyphen_that_the_fonts_lack_is_set_as_one_they_have_and_told(
    command: Any, database: Database, tmp_path: Path
) -> None:
    _retitle(database, 2, "Goethe\u2011Eiche")
    result = command("stadtwald", str(tmp_path), "--base-url", BASE_URL, "--station", signs()[1].code)
    assert "U+2011 NON-BREAKING HYPHEN" in result.stderr
    made = (tmp_path / "stadtwald/schilder-a6.pdf").read_bytes()
    assert "Goethe-Eiche" in text_of(made, 0)
    assert fonts_of(made) == fonts_of(plates())
    assert "Goethe\u2011Eiche" in (tmp_path / "stadtwald/rundgang.csv").read_text(), "lists keep the letters"


def _retitle(database: Database, number: int, title: str) -> None:
    with database.transaction() as connection:
        connection.execute(
            "UPDATE station_content SET title = %s FROM station WHERE code = station AND number = %s"
            " AND trail = 'stadtwald' AND variant = 'de'",
            [title, number],
        )


def test_one_sign_of_one_format_by_its_code(command: Any, tmp_path: Path) -> None:
    code = signs()[3].code
    command("stadtwald", str(tmp_path), "--base-url", BASE_URL, "--format", "a6", "--station", code.lower())
    made = (tmp_path / "stadtwald/schilder-a6.pdf").read_bytes()
    assert [found.text for found in read(picture(made, 0))] == [f"{BASE_URL}/s/{code}"]
    assert not (tmp_path / "stadtwald/werkstatt-a4.pdf").exists()


def test_wrong_wishes_are_refused_in_a_sentence(command: Any, tmp_path: Path) -> None:
    with pytest.raises(StartRefused, match="DIGITALPFAD_BASE_URL is not set"):
        command("stadtwald", str(tmp_path))
    with pytest.raises(NotFound, match="There is no trail 'nirgends'"):
        command("nirgends", str(tmp_path), "--draft")
    with pytest.raises(InvalidInput, match="Did you mean"):
        command("stadtwald", str(tmp_path), "--draft", "--station", signs()[0].code[:-1] + "U")
    blocked = tmp_path / "file"
    blocked.write_text(json.dumps("in the way"))
    with pytest.raises(StartRefused, match="cannot be written"):
        command("stadtwald", str(blocked), "--draft")


def test_without_typst_the_sentence_is_a_command_for_this_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "find_spec", lambda _: None)
    plate = signs()[:1]
    with pytest.raises(StartRefused) as refused:
        pdf.render("plate", plate, draft=False, now=NOW)
    assert re.search(rf"Run: .*{re.escape(sys.executable)} .*'typst>=", refused.value.sentence)
    assert re.search(rf"Führen Sie aus: .*{re.escape(sys.executable)} ", translated(refused.value.sentence, "de"))
