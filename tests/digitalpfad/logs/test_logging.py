"""Logs tell what happened and no secret."""

from __future__ import annotations

import json
import logging as standard
import sys
import threading
from collections.abc import Iterator
from typing import Any, Literal

import pytest
import structlog

from digitalpfad.logs import logging
from digitalpfad.logs.repeated_lines import SumRepeats
from tests.fixtures.process.waiting import wait_until

SECRET = "geheim-und-lang"


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root = standard.getLogger()
    handlers, level, hook = root.handlers[:], root.level, threading.excepthook
    yield
    threading.excepthook = hook
    for summing in [one for handler in root.handlers for one in handler.filters if isinstance(one, SumRepeats)]:
        summing.end()
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


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock for what repeats."""
    made = Clock()
    monkeypatch.setattr(logging, "SumRepeats", lambda: SumRepeats(made))
    return made


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    shown = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    return [{key: value for key, value in line.items() if key != "timestamp"} for line in shown]


def test_a_warning_that_repeats_is_summed_and_another_one_is_not(
    capsys: pytest.CaptureFixture[str], clock: Clock
) -> None:
    logging.configure("json", "info")
    log = structlog.get_logger("gateway.leadership")
    for second in range(61):
        clock.now = second
        log.warning("database-away", error="refused", retry_in_s=second / 7)
        log.info("turn", role="active")
    log.warning("database-away", error="no such host")
    told = [line for line in lines(capsys) if line["level"] == "warning"]
    assert [(line["event"], line["error"], line.get("times"), line.get("within_s")) for line in told] == [
        ("database-away", "refused", None, None),
        ("repeated: database-away", "refused", 59, 59),
        ("database-away", "no such host", None, None),
    ]
    assert told[1]["of"] == "gateway.leadership"


def test_a_line_that_repeats_raises_nothing_where_no_thread_can_be_had(
    capsys: pytest.CaptureFixture[str], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    logging.configure("json")
    monkeypatch.setattr(threading.Thread, "start", refuse)
    for _ in range(2):
        structlog.get_logger("one").warning("database-hangs")
    assert capsys.readouterr().err.count("database-hangs") == 1


def test_lines_below_a_warning_are_never_summed(capsys: pytest.CaptureFixture[str], clock: Clock) -> None:
    logging.configure("json", "info")
    for _ in range(3):
        structlog.get_logger("gateway").info("connected")
    assert [line["event"] for line in lines(capsys)] == ["connected"] * 3


def test_what_a_library_repeats_is_summed_too_and_nothing_is_kept_back_at_the_end(
    capsys: pytest.CaptureFixture[str], clock: Clock
) -> None:
    logging.configure("json", "info")
    library = standard.getLogger("a.library")  # not uvicorn: other tests set its level
    for visitor in range(500):
        clock.now = visitor / 100
        library.warning("Invalid HTTP request received.")
    for _ in range(3):
        library.error("Exception in ASGI application", exc_info=ZeroDivisionError())
    (handler,) = standard.getLogger().handlers
    (summing,) = handler.filters
    assert isinstance(summing, SumRepeats)
    summing.end()
    assert [(line["event"], line.get("times", 1)) for line in lines(capsys)] == [
        ("Invalid HTTP request received.", 1),
        ("Exception in ASGI application", 1),
        ("repeated: Invalid HTTP request received.", 499),
        ("repeated: Exception in ASGI application", 2),
    ]


def test_a_sum_is_told_though_nothing_is_logged_any_more(
    capsys: pytest.CaptureFixture[str], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("digitalpfad.logs.repeated_lines._LOOK_S", 0.01)
    logging.configure("json", "info")
    for _ in range(2):
        structlog.get_logger("gateway").warning("disconnected")
    capsys.readouterr()
    clock.now = 60
    found: list[dict[str, Any]] = []
    wait_until(lambda: found.extend(lines(capsys)) or found, what="the sum")
    assert [(line["event"], line["times"]) for line in found] == [("repeated: disconnected", 1)]


def test_a_thread_that_ends_by_an_exception_is_a_line_of_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    logging.configure("json", "info")

    def fail() -> None:
        raise ZeroDivisionError("unforeseen")

    for target in (fail, sys.exit):
        thread = threading.Thread(target=target, name="somebody's")
        thread.start()
        thread.join()
    (told,) = lines(capsys)
    assert (told["event"], told["thread"], told["fault"]) == ("thread-ended", "somebody's", "ZeroDivisionError")
    assert "unforeseen" in told["trace"]
