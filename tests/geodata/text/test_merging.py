"""What two people did to the same text, put together: nothing that either wrote is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from geodata.text.merging import merged

PARAGRAPHS = st.lists(st.text("abc ", min_size=1, max_size=4).filter(str.strip), max_size=5).map("\n\n".join)


def words(text: str) -> set[str]:
    return set(filter(None, text.split("\n\n")))


@given(PARAGRAPHS, PARAGRAPHS, PARAGRAPHS)
def test_no_paragraph_that_somebody_added_is_lost(base: str, mine: str, theirs: str) -> None:
    result = words(merged(base, mine, theirs))
    for text in (mine, theirs):
        assert words(text) - words(base) <= result


@given(PARAGRAPHS, PARAGRAPHS)
def test_whoever_changed_nothing_changes_nothing(base: str, changed: str) -> None:
    assert merged(base, base, changed) == changed
    assert merged(base, changed, base) == changed
    assert merged(base, changed, changed) == changed


def test_changes_of_different_paragraphs_are_both_there_once() -> None:
    assert merged("a\n\nb\n\nc", "A\n\nb\n\nc", "a\n\nb\n\nC") == "A\n\nb\n\nC"
    assert merged("a\n\nb", "A\n\nb", "a\n\nB") == "A\n\nB", "side by side too"
    assert merged("a\n\nb\n\nc", "a\n\nc", "a\n\nb\n\nc\n\nd") == "a\n\nc\n\nd", "taken away and added"


def test_what_both_changed_is_there_twice_theirs_first() -> None:
    assert merged("a\n\nb", "a\n\nmine", "a\n\ntheirs") == "a\n\ntheirs\n\nmine"
