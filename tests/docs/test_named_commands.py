"""Every command that a document names exists, with the options that it is given."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from tests.checkout import ROOT

DOCUMENTS = sorted(
    path
    for path in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *(ROOT / "docs").rglob("*.md")]
    if path.name != "commands.md"
)
_CODE = re.compile(r"^```.*?^```|^ {4}\S.*?$|`[^`\n]+`", re.DOTALL | re.MULTILINE)
_CALL = re.compile(r"(?:^`?|\$ |=\S+ )[ ]*(?:\S*/bin/)?digitalpfad((?: [^`\n|#;&]*)?)", re.MULTILINE)


@cache
def commands() -> dict[str, set[str]]:
    """Each command of docs/commands.md, which is made from the commands themselves, with its options."""
    page = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    sections = re.split(r"^##+ ", page, flags=re.MULTILINE)[1:]
    return {
        section.partition("\n")[0]: set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", section)) | {"--help", "--debug"}
        for section in sections
    }


def calls(text: str) -> list[str]:
    """What stands behind ``digitalpfad`` in each call of a document's code."""
    found = [rest for code in _CODE.findall(text) for rest in _CALL.findall(code.replace("\\\n", " "))]
    return [rest.strip() for rest in found if re.match(r" [a-z][a-z-]+(?: |$)", rest)]


def unknown(text: str) -> list[str]:
    """The calls in a document's code of which the command or an option does not exist."""
    found: list[str] = []
    for call in calls(text):
        words = call.split()
        names = [" ".join(words[:2]), words[0]]
        command = next((name for name in names if name in commands()), "")
        is_group = any(name.startswith(f"{command} ") for name in commands())
        is_wrong = is_group and len(words) > 1 and bool(re.fullmatch(r"[a-z][a-z-]+", words[1]))
        options = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", call))
        if not command or is_wrong or (not is_group and not options <= commands()[command]):
            found.append(f"digitalpfad {call}")
    return found


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_command_that_a_document_names_exists(path: Path) -> None:
    assert unknown(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("`digitalpfad closure list --all`", []),
        ("`digitalpfad closure ende 1`", ["digitalpfad closure ende 1"]),
        ("`digitalpfad doktor`", ["digitalpfad doktor"]),
        ("```\ndigitalpfad signs build a b \\\n    --drafts\n```", ["digitalpfad signs build a b      --drafts"]),
        ("digitalpfad is a word here", []),
    ],
)
def test_a_command_that_does_not_exist_is_found(text: str, found: list[str]) -> None:
    assert unknown(text) == found
