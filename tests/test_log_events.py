"""Lines of the log have one form: an event in lower case with hyphens, and fields; what varies stands in a field."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.checkout import ROOT
from tests.test_repository import PACKAGES

LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
EVENT = re.compile(r"[a-z]+(-[a-z]+)*")


def misshaped(source: str) -> Iterator[int]:
    """Lines with a call of a logger that has no such event, or more arguments that are no fields."""
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LEVELS):
            continue
        logger = ast.unparse(node.func.value)
        if "log" not in logger.rpartition(".")[2].lower():
            continue
        event = node.args[0] if len(node.args) == 1 else None
        if not (isinstance(event, ast.Constant) and isinstance(event.value, str) and EVENT.fullmatch(event.value)):
            yield node.lineno


@pytest.mark.parametrize(
    ("call", "is_one"),
    [
        ('_log.info("a-station-moved", station=code)', True),
        ('structlog.get_logger(__name__).error("thread-ended")', True),
        ('_log.info("A station moved.", station=code)', False),
        ('_log.info(f"moved-{code}")', False),
        ('self._log.warning("moved %s", code)', False),
        ('log.error(event="moved")', False),
        ('typer.echo.info("A sentence.")', True),
    ],
)
def test_a_call_is_told_from_one_in_another_form(call: str, is_one: bool) -> None:
    assert (list(misshaped(call)) == []) is is_one


def test_every_line_of_the_log_has_an_event_and_fields() -> None:
    paths = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    assert len(paths) > 200
    found = {path.relative_to(ROOT).as_posix(): list(misshaped(path.read_text(encoding="utf-8"))) for path in paths}
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_loggers_are_made_in_one_way() -> None:
    """``logging.getLogger`` is for what configures the loggers of others; the simulator, a stranger, has its own."""
    makers = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if "getLogger(" in path.read_text(encoding="utf-8")
    }
    assert makers <= {"digitalpfad/logs/logging.py", "firmware-sim/firmware_sim/logs.py"}
