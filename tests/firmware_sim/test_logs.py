"""The simulator's log: each event in a line, for people or as JSON."""

from __future__ import annotations

import json

import pytest

from firmware_sim.logs import get_logger, write_logs


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"),
        ("klima-01", "klima-01"),
        ("connection refused", "'connection refused'"),
        ("", "''"),
        ("a=b", "'a=b'"),
        ("two\nlines \x1b[31m", r"'two\nlines \x1b[31m'"),
    ],
)
def test_a_field_is_one_word_on_a_terminal(value: object, written: str, capsys: pytest.CaptureFixture[str]) -> None:
    write_logs(as_json=False)
    get_logger().warning("device-offline", device="klima-01", reason=value)
    day, time, *rest = capsys.readouterr().err.split(" ", 2)
    assert (day[4], time[-1]) == ("-", "Z")
    assert rest == [f"device-offline device=klima-01 reason={written}\n"]


def test_json_has_level_event_and_each_field(capsys: pytest.CaptureFixture[str]) -> None:
    write_logs(as_json=True)
    get_logger().info("device-online", device="klima-01", waiting=2)
    line = json.loads(capsys.readouterr().err)
    assert line.pop("time").endswith("+00:00")
    assert line == {"level": "info", "event": "device-online", "device": "klima-01", "waiting": 2}
