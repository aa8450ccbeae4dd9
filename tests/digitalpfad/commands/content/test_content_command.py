"""`digitalpfad content` as a class and the town type it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner, Result

from digitalpfad.cli import build
from geodata.errors import InvalidInput, NotFound, StartRefused
from tests.digitalpfad.commandline import run
from tests.fixtures.databases.database import url_of
from tests.fixtures.web.hikers import OAKS, PONDS

GOOD = '---\ntitle: "Frösche"\nlead: "Quak."\nsource: "Klasse 4b"\n---\nHier quakt es.\n'


class Command:
    """Runs the command in this process; its errors come as they are."""

    def __call__(self, *arguments: str | Path) -> Result:
        result = CliRunner().invoke(build("content"), ["content", *map(str, arguments)])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    def json(self, *arguments: str | Path) -> list[dict[str, object]]:
        return json.loads(self(*arguments, "--json").stdout)


@pytest.fixture
def content(demo_trail: None, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.setenv("DIGITALPFAD_DATABASE_URL", url_of(database_url))
    return Command()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "klasse", "04-teiche/de.md", GOOD)


def write(folder: Path, name: str, text: str) -> Path:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_class_checks_its_folder_without_a_database(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DIGITALPFAD_DATABASE_URL", raising=False)
    monkeypatch.setenv("DIGITALPFAD_DATA_DIR", str(tmp_path / "none"))
    good = Command()("check", folder)
    assert good.exit_code == 0
    assert "04-teiche  de.md" in good.stdout
    assert "1 text, 0 errors, 0 warnings." in good.stderr
    write(folder, "04-teiche/en.md", GOOD.replace("title", "titel"))
    bad = Command()("check", folder)
    assert bad.exit_code == 1
    assert "error [unknown-key] 04-teiche/en.md, line 2 is 'titel', expected one of " in bad.stderr
    assert "Did you mean title?" in bad.stderr
    assert "1 text," not in bad.stderr
    report = json.loads(Command()("check", folder, "--json").stdout)
    assert [(one["reason"], one["place"]) for one in report["findings"]] == [
        ("unknown-key", "04-teiche/en.md, line 2"),
        ("title-missing", "04-teiche/en.md, line 1"),
    ]
    with pytest.raises(StartRefused):
        Command()("import", "stadtwald", folder)


def test_a_german_locale_is_answered_in_german_and_programs_in_the_same_json(folder: Path) -> None:
    write(folder, "04-teiche/en.md", GOOD.replace("title", "titel").replace("Hier quakt es.", "Quak, " * 3500))
    write(folder, "trail/de.md", GOOD.replace('source: "Klasse 4b"\n', ""))
    german, english = (
        [run("content", "check", str(folder), *more, LC_ALL=locale) for more in ((), ("--json",))]
        for locale in ("de_DE.UTF-8", "C.UTF-8")
    )
    assert german[0].stdout.split("\n")[0].split() == ["Ordner", "Texte"]
    lines = german[0].stderr.splitlines()
    assert "Fehler [unknown-key] 04-teiche/en.md, Zeile 2: 'titel' – erwartet: eines von answer, audio, " in lines[0]
    assert lines[0].endswith(" Meinten Sie title?")
    assert "Zeile 6: 20.999 Zeichen – erwartet: höchstens 20.000. Kürzen Sie ihn." in german[0].stderr
    assert lines[-1].startswith("3 Texte, ")
    assert (german[1].stdout, german[0].returncode) == (english[1].stdout, english[0].returncode)


def test_hints_for_plain_language_say_that_they_are_no_check_and_refuse_nothing(folder: Path) -> None:
    write(folder, "04-teiche/de_simple.md", GOOD.replace("Hier quakt es.", "Das Quaken des Frosches ist laut."))
    english, german = (run("content", "check", str(folder), LC_ALL=locale) for locale in ("C.UTF-8", "de_DE.UTF-8"))
    assert (english.returncode, german.returncode) == (0, 0)
    assert "hint, not a check [hint-genitive] 04-teiche/de_simple.md, line 6 is 'des Frosches', exp" in english.stderr
    assert "only readers can say" in english.stderr
    assert "Hinweis, keine Prüfung [hint-genitive] 04-teiche/de_simple.md, Zeile 6" in german.stderr
    assert "0 errors, 0 warnings." in english.stderr
    told = json.loads(Command()("check", folder, "--json").stdout)["findings"]
    assert [one["severity"] for one in told] == ["hint"]


def test_a_class_may_hand_in_its_own_text_alone(content: Command, tmp_path: Path) -> None:
    write(tmp_path, "04/children.md", GOOD)
    alone = Command()("check", tmp_path)
    assert alone.exit_code == 0
    assert "warning [de-missing] 04 is 'children', expected a German text." in alone.stderr
    assert "1 text, 0 errors, 1 warning." in alone.stderr
    assert "Done: 1 text is shown." in content("import", "stadtwald", tmp_path, "--publish").stderr


def test_from_a_draft_to_a_published_text_and_back(content: Command, folder: Path) -> None:
    planned = content("import", "stadtwald", folder, "--dry-run")
    assert "changed" in planned.stdout
    assert "Nothing was changed (--dry-run). 1 text would be kept as a draft." in planned.stderr
    done = content("import", "stadtwald", folder, "--as", "Klasse 4b", "--note", "Erster Entwurf")
    assert "Done: 1 text is kept as a draft." in done.stderr
    waiting = [one for one in content.json("list", "stadtwald") if one["draft"]]
    assert [(one["station"], one["variant"], one["shown"], one["draft"]) for one in waiting] == [(PONDS, "de", 1, 2)]
    assert 'title: "Die Försterteiche"' in content("show", PONDS).stdout
    assert content("show", PONDS, "--version", "2").stdout == GOOD.replace("---\ntitle", f"---\ncode: {PONDS}\ntitle")
    assert f"{PONDS}, de: version 2 is shown." in content("publish", PONDS.lower(), "--as", "Stadt").stderr
    assert 'title: "Frösche"' in content("show", PONDS).stdout
    assert "There is no draft to publish." in content("publish", "stadtwald").stderr
    assert "version 3 is shown" in content("publish", PONDS, "--variant", "de", "--version", "1").stderr
    history = content.json("history", PONDS, "--variant", "de")
    assert [(one["version"], one["title"], one["saved_by"], one["published_by"], one["note"]) for one in history] == [
        (1, "Die Försterteiche", "digitalpfad", "digitalpfad", ""),
        (2, "Frösche", "Klasse 4b", "Stadt", "Erster Entwurf"),
        (3, "Die Försterteiche", "command line", "command line", "Version 1 again."),
    ]
    assert "Erster Entwurf" in content("history", PONDS).stdout


def test_publishing_warns_of_facts_that_nobody_has_entered_as_an_import_does(
    content: Command, folder: Path, database_url: str
) -> None:
    content("import", "stadtwald", folder)
    with psycopg.connect(url_of(database_url)) as connection:
        connection.execute("DELETE FROM trail_place")
        connection.execute("DELETE FROM trail_section")
    published = content("publish", PONDS)
    assert f"{PONDS}, de: version 2 is shown." in published.stderr
    assert "warning [rescue-point-missing] The trail stadtwald has no rescue point." in published.stderr
    assert "warning [facts-missing] The trail stadtwald has no road access" in published.stderr


def test_publishing_at_once_and_again_changes_nothing_the_second_time(content: Command, folder: Path) -> None:
    assert "Done: 1 text is shown." in content("import", "stadtwald", folder, "--publish").stderr
    again = content("import", "stadtwald", folder, "--publish", "--json")
    plan = json.loads(again.stdout)
    assert (plan["outcome"], {one["change"] for one in plan["texts"]}) == ("done", {"same", "not in the folder"})


def test_a_folder_that_lacks_something_is_refused_as_a_whole(content: Command, folder: Path) -> None:
    write(folder, "01-eichen/de.md", GOOD.replace('source: "Klasse 4b"\n', ""))
    refused = content("import", "stadtwald", folder, "--publish")
    assert refused.exit_code == 1
    assert "error [source-missing] 01-eichen/de.md, line 1 is '', expected where you know it from." in refused.stderr
    assert "Refused: nothing was changed." in refused.stderr
    assert "Die Försterteiche" in content("show", PONDS).stdout
    draft = content("import", "stadtwald", folder)
    assert draft.exit_code == 0
    assert "warning [source-missing]" in draft.stderr
    refused = content("publish", "stadtwald")
    assert refused.exit_code == 1
    assert f"error [source-missing] {OAKS}, de, source is ''" in refused.stderr
    assert content("publish", PONDS).exit_code == 0


def test_an_export_comes_back_without_a_change(content: Command, tmp_path: Path) -> None:
    out = tmp_path / "a" / "texte"
    assert "files of stadtwald are in" in content("export", "stadtwald", out).stderr
    assert Command()("check", out).exit_code == 0
    plan = json.loads(content("import", "stadtwald", out, "--publish", "--json").stdout)
    assert {one["change"] for one in plan["texts"]} == {"same"}
    assert sorted(path.name for path in out.parent.iterdir()) == ["texte"]
    with pytest.raises(InvalidInput, match="expected a new or empty folder"):
        content("export", "stadtwald", out)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("history", "3DVB45"), "Did you mean 3DVB54"),
        (("show", PONDS, "--variant", "fr"), "version is none, expected a text that is there"),
        (("show", PONDS, "--version", "9"), "version is 9, expected one of 1"),
        (("publish", PONDS, "--version", "1"), "--version is 1, expected --variant too"),
        (("publish", PONDS, "--variant", "de", "--version", "1"), "expected one that is not shown already"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(
    content: Command, arguments: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        content(*arguments)


def test_unknown_trails_are_named(content: Command, folder: Path, tmp_path: Path) -> None:
    for arguments in (("list", "wald"), ("import", "wald", folder), ("export", "wald", tmp_path / "x")):
        with pytest.raises(NotFound, match="no trail 'wald'"):
            content(*arguments)


def test_the_trails_own_texts_have_versions_too(content: Command, tmp_path: Path) -> None:
    write(tmp_path, "trail/de.md", '---\ntitle: "Unser Pfad"\nlead: "Ein Weg."\n---\nText.\n')
    content("import", "stadtwald", tmp_path, "--publish")
    assert [one["title"] for one in content.json("history", "stadtwald", "--variant", "de")][-1] == "Unser Pfad"
    assert json.loads(content("show", "stadtwald", "--json").stdout)["content"]["name"] == "Unser Pfad"


def test_an_import_tells_what_its_tables_change_before_and_after(content: Command, tmp_path: Path) -> None:
    content("export", "stadtwald", tmp_path / "aus")
    table = tmp_path / "aus/trail/places.csv"
    rows = table.read_text(encoding="utf-8").splitlines()
    lost = next(row for row in rows if row.startswith("rescue_point"))
    table.write_text("\n".join(row for row in rows if row != lost) + "\n", encoding="utf-8")
    draft = content("import", "stadtwald", tmp_path / "aus")
    assert "places.csv    only checked" in draft.stdout
    assert "Places:" not in draft.stderr
    planned = content("import", "stadtwald", tmp_path / "aus", "--publish", "--dry-run")
    done = content("import", "stadtwald", tmp_path / "aus", "--publish")
    assert planned.stdout == done.stdout
    assert re.search(r"places\.csv +removed +rescue point DEMO-\d", done.stdout)
    assert re.search(r"sections\.csv +unchanged", done.stdout)
    assert "[places-removed] The table lacks stored places, which go: rescue point DEMO-" in done.stderr
    assert re.search(r"Done: 0 texts are shown\. Places: .*, 1 go\. Stretches: .*unchanged\.", done.stderr)
    table.write_text("\n".join(rows) + "\n", encoding="utf-8")
    back = json.loads(content("import", "stadtwald", tmp_path / "aus", "--publish", "--json").stdout)
    assert [one["name"] for one in back["places"] if one["change"] == "new"] == [lost.split(";")[1]]
    again = content("import", "stadtwald", tmp_path / "aus", "--publish")
    assert re.search(r"places\.csv +unchanged", again.stdout)


def test_who_publishes_is_told_the_command_for_the_missing_direction(
    content: Command, folder: Path, database_url: str
) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE trail SET direction = NULL")
    told = content("import", "stadtwald", folder, "--publish").stderr
    assert (
        "no direction of the signs. 'digitalpfad trail direction stadtwald DIRECTION' says which way they lead." in told
    )
