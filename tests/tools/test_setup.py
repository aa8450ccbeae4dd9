"""Installing on a machine that lacks something: one clear sentence, and no work twice."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.checkout import ROOT
from tests.fixtures.process.waiting import wait_until

TOOLS = ["bash", "cat", "dirname", "grep", "id", "pwd", "sed", "sha256sum"]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The files that installing reads, in a folder of their own."""
    for name in ("tools", "requirements"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "Makefile"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def _script(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def _machine(folder: Path, **programs: str) -> dict[str, str]:
    """An environment in which only a few tools exist, and ``programs`` as shell scripts."""
    programs_folder = folder / "bin"
    programs_folder.mkdir()
    for tool in TOOLS:
        (programs_folder / tool).symlink_to(shutil.which(tool) or "")
    for name, text in programs.items():
        _script(programs_folder / name.replace("_", "."), text)
    return {"PATH": str(programs_folder)}


def _setup(checkout: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [checkout / "tools/setup.sh", "runtime"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_without_a_fitting_python_one_sentence_says_what_is_missing(checkout: Path) -> None:
    done = _setup(checkout, _machine(checkout, python3="echo 3009"))
    assert done.returncode == 1
    assert done.stderr == (
        "Python 3.11 or newer is needed, but none is on the PATH."
        " On Debian 12: 'sudo apt-get install python3 python3-venv'.\n"
    )


def test_the_newest_python_that_fits_is_taken(checkout: Path) -> None:
    fake = (
        'case "$1$2" in --version) echo Python {0} ;; *ensurepip*) exit 1 ;; *-venv*) echo python{0}-venv ;;'
        " *) echo {1} ;; esac"
    )
    programs = {"python3": fake.format("3.11", 3011), "python3_14": fake.format("3.14", 3014)}
    environment = _machine(checkout, **programs)
    (checkout / "bin/id").unlink()
    _script(checkout / "bin/id", "echo 1000")
    done = _setup(checkout, environment)
    assert done.returncode == 1
    assert "with Python 3.14" in done.stderr
    assert "Run 'sudo apt-get install python3.14-venv', then this again." in done.stderr


def test_make_passes_a_signal_on_and_the_program_ends_in_order(checkout: Path) -> None:
    (checkout / "tools/setup.sh").unlink()
    _script(checkout / "tools/setup.sh", "exit 0")
    (checkout / ".venv/bin").mkdir(parents=True)
    program = checkout / ".venv/bin/digitalpfad"
    program.write_text(
        f"#!{sys.executable}\nimport signal, sys\n"
        "def stop(*_): print('ends in order', flush=True); sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, stop); signal.signal(signal.SIGINT, stop)\n"
        "print('up', *sys.argv[1:], flush=True)\nwhile True: signal.pause()\n"
    )
    program.chmod(0o755)
    for command, expected in (
        ([checkout / "tools/demo.sh", "--port", "9"], 0),
        (["make", "demo", "ARGS=--port 9"], -15),
    ):
        log = checkout / "log"
        with log.open("w") as output:
            process = subprocess.Popen(
                command, cwd=checkout, stdout=output, stderr=output, env={"PATH": os.environ["PATH"]}
            )
        wait_until(lambda log=log: "up up --demo --port 9" in log.read_text(), what="the program")
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == expected
        assert log.read_text() == "up up --demo --port 9\nends in order\n"


def test_help_names_every_target() -> None:
    environment = {"PATH": os.environ["PATH"]}  # without what an outer make says
    shown = subprocess.run(["make"], cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout
    targets = (ROOT / "Makefile").read_text().partition(".PHONY: ")[2].splitlines()[0].split()
    assert [line.split()[1] for line in shown.splitlines()] == targets


def test_all_scripts_start_with_the_same_lines() -> None:
    for script in [*(ROOT / "tools").glob("*.sh"), ROOT / ".ci/run"]:
        assert script.read_text().startswith('#!/usr/bin/env bash\nset -euo pipefail\ncd "$(dirname "$0")/.."\n'), (
            script
        )
        assert os.access(script, os.X_OK), script
