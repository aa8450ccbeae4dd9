"""docs/threads.md names the threads that a running gateway and a running web process have, and no others."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from gateway.pipeline import limits
from geodata.store import channels
from geodata.store.ingest import replay
from tests.checkout import ROOT
from tests.fixtures.brokers.nats import Nats
from tests.fixtures.databases.database import url_of
from tests.fixtures.process.environment import without_settings
from tests.fixtures.process.ports import free_port
from tests.fixtures.process.servers import stop
from tests.fixtures.process.waiting import wait_until

PAGE = (ROOT / "docs/threads.md").read_text(encoding="utf-8")
CODE = "3DVB54"  # of a station of the demonstration trail


def section(heading: str) -> str:
    """The page from this heading to the next."""
    return PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def named_in(heading: str) -> set[str]:
    """The threads of a section's table."""
    cells = re.findall(r"^\| (`[^|]+) \|", section(heading), re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def most_connections(heading: str) -> int:
    """How many connections to the database a section promises at most."""
    found = re.search(r"^At most (\w+) connections to the database", section(heading), re.MULTILINE)
    assert found is not None
    return ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"].index(found[1]) + 1


@dataclass
class Running:
    """A process of the product that tells which threads began in it."""

    process: subprocess.Popen[bytes]
    port: int

    def threads(self) -> set[str]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(b"?\n")
        self.process.stdin.flush()
        names: list[str] = json.loads(self.process.stdout.readline())
        return {re.sub(r"\d+", "N", name) for name in names}

    def get(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        except OSError:
            return 0


@contextmanager
def running(command: str, url: str, folder: Path, **more: str) -> Generator[Running]:
    """``digitalpfad gateway`` or ``web``, ready, with somebody in systemd's place."""
    port, manager = free_port(), folder / f"{command}.notify"
    setting = "DIGITALPFAD_GATEWAY_HTTP_PORT" if command == "gateway" else "DIGITALPFAD_PORT"
    environment = {
        **without_settings(),
        "PYTHONPATH": str(ROOT),
        "DIGITALPFAD_DATABASE_URL": url_of(url),
        "DIGITALPFAD_DATA_DIR": str(folder / "data"),
        setting: str(port),
        "NOTIFY_SOCKET": str(manager),
        "WATCHDOG_USEC": "600000000",
        **more,
    }
    script = ROOT / "tests/docs/command_that_tells.py"
    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd,
        (folder / f"{command}.log").open("wb") as log,
    ):
        systemd.bind(str(manager))
        with subprocess.Popen(
            [sys.executable, script, command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env=environment,
            cwd=folder,
        ) as process:
            started = Running(process, port)
            try:
                wait_until(lambda: started.get("/readyz") == 200, 30, f"{command} to be ready")
                yield started
            finally:
                stop(process)


def connections(url: str, client: str) -> list[int]:
    """Process ids of the database's servers of this client; those that listen first."""
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE application_name = %s AND datname = current_database()"
            " ORDER BY query NOT LIKE 'LISTEN%%'",
            [client],
        )
        return [pid for (pid,) in found]


def assert_connected(url: str, client: str, most: int) -> None:
    """It has some connections, those that it lost come again, and no more than it may."""
    wait_until(lambda: len(connections(url, client)) >= 2, what=f"connections of {client}")
    assert len(connections(url, client)) <= most


def test_the_page_names_the_threads_of_a_running_gateway_and_no_others(
    database_url: str, nats: Callable[..., Nats], tmp_path: Path
) -> None:
    broker, told = nats(), "Threads of the gateway"
    with running("gateway", database_url, tmp_path, DIGITALPFAD_MQTT_URL=broker.url()) as gateway:
        broker.stop()
        wait_until(lambda: "log-sums" in gateway.threads(), 20, "a warning that repeats")
        assert gateway.threads() == named_in(told)
        assert_connected(database_url, "digitalpfad-gateway", most_connections(told))


def test_the_page_names_the_threads_of_a_running_web_process_and_no_others(
    demo_trail: None, database_url: str, tmp_path: Path
) -> None:
    told = "Threads of the web process"

    def lose_the_listener() -> bool:
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute("SELECT pg_terminate_backend(%s)", [connections(database_url, "digitalpfad web")[0]])
        wait_until(lambda: web.get("/readyz") == 200, what="the web process to follow the database again")
        return "log-sums" in web.threads()

    with running("web", database_url, tmp_path) as web:
        assert web.get(f"/s/{CODE}") == 200
        assert web.get(f"/api/v1/stations/{CODE}/series?property=air_temperature") == 200
        wait_until(lose_the_listener, 30, "a warning that repeats")
        assert web.threads() == named_in(told)
        assert_connected(database_url, "digitalpfad web", most_connections(told))


def test_the_diagrams_show_threads_of_the_tables_alone() -> None:
    boxes = re.findall(r"^ {4}box (\w+).*?^ {4}end$", PAGE, re.MULTILINE | re.DOTALL)
    assert boxes == ["Gateway", "Web", "Gateway", "Gateway"]
    for process, heading in (("Gateway", "Threads of the gateway"), ("Web", "Threads of the web process")):
        shown = re.findall(rf"^ {{4}}box {process}.*?^ {{4}}end$", PAGE, re.MULTILINE | re.DOTALL)
        names = {name for box in shown for name in re.findall(r"participant \w+ as (.+)", box)}
        assert names <= named_in(heading)


def test_the_page_names_every_channel_on_which_the_database_tells_services() -> None:
    known = {value for name, value in vars(channels).items() if name.endswith("_CHANNEL")}
    told = re.findall(r"^\| `(digitalpfad_\w+)` \|", section("What the database tells, and to whom"), re.MULTILINE)
    assert set(told) == known | {replay.CONFIRMATION_CHANNEL}


def test_the_diagram_names_when_a_batch_is_due_as_the_gateway_has_it() -> None:
    shown = re.search(r"a batch is due at (\d+) messages<br/>or (\d+) ms after its first", PAGE)
    assert shown is not None
    assert (int(shown[1]), int(shown[2])) == (limits.BATCH_SIZE, round(1000 * limits.BATCH_WAIT_S))


def test_no_message_of_a_diagram_holds_what_ends_a_statement() -> None:
    for diagram in re.findall(r"```mermaid\n(.*?)```", PAGE, re.DOTALL):
        assert ";" not in diagram
