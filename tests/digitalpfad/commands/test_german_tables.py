"""Tables of commands in German: values that the code has, not people, are in German too; JSON stays English."""

from __future__ import annotations

import json

import pytest

from tests.digitalpfad.commandline import run

GERMAN = {"LC_ALL": "de_DE.UTF-8"}


@pytest.fixture
def town(demo: dict[str, str]) -> dict[str, str]:
    """The demonstration with people, devices and entries of the audit log, each in more than one state."""
    for typed in (
        "staff add anna --role viewer",
        "staff add bert --role ranger",
        "staff disable bert",
        "trail hide stadtwald",
        "device add neu --station 3DVB54",
    ):
        run(*typed.split(), **demo)
    return demo


def test_values_of_tables_are_german_where_headings_are(town: dict[str, str]) -> None:
    for typed, german, english in (
        ("staff list", {"Einmal-Passwort", "gesperrt"}, {"password", "disabled"}),
        ("audit list", {"Kommandozeile", "erledigt", "Zugang gesperrt", "Pfad verborgen"}, {"command-line", "done"}),
        ("device list", {"unbekannt", "wartet auf ersten Wert"}, {"unknown", "waits"}),
        ("property list", {"Wanderer", "Zuständige", "Technik", "Momentanwert"}, {"hikers", "staff", "gauge"}),
        ("trail list", {"verborgen", "Vorführung"}, {"hidden", "demonstration"}),
        ("notice list", {"Kennung"}, {"Nr."}),
        ("municipality show lemgo", {"nicht gesetzt"}, {"not set"}),
    ):
        shown = run(*typed.split(), **town, **GERMAN).stdout
        assert {word for word in german if word not in shown} == set(), shown
        assert {word for word in english if word in shown} == set(), shown


def test_json_is_english_in_every_locale(town: dict[str, str]) -> None:
    newest = json.loads(run("audit", "list", "--json", **town, **GERMAN).stdout)[0]
    assert (newest["origin"], newest["outcome"]) == ("command-line", "done")
    props = json.loads(run("property", "list", "--json", **town, **GERMAN).stdout)
    assert {prop["audience"] for prop in props} == {"hikers", "staff", "technical"}
