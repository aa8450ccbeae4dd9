"""systemd hears of a service that it runs and lives, and nothing any more once a part of it is dead."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Self

import pytest
from structlog.testing import capture_logs

from digitalpfad.config.settings import PREFIX
from digitalpfad.embedded.process import Program, Supervisor
from digitalpfad.process import watchdog
from tests.checkout import ROOT
from tests.digitalpfad.embedded.test_process import python
from tests.fixtures.process.environment import without_settings
from tests.fixtures.process.ports import free_port
from tests.fixtures.process.waiting import wait_until


class Manager:
    """The socket on which systemd listens, named by a path or, as ``@name``, by nothing in the file system."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(f"\0{address[1:]}" if address.startswith("@") else address)
        self._socket.setblocking(False)
        self.heard: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def hears(self, times: int, state: str) -> bool:
        with suppress(BlockingIOError):
            while True:
                self.heard.append(self._socket.recv(4096).decode())
        return self.heard.count(state) >= times

    def environment(self, milliseconds: int = 40, **more: str) -> dict[str, str]:
        return {"NOTIFY_SOCKET": self.address, "WATCHDOG_USEC": str(milliseconds * 1000), **more}


@pytest.fixture(params=["path", "abstract"])
def manager(request: pytest.FixtureRequest, folder: Path) -> Iterator[Manager]:
    with Manager(str(folder / "notify") if request.param == "path" else f"@digitalpfad-{os.getpid()}") as made:
        yield made


def test_a_service_tells_that_it_lives_until_a_part_of_it_is_dead(manager: Manager) -> None:
    dead: list[str] = []
    with capture_logs() as logs:
        stop = watchdog.begin(lambda: dead, manager.environment())
        wait_until(lambda: manager.hears(3, "WATCHDOG=1"))
        assert manager.heard[0] == "READY=1"
        dead.append("mqtt")
        wait_until(lambda: any(line["event"] == "watchdog-not-told" for line in logs))
        manager.hears(0, "")
        before = len(manager.heard)
        dead = ["mqtt", "scans"]
        wait_until(lambda: len(logs) > 1)
        assert (manager.hears(0, ""), len(manager.heard)) == (True, before)
        dead = []
        wait_until(lambda: manager.hears(before + 1, "WATCHDOG=1"))
        stop.set()
    assert [line["dead"] for line in logs] == [["mqtt"], ["mqtt", "scans"]]


@pytest.mark.parametrize(
    ("environment", "heard"),
    [
        ({"WATCHDOG_USEC": "0"}, ["READY=1"]),
        ({"WATCHDOG_PID": "1"}, ["READY=1"]),
        ({"NOTIFY_SOCKET": ""}, []),
        ({"NOTIFY_SOCKET": "vsock:2:1234"}, []),
        ({"NOTIFY_SOCKET": "/nowhere/notify", "WATCHDOG_USEC": "0"}, []),
    ],
)
def test_what_systemd_did_not_ask_for_is_not_sent(folder: Path, environment: dict[str, str], heard: list[str]) -> None:
    with Manager(str(folder / "notify")) as manager, capture_logs() as logs:
        stop = watchdog.begin(list, manager.environment() | environment)
        manager.hears(0, "")
        stop.set()
    assert manager.heard == heard
    assert [line["event"] for line in logs] == ["start-not-told"] * ("nowhere" in str(environment))


def test_a_manager_that_does_not_read_what_it_is_told_does_not_hold_up_the_start(folder: Path) -> None:
    with Manager(str(folder / "notify")) as manager, capture_logs() as logs:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as full, suppress(BlockingIOError):
            full.setblocking(False)
            while True:
                full.sendto(b"STATUS=", manager.address)
        starting = threading.Thread(target=watchdog.begin, args=(list, manager.environment(0)), daemon=True)
        starting.start()
        starting.join(20)
        assert not starting.is_alive()
    assert [line["event"] for line in logs] == ["start-not-told"]


def service(command: str, manager: Manager, folder: Path) -> subprocess.Popen[bytes]:
    """A service of whose database and broker nothing answers."""
    closed = free_port()
    kept = without_settings()
    given = {
        "PYTHONPATH": str(ROOT),
        f"{PREFIX}DATABASE_URL": f"postgresql://nobody@127.0.0.1:{closed}/none",
        f"{PREFIX}MQTT_URL": f"mqtt://127.0.0.1:{closed}",
        f"{PREFIX}DATA_DIR": str(folder / "data"),
        f"{PREFIX}PORT": str(free_port()),
        f"{PREFIX}GATEWAY_HTTP_PORT": str(free_port()),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "digitalpfad", command],
        env=kept | given | manager.environment(400),
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.parametrize("command", ["gateway", "web"])
def test_a_service_tells_systemd_that_it_lives_though_database_and_broker_are_away(folder: Path, command: str) -> None:
    with Manager(str(folder / "notify")) as manager:
        process = service(command, manager, folder)
        try:
            wait_until(lambda: manager.hears(5, "WATCHDOG=1"), 60)
            assert manager.heard[:2] == ["READY=1", "WATCHDOG=1"]
            process.terminate()
            assert process.wait(30) in {0, -signal.SIGTERM}
        finally:
            process.kill()
            process.wait()


def test_children_of_up_do_not_speak_for_it(
    folder: Path, supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in watchdog.VARIABLES:
        monkeypatch.setenv(name, "7")
    saw = folder / "saw"
    code = f"import os, pathlib, signal; pathlib.Path({str(saw)!r}).write_text(' '.join(os.environ)); signal.pause()"
    program: Program = python(folder, "one", code, ready=saw.exists)
    supervisor.start(program)
    names = wait_until(saw.read_text).split()
    assert "PATH" in names
    assert not set(names) & set(watchdog.VARIABLES)
