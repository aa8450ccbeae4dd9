"""The parts below the command name what people can do as data; the command says how that is done with it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from typer.main import get_command

from digitalpfad import cli
from digitalpfad.commands.output import json_text
from digitalpfad.config.model import Settings
from digitalpfad.terminal.language import said
from digitalpfad.terminal.names import USAGE, spelled
from geodata.errors import InvalidInput
from geodata.messages.message import followed_by, message, phrase
from tests.checkout import ROOT

BELOW = ("geodata", "gateway", "api", "dashboards")
OF_THE_COMMAND = re.compile(r"(?<![\w-])--[a-z]|\bdigitalpfad [a-z]|DIGITALPFAD_")
NAMED = re.compile(r"\{(option|action|setting)\[([^\]]*)\]")
EXCEPTIONS = {
    "api/catalogue/live.py": "the comment with which a stream of events begins: it names the product",
    "api/v1/live.py": "the same in the example of the interface's description",
    "dashboards/devices/logins.py": "an option of mosquitto_pub, with which a new login is tried",
    "geodata/runtime/extras.py": "an option of uv, which installs what is missing",
    "geodata/store/catalogue/content_versions.py": "the name of a lock in the database, shared with older releases",
    "geodata/store/catalogue/notice.py": "the name of a lock in the database, shared with older releases",
    "geodata/store/catalogue/trail_import.py": "the name of a lock in the database, shared with older releases",
    "geodata/store/operations/restore.py": "the name of a connection, seen in pg_stat_activity",
}


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """All texts in the code with their lines, but docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.lineno, node.value


def test_no_part_below_knows_an_option_a_command_or_a_variable() -> None:
    found = {
        f"{path.relative_to(ROOT)}:{line}": text
        for part in BELOW
        for path in (ROOT / part).rglob("*.py")
        for line, text in texts(path)
        if OF_THE_COMMAND.search(text)
    }
    assert {place: text for place, text in found.items() if place.rpartition(":")[0] not in EXCEPTIONS} == {}
    assert {place.rpartition(":")[0] for place in found} == set(EXCEPTIONS), "an exception is left over"


def commands() -> dict[str, frozenset[str]]:
    """Every sub-command with its options, as ``trail import``: ``--dem`` …"""
    known: dict[str, frozenset[str]] = {}

    def look(command: Any, path: tuple[str, ...]) -> None:
        known[" ".join(path)] = frozenset(option for one in command.params for option in one.opts)
        for name, inner in cast("dict[str, Any]", getattr(command, "commands", {})).items():
            look(inner, (*path, name))

    for name in get_command(cli.build(None)).commands:  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType, reportUnknownMemberType]
        look(cast("Any", get_command(cli.build(name))).commands[name], (name,))
    return known


def test_all_that_sentences_name_is_there_at_the_command_line() -> None:
    known = commands()
    options = frozenset[str]().union(*known.values())
    named = {
        pair
        for part in (*BELOW, "digitalpfad/commands")
        for path in (ROOT / part).rglob("*.py")
        for _, text in texts(path)
        for pair in NAMED.findall(text)
    }
    assert {name for kind, name in named if kind == "option" and f"--{name}" not in options} == set()
    actions = {name for kind, name in named if kind == "action"}
    assert {name for name in actions if name not in USAGE and name not in known} == set()
    assert {name for kind, name in named if kind == "setting" and name not in Settings.model_fields} == set()
    for name, usage in USAGE.items():
        command, _, rest = usage.partition(" --")
        assert name in actions, f"{name} is named nowhere"
        assert f"--{rest.partition(' ')[0]}" in known[command.removesuffix(" ID")]


@pytest.mark.parametrize(
    ("sentence", "neutral", "english"),
    [
        (
            message("Say it with {option[crs]}, such as {option[crs]:EPSG:{code}}.", code=25832),
            "Say it with crs, such as crs=EPSG:25832.",
            "Say it with --crs, such as --crs EPSG:25832.",
        ),
        (
            message("{action[trail retire]:{trail}} gives it up.", trail="moor {weg}"),
            "trail retire moor {weg} gives it up.",
            "'digitalpfad trail retire moor {weg}' gives it up.",
        ),
        (
            message("{action[station list all]} shows them all."),
            "station list all shows them all.",
            "'digitalpfad station list --all' shows them all.",
        ),
        (
            InvalidInput(message("{setting[mqtt_url]}"), "x", "an address", message("Try {option[at]}.")).sentence,
            "mqtt_url is 'x', expected an address. Try at.",
            "DIGITALPFAD_MQTT_URL is 'x', expected an address. Try --at.",
        ),
        (
            followed_by(phrase("{option[crs]} as a user wrote it."), message("Leave {option[crs]} out.")),
            "{option[crs]} as a user wrote it. Leave crs out.",
            "{option[crs]} as a user wrote it. Leave --crs out.",
        ),
    ],
)
def test_a_sentence_names_what_can_be_done_as_its_edge_does(sentence: str, neutral: str, english: str) -> None:
    assert str(sentence) == neutral
    assert spelled(sentence) == english
    assert json_text({"findings": [{"hint": sentence}]}) == json_text({"findings": [{"hint": english}]})


def test_the_same_names_stand_in_german(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    hint = message("It is probably {likely}: then say {option[crs]:{likely}}.", likely="EPSG:31467")
    assert said(hint) == "Wahrscheinlich ist es EPSG:31467: Geben Sie dann --crs EPSG:31467 an."
    hint = message("{action[station list all]} shows them all.")
    assert said(hint) == "'digitalpfad station list --all' zeigt sie alle."
