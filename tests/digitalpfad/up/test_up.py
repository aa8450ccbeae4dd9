"""`digitalpfad up --demo` as an operator meets it: real processes from start to stop."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from tests.checkout import ROOT
from tests.digitalpfad.commandline import run_process
from tests.digitalpfad.conftest import processes_with
from tests.fixtures.process.environment import without_settings
from tests.fixtures.process.ports import free_port
from tests.fixtures.process.waiting import wait_until


class Ports:
    def __init__(self) -> None:
        self.web, self.gateway, self.mqtt = free_port(), free_port(), free_port()


def command(folder: Path, ports: Ports | None, *more: str) -> tuple[list[str], dict[str, str]]:
    kept = without_settings()
    env = {
        **kept,
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "firmware-sim")]),
    }
    line = [sys.executable, "-m", "digitalpfad", "up", "--data-dir", str(folder / "data"), *more]
    if ports is None:
        return line, env
    env |= {"DIGITALPFAD_MQTT_PORT": str(ports.mqtt), "DIGITALPFAD_GATEWAY_HTTP_PORT": str(ports.gateway)}
    return [*line, "--port", str(ports.web)], env


@contextmanager
def system(
    folder: Path, ports: Ports | None, *more: str, **variables: str
) -> Generator[tuple[subprocess.Popen[bytes], Path]]:
    line, env = command(folder, ports, *more)
    env |= variables
    output = folder / "output"
    with output.open("wb") as file:
        process = subprocess.Popen(
            line, env=env, cwd="/", stdout=file, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        yield process, output
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def shows(process: subprocess.Popen[bytes], output: Path, text: str) -> bool:
    said = output.read_text(encoding="utf-8")
    assert process.poll() is None or text in said, said
    return text in said


def address(said: str, label: str) -> str:
    found = re.search(rf"^  {label} +(\S+)", said, re.MULTILINE)
    assert found, said
    return found.group(1)


def opened(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:
        assert answer.status == 200
        return answer.read().decode()


def kept_ports(folder: Path) -> dict[str, int]:
    return json.loads((folder / "data" / "ports.json").read_text())


def port_seen_by_doctor(folder: Path, **env: str) -> str:
    ended = run_process("doctor", "--json", DIGITALPFAD_DATA_DIR=str(folder / "data"), **env)
    (found,) = [one["found"] for one in json.loads(ended.stdout) if one["check"] == "port"]
    return found


def a_restored_folder_starts_beside_its_original(original: Path, copy: Path) -> None:
    """First with a taken port, which is refused and not kept; then by itself, on free ones that it keeps."""
    copy.mkdir()
    file = str(copy / "backup.zip")
    written = run_process("backup", file, DIGITALPFAD_DATA_DIR=str(original / "data"))
    assert written.returncode == 0, written.stderr
    restored = run_process("restore", file, "--data-dir", str(copy / "data"))
    assert restored.returncode == 0, restored.stderr
    line, env = command(copy, None, "--port", str(kept_ports(original)["port"]))
    refused = subprocess.run(line, check=False, env=env, cwd="/", capture_output=True, text=True, timeout=60)
    assert refused.returncode == 1
    assert "cannot be used" in refused.stderr
    assert not (copy / "data" / "ports.json").exists()
    assert "another system answers there" in port_seen_by_doctor(
        copy, DIGITALPFAD_PORT=str(kept_ports(original)["port"])
    )
    with system(copy, None) as (process, output):
        wait_until(lambda: shows(process, output, "Ctrl-C stops everything."), 90)
        assert "Vorführung" in opened(address(output.read_text(encoding="utf-8"), "Station"))
        assert not set(kept_ports(copy).values()) & set(kept_ports(original).values())
        assert f"(kept in {copy / 'data'})" in output.read_text(encoding="utf-8")
        assert ": the web app answers" in port_seen_by_doctor(copy)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


def refusal(folder: Path, ports: Ports) -> str:
    line, env = command(folder, ports)
    ended = subprocess.run(line, check=False, env=env, cwd="/", capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1, ended
    assert ended.stdout == ""
    return ended.stderr


@pytest.mark.timeout(300)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_demo_runs_stops_without_a_trace_and_goes_on_with_its_data(folder: Path, number: signal.Signals) -> None:
    ports = Ports()
    with system(folder, ports, "--demo") as (process, output):
        wait_until(lambda: shows(process, output, "First live value after"), 90)
        first = output.read_text(encoding="utf-8")
        with urllib.request.urlopen(f"http://127.0.0.1:{ports.web}/readyz", timeout=5) as answer:
            assert answer.status == 200
        beside = refusal(folder, Ports())
        assert f"already runs with the data directory {folder / 'data'} (process {process.pid})" in beside
        assert len(beside.splitlines()) == 1
        process.send_signal(number)
        assert process.wait(60) == 0
    wait_until(lambda: not processes_with(str(folder)))
    password = re.search(r"admin +(\S+) +\(for the first login\)", first)
    assert password is not None
    with system(folder, ports) as (process, output):
        wait_until(lambda: shows(process, output, "Ctrl-C stops everything."), 90)
        assert password.group(1) in output.read_text(encoding="utf-8"), "still good for the first login, so shown again"
        with psycopg.connect((folder / "data" / "database-url").read_text().strip()) as connection:
            assert connection.execute("SELECT count(*) > 100 FROM observation").fetchone() == (True,)
        process.send_signal(number)
        assert process.wait(60) == 0
    wait_until(lambda: not processes_with(str(folder)))


@pytest.mark.timeout(300)
def test_an_empty_system_invites_to_import_and_a_second_one_beside_it_needs_only_a_folder(folder: Path) -> None:
    """Both with the ports that they choose themselves; the first is empty, the second the demonstration."""
    first, second = folder / "first", folder / "second"
    for one in (first, second):
        one.mkdir()
    with system(first, None) as (process, output):
        wait_until(lambda: shows(process, output, "Ctrl-C stops everything."), 90)
        said = output.read_text(encoding="utf-8")
        assert "digitalpfad trail import FILE" in said
        assert "Station  " not in said
        home = opened(address(said, "Open"))
        assert "Hier gibt es noch keinen Pfad." in home
        with system(second, None, "--demo") as (beside, heard):
            wait_until(lambda: shows(beside, heard, "First live value after"), 120)
            there = heard.read_text(encoding="utf-8")
            assert "Vorführung" in opened(address(there, "Station"))
            assert not set(kept_ports(first).values()) & set(kept_ports(second).values())
            assert f"DIGITALPFAD_DATA_DIR={second / 'data'}" in there
            before = kept_ports(second)
            assert f"{before['port']}: the web app answers" in port_seen_by_doctor(second)
            wrong = port_seen_by_doctor(second, DIGITALPFAD_PORT=str(kept_ports(first)["port"]))
            assert "the web app of another system answers there" in wrong
            a_restored_folder_starts_beside_its_original(second, folder / "third")
            beside.send_signal(signal.SIGTERM)
            assert beside.wait(60) == 0
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    with system(second, None) as (process, output):
        wait_until(lambda: shows(process, output, "Ctrl-C stops everything."), 90)
        assert kept_ports(second) == before, "devices know the broker's port"
        assert f":{before['mqtt_port']} " in output.read_text(encoding="utf-8")
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    wait_until(lambda: not processes_with(str(folder)))


@pytest.mark.timeout(300)
def test_a_killed_system_leaves_no_process_and_starts_again(folder: Path) -> None:
    ports = Ports()
    with system(folder, ports) as (process, output):
        wait_until(lambda: shows(process, output, "Ctrl-C stops everything."), 90)
        process.kill()
        process.wait()
        wait_until(lambda: not processes_with(str(folder / "data")), 30)
    with system(folder, ports) as (process, output):
        wait_until(lambda: shows(process, output, "Ctrl-C stops everything."), 90)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


@pytest.mark.timeout(200)
def test_a_killed_gateway_comes_back(folder: Path) -> None:
    ports = Ports()
    with system(folder, ports, DIGITALPFAD_BASE_URL="https://pfad.example.org") as (process, output):
        wait_until(lambda: shows(process, output, "Ctrl-C stops everything."), 90)
        warning = "DIGITALPFAD_TRUSTED_PROXIES is not set"
        assert wait_until(lambda: output.read_text().count(warning)) == 1
        assert (folder / "data/log/web.log").read_text().count(warning) == 1
        (gateway,) = [pid for pid in processes_with("gateway") if _parent(pid) == process.pid]
        os.kill(gateway, signal.SIGKILL)
        wait_until(lambda: shows(process, output, "The gateway runs again."))
        wait_until(lambda: _ready(ports.gateway))
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


@pytest.mark.parametrize(
    ("taken", "hint"),
    [("web", "--port"), ("gateway", "DIGITALPFAD_GATEWAY_HTTP_PORT"), ("mqtt", "DIGITALPFAD_MQTT_PORT")],
)
def test_a_taken_port_is_one_sentence_with_the_mend(folder: Path, taken: str, hint: str) -> None:
    ports = Ports()
    with socket.create_server(("127.0.0.1", getattr(ports, taken))):
        said = refusal(folder, ports)
    assert f"Port {getattr(ports, taken)} on 127.0.0.1 cannot be used: Address already in use." in said
    assert hint in said
    assert processes_with(str(folder / "data")) == []


def test_a_broken_data_directory_is_one_sentence(folder: Path) -> None:
    (folder / "data").mkdir()
    (folder / "data" / "letter.txt").touch()
    assert "is not empty and no data directory of Digitalpfad" in refusal(folder, Ports())


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def _ready(port: int) -> bool:
    with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=3) as answer:
        return answer.status == 200
    return False
