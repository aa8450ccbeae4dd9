"""`digitalpfad property`: what an operator adds has its readers and its place as a standard property has."""

from __future__ import annotations

import json

import pytest

from geodata.store.catalogue import properties
from geodata.store.database import Database
from tests.digitalpfad.commandline import run

LABELS = "--label-de Eigene --label-en Own --minimum 0 --maximum 100"


def listed(demo: dict[str, str]) -> dict[str, dict]:
    return {one["id"]: one for one in json.loads(run("property", "list", "--json", **demo).stdout)}


@pytest.mark.parametrize(
    ("options", "audience"),
    [
        ("--unit [ppm]", "hikers"),
        ("--unit [ppm] --audience staff", "staff"),
        ("--unit V --audience technical", "technical"),
        ("--unit 1 --kind running_total", "staff"),
        ("--unit {visits} --kind increment", "staff"),
        ("--unit mm --kind increment", "hikers"),
    ],
)
def test_who_reads_a_new_property_follows_from_what_it_is(demo: dict[str, str], options: str, audience: str) -> None:
    done = run("property", "add", "own", *options.split(), *LABELS.split(), **demo)
    assert done.returncode == 0, done.stderr
    assert (listed(demo)["own"]["audience"], listed(demo)["own"]["counts_things"]) == (audience, False)


def test_a_property_is_for_others_everywhere_or_on_one_trail(demo: dict[str, str]) -> None:
    for options in ("--audience staff --rank 5 --staff-rank 7", "--audience hikers --trail stadtwald"):
        assert run("property", "edit", "air_humidity", *options.split(), **demo).returncode == 0
    edited = listed(demo)["air_humidity"]
    assert (edited["audience"], edited["rank"], edited["staff_rank"]) == ("staff", 5, 7)
    with Database(demo["DIGITALPFAD_DATABASE_URL"], pool_size=1) as database:
        with database.transaction() as connection:
            assert properties.load_audiences(connection) == {("stadtwald", "air_humidity"): "hikers"}
        run("property", "edit", "air_humidity", "--trail", "stadtwald", "--as-elsewhere", **demo)
        with database.transaction() as connection:
            assert properties.load_audiences(connection) == {}


def test_the_list_names_the_trails_that_differ_and_each_answer_what_was_changed(demo: dict[str, str]) -> None:
    for options, answer in (
        ("--audience staff --trail stadtwald", "air_humidity on stadtwald is changed: for hikers → staff."),
        ("--audience staff --trail stadtwald", "air_humidity on stadtwald is as it was."),
        ("--rank 5 --staff-rank 7", "air_humidity is changed: rank 70 → 5, staff rank 1000 → 7."),
    ):
        assert answer in run("property", "edit", "air_humidity", *options.split(), **demo).stderr
    assert listed(demo)["air_humidity"]["audience_on_trails"] == {"stadtwald": "staff"}
    assert listed(demo)["air_temperature"]["audience_on_trails"] == {}
    shown = run("property", "list", **demo).stdout
    assert next(line for line in shown.splitlines() if line.startswith("air_humidity")).count("stadtwald: staff") == 1
    assert shown.count("stadtwald") == 1
    back = run("property", "edit", "air_humidity", "--trail", "stadtwald", "--as-elsewhere", **demo)
    assert "air_humidity on stadtwald is changed: for staff → hikers." in back.stderr
    assert "stadtwald" not in run("property", "list", **demo).stdout


def test_a_property_that_is_renamed_goes_on_being_known_by_its_old_name(demo: dict[str, str]) -> None:
    before = listed(demo)["air_humidity"]
    done = run("property", "rename", "air_humidity", "humidity", **demo)
    assert (done.returncode, "air_humidity is humidity now" in done.stderr) == (0, True), done.stderr
    assert listed(demo)["humidity"] == {**before, "id": "humidity", "aliases": ["air_humidity"]}
    assert run("property", "edit", "air_humidity", "--rank", "5", **demo).returncode == 0
    assert listed(demo)["humidity"]["rank"] == 5
    taken = run("property", "add", "air_humidity", "--unit", "1", *LABELS.split(), **demo)
    assert (taken.returncode, "a name that no property has yet" in taken.stderr) == (2, True)
    assert run("property", "rename", "air_humidity", "air_humidity", **demo).returncode == 0
    assert listed(demo)["air_humidity"]["aliases"] == ["humidity"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("edit air_humidity", "change of air_humidity is not given, expected something to change: --audience, --rank"),
        ("edit air_humidity --as-elsewhere", "--trail is not given, expected the trail that is meant."),
        ("edit air_humidity --trail stadtwald", "--audience is not given, expected hikers or staff with --trail"),
        (
            "edit air_humidity --trail stadtwald --rank 3 --audience staff",
            "--rank is 3, expected no place on one trail",
        ),
        ("edit air_humidity --trail stadtwald --staff-rank 3 --as-elsewhere", "--staff-rank is 3, expected no place"),
        ("edit air_humidity --trail stadtwald --as-elsewhere --audience staff", "--audience is 'staff', expected none"),
        (
            "edit air_humidity --trail stadtwald --audience technical",
            "--audience is 'technical', expected hikers or staff",
        ),
        ("edit air_humidity --trail nowhere --audience staff", "There is no trail 'nowhere'"),
        ("edit humidity --audience staff", "There is no observed property 'humidity'"),
        (
            "edit passes_in_total --audience hikers",
            "'hikers', expected staff or technical: single counts are not shown to hikers",
        ),
        ("edit passes_in_total --audience hikers --trail stadtwald", "--audience is 'hikers', expected staff"),
        ("rename humidity moisture", "There is no observed property 'humidity'"),
        ("rename air_humidity rain", "a name that no property has yet"),
        ("rename air_humidity air_humidity", "a name that no property has yet"),
        ("rename air_humidity Humidity", "1 to 63 characters"),
        (f"add own --unit 1 --kind running_total --audience hikers {LABELS}", "single counts are not shown to hikers"),
    ],
)
def test_a_change_that_cannot_be_meant_is_refused(demo: dict[str, str], typed: str, sentence: str) -> None:
    before = listed(demo)
    done = run("property", *typed.split(), **demo)
    assert (done.returncode, sentence in done.stderr) == (2, True), done.stderr
    assert listed(demo) == before


def test_what_counts_passes_says_in_which_direction_and_nothing_else_can(demo: dict[str, str]) -> None:
    counting = ("--unit", "1", "--kind", "running_total", "--direction", "both")
    assert run("property", "add", "gate_total", *counting, *LABELS.split(), **demo).returncode == 0
    assert (listed(demo)["gate_total"]["direction"], listed(demo)["gate_total"]["audience"]) == ("both", "staff")
    for wrong in (("--unit", "m"), (*counting[:4], "--counts-things")):
        done = run("property", "add", "own", *wrong, "--direction", "in", *LABELS.split(), **demo)
        assert done.returncode == 2
        assert "'in'" in done.stderr
