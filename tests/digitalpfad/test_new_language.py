"""A new language is a row, a file of words and legal texts: shown by teaching a copy of the tree Dutch, all of it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, cast

import pytest
from babel.messages.pofile import read_po

from tests.api.languages.test_texts import Key, keys_in_the_code
from tests.checkout import ROOT

PACKAGES = ("api", "dashboards", "digitalpfad", "gateway", "geodata", "tests")
DUTCH = Path(__file__).parent / "dutch"
ROW = 'Language(variant="nl", html="nl", locale="nl_NL", name="Nederlands", misnamed=("dutch",)),'
COMMANDS = """
msgid ""
msgstr "Language: nl\\nContent-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "There is no {kind} {key}."
msgstr "Er is geen {kind} {key}."
"""
NAMES = {"Lemgo", "Digitalpfad.Stadtwald", "Station"}
"""Words of texts that are names in any language."""
GERMAN = re.compile(
    r"\b(?:und|oder|nicht|ist|sind|wird|werden|mit|für|auf|eine[nmrs]?|der|das|dem|zum|zur|auch|über|wir)\b|ß"
)
RELEASED = re.compile(r"^## (?P<version>\S+) – (?!unreleased)", re.MULTILINE)


def with_dutch(folder: Path) -> Path:
    """A copy of the tree that has learned Dutch: a row, words of pages and of commands, legal texts."""
    for name in PACKAGES:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    table = folder / "geodata/vocabulary/languages.py"
    before, rows, after = table.read_text().partition("ROWS = (\n")
    table.write_text(before + rows + after.replace("\n)\n", f"\n    {ROW}\n)\n", 1))
    shutil.copy(DUTCH / "nl.po", folder / "api/languages/locale/nl.po")
    (folder / "geodata/messages/locale/nl.po").write_text(COMMANDS)
    shutil.copytree(DUTCH / "legal", folder / "api/webapp/templates/legal", dirs_exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def words() -> dict[Key, Key]:
    """The Dutch words by the German ones."""
    with (DUTCH / "nl.po").open("rb") as source:
        catalogue = read_po(source, ignore_obsolete=False)

    def key(value: object) -> Key:
        return value if isinstance(value, str) else tuple(cast("list[str]", value))

    return {key(message.id): key(message.string) for message in catalogue if message.id}


@pytest.fixture(scope="module")
def said_in_the_code() -> set[Key]:
    """Every text of the interface; reading the code for it takes a while."""
    return set(keys_in_the_code())


@pytest.fixture
def dutch(demo: dict[str, str], tmp_path: Path) -> dict[str, Any]:
    """What pages, interface and commands say there."""
    tree, texts = with_dutch(tmp_path / "tree"), tmp_path / "texts"
    shutil.copytree(ROOT / "geodata/trails/stadtwald/content", texts)
    shutil.copytree(DUTCH / "content", texts, dirs_exist_ok=True)
    ended = subprocess.run(
        [sys.executable, "-m", "tests.digitalpfad.asked_in_dutch", demo["DIGITALPFAD_DATABASE_URL"], str(texts)],
        check=False, capture_output=True, text=True, cwd=tree, timeout=240,
        env=os.environ | {"PYTHONPATH": f"{tree}:{ROOT / 'firmware-sim'}", "LC_ALL": "C"},
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    told: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])  # logs stand before it
    return told


@dataclass
class InDutch(HTMLParser):
    """The words of a page that claim to be Dutch: those that are marked as another language are left out."""

    said: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        lang = named.get("lang") or (self._open[-1][1] if self._open else "")
        self.said += [named.get(name) or "" for name in ("alt", "title", "aria-label", "placeholder") if lang == "nl"]
        if tag not in {"br", "meta", "link", "img", "input", "source", "path", "hr"}:
            self._open.append((tag, lang))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][1] == "nl" and self._open[-1][0] not in {"style", "script"}:
            self.said.append(" ".join(data.split()))


def left_in_german(html: str, german: set[str], forgiven: set[str]) -> list[str]:
    """What claims to be Dutch and is not: a text of the interface in German, or German words."""
    page = InDutch()
    page.feed(html)
    said = [one for one in page.said if one and one not in NAMES]
    untranslated = [one for one in said if one in german]
    return untranslated + [
        one for one in said if GERMAN.search(one) and not any(text and text in one for text in forgiven)
    ]


@pytest.mark.timeout(300)
def test_dutch_is_a_row_a_file_of_words_and_legal_texts(
    dutch: dict[str, Any], words: dict[Key, Key], said_in_the_code: set[Key]
) -> None:
    assert (dutch["imported"][0], dutch["closed"]) == (0, [0, ""]), dutch["imported"][1]
    assert "Er is geen " in dutch["command"]
    pages = dutch["pages"]
    station = pages["/s/3DVB54"]
    assert (station["status"], station["language"]) == (200, "nl")
    assert '<html lang="nl">' in station["text"]
    assert 'href="/s/3DVB54?lang=nl" lang="nl" hreflang="nl" aria-current="true"' in station["text"]
    for said in ("De boswachtersvijvers", "Afgesloten", "Storm", "Over de weg"):
        assert said in station["text"], said
    assert re.search(r"4,\d\s*km", pages["/t/stadtwald"]["text"]), "numbers are written as the Dutch do"
    months = "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
    assert re.search(rf"op \d{{1,2}} (?:{months}) 20\d\d", pages["/barrierefreiheit"]["text"]), "and days"
    assert dutch["browser"]["language"] == "nl"
    assert "Colofon" in pages["/impressum"]["text"]
    assert "Toegankelijkheidsverklaring" in pages["/barrierefreiheit/lemgo"]["text"]

    missing = said_in_the_code - words.keys()
    singles = {part for key in missing for part in ((key,) if isinstance(key, str) else key)}
    german = {key for key in words if isinstance(key, str) and words[key] != key}
    everything = pages | dutch["given up"] | {"silent": dutch["silent"]}
    assert len(everything) > 12
    left = {path: left_in_german(page["text"], german, singles) for path, page in everything.items()}
    assert {path: found for path, found in left.items() if found} == {}

    content = dutch["station"]["content"]
    assert (content["variant"], content["lang"], content["title"]) == ("nl", "nl", "Onder de eiken")
    assert "nl" in dutch["station"]["available_variants"]
    assert (dutch["closures"]["reason"], dutch["closures"]["lang"]) == ("Storm", "nl")
    assert "X-WR-CALNAME:Afsluitingen" in dutch["calendar"]
    assert "SUMMARY:Afgesloten: Storm" in dutch["calendar"]
    assert "'nl'" in json.dumps(dutch["refused"])


def test_the_dutch_words_keep_the_places_for_values_and_are_complete_in_a_release(
    words: dict[Key, Key], said_in_the_code: set[Key]
) -> None:
    """Between releases a new text may wait for its Dutch: pages say it in German, and nobody has to know Dutch."""

    def places(text: Key) -> set[str]:
        return set(re.findall(r"%\(\w+\)s", "".join(text)))

    for german, translated in words.items():
        assert all(translated), german
        assert places(german) == places(translated), german
    newest = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").partition("\n## ")[2].partition("\n")[0]
    if "unreleased" not in newest:
        assert said_in_the_code - words.keys() == set(), "add them to tests/digitalpfad/dutch/nl.po"


def test_a_german_word_that_was_left_would_be_found() -> None:
    page = (
        '<html lang="nl"><p>Das ist nicht hier.</p><p lang="de">Das ist Deutsch.</p><p>Weiter</p><p>Goed zo.</p></html>'
    )
    assert left_in_german(page, {"Weiter"}, set()) == ["Weiter", "Das ist nicht hier."]
    assert left_in_german(page, {"Weiter"}, {"Das ist nicht hier."}) == ["Weiter"]
