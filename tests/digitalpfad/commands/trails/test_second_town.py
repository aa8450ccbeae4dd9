"""Every command of docs/second-town.md, from a walker's GPX file to signs, in the order of the page."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.deploy.test_installation import PAGES, shell_lines
from tests.digitalpfad.commandline import ROOT, run
from tests.fixtures.databases.database import url_of


@pytest.mark.timeout(180)
def test_a_second_town_comes_from_its_file_to_its_signs(database_url: str, tmp_path: Path) -> None:
    pytest.importorskip("typst", reason="typst sets the signs: 'make test' brings it.")
    shutil.copy(ROOT / "tests/geodata/files/hand-made-1.0.gpx", tmp_path / "weg.gpx")
    system = {
        "DIGITALPFAD_DATABASE_URL": url_of(database_url),
        "DIGITALPFAD_DATA_DIR": str(tmp_path / "data"),
        "DIGITALPFAD_BASE_URL": "https://pfad.example.org",
    }
    said: dict[str, str] = {}
    lines = [line for line in shell_lines(PAGES[1]) if line.startswith("digitalpfad ")]
    assert len(lines) >= 17
    for line in lines:
        words = [
            str(tmp_path / word) if word in {"weg.gpx", "texte", "schilder"} else word for word in shlex.split(line)
        ]
        if "CODE" in words:
            (first, *_) = json.loads(run("station", "list", "--json", **system).stdout)
            words[words.index("CODE")] = first["code"]
        ended = run(*words[1:], **system)
        said[line] = ended.stdout + ended.stderr
        assert ended.returncode == 0 or line == "digitalpfad doctor", f"{line}\n{said[line]}"
        if line.startswith("digitalpfad content export"):
            _write_texts(tmp_path / "texte")
    assert "✓ legal pages  nothing is missing" in said["digitalpfad doctor"]
    assert "shown" in run("trail", "list", **system).stdout
    assert (tmp_path / "schilder/waldweg/schilder-a6.pdf").read_bytes().startswith(b"%PDF")


def test_the_rules_of_the_handbook_are_brought_in_listed_and_written_out_as_it_says(
    demo: dict[str, str], tmp_path: Path
) -> None:
    page = (ROOT / "docs/closures-and-notices.md").read_text()
    (written,) = re.findall(r"^```json\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    (tmp_path / "hinweise.json").write_text(written)
    said: list[str] = []
    for line in [line for line in shell_lines(ROOT / "docs/closures-and-notices.md") if "notice" in line]:
        words = [str(tmp_path / word) if word.endswith(".json") else word for word in shlex.split(line)]
        ended = run(*["stadtwald" if word == "waldweg" else word for word in words[1:]], **demo)
        assert ended.returncode == 0, f"{line}\n{ended.stderr}"
        said.append(ended.stdout)
    assert [text.split() for text in said[:2]] == [["id", "rule", "waldweg-steg-nass", "new"]] * 2, "tried, then done"
    assert "waldweg-steg-nass" in said[2]
    exported = {rule["id"]: rule for rule in json.loads((tmp_path / "regeln.json").read_text())}
    assert exported["waldweg-steg-nass"] == {**json.loads(written)[0], "expires_s": 6 * 3600}


def _write_texts(folder: Path) -> None:
    """What the page leaves to people: a sentence, a text and where it is known from."""
    for file in folder.glob("*/de.md"):
        source = "" if file.parent.name == "trail" else 'source: "Eigene Beobachtung im November 2026"\n'
        head = file.read_text().rstrip().removesuffix("---")
        file.write_text(f'{head}lead: "Ein Satz."\n{source}---\n\nHier steht, was es zu sehen gibt.\n')
