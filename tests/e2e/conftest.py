"""The whole system as real processes: what `make demo` starts, on ports and in a folder of its own."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.checkout import ROOT
from tests.fixtures.process.environment import without_settings
from tests.fixtures.process.ports import free_port
from tests.fixtures.process.programs import require
from tests.fixtures.process.waiting import wait_until

START_S = 90


@dataclass(slots=True)
class System:
    """One `digitalpfad up` with its data directory; ``extra`` are settings beside those of ports and folder."""

    folder: Path
    demo: bool = True
    extra: dict[str, str] = field(default_factory=dict[str, str])
    port: int = field(default_factory=free_port)
    mqtt_port: int = field(default_factory=free_port)
    gateway_port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What the commands of this system run with."""
        own = {
            "PYTHONPATH": f"{ROOT}:{ROOT / 'firmware-sim'}",
            "DIGITALPFAD_DATA_DIR": str(self.folder / "data"),
            "DIGITALPFAD_PORT": str(self.port),
            "DIGITALPFAD_MQTT_PORT": str(self.mqtt_port),
            "DIGITALPFAD_GATEWAY_HTTP_PORT": str(self.gateway_port),
        }
        kept = without_settings()
        return kept | own | self.extra

    @property
    def output(self) -> Path:
        """What the terminal would show."""
        return self.folder / "output"

    def start(self) -> System:
        """Start and wait until the web app can do its job."""
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                self._command("up", *(["--demo"] if self.demo else [])),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self.environment,
                cwd=self.folder,
            )
        wait_until(self._is_ready, START_S, f"the web app; it said:\n{self.output}")
        return self

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ask the system to stop and return its exit code."""
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(30)

    def kill(self) -> None:
        """End whatever is left, for the end of a failed test."""
        if self.process is not None and self.process.poll() is None:
            family = self.family()
            self.process.kill()
            self.process.wait(10)
            psutil.wait_procs(family, timeout=10)

    def family(self) -> list[psutil.Process]:
        """All processes below the system's."""
        assert self.process is not None
        return psutil.Process(self.process.pid).children(recursive=True)

    def member(self, *words: str) -> psutil.Process:
        """The one process whose command line holds all the words."""
        found = [one for one in self.family() if all(word in one.cmdline() for word in words)]
        assert len(found) == 1, [one.cmdline() for one in self.family()]
        return found[0]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command beside the running system."""
        return subprocess.run(
            self._command(*arguments),
            env=self.environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def get(self, path: str) -> str:
        """What a phone gets at ``path``."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return answer.read().decode()

    def json(self, path: str) -> Any:
        """The same, parsed."""
        return json.loads(self.get(path))

    def publish(self, device: str, password: str, payload: str, kind: str = "telemetry") -> bool:
        """Send with a program that has never heard of us; whether the broker took it."""
        sent = subprocess.run(
            [
                *(require("mosquitto_pub"), "-h", "127.0.0.1", "-p", str(self.mqtt_port), "-u", device, "-P", password),
                *("-q", "1", "-t", f"digitalpfad/v1/stadtwald/{device}/event/{kind}", "-s"),
            ],
            input=payload.encode(),
            capture_output=True,
            check=False,
            timeout=20,
        )
        return sent.returncode == 0

    def _command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "digitalpfad", *arguments]

    def _is_ready(self) -> bool:
        assert self.process is not None
        if self.process.poll() is not None:
            pytest.fail(f"The system ended with {self.process.returncode}:\n{self.output.read_text()}")
        try:
            return bool(self.get("/readyz"))
        except (urllib.error.URLError, ConnectionError):
            return False


@pytest.fixture(scope="module")
def new_system() -> Iterator[Callable[..., System]]:
    """Makes systems, each in a folder of its own below /tmp, where every account may reach its data."""
    systems: list[System] = []

    def make(**options: Any) -> System:
        require("postgres")
        require("nats")
        systems.append(System(Path(tempfile.mkdtemp(prefix="digitalpfad-e2e-")), **options))
        return systems[-1]

    yield make
    for system in systems:
        system.kill()
        shutil.rmtree(system.folder, ignore_errors=True)


@pytest.fixture(scope="module")
def system(new_system: Callable[..., System]) -> System:
    """One running demonstration for the tests of a module."""
    return new_system().start()
