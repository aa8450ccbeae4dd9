"""What commands print: nothing steers a terminal, and what people wrote stays."""

from __future__ import annotations

import json

import pytest

from digitalpfad.commands.output import answer_table, json_text, printable
from geodata.messages.message import message


def test_a_devices_text_cannot_steer_the_terminal() -> None:
    assert printable("a\x1b[2Jb\x9bc\u202ed\u2066") == "a�[2Jb�c�d�"


def test_white_space_and_letters_of_every_kind_are_shown_as_they_are() -> None:
    kept = "1.\u00a0Dezember, 20\u202fkm/h, Forst\u00adweg, 👩\u200d🌾, \u200fא, \U0001fae9"
    assert printable(kept) == kept
    assert printable("one\ttwo\r\nthree\u2028four") == "one two  three four"


def test_json_holds_the_same_text_without_what_steers_a_terminal() -> None:
    text = json_text({"a": "\x1b\x9b\u202e\u00a0"})
    assert text == '{"a": "\\u001b\\u009b\\u202e\u00a0"}'
    assert json.loads(text) == {"a": "\x1b\x9b\u202e\u00a0"}


@pytest.mark.parametrize(("locale", "shown"), [("de_DE.UTF-8", "Titel"), ("C.UTF-8", "title")])
def test_headings_and_messages_are_said_in_the_locales_language_and_users_words_are_not(
    locale: str, shown: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    answer_table(("title",), [("title",), (message("title"),)], "")
    assert capsys.readouterr().out.split() == [shown, "title", shown]
