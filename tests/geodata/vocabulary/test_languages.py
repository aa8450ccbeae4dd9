"""The table of languages, and which text is delivered to whom."""

from __future__ import annotations

import pytest
from babel import Locale

from geodata.vocabulary.languages import (
    DEFAULT,
    INTERFACES,
    ROWS,
    VARIANTS,
    Language,
    chain,
    delivered,
    html_tag,
    interface,
    of_browser,
    text_in,
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.variant)
def test_each_row_can_be_used(row: Language) -> None:
    assert Locale.parse(row.locale).language == row.html.partition("-")[0]
    assert row.fallback in VARIANTS
    assert row.variant.replace("_", "").isalpha(), "names of files and query strings"
    assert row.variant == row.variant.lower(), "names of files and query strings"
    assert chain(row.variant)[-1] == DEFAULT


def test_no_two_rows_are_taken_for_each_other() -> None:
    names = [name for row in ROWS for name in (row.variant, *row.misnamed)]
    assert (len(names), len(VARIANTS)) == (len(set(names)), len(ROWS))


@pytest.mark.parametrize(
    ("there", "asked", "found"),
    [
        (["en", "de"], "en", "en"),
        (["en", "de"], "children", "de"),
        (["children", "en"], "de_simple", "children"),
        (["de"], "gone", "de"),
        (["gone"], "de", "gone"),
        ([], "de", None),
    ],
)
def test_a_text_falls_back_to_german_then_to_any_there_is(there: list[str], asked: str, found: str | None) -> None:
    assert delivered(there, asked) == found
    assert text_in({variant: f"in {variant}" for variant in there}, asked) == (found and f"in {found}")


def test_a_voice_is_spoken_within_pages_of_its_language() -> None:
    assert (interface("children"), html_tag("children"), interface("en")) == ("de", "de", "en")
    assert "children" not in INTERFACES


@pytest.mark.parametrize(
    ("tag", "variant"), [("en-US", "en"), ("DE", "de"), ("de-simple", "de"), ("eo", None), ("*", None), ("", None)]
)
def test_a_browser_is_answered_in_the_language_not_in_one_of_its_forms(tag: str, variant: str | None) -> None:
    assert of_browser(tag) == variant
