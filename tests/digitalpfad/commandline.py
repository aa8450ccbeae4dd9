"""`digitalpfad …` as a person types it: as a process, or in this one without the second that a start takes."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from unittest import mock

import pytest

from digitalpfad.cli import main
from tests.checkout import ROOT
from tests.fixtures.process.environment import without_settings

Ended = subprocess.CompletedProcess[str]


def run_process(*arguments: str, **variables: str) -> Ended:
    """In a process of its own: what a start loads, prints and leaves to the shell is part of what is tested."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "firmware-sim")])
    return subprocess.run(
        [sys.executable, "-m", "digitalpfad", *arguments],
        check=False, capture_output=True, text=True, cwd="/", timeout=60,
        env={**_environment(variables), "PYTHONPATH": path},
    )  # fmt: skip


def run(*arguments: str, **variables: str) -> Ended:
    """Through the same main(), with the environment, the working folder and the streams of run_process()."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with (
        mock.patch.dict(os.environ, _environment(variables), clear=True),
        chdir("/"),
        redirect_stdout(out),
        redirect_stderr(err),
        pytest.raises(SystemExit) as ended,
    ):
        main(arguments)
    code = ended.value.code or 0
    assert isinstance(code, int), code
    return subprocess.CompletedProcess([*arguments], code, _text(out), _text(err))


def _environment(variables: dict[str, str]) -> dict[str, str]:
    kept = without_settings()
    return kept | variables


def _text(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()
