"""Heads of Markdown files: what people write is read, what is wrong is named with its line."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import InvalidInput
from geodata.frontmatter import parse

GOOD = '---\ntitle: "Alte Eiche"\nlead: Ein Baum\n---\n\nText.\n\n---\n\nMehr.\n'


def test_fields_and_body_come_apart_and_a_later_rule_stays_text() -> None:
    document = parse(GOOD, "de.md", ("title",), ("lead",))
    assert document.fields == {"title": "Alte Eiche", "lead": "Ein Baum"}
    assert document.body == "Text.\n\n---\n\nMehr."


def test_numbers_and_yes_and_no_stay_the_text_that_was_written() -> None:
    text = "---\ntitle: 1950\nlead: no\n---\nText.\n"
    assert parse(text, "de.md", ("title", "lead")).fields == {"title": "1950", "lead": "no"}


def test_windows_line_ends_and_a_byte_order_mark_are_forgiven() -> None:
    assert parse("\ufeff" + GOOD.replace("\n", "\r\n"), "de.md", ("title", "lead")).fields["title"] == "Alte Eiche"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", r"de\.md, line 1 is '', expected ---\. Begin the file with a line of three hyphens\."),
        ("Hallo\n", r"de\.md, line 1 is 'Hallo'"),
        ("---\ntitle: A\nText\n", r"de\.md, line 3 is 'Text', expected ---\. End the head"),
        ("---\ntitle: Wald: alt\nlead: B\n---\nText\n", r"line 2 is 'title: Wald: alt', .* in double quotes\."),
        ('---\nlead: B\ntitle: "Wald\n---\nText\n', r"line \d is .* in double quotes\."),
        ("---\ntitle: A\nautor: B\n---\nText\n", r"line 3 is 'autor', expected one of lead, title\. Correct or remove"),
        ("---\ntitle: A\ntitle: B\n---\nText\n", r"line 3 is 'title', expected each field once"),
        ("---\ntitle: [A, B]\nlead: B\n---\nText\n", r"line 2 is 'title', expected a text\. Put it in double quotes"),
        ("---\nnur Text\n---\nText\n", r"line 2 is 'nur Text', expected lines of name: text"),
        ("---\n---\nText\n", r"line 2 is '', expected lines of name: text"),
        ("---\ntitle: A\n---\nText\n", r'expected a field lead\. Add a line lead: "…"'),
        ('---\ntitle: ""\nlead: B\n---\nText\n', r"expected a field title"),
        ("---\ntitle: A\nlead: B\n---\n\n", r"line 5 is '', expected text\. Write the text below"),
        ("---\ntitle: \x07\n---\nText\n", r"line 2 is .* Remove invisible control characters\."),
    ],
)
def test_each_mistake_has_a_sentence_with_file_line_and_mend(text: str, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        parse(text, "de.md", ("title", "lead"))


@given(st.text(alphabet=st.sampled_from("ab:\"'-#[]{}&*!|>%@ \n\t,?\\"), max_size=60))
def test_whatever_stands_in_the_head_is_read_or_refused_in_our_words(head: str) -> None:
    with suppress(InvalidInput):
        document = parse(f"---\n{head}\n---\nText\n", "de.md", (), ("a", "b"))
        assert set(document.fields) <= {"a", "b"}
