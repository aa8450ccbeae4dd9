"""A child that runs and does not work is started anew; one that only waits for others is left alone."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitalpfad.embedded import vitals
from digitalpfad.embedded.process import Program, Supervisor
from digitalpfad.embedded.vitals import Reply, Vitals, asks
from digitalpfad.running import web_port
from tests.fixtures.process.ports import free_port
from tests.fixtures.process.waiting import wait_until

WELL, SILENT = Reply(), None
CHILD = """
import http.server, pathlib, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        status, body = pathlib.Path(sys.argv[2]).read_text().split(' ', 1)
        self.send_response(int(status))
        self.end_headers()
        self.wfile.write(body.encode())
    def log_message(self, *_): pass
http.server.HTTPServer(('127.0.0.1', int(sys.argv[1])), Handler).serve_forever()
"""


def judged(*answers: tuple[float, Reply | None], patience_s: float = 60) -> str:
    """The verdict after answers, each to a question of that second."""
    found = Vitals(lambda: None, patience_s)
    for second, answer in answers:
        found.note(answer, second)
    return found.verdict


@pytest.mark.parametrize(
    ("answers", "verdict"),
    [
        ([(0, WELL), (5, Reply(["mqtt"]))], ""),
        ([(0, Reply(["mqtt"])), (5, Reply(["mqtt", "scans"]))], "names parts that ended (mqtt)"),
        ([(0, Reply(["mqtt"])), (5, WELL), (10, Reply(["mqtt"]))], ""),
        ([(0, Reply(["mqtt"])), (5, Reply(["scans"]))], ""),
        ([(0, WELL), *((5 * i, SILENT) for i in range(1, 12))], ""),
        ([(0, WELL), *((5 * i, SILENT) for i in range(1, 13))], "has answered nobody for 60 s"),
        ([(0, WELL), *((5 * i, SILENT) for i in range(1, 12)), (60, WELL), (65, SILENT)], ""),
        ([*((5 * i, SILENT) for i in range(24))], ""),
        ([*((5 * i, SILENT) for i in range(25))], "has answered nobody for 120 s"),
        ([(0, WELL), (5, SILENT), (90_000, SILENT)], ""),
    ],
    ids=[
        "one naming may be of the moment of its end",
        "named twice",
        "named and well again",
        "another one each time",
        "silent for less than its time",
        "silent for its time",
        "an answer in between",
        "starting for less than twice its time",
        "never answered",
        "the machine slept",
    ],
)
def test_a_child_is_condemned_for_what_only_a_new_start_mends(
    answers: list[tuple[float, Reply | None]], verdict: str
) -> None:
    assert judged(*answers) == verdict


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=6))
def test_however_long_nobody_could_ask_few_questions_condemn_nobody(gaps: list[float]) -> None:
    found, now = Vitals(lambda: None), 0.0
    found.note(WELL, now)
    for gap in gaps[: int(vitals.PATIENCE_S // vitals._LONGEST_GAP_S) - 1]:
        now += gap
        found.note(SILENT, now)
    assert found.verdict == ""


def test_a_child_that_hangs_again_after_its_new_start_is_given_twice_the_time() -> None:
    found, now, seconds = Vitals(lambda: None), 0.0, []
    for _ in range(7):
        found.begin()
        found.note(WELL, now)
        began = now
        while not found.verdict:
            now += 5
            found.note(SILENT, now)
        seconds.append(now - began)
    assert seconds == [60, 120, 240, 480, 960, 960, 960]
    found.begin()
    for _ in range(200):
        now += 5
        found.note(WELL, now)
    for _ in range(12):
        now += 5
        found.note(SILENT, now)
    assert found.verdict == "has answered nobody for 60 s", "it was well for ten minutes"


class Told:
    """A child process that answers as the file ``says`` says."""

    def __init__(self, folder: Path, supervisor: Supervisor) -> None:
        self.says, self.supervisor = folder / "says", supervisor
        self.says.write_text('200 {"dead":[]}')
        port = free_port()
        self.ask = asks(f"http://127.0.0.1:{port}/readyz", web_port.opener)
        command = [sys.executable, "-c", CHILD, str(port), str(self.says)]
        supervisor.start(
            Program(
                name="one",
                command=command,
                log=folder / "log",
                ready=lambda: self.ask() is not None,
                ask=self.ask,
                stop_timeout_s=0.5,
            )
        )

    def watched_until(self, report: str, reports: list[str]) -> None:
        wait_until(lambda: self.supervisor.watch() or any(report in one for one in reports))


@pytest.fixture
def told(folder: Path, supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    monkeypatch.setattr(vitals, "EVERY_S", 0.02)
    monkeypatch.setattr(vitals, "_ANSWER_S", 0.2)
    monkeypatch.setattr("digitalpfad.embedded.process._CARE_S", 0.01)
    monkeypatch.setattr("digitalpfad.embedded.process.Vitals", lambda ask: Vitals(ask, 1.0))
    yield Told(folder, supervisor)
    supervisor._stop.set()


def test_a_child_that_names_a_part_that_ended_is_started_anew_and_one_sentence_names_it(
    told: Told, supervisor: Supervisor, reports: list[str], folder: Path
) -> None:
    before = supervisor.pid("one")
    supervisor.caretaker.start()
    told.says.write_text('503 {"status":"not ready","dead":["mqtt"],"checks":{}}')
    told.watched_until("started anew", reports)
    told.says.write_text('200 {"dead":[]}')
    told.watched_until("runs again", reports)
    assert reports == [
        f"one names parts that ended (mqtt) and is started anew. Log: {folder / 'log'}",
        "one runs again.",
    ]
    assert supervisor.pid("one") != before


def test_a_child_that_hangs_is_started_anew_though_it_heeds_no_signal(
    told: Told, supervisor: Supervisor, reports: list[str]
) -> None:
    before = supervisor.pid("one")
    supervisor.caretaker.start()
    wait_until(lambda: told.ask() is not None)
    os.kill(before, signal.SIGSTOP)
    told.watched_until("runs again", reports)
    assert "one has answered nobody for" in reports[0]
    assert len(reports) == 2
    wait_until(lambda: told.ask() is not None)
    assert supervisor.pid("one") != before


CLOCK = {"ok": False, "detail": "The machine's clock says 2030.", "decides": False}


@pytest.mark.parametrize("checks", [{"clock": CLOCK}, [CLOCK | {"name": "clock"}]], ids=["gateway", "web app"])
def test_a_clock_that_is_not_believed_is_said_once_and_once_when_it_is_again(
    told: Told, supervisor: Supervisor, reports: list[str], checks: object
) -> None:
    supervisor.caretaker.start()
    told.says.write_text(f"200 {json.dumps({'dead': [], 'checks': checks})}")
    told.watched_until("clock says", reports)
    told.says.write_text('200 {"dead":[]}')
    told.watched_until("believed again", reports)
    assert reports == ["one says: The machine's clock says 2030.", "The machine's clock is believed again."]


@pytest.mark.parametrize(
    "says",
    [
        '503 {"dead":[],"checks":{"broker":{"ok":false}}}',
        "502 <h1>Bad gateway</h1>",
        "200 ",
        '200 {"other":' + "[" * 50_000,
    ],
    ids=["of the broker", "of a proxy", "empty", "nested without end"],
)
def test_a_child_that_is_not_ready_for_want_of_others_is_left_alone(
    told: Told, supervisor: Supervisor, reports: list[str], says: str
) -> None:
    told.says.write_text(says)
    asked: list[Reply | None] = []
    (child,) = supervisor._children.values()
    child.vitals = Vitals(lambda: asked.append(told.ask()) or asked[-1], 1.0)
    supervisor.caretaker.start()
    wait_until(lambda: supervisor.watch() or len(asked) > 20)
    assert set(map(str, asked)) == {"Reply(dead=[], clock='')"}
    assert reports == []


def test_a_supervisor_tries_again_when_a_child_cannot_be_started_anew(
    folder: Path, supervisor: Supervisor, reports: list[str]
) -> None:
    program = folder / "program"
    program.write_text(f"#!{sys.executable}\nimport time; time.sleep(100)\n")
    program.chmod(0o700)
    supervisor.start(Program(name="one", command=[str(program)], log=folder / "log", ready=lambda: True))
    program.rename(folder / "away")
    os.kill(supervisor.pid("one"), signal.SIGKILL)
    wait_until(lambda: supervisor.watch() or len(reports) >= 2)
    assert reports[1].startswith("one cannot be started: [Errno 2] No such file")
    (folder / "away").rename(program)
    wait_until(lambda: supervisor.watch() or reports[-1] == "one runs again.")
