"""docs/controls.md: each control once, with tests that exist, or with the reason why there is none."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator

from tests.checkout import ROOT
from tests.docs.evidence import known_tests

PAGE = (ROOT / "docs/controls.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| ([A-Z]\d+) \| (.+) \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)
GROUPS = {"S": 22, "M": 9, "P": 5, "D": 10, "A": 7}
NOT_BUILT = {"M8"}
"""Rows without a test; each says why."""
FETCHING = {
    "urllib.request",
    "urllib3",
    "http.client",
    "httpx",
    "requests",
    "aiohttp",
    "ftplib",
    "smtplib",
    "websockets",
}


def rows() -> dict[str, tuple[str, str, list[str]]]:
    """By id: what is controlled, how, and the tests."""
    return {found[1]: (found[2], found[3], re.findall(r"`(tests/[^`]+)`", found[4])) for found in ROW.finditer(PAGE)}


def test_every_control_is_there_once() -> None:
    ids = [found[1] for found in ROW.finditer(PAGE)]
    assert ids == [f"{letter}{number}" for letter, count in GROUPS.items() for number in range(1, count + 1)]


def test_every_named_test_exists() -> None:
    named = {test for _, _, tests in rows().values() for test in tests}
    assert len(named) > 80
    assert sorted(named - known_tests()) == []
    assert set(re.findall(r"tests/[\w/]+\.py::\w+", PAGE)) == named, "a name outside the column of tests"


def test_no_control_is_without_a_test_unless_it_says_why() -> None:
    without = {control for control, (_, _, tests) in rows().items() if not tests}
    assert without == NOT_BUILT
    for control in without:
        reason = rows()[control][1]
        assert reason.startswith("not built: ")
        assert len(reason.split()) > 10, "a reason, not a word"


def _imports(package: str) -> Iterator[tuple[str, str]]:
    for path in (ROOT / package).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((path.name, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield path.name, node.module


def test_nothing_that_answers_people_or_devices_can_fetch_an_address() -> None:
    imported = [one for package in ("api", "dashboards", "gateway", "geodata") for one in _imports(package)]
    assert len(imported) > 1000
    fetching = [one for one in imported if one[1] in FETCHING or one[1].partition(".")[0] in FETCHING]
    assert fetching == [("delivery.py", "smtplib")], "mails go to the server of the settings, whoever reads them"


def test_a_device_can_hand_in_numbers_only() -> None:
    schema = json.loads((ROOT / "docs/schema/telemetry.schema.json").read_text(encoding="utf-8"))
    assert set(schema["$defs"]["values"]["additionalProperties"]["type"]) == {"number", "null"}
    assert schema["additionalProperties"] is False, "nothing beside them is read"
