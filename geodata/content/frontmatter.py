"""Markdown files with a YAML head, as people write them; every error message names file, line and the hint."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import yaml

from geodata.findings.content import TextFindings, at_line
from geodata.messages.message import Message, message, phrase
from geodata.text.broken import UNFIT
from geodata.text.quotes import in_quotes, mixed_quotes

_FENCE = "---"
_YAML: Any = yaml  # half typed
_DEEPEST = 16
_BRACKETS = phrase("Put a text with brackets in double quotes.")
_DASHES = re.compile(r"[‒–—―−]|[-‐‑‒–—―−]{2,}")  # a word processor makes one dash of several hyphens
_LINE = re.compile(r"(?P<name>[^\s:#\"'-][^:]*?)\s*:(?:\s+(?P<value>.*))?")
_BLANKS = re.compile(r"(?P<name>[^\s:#\"'-][^:\"']*?)[^\S\n]*:[^\S\n]+")
_GERMAN = {
    "titel": "title",
    "vorspann": "lead",
    "einleitung": "lead",
    "frage": "question",
    "aufgabe": "question",
    "antwort": "answer",
    "auflösung": "answer",
    "quelle": "source",
    "erfunden": "invented",
    "bild": "picture",
    "foto": "picture",
    "ton": "audio",
    "von": "show_from",
    "bis": "show_until",
}


@dataclass(frozen=True, slots=True)
class Document:
    """The head's fields, all text, and the Markdown below it.

    ``lines`` says where in the file each field stands, ``body_line`` where the Markdown begins.
    """

    fields: dict[str, str]
    body: str
    lines: dict[str, int] = field(default_factory=dict[str, int])
    body_line: int = 1


def read(text: str, file: str, known: Collection[str], findings: TextFindings) -> Document | None:
    """Read ``text``; ``file`` is its name in error messages. None where the head cannot be read at all."""
    lines = text.removeprefix("\ufeff").splitlines()
    begin = next((number for number, line in enumerate(lines) if line.strip()), None)
    if begin is None:
        findings.error("empty-file", at_line(file, 1), "", "a text", "Write it, or remove the file.")
        return None
    end = _end_of_head(lines, begin, file, findings)
    if end is None:
        return None
    head = _Head(file, {*known}, begin + 2, findings)  # the line after the fence, counted from 1
    entries = _entries([_plain_blanks(line) for line in lines[begin + 1 : end]], head)
    if entries is None:
        return None
    fields, places = dict[str, str](), dict[str, int]()
    for key, value in entries:
        name, line = str(key.value), key.start_mark.line + head.first
        if _is_right(name, value, head.at(line), head, fields):
            fields[name], places[name] = _text_of(value, head.at(line), name, findings), line
    above = next((number for number, line in enumerate(lines[end + 1 :]) if line.strip()), 0)
    return Document(fields, "\n".join(lines[end + 1 :]).strip(), places, end + 2 + above)


@dataclass(frozen=True, slots=True)
class _Head:
    """What is known of a head before it is read: ``first`` is its first line in the file, counted from 1."""

    file: str
    known: set[str]
    first: int
    findings: TextFindings

    def at(self, line: int) -> Message:
        return at_line(self.file, line)


def _plain_blanks(line: str) -> str:
    """Blanks of any kind behind a field's name as one space, and in front of a longer text's line as two."""
    if line.isascii() and "\t" not in line:
        return line
    front = line[: len(line) - len(line.lstrip())]
    if front.strip(" "):  # tabs and no-break spaces
        return f"  {line.lstrip()}"
    return _BLANKS.sub(lambda match: f"{match['name']}: ", line, count=1) if _BLANKS.match(line) else line


def _text_of(value: yaml.Node, place: Message, name: str, findings: TextFindings) -> str:
    """A field's text; typographic quotes around all of it are those of the head, as the straight ones are."""
    text = str(value.value).strip()
    if UNFIT.search(text):  # escaped: "\0", "\e", "\uD800"
        hint = "Remove invisible control characters."
        findings.error("control-character", place, text, "no invisible characters", hint)
    if not isinstance(value, yaml.ScalarNode) or value.style:
        return text
    if mixed_quotes(text):
        hint = message('Write straight quotes on both sides: {name}: "…".', name=name)
        findings.error("quotes-differ", place, text, "the same quotes on both sides", hint)
    inner = in_quotes(text)
    if inner is None:
        return text
    hint = message('The quotes are left out. To show them, write {name}: "{text}".', name=name, text=text)
    findings.warn("quotes-typographic", place, text, "straight quotes", hint)
    return inner


def _end_of_head(lines: list[str], begin: int, file: str, findings: TextFindings) -> int | None:
    """The index of the line that ends the head, which begins at ``begin``."""
    if not _DASHES.fullmatch(lines[begin].strip()):
        hint = "Begin the file with a line of three hyphens."
        findings.error("head-missing", at_line(file, begin + 1), lines[begin], _FENCE, hint)
        return None
    for number, line in enumerate(lines[begin + 1 :], start=begin + 1):
        if _DASHES.fullmatch(line.rstrip()):
            _say_dashes([(begin, lines[begin]), (number, line)], file, findings)
            return number
    place, hint = at_line(file, len(lines)), "End the head with a line of three hyphens."
    findings.error("head-not-ended", place, lines[-1], _FENCE, hint)
    return None


def _say_dashes(fences: list[tuple[int, str]], file: str, findings: TextFindings) -> None:
    """Other dashes than three hyphens are understood, and told."""
    for number, line in fences:
        if line.strip() != _FENCE:
            hint = "It is read as the line of three hyphens; switch the editor's automatic corrections off."
            findings.warn("head-dashes", at_line(file, number + 1), line.strip(), _FENCE, hint)


