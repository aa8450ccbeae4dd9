"""Heads of Markdown files: what people write is read, what is wrong is named with its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.content.frontmatter import Document, read
from geodata.findings.content import TextFindings

GOOD = '---\ntitle: "Alte Eiche"\nlead: Ein Baum\n---\n\nText.\n\n---\n\nMehr.\n'
KNOWN = ("title", "lead", "question", "show_from")


def good(text: str) -> Document:
    findings = TextFindings()
    document = read(text, "de.md", KNOWN, findings)
    assert findings.found == []
    assert document is not None
    return document


def complaints(text: str) -> dict[str, list[str]]:
    findings = TextFindings()
    read(text, "de.md", KNOWN, findings)
    found: dict[str, list[str]] = {}
    for one in findings.errors:
        found.setdefault(one.reason, []).append(str(one))
    return found


def test_fields_and_body_come_apart_and_a_later_rule_stays_text() -> None:
    document = good(GOOD)
    assert document.fields == {"title": "Alte Eiche", "lead": "Ein Baum"}
    assert document.body == "Text.\n\n---\n\nMehr."
    assert (document.lines, document.body_line) == ({"title": 2, "lead": 3}, 6)


def test_numbers_and_yes_and_no_stay_the_text_that_was_written() -> None:
    assert good("---\ntitle: 1950\nlead: no\n---\nText.\n").fields == {"title": "1950", "lead": "no"}


def test_windows_line_ends_and_a_byte_order_mark_are_forgiven() -> None:
    assert good("\ufeff" + GOOD.replace("\n", "\r\n")) == good(GOOD)


@pytest.mark.parametrize(
    ("text", "reason", "sentence"),
    [
        ("", "empty-file", "de.md, line 1 is '', expected a text. Write it, or remove the file."),
        ("\n \n", "empty-file", "de.md, line 1 is '', expected a text."),
        (
            '---\ntitle: A\nlead: "B\\0\\e"\n---\nText\n',
            "control-character",
            "de.md, line 3 is 'B\\x00\\x1b', expected no invisible characters.",
        ),
        ('---\ntitle: "\\uD800"\n---\nText\n', "control-character", "line 2 is '\\ud800', expected no invisible"),
        ('---\ntitle: "\\u202E"\n---\nText\n', "control-character", "line 2 is '\\u202e', expected no invisible"),
        (
            "Hallo\n",
            "head-missing",
            "de.md, line 1 is 'Hallo', expected ---. Begin the file with a line of three hyphens.",
        ),
        ("---\ntitle: A\nText\n", "head-not-ended", "de.md, line 3 is 'Text', expected ---. End the head with a line"),
        (
            "---\ntitle: Wald: alt\nlead: B\n---\nText\n",
            "colon-in-text",
            (
                "de.md, line 2 is 'title: Wald: alt', expected one colon, or quotes."
                ' Put a text with a colon in double quotes: title: "Wald: alt"'
            ),
        ),
        (
            '---\nlead: B\ntitle: "Wald\n---\nText\n',
            "quote-not-closed",
            "de.md, line 3 is 'title: \"Wald', expected a \" at the end too. Add it.",
        ),
        (
            '---\ntitle: "Wald\nlead: "B"\n---\nText\n',
            "quote-not-closed",
            "de.md, line 2 is 'title: \"Wald', expected a \" at the end too.",
        ),
        (
            "---\ntitle: A\nlead Ein Baum\n---\nText\n",
            "colon-missing",
            (
                "de.md, line 3 is 'lead Ein Baum', expected a name, a colon, a space and a text."
                ' Write name: "text", such as lead: "Ein Baum".'
            ),
        ),
        ("---\ntitle:Alt\nlead: B\n---\nText\n", "colon-missing", "line 2 is 'title:Alt', .* such as title: \"Alt\"."),
        ('---\ntitle "Alt"\nlead: B\n---\nText\n', "colon-missing", 'such as title: "Alt".'),
        ("---\nnur Text\n---\nText\n", "colon-missing", "de.md, line 2 is 'nur Text'"),
        ("---\n- A\n---\nText\n", "colon-missing", "de.md, line 2 is '- A'"),
        (
            "---\ntitel: A\n---\nText\n",
            "unknown-key",
            "line 2 is 'titel', expected one of lead, question, show_from, title. Did you mean title?",
        ),
        ("---\nFrage: A\n---\nText\n", "unknown-key", "Did you mean question?"),
        ("---\nshow-from: A\n---\nText\n", "unknown-key", "Did you mean show_from?"),
        ("---\nxyz: A\n---\nText\n", "unknown-key", "Correct or remove this field."),
        ("---\ntitle: A\ntitle: B\n---\nText\n", "key-twice", "line 3 is 'title', expected each field once."),
        (
            "---\ntitle: [A, B]\nlead: B\n---\nText\n",
            "key-not-text",
            "line 2 is 'title', expected a text. Put it in double quotes: title: \"…\".",
        ),
        ("---\ntitle: \x07\n---\nText\n", "head-unreadable", "line 2 is .* Remove invisible control characters."),
        ("---\ntitle: *A\n---\nText\n", "head-unreadable", "line 2 is 'title: *A', expected lines of name: text."),
    ],
)
def test_each_mistake_has_a_sentence_with_file_line_and_mend(text: str, reason: str, sentence: str) -> None:
    found = complaints(text)
    assert set(found) == {reason}
    first, _, rest = sentence.partition(" .* ")
    assert first in found[reason][0]
    assert rest in found[reason][0]


def test_all_mistakes_of_a_head_are_told_at_once() -> None:
    assert complaints("---\ntitel: A\ntitle: A\ntitle: B\nlead: [1]\n---\nText\n").keys() == {
        "unknown-key",
        "key-twice",
        "key-not-text",
    }
    assert len(complaints('---\ntitle A\nlead B\nquestion: "C\n---\nText\n')["colon-missing"]) == 2


@given(st.text(alphabet=st.sampled_from("ab:\"'-#[]{}&*!|>%@ \n\t,?\\"), max_size=60))
def test_whatever_stands_in_the_head_is_read_or_refused_in_our_words(head: str) -> None:
    findings = TextFindings()
    document = read(f"---\n{head}\n---\nText\n", "de.md", ("a", "b"), findings)
    assert (document is not None) or findings.errors
    assert document is None or set(document.fields) <= {"a", "b"}
