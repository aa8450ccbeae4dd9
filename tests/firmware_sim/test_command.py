"""The command line: the same seed is the same bytes, and a wrong argument is one sentence and exit code 2."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from firmware_sim.cli import main

PACKAGE = Path(__file__).parents[2] / "firmware-sim"
SINCE = ("--history", "2026-09-27T10:00:00Z")


def dry_run(*arguments: str, history: tuple[str, ...] = SINCE) -> list[str]:
    command = [sys.executable, "-m", "firmware_sim", "--dry-run", *history, *arguments]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(PACKAGE)}
    )
    assert not done.stderr
    return done.stdout.splitlines()


def test_the_same_seed_prints_the_same_bytes_in_every_process() -> None:
    one = dry_run("--seed", "4", "--count", "80")
    assert one == dry_run("--seed", "4", "--count", "80")
    assert one != dry_run("--seed", "5", "--count", "80")
    assert len(one) == 80


def test_a_dry_run_prints_status_then_telemetry_in_order_of_time() -> None:
    payloads = [json.loads(line.split(" ", 1)[1]) for line in dry_run("--count", "60", "--trail", "weg-f")]
    assert [payload.get("state") for payload in payloads[:12]] == ["online"] * 11 + [None]
    times = [payload["time"] for payload in payloads[11:]]
    assert times == sorted(times)


def test_topics_carry_trail_and_device() -> None:
    line = dry_run("--trail", "weg-f", "--device", "pegel-04", "--count", "2")[1]
    assert line.startswith("digitalpfad/v1/weg-f/pegel-04/event/telemetry {")


def test_without_history_each_device_shows_one_value() -> None:
    assert len(dry_run("--device", "klima-01", "--interval", "3600", history=())) == 2


def test_the_past_of_a_counter_has_no_step_that_its_interval_of_a_minute_makes_a_silence() -> None:
    lines = dry_run("--device", "zaehler-01", "--device", "klima-01", history=("--history", "1h"))
    assert len([line for line in lines if "/zaehler-01/event/telemetry" in line]) in {30, 31}
    assert len([line for line in lines if "/klima-01/event/telemetry" in line]) in {6, 7}


def test_a_broken_sensor_sends_null_and_a_silent_device_nothing_new() -> None:
    line = dry_run("--device", "boden-05", "--broken", "boden-05/soil_moisture", "--count", "2")[1]
    assert '"soil_moisture":null' in line
    silent = dry_run("--device", "boden-05", "--silent", "boden-05", history=())
    assert len(silent) == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--url", "http://x"], "'http://x' is not of the form mqtt://host:port"),
        (["--url", "mqtt://h:99999"], "'mqtt://h:99999' is not of the form"),
        (["--url", "mqtt://me:secret@h"], "see --credentials"),
        (["--speed", "0.5"], "'0.5' is not a number between 1 and"),
        (["--speed", "nan"], "'nan' is not a number between 1 and"),
        (["--interval", "0"], "0 is not between 1 and"),
        (["--history", "7w"], "'7w' is neither a duration like 7d"),
        (["--history", "2026-09-27T10:00:00"], "neither a duration like 7d nor an instant with its offset"),
        (["--history", "2999-01-01T00:00:00Z"], "is in the future or before 2020"),
        (["--history", "9999d"], "'9999d' is in the future or before 2020"),
        (["--seed", "x"], "'x' is not a whole number"),
        (["--trail", "Stadtwald"], "'Stadtwald' has other signs than a-z"),
        (["--device", "klima-99"], "There is no device 'klima-99' in the fleet; it has klima-01"),
        (["--silent", "klima-99"], "There is no device 'klima-99'"),
        (
            ["--device", "klima-01", "--silent", "klima-07"],
            "There is no device 'klima-07' in the fleet; it has klima-01",
        ),
        (["--broken", "klima-01"], "'klima-01' is not of the form boden-05/soil_moisture"),
        (["--broken", "klima-01/soil_moisture"], "klima-01 does not measure 'soil_moisture'"),
        (["--password", "x"], "--password is for exactly one --device"),
        (["--count", "3"], "--count belongs to --dry-run"),
        (["--credentials", "/nowhere"], "'/nowhere' cannot be read: No such file"),
        (["--protocol", "4"], "invalid choice: '4'"),
        (["--ca", "/nowhere", "--url", "mqtts://h"], "'/nowhere' is not a file of certificates"),
        (["--frequency", "3"], "Unrecognized arguments: --frequency 3"),
    ],
)
def test_a_wrong_argument_is_one_sentence_and_exit_code_2(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert sentence in error
    assert error.startswith("firmware_sim: ")
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("[1]", "expected a JSON object like"),
        ("\xff", "expected a JSON"),
        ('{"klima-01": "x"}', "has no secret for zaehler-01"),
    ],
)
def test_wrong_credentials_are_one_sentence_and_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, sentence: str
) -> None:
    path = tmp_path / "credentials.json"
    path.write_text(content, encoding="latin-1")
    assert main(["--credentials", str(path)]) == 2
    assert sentence in capsys.readouterr().err


def test_a_state_folder_that_cannot_be_made_is_exit_code_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert main(["--state", str(tmp_path / "file")]) == 1
    assert "cannot be used" in capsys.readouterr().err


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    command = f"'{sys.executable}' -m firmware_sim --dry-run --history 30d | head -n 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(PACKAGE)},
    )  # fmt: skip
    assert done.returncode == 0
    assert not done.stderr
