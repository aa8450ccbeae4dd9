"""Markdown files with a YAML head, as people write them; every complaint names file, line and the mend."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import yaml

from geodata.errors import InvalidInput

_FENCE = "---"


@dataclass(frozen=True, slots=True)
class Document:
    """The head's fields, all text, and the Markdown below it; ``lines`` says where in the file each field stands."""

    fields: dict[str, str]
    body: str
    lines: dict[str, int] = field(default_factory=dict[str, int])


def parse(text: str, file: str, required: Collection[str], optional: Collection[str] = ()) -> Document:
    """Read ``text``; ``file`` is its name in complaints. Raises InvalidInput."""
    head, body = _split(text, file)
    fields, lines = _fields(head, file, {*required, *optional})
    for name in required:
        if not fields.get(name):
            raise InvalidInput(f"{file}, line 1", "a head", f"a field {name}", f'Add a line {name}: "…" to the head.')
    if not body:
        last = len(text.splitlines())
        raise InvalidInput(f"{file}, line {last}", "", "text", "Write the text below the head.")
    return Document(fields, body, lines)


def _split(text: str, file: str) -> tuple[str, str]:
    lines = text.removeprefix("\ufeff").splitlines()
    if not lines or lines[0].rstrip() != _FENCE:
        raise InvalidInput(
            f"{file}, line 1", lines[0] if lines else "", _FENCE, "Begin the file with a line of three hyphens."
        )
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == _FENCE:
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :]).strip()
    raise InvalidInput(f"{file}, line {len(lines)}", lines[-1], _FENCE, "End the head with a line of three hyphens.")


def _fields(head: str, file: str, known: Collection[str]) -> tuple[dict[str, str], dict[str, int]]:
    fields: dict[str, str] = {}
    lines: dict[str, int] = {}
    for key, value in _entries(head, file):
        line = key.start_mark.line + 2  # the fence is line 1
        place, name = f"{file}, line {line}", str(key.value)
        if name not in known:
            raise InvalidInput(place, name, f"one of {', '.join(sorted(known))}", "Correct or remove this field.")
        if name in fields:
            raise InvalidInput(place, name, "each field once", "Remove one of the two.")
        if not isinstance(value, yaml.ScalarNode):
            raise InvalidInput(place, name, "a text", f'Put it in double quotes: {name}: "…".')
        fields[name], lines[name] = str(value.value).strip(), line
    return fields, lines


def _entries(head: str, file: str) -> list[tuple[yaml.Node, yaml.Node]]:
    """The nodes, not the values: «1950» and «no» stay the text that was written, and each knows its line."""
    try:
        node: yaml.Node | None = yaml.SafeLoader(head).get_single_node()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line if error.problem_mark else 0
        written = [*head.splitlines(), ""][line]
        mend = "Put a text with a colon or quotes in double quotes."
        raise InvalidInput(f"{file}, line {line + 2}", written, "name: text", mend) from error
    except yaml.YAMLError as error:
        raise InvalidInput(f"{file}, line 2", "a head", "plain text", "Remove invisible control characters.") from error
    if not isinstance(node, yaml.MappingNode):
        raise InvalidInput(
            f"{file}, line 2", head[:40], "lines of name: text", 'Write for example title: "Alte Eiche".'
        )
    return node.value
