"""What /readyz of gateway and web says in each fault: the expectation as data, and the one who looks all the time."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tests.faults.harness.service import launch, readyz
from tests.fixtures.process.ports import free_port

SILENT = "no answer"
"""Stands for the checks of a process that does not answer: it was killed, stopped or frozen."""
_EVERY_S = 0.1
_PATIENCE_S = 1.5  # a frozen process answers never, a web process without a database within 3 seconds


@dataclass(frozen=True)
class Told:
    """Checks that fail while the fault lasts: each of ``gateway`` and ``web`` is seen, of ``also`` it may be.

    What is in neither stays ok from beginning to end; afterwards everything is ok again.
    """

    gateway: frozenset[str] = frozenset()
    web: frozenset[str] = frozenset()
    also: frozenset[str] = frozenset()


def told(*gateway: str, web: tuple[str, ...] = (), also: tuple[str, ...] = ()) -> Told:
    """Written briefly."""
    return Told(frozenset(gateway), frozenset(web), frozenset(also))


_AWAY = ("turn", "database", "writing", "migrations", "catalogue", "messages")
"""What may show for a moment of a database that is away, at gateway or web."""

_ENDING = ("broker", "network_thread")
"""What a gateway says that was asked to stop and has left the broker."""

EXPECTED: dict[str, Told] = {
    "broker: kill -9 under load": told("broker", also=("packets",)),
    "broker: restart with 500 unacknowledged": told("broker"),
    "broker: kill -9 under the simulator's load": told("broker"),
    "broker: connections that say nothing": told(also=("broker",)),
    "clock: 1 s": told(),
    "clock: 1 day": told("clock", web=("clock",)),
    "clock: 4 years": told("clock", web=("clock",)),
    "clock: of the simulator, 4 years": told(),
    "clock: of the simulator, wrong from its start": told("clock"),
    "clock: wrong from the gateway's start": told(SILENT, web=("clock",), also=("clock",)),
    "database: immediate stop and restart": told("turn", web=("database",), also=_AWAY),
    "database: hangs for 4 s (SIGSTOP)": told(web=("database",), also=_AWAY),
    "database: hangs for 30 s (SIGSTOP)": told("database", web=("database",), also=_AWAY),
    "database: hangs while the gateway is asked to stop": told(SILENT, web=("database",), also=(*_AWAY, *_ENDING)),
    "database: read-only for a while": told("writing", also=_AWAY),
    "database: a column missing for a while": told("writing"),
    "database: serialization failures": told(also=("writing",)),
    "database: disk full for a while": told("writing", also=_AWAY),
    "gateway: kill -9 under load": told(SILENT),
    "gateway: SIGTERM in a batch": told(SILENT, also=_ENDING),
    "gateway: three on one partition, the active one killed twice": told(SILENT, also=("broker",)),
    "gateway: the active one of two frozen (SIGSTOP)": told(SILENT, also=("broker", "writing", "turn", "messages")),
    "gateway: several partitions": told(SILENT, also=_ENDING),
    "gateway: its database connection cut": told(also=("turn", "writing", "broker")),
    "messages: poison between good ones": told(),
    "messages: the same five times": told(),
    "messages: shuffled and 72 h late": told(),
    "messages: 1 000 repeated rows into a store of 60 chunks": told(),
    "messages: of a device registered later": told(),
    "messages: rubbish from one device": told(),
    "messages: 10 000 gaps in a device's numbers": told(),
    "load: ten times as much": told(also=("messages",)),
    "load: figures asked for all the time, kill -9": told(SILENT),
    "network: broker connection reset": told(also=("broker",)),
    "network: flapping while the database is away": told(also=("broker",)),
    "network: slow line to the broker": told(),
    "network: half-open connection to the broker": told("broker", also=("packets",)),
    "network: database connection reset": told(also=("turn", "writing", "database")),
    "network: half-open connection to the database": told(
        "database", also=("turn", "broker", "packets", "writing", "messages")
    ),
    "network: silent while the gateway is asked to stop": told(SILENT, also=_ENDING),
}


class Service(Protocol):
    """What is watched: the gateway or the web process."""

    process: subprocess.Popen[bytes] | None

    def ready(self) -> tuple[int, dict]:
        """Status and body of /readyz."""
        ...

    def kill(self) -> None:
        """kill -9."""
        ...


@dataclass
class Watch:
    """Asks one process ten times a second; what it says before it was ready for the first time is no news."""

    service: Service
    seen: set[str] = field(default_factory=set[str])
    settled: bool = False
    """Whether it was ready since it started."""

    def __post_init__(self) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def runs(self) -> bool:
        """Whether the process was started and has not ended."""
        return self.service.process is not None and self.service.process.poll() is None

    def end(self) -> None:
        """Look no more."""
        self._stop.set()
        self._thread.join(2 * _PATIENCE_S)

    def _run(self) -> None:
        while not self._stop.wait(_EVERY_S):
            failing = failing_checks(*self.service.ready())
            self.settled |= not failing
            if self.settled:
                self.seen |= failing
            if SILENT in failing:
                self.settled = False  # it may start anew


def failing_checks(status: int, body: dict) -> frozenset[str]:
    """Names of the checks that fail; 200 must come without any that decides, and 503 with one."""
    if status == 0:
        return frozenset({SILENT})
    checks = body["checks"]
    found = checks.items() if isinstance(checks, dict) else ((check["name"], check) for check in checks)
    failing = {name: check.get("decides", True) for name, check in found if not check["ok"]}
    assert (status == 200) == (not any(failing.values())), (status, body)
    return frozenset(failing)


@dataclass
class Web:
    """`digitalpfad web`."""

    folder: Path
    database_url: str
    environment: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> Web:
        """Start; it takes a second until it answers."""
        own = {"database_url": self.database_url, "port": str(self.port), "data_dir": str(self.folder / "data")}
        self.process = launch("web", self.folder / "web.log", own | {"log_format": "json"}, self.environment)
        return self

    def ready(self) -> tuple[int, dict]:
        """Status and body of /readyz."""
        return readyz(self.port)

    def kill(self) -> None:
        """kill -9."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)
