"""Lists and tables mean to the site's generator what they mean on the forge."""

from __future__ import annotations

import pytest

from tools.docsite.dialect import adapted


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Text:\n- a\n- b", "Text:\n\n-   a\n-   b"),
        ("Text:\n1. a\n2. b", "Text:\n\n1.  a\n2.  b"),
        ("- a\n  more", "-   a\n    more"),
        ("- a\nlazy", "-   a\n    lazy"),
        ("- a\n  - b\n    c", "-   a\n    -   b\n        c"),
        ("1. a\n   ```python\n   if x:\n       y\n   ```", "1.  a\n    ```python\n    if x:\n        y\n    ```"),
        ("- a\n\n  b\n- c", "-   a\n\n    b\n\n-   c"),
        ("Text\n| a |\n| - |\n| b |", "Text\n\n| a |\n| - |\n| b |"),
        ("| a |\n| - |\n| `b\\|c` d\\|e |", "| a |\n| - |\n| `b|c` d\\|e |"),
        ("```\n- a\n```", "```\n- a\n```"),
        ("# Title\n\nOne - two\nthree", "# Title\n\nOne - two\nthree"),
    ],
)
def test_a_document_is_indented_as_the_generator_reads_it(text: str, expected: str) -> None:
    assert adapted(text) == expected


def test_an_item_whose_text_begins_in_the_next_line_is_refused() -> None:
    with pytest.raises(SystemExit, match="begin the item's text in the line of its mark"):
        adapted("-\n  text")
