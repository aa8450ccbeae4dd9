"""Markdown files with a YAML head, as people write them; every complaint names file, line and the mend."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches

import yaml

from geodata.findings import TextFindings

_FENCE = "---"
_LINE = re.compile(r"(?P<name>[^\s:#\"'-][^:]*?)\s*:(?:\s+(?P<value>.*))?")
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
    """Read ``text``; ``file`` is its name in complaints. None where the head cannot be read at all."""
    lines = text.removeprefix("\ufeff").splitlines()
    if not any(line.strip() for line in lines):
        findings.error("empty-file", f"{file}, line 1", "", "a text", "Write it, or remove the file.")
        return None
    end = _end_of_head(lines, file, findings)
    if end is None:
        return None
    fields, places = dict[str, str](), dict[str, int]()
    entries = _entries(lines[1:end], file, {*known}, findings)
    if entries is None:
        return None
    for key, value in entries:
        name, line = str(key.value), key.start_mark.line + 2  # the fence is line 1
        if _is_right(name, value, f"{file}, line {line}", {*known}, fields, findings):
            fields[name], places[name] = str(value.value).strip(), line
    above = next((number for number, line in enumerate(lines[end + 1 :]) if line.strip()), 0)
    return Document(fields, "\n".join(lines[end + 1 :]).strip(), places, end + 2 + above)


def _end_of_head(lines: list[str], file: str, findings: TextFindings) -> int | None:
    """The index of the line that ends the head."""
    if lines[0].rstrip() != _FENCE:
        mend = "Begin the file with a line of three hyphens."
        findings.error("head-missing", f"{file}, line 1", lines[0], _FENCE, mend)
        return None
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == _FENCE:
            return number
    place, mend = f"{file}, line {len(lines)}", "End the head with a line of three hyphens."
    findings.error("head-not-ended", place, lines[-1], _FENCE, mend)
    return None


def _is_right(
    name: str, value: yaml.Node, place: str, known: set[str], before: Collection[str], findings: TextFindings
) -> bool:
    if name not in known:
        findings.error("unknown-key", place, name, _one_of(known), _meant(name, known))
    elif name in before:
        findings.error("key-twice", place, name, "each field once", "Remove one of the two.")
    elif not isinstance(value, yaml.ScalarNode):
        findings.error("key-not-text", place, name, "a text", f'Put it in double quotes: {name}: "…".')
    else:
        return True
    return False


def _one_of(known: set[str]) -> str:
    """The known names; of many only those without a part, since «picture» tells of «picture_alt»."""
    shown = sorted(known) if len(known) < 12 else sorted(name for name in known if "_" not in name)
    return f"one of {', '.join(shown)}{', …' if len(shown) < len(known) else ''}"


def _meant(name: str, known: set[str]) -> str:
    german = _GERMAN.get(name.lower(), "")
    near = [german] if german in known else get_close_matches(name.lower(), sorted(known), n=1)
    return f"Did you mean {near[0]}?" if near else "Correct or remove this field."


def _entries(
    head: list[str], file: str, known: set[str], findings: TextFindings
) -> list[tuple[yaml.Node, yaml.Node]] | None:
    """The nodes, not the values: «1950» and «no» stay the text that was written, and each knows its line."""
    if not any(line.strip() for line in head):
        return []
    try:
        node: yaml.Node | None = yaml.SafeLoader("\n".join(head)).get_single_node()
    except yaml.MarkedYAMLError as error:
        _explain(head, error.problem_mark.line if error.problem_mark else 0, file, known, findings)
        return None
    except yaml.YAMLError:
        mend = "Remove invisible control characters."
        findings.error("head-unreadable", f"{file}, line 2", "a head", "plain text", mend)
        return None
    if not isinstance(node, yaml.MappingNode):
        _explain(head, 0, file, known, findings)
        return None
    return node.value


def _explain(head: list[str], stumbled_at: int, file: str, known: set[str], findings: TextFindings) -> None:
    """Say what people mostly do wrong, each time they did it; else where the reader stumbled."""
    before = len(findings.found)
    for number, line in _outside_blocks(head):
        place, match = f"{file}, line {number + 2}", _LINE.fullmatch(line)
        value = (match["value"] or "").strip() if match else ""
        if match and match["name"] not in known:
            findings.error("unknown-key", place, match["name"], _one_of(known), _meant(match["name"], known))
        if match is None:
            mend = f'Write name: "text"{_colon_hint(line)}.'
            findings.error("colon-missing", place, line, "a name, a colon, a space and a text", mend)
        elif value[:1] in {'"', "'"} and not _is_closed(value):
            findings.error("quote-not-closed", place, line, f"a {value[0]} at the end too", "Add it.")
        elif value[:1] not in {'"', "'", "|", ">"} and (": " in value or value.endswith(":")):
            mend = f'Put a text with a colon in double quotes: {match["name"]}: "{value}"'
            findings.error("colon-in-text", place, line, "one colon, or quotes", mend)
    if len(findings.found) == before:
        mend = "Put a text with a colon or quotes in double quotes."
        line = [*head, ""][stumbled_at]
        findings.error("head-unreadable", f"{file}, line {stumbled_at + 2}", line, "lines of name: text", mend)


def _outside_blocks(head: list[str]) -> Iterator[tuple[int, str]]:
    """Lines that should begin a field: not empty, no comment, not indented as the lines of a longer text are."""
    return ((n, line.rstrip()) for n, line in enumerate(head) if line.strip() and line[0] not in " \t#")


def _is_closed(value: str) -> bool:
    quote = value[0]
    inner = re.sub(r"\\.", "", value[1:]) if quote == '"' else value[1:].replace("''", "")
    return bool(re.fullmatch(rf"[^{quote}]*{quote}\s*(#.*)?", inner))


def _colon_hint(line: str) -> str:
    name, _, text = line.partition(":" if ":" in line else " ")
    words = text.strip().strip('"')
    return f', such as {name.strip()}: "{words}"' if words else ""
