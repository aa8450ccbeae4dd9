"""`digitalpfad annotation`: what was on some days, at a station, on a trail or in the whole town."""

from __future__ import annotations

import json

import pytest

from tests.digitalpfad.commandline import run


def test_what_is_written_down_is_listed_until_it_is_removed(demo: dict[str, str]) -> None:
    feast_day = ("--station", "3dvb54", "--first", "1.5.2026", "--text", "Maifest")
    storm_days = ("--municipality", "lemgo", "--first", "2026-04-01", "--last", "2026-04-03", "--text", "Sturm")
    assert run("annotation", "add", *feast_day, **demo).returncode == 0
    assert run("annotation", "add", *storm_days, "--kind", "closure", **demo).returncode == 0
    storm, feast = json.loads(run("annotation", "list", "--json", **demo).stdout)
    assert (storm["trail"], storm["kind"], storm["first_day"], storm["last_day"]) == (
        None, "closure", "2026-04-01", "2026-04-03",
    )  # fmt: skip
    assert (feast["trail"], feast["station"], feast["last_day"]) == ("stadtwald", "3DVB54", "2026-05-01")
    assert run("annotation", "remove", str(storm["id"]), **demo).returncode == 0
    assert [one["text"] for one in json.loads(run("annotation", "list", "--json", **demo).stdout)] == ["Maifest"]


def test_everybody_may_read_what_is_said_to_be_public_until_it_is_withdrawn(demo: dict[str, str]) -> None:
    def public() -> list[bool]:
        return [one["public"] for one in json.loads(run("annotation", "list", "--json", **demo).stdout)]

    day = ("--trail", "stadtwald", "--first", "2026-05-01", "--text", "Maifest")
    assert run("annotation", "add", *day, **demo).returncode == 0
    assert run("annotation", "add", *day, "--public", **demo).returncode == 0
    assert public() == [False, True]
    assert "Everybody may read annotation 1 now." in run("annotation", "publish", "1", **demo).stderr
    assert "Staff alone read the text of annotation 2" in run("annotation", "withdraw", "2", **demo).stderr
    assert public() == [True, False]
    assert "yes" in run("annotation", "list", **demo).stdout
    assert "no annotation '7'" in run("annotation", "publish", "7", **demo).stderr


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("--trail stadtwald --first 2026-02-30 --text x", "'2026-02-30', expected a day such as"),
        ("--trail stadtwald --first 2026-05-02 --last 2026-05-01 --text x", "a day from 2026-05-02 on, within a year"),
        ("--trail stadtwald --first 2026-05-02 --last 2027-05-03 --text x", "a day from 2026-05-02 on, within a year"),
        ("--first 2026-05-02 --text x", "not given, expected one of --trail, --station and --municipality"),
        ("--trail stadtwald --municipality lemgo --first 2026-05-02 --text x", "expected one of --trail"),
        ("--trail nowhere --first 2026-05-02 --text x", "no trail 'nowhere'"),
        ("--station stadtwald --first 2026-05-02 --text x", "no station 'stadtwald'"),
        (f"--trail stadtwald --first 2026-05-02 --text {'x' * 201}", "one line of 1 to 200 characters"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(demo: dict[str, str], typed: str, sentence: str) -> None:
    done = run("annotation", "add", *typed.split(), **demo)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert json.loads(run("annotation", "list", "--json", **demo).stdout) == []


def test_an_annotation_that_is_not_there_cannot_be_removed(demo: dict[str, str]) -> None:
    assert "no annotation '7'" in run("annotation", "remove", "7", **demo).stderr
