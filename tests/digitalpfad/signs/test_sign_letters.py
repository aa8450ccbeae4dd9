"""Which letters our fonts have, and what is said of those that they lack."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from functools import cache
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from digitalpfad.signs import letters
from digitalpfad.signs.letters import fonts_have, ready_to_set
from digitalpfad.signs.sign import Sign, signs_of
from geodata.bundle.folder import bundled
from geodata.errors import DigitalpfadError
from geodata.typesetting.font import FONTS, characters

SIGNS = Path(letters.__file__).parent
TEMPLATES = [*SIGNS.glob("*.typ"), SIGNS / "pdf.py"]


@cache
def sign() -> Sign:
    bundle = bundled()
    return signs_of(bundle.trail, bundle.municipality, bundle.stations, "https://pfad.example.org")[0]


def lacking(made: Sign) -> str:
    with pytest.raises(DigitalpfadError) as caught:
        ready_to_set([made])
    return str(caught.value)


@pytest.mark.parametrize("path", sorted(FONTS.glob("*.ttf")), ids=lambda path: path.stem)
def test_the_reader_of_fonts_finds_what_freetype_finds(path: Path) -> None:
    font = ImageFont.truetype(path, 20, layout_engine=ImageFont.Layout.BASIC)
    box = picture(font, "\U000f0000")
    drawn = {one for one in map(chr, range(0x21, 0x3000)) if one.isprintable() and picture(font, one) != box}
    assert drawn == {one for one in characters(path) if "!" <= one < "\u3000" and one.isprintable()}


def picture(font: ImageFont.FreeTypeFont, text: str) -> bytes:
    image = Image.new("L", (40, 40))
    ImageDraw.Draw(image).text((8, 8), text, fill=255, font=font)
    return image.tobytes()


@pytest.mark.parametrize(
    ("letter", "name", "hint"),
    [
        ("ẞ", "ẞ (U+1E9E LATIN CAPITAL LETTER SHARP S)", "write SS instead"),
        ("→", "→ (U+2192 RIGHTWARDS ARROW)", "write – instead"),
        ("₂", "₂ (U+2082 SUBSCRIPT TWO)", "write 2 instead"),
        ("✓", "✓ (U+2713 CHECK MARK)", "leave it out or write a word instead"),
        ("🌳", "🌳 (U+1F333 DECIDUOUS TREE)", "leave it out or write a word instead"),
        ("ю", "ю (U+044E CYRILLIC SMALL LETTER YU)", "write it in Latin letters"),
        ("ṣ\u0323", "(U+0323 COMBINING DOT BELOW)", "leave it out"),
        ("ﬁ", "ﬁ (U+FB01 LATIN SMALL LIGATURE FI)", "write fi instead"),
        ("\ue000", "(U+E000 without a name)", "leave it out"),
    ],
)
@pytest.mark.parametrize(
    ("field", "where"),
    [
        ("title", "station 1 (K7YNX0), the title «"),
        ("lead", "station 1 (K7YNX0), the sentence below the title «"),
        ("trail", "the trail's name «"),
        ("municipality", "the municipality's name «"),
    ],
)
def test_a_letter_that_the_fonts_lack_is_named_with_its_place_and_a_better_one(
    letter: str, name: str, hint: str, field: str, where: str
) -> None:
    said = lacking(replace(sign(), **{field: f"An der {letter}"}))
    assert all(part in said for part in (name, hint, where)), said


def test_all_letters_of_all_signs_are_named_at_once_and_each_only_once_a_text() -> None:
    first, second = replace(sign(), title="✓✓ →"), replace(sign(), number=2, code="2FYJEM", lead="H₂O")
    with pytest.raises(DigitalpfadError) as caught:
        ready_to_set([first, second])
    assert [re.findall(r"U\+\w+", line) for line in str(caught.value).splitlines()] == [
        [],
        ["U+2713"],
        ["U+2192"],
        ["U+2082"],
    ]


@pytest.mark.parametrize(
    ("text", "set_as"),
    [
        ("Goethe\u2011Eiche", "Goethe-Eiche"),
        ("5\u202fkm", "5\u00a0km"),
        ("um\u2009die Ecke", "um die Ecke"),
    ],
)
def test_what_only_breaks_lines_otherwise_is_exchanged_and_told(text: str, set_as: str) -> None:
    (made,), (told,) = ready_to_set([replace(sign(), title=text)])
    assert made.title == set_as
    assert "station 1 (K7YNX0), the title: (U+20" in told.replace("‑ ", "")


@pytest.mark.parametrize(
    ("text", "set_as"),
    [
        ("Ba\u0308umchen", "Bäumchen"),
        ("Ĉu „Łódź“ – 5 °C × ½ €", "Ĉu „Łódź“ – 5 °C × ½ €"),
        ("Natur\u00adschutz\u200bgebiet", "Natur\u00adschutz\u200bgebiet"),
        ("zwei\tWörter\u2028hier", "zwei Wörter hier"),
    ],
)
def test_what_the_fonts_have_is_set_without_a_word(text: str, set_as: str) -> None:
    (made,), told = ready_to_set([replace(sign(), title=text)])
    assert (made.title, told) == (set_as, [])


def test_the_templates_write_only_what_the_fonts_have() -> None:
    written = {one for path in TEMPLATES for one in path.read_text() if not one.isspace()}
    assert {one for one in written if not fonts_have(one)} == set()


def test_every_text_that_the_templates_set_is_looked_at() -> None:
    texts = {field.name for field in fields(Sign) if field.type == "str"} - {"qr_svg"}
    assert texts == {*letters._OF_A_STATION, *letters._OF_ALL}
