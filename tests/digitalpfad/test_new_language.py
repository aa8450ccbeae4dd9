"""A new language is a row, a file of words and legal texts: shown by adding French to a copy of the tree."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.checkout import ROOT

PACKAGES = ("api", "dashboards", "digitalpfad", "gateway", "geodata", "tests")
OAKS_FOLDER = "geodata/trails/stadtwald/content/01-unter-den-eichen"
ROW = 'Language(variant="fr", html="fr", locale="fr_FR", name="Français", misnamed=("french",)),'
HEADER = """
msgid ""
msgstr "Language: fr\\nContent-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=2; plural=(n > 1);\\n"
"""
PAGES = """
msgid "Gesperrt"
msgstr "Fermé"

msgid "Sperrungen"
msgstr "Fermetures"

msgid "nach Osten"
msgstr "vers l’est"
"""
COMMANDS = """
msgid "There is no {kind} {key}."
msgstr "Il n’y a pas de {kind} {key}."
"""
LEGAL = """{% extends "legal/page.html" %}
{% block title %}Mentions légales{% endblock %}
{% block legal %}<h1>Mentions légales</h1>{% endblock %}
"""
TEXT = """---
title: "Sous les chênes"
lead: "La forêt commence ici."
source: "Ville de Lemgo."
---
Un geai oublie ses glands.
"""


def with_french(folder: Path) -> Path:
    """A copy of the tree that has learned French: a row, words of pages and of commands, a legal text."""
    for name in PACKAGES:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    table = folder / "geodata/vocabulary/languages.py"
    before, rows, after = table.read_text().partition("ROWS = (\n")
    table.write_text(before + rows + after.replace("\n)\n", f"\n    {ROW}\n)\n", 1))
    (folder / "api/languages/locale/fr.po").write_text(HEADER + PAGES)
    (folder / "geodata/messages/locale/fr.po").write_text(HEADER + COMMANDS)
    (folder / "api/webapp/templates/legal/imprint.fr.html").write_text(LEGAL)
    return folder


@pytest.fixture
def french(demo: dict[str, str], tmp_path: Path) -> dict[str, Any]:
    """What pages, interface and commands say there."""
    tree, texts = with_french(tmp_path / "tree"), tmp_path / "texts"
    shutil.copytree(ROOT / "geodata/trails/stadtwald/content", texts)
    (texts / Path(OAKS_FOLDER).name / "fr.md").write_text(TEXT)
    ended = subprocess.run(
        [sys.executable, "-m", "tests.digitalpfad.french", demo["DIGITALPFAD_DATABASE_URL"], str(texts)],
        check=False, capture_output=True, text=True, cwd=tree, timeout=120,
        env=os.environ | {"PYTHONPATH": f"{tree}:{ROOT / 'firmware-sim'}", "LC_ALL": "C"},
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    told: dict[str, Any] = json.loads(ended.stdout)
    return told


def test_french_is_a_row_a_file_of_words_and_legal_texts(french: dict[str, Any]) -> None:
    assert (french["imported"][0], french["closed"]) == (0, [0, ""]), french["imported"][1]

    assert "Il n’y a pas de " in french["command"]

    page = french["page"]
    assert (page["status"], page["language"]) == (200, "fr")
    assert '<html lang="fr">' in page["text"]
    assert 'href="/s/K7YNX0?lang=fr" lang="fr" hreflang="fr" aria-current="true"' in page["text"]
    for said in ("Sous les chênes", "Un geai oublie", "Fermé", "Tempête", "Par la route"):
        assert said in page["text"]
    assert "410\u00a0m · vers l’est" in french["untranslated"]["text"]
    assert "Auflösung" in french["untranslated"]["text"], "a word that is not translated is German"
    assert '<h1 lang="de">' in french["untranslated"]["text"], "a text that is not translated is marked as German"
    assert french["browser"]["language"] == "fr"
    assert "Mentions légales" in french["legal"]["text"]
    assert '<main id="inhalt" class="single" lang="de">' in french["privacy"]["text"]

    content = french["station"]["content"]
    assert (content["variant"], content["lang"], content["title"]) == ("fr", "fr", "Sous les chênes")
    assert "fr" in french["station"]["available_variants"]
    assert (french["closures"]["reason"], french["closures"]["lang"]) == ("Tempête", "fr")
    assert "X-WR-CALNAME:Fermetures" in french["calendar"]
    assert "SUMMARY:Fermé: Tempête" in french["calendar"]
    assert "'fr'" in json.dumps(french["refused"])
