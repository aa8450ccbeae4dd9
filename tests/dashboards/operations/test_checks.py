"""Every check of the doctor has its words on the operator's page."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import digitalpfad.doctor
from dashboards.operations.checks import CHECKS, row
from dashboards.operator_tools import ServerCheck
from digitalpfad.doctor import certificate_checks

FOLDER = Path(digitalpfad.doctor.__file__).parent


def names() -> Iterator[str]:
    """What the code of the doctor calls its checks."""
    for file in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in {"CheckResult", "_try"}
            ):
                match node.args[:1]:
                    case [ast.Constant(value=str(name))]:
                        yield name
                    case _:
                        pass


def test_every_check_of_the_doctor_has_words_and_no_words_are_left_over() -> None:
    found = {*names(), *vars(certificate_checks)["_OF"]}
    assert len(found) > 20
    assert found == CHECKS.keys()


def test_a_check_of_a_service_or_a_role_says_of_which() -> None:
    assert row(ServerCheck("role web", ok=False, found="", hint="")).name == "Rechte in der Datenbank (web)"
    assert row(ServerCheck("gateway ingest", ok=False, found="", hint="")).name == "Dienst (gateway ingest)"
