"""`digitalpfad trail list|hide|show|retire|remove` and `digitalpfad municipality` as an operator types them."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
import pytest

from tests.digitalpfad.commandline import run
from tests.fixtures.databases.database import url_of


@pytest.fixture
def system(demo_trail: None, database_url: str) -> dict[str, str]:
    return {"DIGITALPFAD_DATABASE_URL": url_of(database_url)}


def state(system: dict[str, str]) -> str:
    (trail,) = json.loads(run("trail", "list", "--json", **system).stdout)
    return str(trail["state"])


def test_a_trail_is_hidden_retired_and_shown_again(system: dict[str, str]) -> None:
    for verb, expected in (("hide", "hidden"), ("retire", "retired"), ("show", "shown")):
        done = run("trail", verb, "stadtwald", **system)
        assert done.returncode == 0, done.stderr
        assert state(system) == expected
    again = run("trail", "show", "stadtwald", **system)
    assert again.returncode == 2
    assert "expected a trail that is not shown yet" in again.stderr
    assert "There is no trail 'nowhere'" in run("trail", "hide", "nowhere", **system).stderr


def test_retiring_says_which_devices_go_on(system: dict[str, str]) -> None:
    assert "11 devices may still log in" in run("trail", "retire", "stadtwald", **system).stderr


def test_the_badge_takes_as_many_stamps_as_the_town_says(system: dict[str, str]) -> None:
    def needed() -> int | None:
        (trail,) = json.loads(run("trail", "list", "--json", **system).stdout)
        return trail["stamps_needed"]

    assert needed() is None
    assert "takes 7 stamps" in run("trail", "stamps", "stadtwald", "--needed", "7", **system).stderr
    assert needed() == 7
    assert (
        "10 stations: all of them are enough" in run("trail", "stamps", "stadtwald", "--needed", "12", **system).stderr
    )
    assert "all stations that are open" in run("trail", "stamps", "stadtwald", **system).stderr
    assert needed() is None
    assert run("trail", "stamps", "stadtwald", "--needed", "0", **system).returncode == 2
    assert "There is no trail 'nowhere'" in run("trail", "stamps", "nowhere", **system).stderr


def test_which_way_the_signs_lead_is_said_without_a_file_and_an_import_keeps_it(
    system: dict[str, str], tmp_path: Path
) -> None:
    def direction() -> str | None:
        (trail,) = json.loads(run("trail", "list", "--json", **system).stdout)
        return trail["direction"]

    file = tmp_path / "pfad.gpx"
    assert run("trail", "direction", "stadtwald", "unbekannt", **system).returncode == 0
    assert direction() is None
    assert run("trail", "export", "stadtwald", str(file), **system).returncode == 0
    assert "lead: anticlockwise." in run("trail", "direction", "stadtwald", "linksherum", **system).stderr
    assert direction() == "anticlockwise"
    assert run("trail", "import", str(file), "--trail", "stadtwald", **system).returncode == 0
    assert direction() == "anticlockwise", "the file says nothing of it"
    wrong = run("trail", "direction", "stadtwald", "nordwärts", **system)
    assert wrong.returncode == 2
    assert "nordwärts" in wrong.stderr
    assert "clockwise, anticlockwise, one_way, either, unknown" in wrong.stderr
    assert direction() == "anticlockwise"
    assert "There is no trail 'nowhere'" in run("trail", "direction", "nowhere", "either", **system).stderr


def test_a_removal_is_tried_first_and_takes_the_whole_demonstration(system: dict[str, str]) -> None:
    tried = run("trail", "remove", "stadtwald", "--dry-run", **system)
    assert "stadtwald would be removed with 10 stations, 11 devices, 0 values." in tried.stderr
    assert state(system) == "shown"
    assert run("trail", "remove", "stadtwald", **system).returncode == 0
    assert json.loads(run("trail", "list", "--json", **system).stdout) == []
    assert json.loads(run("municipality", "list", "--json", **system).stdout) == []


def test_a_municipalitys_lines_are_set_shown_and_taken_away(system: dict[str, str]) -> None:
    system |= {"DIGITALPFAD_OPERATOR_SUPERVISORY_AUTHORITY": "LDI NRW", "DIGITALPFAD_OPERATOR_PHONE": "05261 2130"}
    done = run(
        "municipality", "set", "lemgo", "--name", "Alte Hansestadt Lemgo", "--operator", "Stadt Lemgo",
        "--address", "Marktplatz 1\\n32657 Lemgo", "--email", "wald@lemgo.example", **system,
    )  # fmt: skip
    assert "still missing: represented-by, data-protection-contact, accessibility-ombuds." in done.stderr
    lines = {row["line"]: row for row in json.loads(run("municipality", "show", "lemgo", "--json", **system).stdout)}
    assert lines["address"] == {"line": "address", "text": "Marktplatz 1\n32657 Lemgo", "from": "own"}
    assert lines["supervisory-authority"]["from"] == "settings"
    assert lines["phone"] == {"line": "phone", "text": None, "from": None}, "not another's telephone beside this name"
    (town,) = json.loads(run("municipality", "list", "--json", **system).stdout)
    assert (town["name"], town["trails"]) == ("Alte Hansestadt Lemgo", ["stadtwald"])
    assert run("municipality", "set", "lemgo", "--email", "", **system).returncode == 0
    assert "email                    –" in run("municipality", "show", "lemgo", **system).stdout


def test_the_doctor_names_the_missing_lines_of_a_real_trail_and_lets_a_demonstration_pass(
    system: dict[str, str], database_url: str
) -> None:
    def legal_pages() -> dict[str, object]:
        return next(
            one for one in json.loads(run("doctor", "--json", **system).stdout) if one["check"] == "legal pages"
        )

    assert legal_pages()["ok"] is True
    assert str(legal_pages()["found"]).endswith("(a demonstration)")
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE trail SET surveyed = true")
    assert legal_pages()["ok"] is False
    assert "Lemgo lacks operator, address, represented-by, email" in str(legal_pages()["found"])
    assert run("trail", "hide", "stadtwald", **system).returncode == 0
    assert legal_pages()["found"] == "nothing is missing", "nobody finds it yet"


def test_a_line_may_hold_the_no_break_spaces_of_a_word_processor_but_no_line_end(system: dict[str, str]) -> None:
    done = run("municipality", "set", "lemgo", "--phone", "05261\u202f213\u00a00", **system)
    assert done.returncode == 0, done.stderr
    refused = run("municipality", "set", "lemgo", "--phone", "05261\x1b[2J", **system)
    assert refused.returncode == 2
    assert "expected at most 1000 printable characters" in refused.stderr


def test_states_are_told_in_german(system: dict[str, str]) -> None:
    done = run("trail", "retire", "stadtwald", LC_ALL="de_DE.UTF-8", **system)
    assert "stadtwald ist aufgegeben: Seine 10 Codes sagen" in done.stderr
    assert "11 Geräte dürfen sich weiter anmelden" in done.stderr


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("lemgo", "--email", "wald.lemgo.example"), "expected an e-mail address"),
        (("lemgo", "--timezone", "Berlin"), "Write Europe/Berlin"),
        (("kalletal", "--phone", "1"), "There is no municipality 'kalletal'"),
    ],
)
def test_a_wrong_line_is_one_sentence(system: dict[str, str], given: tuple[str, ...], said: str) -> None:
    done = run("municipality", "set", *given, **system)
    assert done.returncode == 2
    assert said in done.stderr
