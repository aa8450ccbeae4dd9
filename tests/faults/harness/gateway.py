"""The gateway as the process that operators start, to be killed, stopped and asked."""

from __future__ import annotations

import signal
import subprocess
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.faults.harness.service import launch, readyz
from tests.fixtures.process.ports import free_port
from tests.fixtures.process.waiting import wait_until


@dataclass
class Gateway:
    """`digitalpfad gateway`; ``extra`` are settings beside the addresses, without DIGITALPFAD_."""

    folder: Path
    database_url: str
    mqtt_url: str
    extra: dict[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    http_port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    peak_mb: float = 0

    @property
    def log(self) -> Path:
        """What it says."""
        return self.folder / f"gateway-{self.http_port}.log"

    def start(self) -> Gateway:
        """Start; see wait_ready()."""
        own = {
            "database_url": self.database_url,
            "mqtt_url": self.mqtt_url,
            "mqtt_client_id": "gateway-of-the-fault-suite",
            "data_dir": str(self.folder),
            "gateway_http_port": str(self.http_port),
            "log_format": "json",
        }
        self.process = launch("gateway", self.log, own | self.extra, self.environment)
        return self

    def wait_ready(self, timeout_s: float = 30) -> Gateway:
        """Until it serves its partition."""
        wait_until(lambda: self._ended() or self.serves, timeout_s, "the gateway")
        assert not self._ended(), self.log.read_text()[-2000:]
        return self

    def kill(self) -> None:
        """kill -9."""
        if self.process is not None and self.process.poll() is None:
            self.note_memory()
            self.process.kill()
            self.process.wait(10)

    def signal(self, how: signal.Signals) -> None:
        """SIGSTOP, SIGCONT."""
        assert self.process is not None
        self.process.send_signal(how)

    def stop(self, timeout_s: float = 10) -> int:
        """SIGTERM; its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout_s)

    def note_memory(self) -> float:
        """Megabytes it takes now; the most is kept in ``peak_mb``."""
        assert self.process is not None
        now_mb = psutil.Process(self.process.pid).memory_info().rss / 1e6
        self.peak_mb = max(self.peak_mb, now_mb)
        return now_mb

    def _ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    @property
    def is_active(self) -> bool:
        """Whether it says that it serves its partition."""
        return self.role == "active"

    @property
    def serves(self) -> bool:
        """Whether it is active and can do its job: from then on the broker keeps messages for it."""
        status, body = self.ready()
        return status == 200 and body["checks"]["turn"]["detail"] == "active"

    @property
    def role(self) -> str:
        """What /readyz says of its leadership."""
        return self.ready()[1].get("checks", {}).get("turn", {}).get("detail", "")

    def ready(self) -> tuple[int, dict]:
        """Status and body of /readyz; 0 where nobody answers."""
        return readyz(self.http_port)

    def metric(self, name: str) -> float:
        """One figure of /metrics."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.http_port}/metrics", timeout=5) as answer:
            lines = answer.read().decode().splitlines()
        return next(float(line.split()[-1]) for line in lines if line.startswith(f"digitalpfad_gateway_{name} "))
