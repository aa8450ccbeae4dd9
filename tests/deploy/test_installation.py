"""docs/installation.md and its neighbours, tried as far as a machine allows: mqtts, units, commands."""

from __future__ import annotations

import contextlib
import os
import re
import select
import shlex
import shutil
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.checkout import ROOT
from tests.fixtures.brokers.mosquitto import GATEWAY, GATEWAY_PASSWORD, Mosquitto
from tests.fixtures.process.ports import free_port
from tests.fixtures.process.programs import require
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.web import certificates, proxies

PAGES = [ROOT / "docs/installation.md", ROOT / "docs/second-town.md", ROOT / "docs/proxies.md"]


def shell_lines(page: Path) -> list[str]:
    blocks = re.findall(r"^```sh\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


@pytest.fixture
def ports() -> dict[str, int]:
    return {port: free_port() for port in ("80", "443", "8883", "8080", "1883")}


def test_a_device_reaches_the_broker_by_mqtts(
    mosquitto: Callable[..., Mosquitto], tmp_path: Path, ports: dict[str, int]
) -> None:
    ports["1883"] = mosquitto(users={GATEWAY: GATEWAY_PASSWORD}).port
    authority, _ = certificates.make(tmp_path)
    where = ["-h", "127.0.0.1", "-p", str(ports["8883"]), "--cafile", str(authority)]
    message = ["-q", "1", "-t", "digitalpfad/v1/x/box/command/confirm", "-m", "1"]
    login = ["-u", GATEWAY, "-P", GATEWAY_PASSWORD]
    with proxies.nginx(tmp_path, ports):
        send = [require("mosquitto_pub"), *where, *message]
        wait_until(
            lambda: subprocess.run([*send, *login], check=False, capture_output=True).returncode == 0, what="TLS"
        )
        assert subprocess.run(send, check=False, capture_output=True).returncode != 0, "nobody gets in without a login"


def _is_open(where: tuple[str, int]) -> bool:
    with socket.socket() as attempt:
        return attempt.connect_ex(where) == 0


def _closed(guests: list[socket.socket]) -> list[socket.socket]:
    return select.select(guests, [], [], 0)[0]


def test_before_the_broker_one_address_has_a_bounded_number_of_connections(
    tmp_path: Path, ports: dict[str, int]
) -> None:
    certificates.make(tmp_path)
    where = ("127.0.0.1", ports["8883"])
    with proxies.nginx(tmp_path, ports), contextlib.ExitStack() as guests:
        wait_until(lambda: _is_open(where), what="nginx listens")
        made = [
            guests.enter_context(socket.create_connection(where, source_address=("127.0.0.2", 0))) for _ in range(300)
        ]
        wait_until(lambda: len(_closed(made)) >= 30, what="nginx closes those beyond the bound")
        device = guests.enter_context(socket.create_connection(where))
        assert not select.select([device], [], [], 0.2)[0], "another address is let in"
        assert len(_closed(made)) <= 60


def test_the_units_are_what_systemd_reads(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not here: this machine has no systemd.")
    for unit in (ROOT / "deploy/systemd").iterdir():
        text = re.sub(r"^ExecStart=.*", "ExecStart=/bin/true", unit.read_text(), flags=re.MULTILINE)
        (tmp_path / unit.name).write_text(text)
    dropped = tmp_path / "digitalpfad-backup.service.d"
    dropped.mkdir()
    (block,) = re.findall(r"^```ini\n(.*?)^```", PAGES[0].read_text(), re.MULTILINE | re.DOTALL)
    (dropped / "one-machine.conf").write_text(block)
    units = sorted([*tmp_path.glob("*.service"), *tmp_path.glob("*.timer")])
    said = subprocess.run([program, "verify", "--man=no", *units], check=False, capture_output=True, text=True)
    assert (said.returncode, said.stderr) == (0, "")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_speaks_of_files_that_are_there_and_of_shell_that_can_be_read(page: Path) -> None:
    lines = shell_lines(page)
    subprocess.run(["bash", "-n"], input="\n".join(lines), text=True, check=True)
    for script in (ROOT / "deploy").glob("*.sh"):
        subprocess.run(["bash", "-n", script], check=True)
    named = {word for line in lines for word in shlex.split(line) if re.match(r"(deploy|requirements)/", word)}
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_hook_of_certbot_hands_over_a_pair_that_belongs_together(tmp_path: Path) -> None:
    chain, key = certificates.make(tmp_path / "live")
    (tmp_path / "tls").mkdir()
    certificates.make(tmp_path / "tls")
    hook = (ROOT / "deploy/certbot-digitalpfad.sh").read_text()
    hook = hook.replace("/etc/digitalpfad/tls", str(tmp_path / "tls")).replace("-g digitalpfad", f"-g {os.getgid()}")
    subprocess.run(["bash", "-c", hook], check=True, env={**os.environ, "RENEWED_LINEAGE": str(chain.parent)})
    found = {path.name: path.read_text() for path in (tmp_path / "tls").iterdir()}
    assert found == {chain.name: chain.read_text(), key.name: key.read_text()}
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "tls").iterdir()} == {0o640}


def test_the_command_of_a_server_takes_the_settings_file_as_systemd_does_and_runs_nothing_of_it(tmp_path: Path) -> None:
    lines = [
        "# the town",
        "DIGITALPFAD_TRUSTED_PROXIES=127.0.0.1, 10.0.0.0/8",
        "DIGITALPFAD_OPERATOR_NAME=Gemeinde Kalletal $(touch ran) & Söhne",
        'DIGITALPFAD_OPERATOR_ADDRESS="Rintelner Straße 3\\n32689 Kalletal"',
        "DIGITALPFAD_LOG_FORMAT='json'",
    ]
    (tmp_path / "digitalpfad.env").write_text("\n".join(lines))
    script = (ROOT / "deploy/digitalpfad.sh").read_text().replace("/etc/digitalpfad", str(tmp_path))
    script = re.sub(r"^exec .*", "exec env", script, flags=re.MULTILINE)
    ran = subprocess.run(
        ["bash", "--posix", "-c", script], cwd=tmp_path, env={}, check=True, capture_output=True, text=True
    )
    own = dict(line.split("=", 1) for line in ran.stdout.splitlines() if line.startswith("DIGITALPFAD_"))
    assert (own, ran.stderr, (tmp_path / "ran").exists()) == (
        {
            "DIGITALPFAD_TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8",
            "DIGITALPFAD_OPERATOR_NAME": "Gemeinde Kalletal $(touch ran) & Söhne",
            "DIGITALPFAD_OPERATOR_ADDRESS": "Rintelner Straße 3\\n32689 Kalletal",
            "DIGITALPFAD_LOG_FORMAT": "json",
            "DIGITALPFAD_DATA_DIR": "/var/lib/digitalpfad",
        },
        "",
        False,
    )
