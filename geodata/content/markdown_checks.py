"""Markdown as its readers meet it: what stands in the way of a screen reader, and how long its sentences are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from geodata.content import unread
from geodata.findings.finding import Finding, Severity
from geodata.messages.message import message

_EMPTY_WORDS = frozenset(
    {
        "hier",
        "hier klicken",
        "klick hier",
        "klicke hier",
        "siehe hier",
        "link",
        "dieser link",
        "mehr",
        "mehr lesen",
        "weiter",
        "weiterlesen",
        "website",
        "webseite",
        "here",
        "click here",
        "see here",
        "read more",
        "more",
        "this",
        "this link",
    }
)
_ADDRESS = re.compile(r"(https?://|www\.)\S+", re.IGNORECASE)
_USABLE = re.compile(r"(https?|mailto|tel):\S+|/(?!/)\S*|#\S*", re.IGNORECASE)
_NO_LINK = re.compile(
    r"\]\(\s*((?:javascript|vbscript|file|data):[^\s)]*)", re.IGNORECASE
)  # Markdown leaves it as it stands
_END = re.compile(r"(?<=[.!?:])\s+|\n(?=\s*(?:[-*#]|\d+\.)\s)|\n\s*\n")
_MAY_BE_ADDRESS = re.compile(r"://|www\.|@|\]\(", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_MAY_BE_FIELD_FAULT = re.compile(r"[<&*_\]]")
_parser = MarkdownIt("commonmark", {"html": True}).disable(["code", "fence"])
_parser_of_tables = MarkdownIt("commonmark", {"html": True}).disable(["code", "fence"]).enable("table")


OnLine = tuple[int, Finding]
"""A finding, whose place is not known here, with its line counted from 0."""


def _on_line(reason: str, line: int, value: str, expected: str, hint: str, *, is_warning: bool = False) -> OnLine:
    severity = Severity.WARNING if is_warning else Severity.ERROR
    return line, Finding(reason, value=value, expected=expected, hint=hint, severity=severity)


def faults(markdown: str) -> Iterator[OnLine]:
    """What in a text cannot be published."""
    level = 1  # the page's title
    parser = _parser_of_tables if "|" in markdown else _parser
    for token in parser.parse(markdown):
        line = token.map[0] if token.map else 0
        if token.type == "heading_open":
            next_level = max(int(token.tag[1]), 2)
            if next_level > level + 1:
                hint = message("Write {sign} instead of {found}.", sign="#" * (level + 1), found=token.markup)
                expected = message("a heading of level {level}", level=level + 1)
                yield _on_line("heading-level-jump", line, token.markup, expected, hint)
            level = next_level
            if token.markup in {"-", "="}:
                yield _underlined(token.markup, line)
        elif token.type == "html_block":
            yield _html(token.content.strip().split("\n")[0], line)
        elif token.type == "table_open":
            yield _table(markdown.split("\n")[line], line)
        elif token.type == "inline":
            yield from _unread(token, line)
            yield from _inline(token.children or [], line)


def _unread(token: Token, line: int) -> Iterator[OnLine]:
    for hit in unread.at_beginnings(token.content):
        sign = hit.sign
        yield _on_line(sign.reason, line + hit.line, hit.value, sign.expected, sign.hint, is_warning=sign.is_warning)
    for child in (token.children or []) if unread.may_be_within(token.content) else ():
        if child.type in {"softbreak", "hardbreak"}:
            line += 1
        elif child.type == "text" and unread.may_be_within(child.content):
            for sign, words in unread.within(child.content):
                yield _on_line(sign.reason, line, words, sign.expected, sign.hint, is_warning=sign.is_warning)


def faults_of_field(value: str) -> Iterator[OnLine]:
    """What in a text without Markdown, such as a title, would be seen by readers as it was typed."""
    if not _MAY_BE_FIELD_FAULT.search(value):
        return
    if tag := unread.HTML.search(value):
        yield _on_line("raw-html", 0, tag[0], "plain text", "Remove it: here are words only.")
    elif sign := unread.MARKDOWN.search(value):
        yield _on_line("markdown-in-head", 0, sign[0], "plain text", "Remove it: here are words only.")


def _inline(tokens: list[Token], line: int) -> Iterator[OnLine]:
    target, words = "", ""
    for token in tokens:
        if token.type in {"softbreak", "hardbreak"}:
            line += 1
        elif token.type == "html_inline":
            yield _html(token.content, line)
        elif token.type == "image":
            hint = "Name it in the head: picture: name of the file."
            yield _on_line("picture-in-text", line, token.content, "no pictures within the text", hint)
        elif token.type == "link_open":
            target, words = str(token.attrs.get("href", "")), ""
        elif token.type == "link_close":
            yield from _link(words, target, line)
            target = ""
        elif target:
            words += token.content
        elif token.type == "text":
            yield from _addresses(token.content, line)


def _addresses(text: str, line: int) -> Iterator[OnLine]:
    if not _MAY_BE_ADDRESS.search(text):
        return
    addresses = [_address(match[0].rstrip(".,;:!?)"), line) for match in _ADDRESS.finditer(text)]
    yield from addresses
    if not addresses and (refused := _NO_LINK.search(text)):
        yield _target(refused[1], line)
    yield from (_mail(match[0], line) for match in _MAIL.finditer(text))


def _link(words: str, target: str, line: int) -> Iterator[OnLine]:
    link_text = " ".join(words.split())
    if _ADDRESS.match(link_text):
        yield _address(link_text, line)
    elif link_text.casefold().strip(" .!»«>") in _EMPTY_WORDS or not link_text:
        hint = "Say where it leads: [Die Försterteiche im Stadtwald](https://…)."
        yield _on_line("link-text-empty", line, link_text, "words that say where the link leads", hint)
    if not _USABLE.fullmatch(target):
        yield _target(target, line)


def _target(target: str, line: int) -> OnLine:
    return _on_line("link-target", line, target, "an address that begins with https://", "Write the whole address.")


def _address(address: str, line: int) -> OnLine:
    hint = "Write what it is, and the address behind it: [Wald in Lemgo](https://…)."
    return _on_line("link-text-address", line, address, "words instead of an address", hint)


def _mail(address: str, line: int) -> OnLine:
    hint = message("Write whose it is, and the address behind it: [Klasse 4b](mailto:{address}).", address=address)
    return _on_line("mail-address", line, address, "a link with words", hint, is_warning=True)


def _html(html: str, line: int) -> OnLine:
    return _on_line(
        "raw-html", line, html, "Markdown", "Write *emphasis*, **strong**, - lists and ## headings instead."
    )


def _table(row: str, line: int) -> OnLine:
    hint = "Write a list: a line that begins with - for each row. A table is hard to read on a phone."
    return _on_line("table", line, row.strip(), "no table", hint)


def _underlined(sign: str, line: int) -> OnLine:
    hint = "Put an empty line above the line, or write ## in front of the heading."
    what = message("a line of {sign} right below the text, which makes it a heading", sign=sign)
    return _on_line("heading-by-line", line, what, "a heading that begins with ##", hint, is_warning=True)


def sentences(markdown: str) -> Iterator[tuple[int, str]]:
    """Sentences with the line on which each begins, counted from 0; headings and points of a list are sentences."""
    start = 0
    for end in [*(match.span() for match in _END.finditer(markdown)), (len(markdown), len(markdown))]:
        sentence = " ".join(markdown[start : end[0]].split())
        if sentence:
            first = len(markdown[start : end[0]]) - len(markdown[start : end[0]].lstrip())
            yield markdown[: start + first].count("\n"), sentence
        start = end[1]


def words(sentence: str) -> int:
    """How many words a sentence has; a word with hyphens is one."""
    return len(re.findall(r"\w+(?:[-'’.]\w+)*", sentence))