def _is_right(name: str, value: yaml.Node, place: Message, head: _Head, before: Collection[str]) -> bool:
    findings = head.findings
    if name not in head.known:
        findings.error("unknown-key", place, name, _one_of(head.known), _meant(name, head.known))
    elif name in before:
        findings.error("key-twice", place, name, "each field once", "Remove one of the two.")
    elif not isinstance(value, yaml.ScalarNode):
        hint = message("Put it in double quotes: {example}.", example=f'{name}: "…"')
        findings.error("key-not-text", place, name, "a text", hint)
    else:
        return True
    return False


def _one_of(known: set[str]) -> Message:
    """The known names; of many only those without a part, since «picture» tells of «picture_alt»."""
    listed = sorted(known) if len(known) < 12 else sorted(name for name in known if "_" not in name)
    return message("one of {names}", names=", ".join([*listed, "…"] if len(listed) < len(known) else listed))


def _meant(name: str, known: set[str]) -> Message:
    german = _GERMAN.get(name.lower(), "")
    near = [german] if german in known else get_close_matches(name.lower(), sorted(known), n=1)
    return message("Did you mean {name}?", name=near[0]) if near else phrase("Correct or remove this field.")


def _entries(lines: list[str], head: _Head) -> list[tuple[yaml.Node, yaml.Node]] | None:
    """The nodes, not the values: «1950» and «no» stay the text that was written, and each knows its line."""
    if not any(line.strip() for line in lines):
        return []
    text = "\n".join(lines)
    if _is_deep(text):
        head.findings.error("head-unreadable", head.at(head.first), phrase("a head"), "lines of name: text", _BRACKETS)
        return None
    try:
        node = _node(text)
    except yaml.MarkedYAMLError as error:
        _explain(lines, error.problem_mark.line if error.problem_mark else 0, head)
        return None
    except yaml.YAMLError:
        hint = "Remove invisible control characters."
        head.findings.error("head-unreadable", head.at(head.first), phrase("a head"), "plain text", hint)
        return None
    if not isinstance(node, yaml.MappingNode):
        _explain(lines, 0, head)
        return None
    return node.value


def _is_deep(head: str) -> bool:
    """Whether lists stand in lists without end, at which both readers break off: one by one, nothing does."""
    if max(map(head.count, "[{-?:")) <= _DEEPEST:
        return False
    depth = 0
    with suppress(yaml.YAMLError):
        for event in _YAML.parse(head, yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEPEST:
                return True
    return False


def _node(head: str) -> yaml.Node | None:
    """Read by libyaml, five times as fast; what it refuses, by the reader that marks the line where a person looks."""
    if yaml.__with_libyaml__:
        with suppress(yaml.YAMLError):
            return yaml.CSafeLoader(head).get_single_node()
    return yaml.SafeLoader(head).get_single_node()


def _explain(lines: list[str], stumbled_at: int, head: _Head) -> None:
    """Say what people mostly do wrong, each time they did it; else where the reader stumbled."""
    findings, before = head.findings, len(head.findings.found)
    for number, line in _outside_blocks(lines):
        place, match = head.at(number + head.first), _LINE.fullmatch(line)
        name, value = (match["name"], (match["value"] or "").strip()) if match else ("", "")
        if match and name not in head.known:
            findings.error("unknown-key", place, name, _one_of(head.known), _meant(name, head.known))
        if match is None:
            hint = message('Write name: "text"{example}.', example=_colon_hint(line))
            findings.error("colon-missing", place, line, "a name, a colon, a space and a text", hint)
        elif value[:1] in {'"', "'"} and not _is_closed(value):
            _say_not_closed(line, value, place, findings)
        elif value[:1] not in {'"', "'", "|", ">"} and (": " in value or value.endswith(":")):
            example = f'{name}: "{in_quotes(value) or value}"'
            hint = message("Put a text with a colon in double quotes: {example}", example=example)
            findings.error("colon-in-text", place, line, "one colon, or quotes", hint)
    if len(findings.found) == before:
        hint = "Put a text with a colon or quotes in double quotes."
        place, line = head.at(stumbled_at + head.first), [*lines, ""][stumbled_at]
        findings.error("head-unreadable", place, line, "lines of name: text", hint)


def _say_not_closed(line: str, value: str, place: Message, findings: TextFindings) -> None:
    expected = message("a {quote} at the end too", quote=value[0])
    hint = (
        message("The {other} at the end is another sign: write {quote} there.", other=value[-1], quote=value[0])
        if mixed_quotes(value)
        else phrase("Add it.")
    )
    findings.error("quote-not-closed", place, line, expected, hint)


def _outside_blocks(head: list[str]) -> Iterator[tuple[int, str]]:
    """Lines that should begin a field: not empty, no comment, not indented as the lines of a longer text are."""
    return ((n, line.rstrip()) for n, line in enumerate(head) if line.strip() and line[0] not in " \t#")


def _is_closed(value: str) -> bool:
    quote = value[0]
    inner = re.sub(r"\\.", "", value[1:]) if quote == '"' else value[1:].replace("''", "")
    return bool(re.fullmatch(rf"[^{quote}]*{quote}\s*(#.*)?", inner))


def _colon_hint(line: str) -> Message:
    name, _, text = line.partition(":" if ":" in line else " ")
    words = text.strip().strip('"')
    return message(", such as {example}", example=f'{name.strip()}: "{words}"') if words else phrase("")
