"""Logs tell what happened and no secret."""

from __future__ import annotations

import json
import logging as standard
from collections.abc import Iterator
from typing import Literal

import pytest
import structlog

from digitalpfad import logging

SECRET = "geheim-und-lang"


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root = standard.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_no_password_and_no_local_variable_reaches_the_log(
    capsys: pytest.CaptureFixture[str], log_format: Literal["json", "console"]
) -> None:
    logging.configure(log_format, "info")
    url = f"postgresql://user:{SECRET}@host/db"
    structlog.get_logger("a").info("connecting", url=url)
    standard.getLogger("library").warning("cannot reach %s", url)
    structlog.get_logger("a").error("failed", exc_info=ValueError(url))
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "connecting" in shown.err
    assert "cannot reach" in shown.err
    assert "ValueError" in shown.err
    assert SECRET not in shown.err


def test_json_lines_carry_level_logger_and_time(capsys: pytest.CaptureFixture[str]) -> None:
    logging.configure("auto", "info")
    structlog.get_logger("gateway").info("flushed", rows=3)
    standard.getLogger("library").debug("not at this level")
    (line,) = capsys.readouterr().err.splitlines()
    entry = json.loads(line)
    assert entry.pop("timestamp").endswith("Z")
    assert entry == {"event": "flushed", "rows": 3, "level": "info", "logger": "gateway"}
