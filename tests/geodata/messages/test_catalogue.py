"""The German catalogue and the sentences in the code: each has the other, with the same values in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from geodata.messages.message import counted, joined, message, phrase
from geodata.messages.translation import translated
from tools.messages.catalogue import CATALOGUE, entries, missing, stanza
from tools.messages.source import Said, files, in_source, placeholders


@pytest.fixture(scope="module")
def said() -> list[Said]:
    return list(in_source(files()))


def test_every_sentence_in_the_code_has_a_german_one(said: list[Said]) -> None:
    lacking = list(missing(said))
    stanzas = "\n".join(map(stanza, lacking))
    assert not lacking, f"Fill these in and add them to geodata/messages/locale/de.po:\n\n{stanzas}"


def test_no_sentence_is_glued_together_so_that_it_cannot_be_translated(said: list[Said]) -> None:
    assert [f"{one.where}: {one.text}" for one in said if one.glued] == []


def test_no_german_sentence_is_left_over(said: list[Said]) -> None:
    assert sorted(entries().keys() - {one.text for one in said}) == []


def test_the_same_values_stand_in_both_languages() -> None:
    for text, entry in entries().items():
        german = [entry.string] if isinstance(entry.string, str) else list(entry.string or ())
        assert german, text
        assert all(german), f"{text!r} has no German"
        if isinstance(entry.id, str):
            assert placeholders(str(german[0])) == placeholders(text), text
        else:
            assert [placeholders(one) for one in german] == [placeholders(one) for one in entry.id], text


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('message("{a} is.", a=1)', ["{a} is."]),
        ('raise InvalidInput("--line", line, "one line", f"Say {line}.")', ["one line", "f'Say {line}.' (glued)"]),
        ('findings.error("reason", at, value, "a text", hint="Write it.")', ["a text", "Write it."]),
        ('findings.warn("It is so.", "so", place=at)', ["It is so.", "so"]),
        ('def f(a):\n    hint = "Do it."\n    return Finding("r", "a.md", a, "a thing", hint)', ["Do it.", "a thing"]),
        ('def f(m):\n    return Refused("No way.", hint=m)\nf("Do it.")', ["Do it.", "No way."]),
        ('def f():\n    return "v", "Do it."\nvalue, hint = f()\nphrase(hint)', ["Do it."]),
        ('M = {"a": "Do it."}\nphrase(M[key])', ["Do it."]),
        ('phrase("yes it is" if a else "no it is not")', ["no it is not", "yes it is"]),
        ('for a, m in (("x", "Do it."), ("y", "Let it.")):\n    phrase(m)', ["Do it.", "Let it."]),
        ('counted("{count} area", "{count} areas", count=n)', ["{count} areas"]),
        ('answer_table(("one", "two"), rows, "None here.")', ["None here.", "one", "two"]),
        ('phrase(f"{name}.md")', []),
        ('print("Not for people.")', []),
    ],
)
def test_sentences_are_found_however_they_are_handed_on(source: str, found: list[str], tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text(source)
    shown = [one.text + (" (glued)" if one.glued else "") for one in in_source([file])]
    assert sorted(shown) == sorted(found)


def test_what_is_missing_is_printed_ready_to_be_filled_in() -> None:
    lacking = [Said('A "b" is.', "a.py:1"), Said("{count} moons", "a.py:2", "{count} moon")]
    assert [stanza(one) for one in missing(lacking)] == [
        '#: a.py:1\nmsgid "A \\"b\\" is."\nmsgstr ""\n',
        '#: a.py:2\nmsgid "{count} moon"\nmsgid_plural "{count} moons"\nmsgstr[0] ""\nmsgstr[1] ""\n',
    ]
    assert CATALOGUE.name == "de.po"


@pytest.mark.parametrize(("number", "english", "german"), [(0, "0 texts", "0 Texte"), (1, "1 text", "1 Text")])
def test_what_is_counted_fits_its_number(number: int, english: str, german: str) -> None:
    said = counted("{count} text", "{count} texts", count=number)
    assert (said, translated(said, "de")) == (english, german)


def test_numbers_are_written_as_in_german_and_braces_stay() -> None:
    assert translated(message("more than {size:,} bytes", size=200_001), "de") == "mehr als 200.001 Byte"
    assert translated(message("{seconds:.1f} seconds long", seconds=1.25), "de") == "1,2 Sekunden lang"
    assert translated(joined(["{x}", phrase("none")], " {y} "), "de") == "{x} {y} keine"
