"""The catalogues hold exactly what the code says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from markupsafe import Markup

from api.languages import texts as texts_module
from api.languages.texts import marked_label, property_label, texts
from geodata.model import properties

FOLDER = Path(texts_module.__file__).parents[1]
KEYWORDS = {"t": None, "marked": None, "plural": (1, 2)}
METHODS = {".py": "python", ".html": "jinja2.ext:babel_extract"}
WRITTEN = sorted(file.stem for file in (FOLDER / "languages" / "locale").glob("*.po"))
Key = str | tuple[str, ...]


def keys_in_the_code() -> Iterator[Key]:
    for path in (*FOLDER.rglob("*"), Path(properties.__file__)):
        if path.suffix in METHODS:
            with path.open("rb") as source:
                for _, message, _, _ in extract(METHODS[path.suffix], source, keywords=KEYWORDS):
                    yield message if isinstance(message, str) else tuple(message)


def catalogue(language: str) -> Catalog:
    with (FOLDER / "languages" / "locale" / f"{language}.po").open("rb") as source:
        return read_po(source, ignore_obsolete=False)


def entries(language: str) -> dict[Key, Key]:
    def key(value: object) -> Key:
        return value if isinstance(value, str) else tuple(cast("list[str]", value))

    return {key(message.id): key(message.string) for message in catalogue(language) if message.id}


def places(text: Key) -> set[str]:
    """The values that a text has room for."""
    return set(re.findall(r"%\(\w+\)s", "".join(text)))


def test_every_text_of_the_code_is_there_in_english():
    assert set(keys_in_the_code()) - entries("en").keys() == set()


@pytest.mark.parametrize("language", WRITTEN)
def test_no_catalogue_translates_what_nobody_says(language: str):
    labels = {prop.label_de for prop in properties.STANDARD_PROPERTIES}  # said of a language that its row has not
    assert entries(language).keys() - set(keys_in_the_code()) - labels == set()


@pytest.mark.parametrize("language", WRITTEN)
def test_translations_are_not_empty_and_keep_the_places_for_values(language: str):
    for german, translated in entries(language).items():
        assert all(translated), german
        assert places(german) == places(translated), german


def test_plain_language_falls_back_to_german():
    assert texts("de_simple")("gerade eben") == "gerade eben"
    assert texts("de_simple")("Auflösung") == "Antwort zeigen"


def test_plural_forms_follow_the_number():
    t = texts("en")
    assert t.plural("vor einer Minute", "vor %(number)s Minuten", 1) == "one minute ago"
    assert t.plural("vor einer Minute", "vor %(number)s Minuten", 2) == "2 minutes ago"


def test_a_value_that_is_html_stays_it_and_everything_else_is_escaped():
    said = texts("en")("%(what)s von %(whom)s & Co", what=Markup("<b>1</b>"), whom="<i>")
    assert said == "<b>1</b> von &lt;i&gt; &amp; Co"
    assert isinstance(said, Markup)
    assert not isinstance(texts("en")("%(what)s", what="1 & 2"), Markup)


def test_the_name_of_a_property_says_its_language_where_it_is_not_the_pages():
    ours = replace(properties.STANDARD_PROPERTIES[0], label_de="Moos & Farn", label_en="")
    assert marked_label(ours, texts("de")) == "Moos & Farn"
    assert marked_label(ours, texts("en")) == '<span lang="de">Moos &amp; Farn</span>'
    assert property_label(ours, texts("en")) == "Moos & Farn", "as the interface gives it"
    assert marked_label(replace(ours, label_en="Moss & Fern"), texts("en")) == "Moss & Fern"
