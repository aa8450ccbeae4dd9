"""The working folder of a server: documents make it, and name it wherever a command reads or writes a file."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.core import TyperArgument, TyperOption
from typer.main import get_command

from digitalpfad import cli
from tests.checkout import ROOT
from tests.docs.test_named_commands import calls

FOLDER = "/srv/pfad"
MADE = f"install -d -o digitalpfad -g digitalpfad -m 0750 {FOLDER}"
GERMAN = sorted((ROOT / "docs/de").glob("*.md"))
ENGLISH = [ROOT / "docs/second-town.md", ROOT / "docs/closures-and-notices.md"]
BACKUPS = "/var/lib/digitalpfad-backup"


def paths(call: str) -> Iterator[Path]:
    """The files and folders that a call of ``digitalpfad`` is given, as the command itself reads its words."""
    words = shlex.split(call)
    command: Any = get_command(cli.build(words[0]))
    while below := getattr(command, "commands", {}):
        if not words or words[0] not in below:
            return
        command = below[words.pop(0)]
    given, _, _ = command.make_parser(typer.Context(command)).parse_args(words)
    for one in command.params:
        if isinstance(one, TyperArgument | TyperOption) and "Path" in str(_annotation(one)):
            value = given.get(one.name)
            yield from map(Path, value if isinstance(value, list) else [value] if value else [])


def _annotation(parameter: Any) -> Any:
    return parameter.type_descriptor.annotation


def outside(text: str) -> list[str]:
    """The calls of a document that name a file where the account of the service may not write."""
    return [call for call in calls(text) if not all(map(_is_inside, paths(call)))]


def _is_inside(path: Path) -> bool:
    return any(path.is_relative_to(folder) for folder in (FOLDER, BACKUPS))


@pytest.mark.parametrize("page", GERMAN, ids=lambda page: page.name)
def test_every_file_of_a_german_page_lies_in_the_working_folder(page: Path) -> None:
    assert outside(page.read_text(encoding="utf-8")) == []


def test_the_german_pages_name_files_that_commands_read_and_write() -> None:
    named = [path for page in GERMAN for call in calls(page.read_text(encoding="utf-8")) for path in paths(call)]
    assert len(named) >= 16


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("`digitalpfad signs build waldweg schilder --draft`", ["signs build waldweg schilder --draft"]),
        ("`digitalpfad notice export regeln.json --trail w`", ["notice export regeln.json --trail w"]),
        ("`digitalpfad content export waldweg /srv/pfad/texte`", []),
        ("`digitalpfad content export waldweg /srv/pfadfinder`", ["content export waldweg /srv/pfadfinder"]),
        ("`digitalpfad trail list`", []),
    ],
)
def test_a_file_elsewhere_is_found(text: str, found: list[str]) -> None:
    assert outside(text) == found


def test_both_languages_make_the_same_folder_and_english_pages_lead_there() -> None:
    for page in (ROOT / "docs/installation.md", ROOT / "docs/de/installation.md"):
        assert re.search(rf"^{re.escape(MADE)}$", page.read_text(encoding="utf-8"), re.MULTILINE), page.name
    for page in ENGLISH:
        assert f"cd {FOLDER}" in page.read_text(encoding="utf-8"), page.name


@pytest.mark.skipif(os.geteuid() != 0, reason="giving a folder to another account needs root")
def test_the_account_may_write_in_the_folder_that_is_made_and_others_may_not_look(tmp_path: Path) -> None:
    account, stranger = "65533", "65532"
    folder = tmp_path / "pfad"
    for parent in [tmp_path, *tmp_path.parents][:-2]:
        parent.chmod(parent.stat().st_mode | 0o011)
    made = MADE.replace("-o digitalpfad -g digitalpfad", f"-o {account} -g {account}").replace(FOLDER, str(folder))
    subprocess.run(["bash", "-c", made], check=True)

    def tries(who: str, line: str) -> int:
        drop = ["setpriv", f"--reuid={who}", f"--regid={who}", "--clear-groups", "bash", "-c", line]
        return subprocess.run(drop, check=False, capture_output=True).returncode

    assert tries(account, f"touch {folder}/regeln.json") == 0
    assert tries(stranger, f"ls {folder}") != 0
    subprocess.run(["bash", "-c", f"install -m 0644 {shlex.quote(__file__)} {folder}/weg.gpx"], check=True)
    assert tries(account, f"cat {folder}/weg.gpx") == 0
