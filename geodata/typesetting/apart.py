"""typst in a process of its own, with bounds on its time: a service neither loads 84 MB nor waits for ever."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from geodata.errors import DigitalpfadError, StartRefused
from geodata.messages.message import message
from geodata.runtime.extras import install_command

_SECONDS: Final = 60


def is_there() -> bool:
    """Whether typst is installed here."""
    return find_spec("typst") is not None


def pdf_ua(template: Path, data: Mapping[str, object], now: datetime) -> bytes:
    """A PDF/UA-1 of ``template`` with ``data`` as its JSON; ``now`` is the document's date.

    Raises StartRefused without typst, DigitalpfadError where it cannot be set.
    """
    if not is_there():
        raise StartRefused(
            message("A PDF needs typst, which is not installed here. Run: {command}", command=install_command("typst"))
        )
    asked = {"template": str(template), "data": json.dumps(data), "timestamp": int(now.timestamp())}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "geodata.typesetting.child"],
            input=json.dumps(asked).encode(),
            capture_output=True,
            env=_environment(),
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise DigitalpfadError(f"The PDF was not set within {_SECONDS} s.") from error
    if done.returncode != 0:
        raise DigitalpfadError(f"The PDF cannot be set: {done.stderr.decode(errors='replace')[-500:]}")
    return done.stdout


def _environment() -> dict[str, str]:
    """Where Python finds the packages, and nothing else: settings and their secrets are not for a typesetter."""
    return {"PYTHONPATH": os.pathsep.join(part for part in sys.path if part), "PATH": os.defpath}
