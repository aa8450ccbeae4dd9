"""Messages and their translation."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path

import pytest

from geodata.errors import InvalidInput, NotFound
from geodata.findings.trail_file import Refused
from geodata.messages import translation
from geodata.messages.message import followed_by, message, phrase
from geodata.messages.translation import translated
from geodata.model.observation import Audience


def test_a_message_is_the_english_sentence_itself() -> None:
    said = message("{name} has {size:.1f} MB.", name="wald.gpx", size=1.25)
    assert said == "wald.gpx has 1.2 MB."
    assert pickle.loads(pickle.dumps(said)).template == copy.deepcopy(said).template == "{name} has {size:.1f} MB."


def test_a_refusal_is_said_in_german_with_its_parts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "de.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "{field} is {value}, expected {expected}."\nmsgstr "{field} ist {value}, erwartet wird {expected}."\n\n'
        'msgid "There is no {kind} {key}."\nmsgstr "{kind} {key} gibt es nicht."\n\n'
        'msgid "trail"\nmsgstr "Den Pfad"\n\n'
        'msgid "a line"\nmsgstr "eine Linie"\n\n'
        'msgid "Draw {what}, {far:.1f} km long."\nmsgstr "Zeichnen Sie {what}, {far:.1f} km lang."\n'
    )
    monkeypatch.setattr(translation, "FOLDER", tmp_path)
    translation._catalogue.cache_clear()
    try:
        hint = message("Draw {what}, {far:.1f} km long.", what=phrase("a line"), far=1.5)
        error = InvalidInput("--line", "a line", "a line", hint)
        assert translated(error.sentence, "de") == (
            "--line ist 'a line', erwartet wird eine Linie. Zeichnen Sie eine Linie, 1,5 km lang."
        )
        assert str(error) == "--line is 'a line', expected a line. Draw a line, 1.5 km long."
        assert translated(NotFound("trail", "weg").sentence, "de") == "Den Pfad 'weg' gibt es nicht."
        assert translated("a line", "de") == "eine Linie"
        assert translated(error.sentence, "fr") == str(error)
    finally:
        translation._catalogue.cache_clear()


def test_braces_in_a_users_words_are_no_placeholders() -> None:
    assert followed_by("A {brace}.", "", "An end.") == "A {brace}. An end."
    assert str(Refused(message("{name} is empty.", name="{x}"), "a {y}", reason="x")) == "{x} is empty. Expected a {y}."


@pytest.mark.parametrize(
    ("language", "written"),
    [("de", "12.345 von 1.234,5"), ("en", "12,345 von 1,234.5"), ("fr", "12\u202f345 von 1\u202f234,5")],
)
def test_numbers_are_written_as_the_language_does(language: str, written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translation, "languages", lambda: {"de", "en", "fr"})
    assert translated(message("{some:,} von {all:,}", some=12_345, all=1_234.5), language) == written


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "not given"),
        ((8.9, None), "8.9, not given"),
        (Audience.HIKERS, "'hikers'"),
        ((Audience.STAFF, 3), "'staff', 3"),
        ([], "none"),
        ("", "''"),
        (tuple(range(99)), str(tuple(range(99)))[:79] + "…"),
    ],
)
def test_a_refused_value_is_said_in_no_programming_language(value: object, said: str) -> None:
    assert str(InvalidInput("place", value, "a place")) == f"place is {said}, expected a place."
