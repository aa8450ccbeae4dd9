"""`digitalpfad figures compare`: the sentence, what it comes from, and refusals."""

from __future__ import annotations

import json

import pytest

from geodata.store.database import Database
from tests.digitalpfad.commandline import run
from tests.geodata.figures.test_comparison import busy, counter, stations


@pytest.fixture
def station(demo: dict[str, str]) -> str:
    """The code of a station whose counter has two years of days."""
    with Database(demo["DIGITALPFAD_DATABASE_URL"], pool_size=1) as database, database.transaction() as connection:
        code = stations(connection)[0]
        counter(connection, "z1", code, busy)
    return code


def test_the_answer_is_one_german_sentence_and_beside_it_what_it_comes_from(demo: dict[str, str], station: str) -> None:
    done = run("figures", "compare", station, "2024", "2025", **demo, LC_ALL="de_DE.UTF-8")
    assert done.stdout == "+39 % (+39…+39): Zunahme belegt\n"
    assert "366 Tage von 2024 und 365 Tage von 2025 über alle Zähler, 52 Wochen in beiden; Regression" in done.stderr
    assert "Nicht berücksichtigt, weil es von zu wenigen Tagen bekannt ist: Temperatur, Regen" in done.stderr


def test_programs_get_the_number_with_its_interval_and_method(demo: dict[str, str], station: str) -> None:
    found = json.loads(run("figures", "compare", "stadtwald", "2024", "2025", "--json", **demo).stdout)
    assert (found["verdict"], found["method"], found["days"]) == ("rise", "regression", [366, 365])
    assert found["low"] <= found["percent"] <= found["high"]
    part = run("figures", "compare", "stadtwald", "2024", "2025", "--from", "04-01", "--to", "09-30", "--json", **demo)
    assert json.loads(part.stdout)["days"] == [183, 183]


def test_what_cannot_be_compared_has_its_reason_and_no_number(demo: dict[str, str]) -> None:
    found = json.loads(run("figures", "compare", "stadtwald", "2024", "2025", "--json", **demo).stdout)
    assert (found["verdict"], found["percent"]) == ("refused", None)
    done = run("figures", "compare", "stadtwald", "2024", "2025", **demo, LC_ALL="de_DE.UTF-8")
    assert done.stdout == "Kein Vergleich: Kein Tag von 2024 ist gut genug gezählt.\n"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("nowhere 2024 2025", "no trail 'nowhere'"),
        ("stadtwald 2025 2025", "expected another year than the first"),
        ("stadtwald 2024 2025 --from 13-01", "'13-01', expected a month and a day"),
        ("stadtwald 2024 2025 --from 10-01 --to 04-30", "'04-30', expected a day from 10-01 on"),
    ],
)
def test_a_wrong_question_is_refused_in_a_sentence(demo: dict[str, str], typed: str, sentence: str) -> None:
    done = run("figures", "compare", *typed.split(), **demo)
    assert done.returncode == 2
    assert sentence in done.stderr
