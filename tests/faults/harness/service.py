"""A process of the system as operators start it, and what its /readyz says."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from tests.checkout import ROOT
from tests.fixtures.process.environment import without_settings


def launch(
    command: str, log: Path, settings: dict[str, str], environment: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start `digitalpfad` with one command; ``settings`` without DIGITALPFAD_."""
    own = {f"DIGITALPFAD_{name.upper()}": value for name, value in settings.items()}
    kept = without_settings()
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "digitalpfad", command],
            env=kept | own | {"PYTHONPATH": str(ROOT)} | dict(environment or {}),
            cwd=log.parent,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )


def readyz(port: int, timeout_s: float = 5) -> tuple[int, dict]:
    """Status and body of /readyz; 0 where nobody answers."""
    connection = HTTPConnection("127.0.0.1", port, timeout=timeout_s)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    except (OSError, HTTPException):  # refused, silent, or killed while it answered
        return 0, {}
    finally:
        connection.close()
