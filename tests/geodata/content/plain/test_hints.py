"""Hints while writing, on twenty known sentences: ten that guides would rewrite, ten that they praise."""

from __future__ import annotations

import pytest

from geodata.bundle.folder import bundled
from geodata.content.checks import StoredText, hint_at
from geodata.content.plain.hints import hints, of_sentence
from geodata.findings.content import TextFindings
from geodata.findings.finding import Severity
from geodata.model.content import StationContent

HARD = {
    "Das Haus des Försters steht am Teich.": "hint-genitive",
    "Wegen eines starken Sturms fielen viele Bäume um.": "hint-genitive",
    "Morgen könnte es regnen.": "hint-subjunctive",
    "Ohne den Bach wäre der Wald trocken.": "hint-subjunctive",
    "Das Wasser wird jede Stunde gemessen.": "hint-passive",
    "Die Teiche wurden von Förstern nach dem Sturm angelegt.": "hint-passive",
    "Der Bach ist nicht tief.": "hint-negation",
    "Die Trinkwasserversorgung kommt aus dem Wald.": "hint-word",
    "Hier leben viele Tiere, z. B. Frösche.": "hint-abbreviation",
    "Vor ungefähr fünfzig Jahren gab es hier einen großen Sturm und viele alte Bäume fielen um.": "hint-sentence",
}
EASY = (
    "Viele Bäume fielen um.",
    "Die Blätter werden zu Schlamm.",
    "Das Haus von dem Förster steht am Teich.",
    "Vielleicht regnet es morgen.",
    "Förster messen das Wasser.",
    "Dieses Haus ist alt.",
    "Sie möchten mehr wissen?",
    "Der Bach ist **nicht** tief.",
    "Das Trink-Wasser kommt aus dem Wald.",
    "Die Tage werden länger, die Vögel singen gern.",
)


@pytest.mark.parametrize(("sentence", "reason"), HARD.items())
def test_a_hard_sentence_has_its_hint_and_no_other(sentence: str, reason: str) -> None:
    assert [hint.reason for hint in of_sentence(sentence)] == [reason]


@pytest.mark.parametrize("sentence", EASY)
def test_an_easy_sentence_has_no_hint(sentence: str) -> None:
    assert list(of_sentence(sentence)) == []


def test_the_plain_texts_of_the_demonstration_raise_no_hint() -> None:
    findings = TextFindings()
    for station in bundled().stations:
        hint_at(StoredText(station.contents["de_simple"], station.code), findings)
    assert [str(finding) for finding in findings.found] == []


def test_a_hint_names_its_line_and_says_that_it_is_none_but_a_hint() -> None:
    text = StationContent(variant="de_simple", title="T", lead="L.", body="Kurz.\n\nDer Rand des Teiches ist nass.")
    findings = TextFindings()
    hint_at(StoredText(text, "3DVB54"), findings)
    [hint] = findings.found
    assert (hint.severity, hint.value, findings.errors) == (Severity.HINT, "des Teiches", [])
    assert "3DVB54, body line 3" in str(hint)
    hint_at(StoredText(StationContent(variant="de", title="T", lead="L.", body=text.body), "3DVB54"), findings)
    assert len(findings.found) == 1, "other texts are not in plain language"


def test_the_address_of_a_link_is_no_word() -> None:
    assert list(hints("[Der Wald](https://wald.example/trinkwasserversorgung).")) == []
