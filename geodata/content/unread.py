"""Signs of other text languages that ours does not know: they would be published as they were typed.

Word processors, wikis and messengers have signs for lists, headings and emphasis; readers would see the signs, and a
screen reader would read them out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from geodata.messages.message import Message, phrase

HTML = re.compile(
    r"</?(?:a|abbr|audio|b|big|blockquote|br|center|div|em|figure|font|h[1-6]|hr|i|iframe|img|li|mark|object|ol|p|s|script"
    r"|small|span|strong|style|sub|sup|svg|table|tbody|td|th|thead|tr|u|ul|video)(?:\s+[\w:-]+\s*=[^<>]*)?\s*/?>"
    r"|<!--|&(?:#\d+|#x[0-9a-f]+|[a-z]{2,8}\d{0,2});",
    re.IGNORECASE,
)
"""Tags and entities of HTML; «a<b und c>d» holds none."""

MARKDOWN = re.compile(
    r"(?<!\*)\*\*(?=[^\s*])|(?<=[^\s*])\*\*(?!\*)|(?<![\w_])__[^\s_][^_]*__(?![\w_])|\[[^\]]+\]\([^)]*\)"
)
"""Strong words and links; «____» is a gap to fill in."""


@dataclass(frozen=True, slots=True)
class ForeignSign:
    """A sign at the beginning of a line, or within it; it is meant as one where ``together`` lines in a row have it."""

    reason: str
    pattern: re.Pattern[str]
    expected: Message
    hint: Message
    together: int = 1
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class Unread:
    """A sign in a line, counted from 0."""

    sign: ForeignSign
    line: int
    value: str


_LIST = phrase("a list whose lines begin with a hyphen and a space")
_HYPHEN = phrase("Write a hyphen and a space in front of each line: - Wasserläufer.")
_PLAIN_WORDS = phrase("words, **strong** or *emphasis*")

_SIGNS = (
    ForeignSign(
        "heading-unread",
        re.compile(r"#{2,}(?=[^\s#])|#{7,}"),
        phrase("a heading: ##, a space and words"),
        phrase("Put a space behind the last #."),
    ),
    ForeignSign(
        "heading-unread",
        re.compile(r"#(?=[^\W\d])"),
        phrase("a heading: ##, a space and words"),
        phrase("Put a space behind the last #."),
        is_warning=True,
    ),
    ForeignSign("list-unread", re.compile(r"[•‣▪●○◦·▸►➢]\s*(?=\S)"), _LIST, _HYPHEN),
    ForeignSign("list-unread", re.compile(r"[-+](?=[^\W\d])|\*(?=[^\W\d])[^*]*$"), _LIST, _HYPHEN, together=2),
    ForeignSign("list-unread", re.compile(r"[–—−]\s*(?=\S)"), _LIST, _HYPHEN, together=2, is_warning=True),
    ForeignSign(
        "list-unread",
        re.compile(r"\d{1,3}[.)](?=[^\W\d])"),
        phrase("a list whose lines begin with a number, a point and a space"),
        phrase("Write 1. and a space in front of the first line, 2. in front of the second."),
        together=2,
        is_warning=True,
    ),
    ForeignSign(
        "table",
        re.compile(r"\|.*\|$"),
        phrase("no table"),
        phrase("Write a list: a line that begins with - for each row. A table is hard to read on a phone."),
    ),
    ForeignSign("list-unread", re.compile(r"\[[ xX]\]\s"), phrase("no boxes to tick"), phrase("Remove the brackets.")),
)
_WITHIN = (
    ForeignSign(
        "emphasis-unread",
        re.compile(r"(?<!\*)\*\*(?!\*)|(?<![\w_])__[^\s_][^_]*__(?![\w_])"),
        _PLAIN_WORDS,
        phrase("Put both pairs of stars right beside the words: **ganz leise**."),
    ),
    ForeignSign("emphasis-unread", re.compile(r"~~(?=\S)"), _PLAIN_WORDS, phrase("Remove the signs ~~.")),
    ForeignSign(
        "link-unread",
        re.compile(r"\]\s?\((?!\s*(?:javascript|vbscript|file|data):)|\]\[|\[\[|\[\^\w"),
        phrase("a link: [words](https://…)"),
        phrase("Put the words into [ ] and right behind them the address, without spaces, into ( )."),
    ),
)


_MAY_BEGIN = frozenset("#•‣▪●○◦·▸►➢+*–—−|[-0123456789")
_MAY_BE_WITHIN = ("**", "__", "~~", "]")


def may_be_within(paragraph: str) -> bool:
    """Whether a paragraph is worth a closer look; most are not."""
    return any(sign in paragraph for sign in _MAY_BE_WITHIN)


def at_beginnings(paragraph: str) -> Iterator[Unread]:
    """Signs that stand at the beginning of a paragraph's lines."""
    lines = [line.strip() for line in paragraph.split("\n")]
    if not any(line[:1] in _MAY_BEGIN for line in lines):
        return
    for sign in _SIGNS:
        hits = [number for number, line in enumerate(lines) if sign.pattern.match(line)]
        runs = [number for number in hits if _run(number, hits) >= sign.together]
        if runs:
            yield Unread(sign, runs[0], lines[runs[0]])


def within(text: str) -> Iterator[tuple[ForeignSign, str]]:
    """Signs that stayed in what was read as plain words, each kind once, with the words around it."""
    for sign in _WITHIN:
        if match := sign.pattern.search(text):
            yield sign, text[max(match.start() - 20, 0) : match.end() + 20].strip()


def _run(number: int, hits: Sequence[int]) -> int:
    """How many of ``hits`` stand in a row with this one."""
    first = last = number
    while first - 1 in hits:
        first -= 1
    while last + 1 in hits:
        last += 1
    return last - first + 1
