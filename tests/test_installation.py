"""docs/installation.md and docs/second-town.md, tried as far as a machine allows: nginx, TLS, units, commands."""

from __future__ import annotations

import re
import shlex
import shutil
import ssl
import subprocess
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from tests.fixtures.fix_hikers import PONDS, Hikers
from tests.fixtures.fix_mosquitto import GATEWAY, GATEWAY_PASSWORD, Mosquitto
from tests.fixtures.support import ROOT, free_port, require, wait_until

NAME = "pfad.example.org"
PAGES = [ROOT / "docs/installation.md", ROOT / "docs/second-town.md"]


def shell_lines(page: Path) -> list[str]:
    blocks = re.findall(r"^```sh\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def certificate(folder: Path) -> Path:
    subject = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME},IP:127.0.0.1"]
    subprocess.run(
        [require("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject,
         "-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder / "fullchain.pem"


def localised(name: str, folder: Path, ports: dict[str, int]) -> str:
    """A file of deploy/nginx with this folder's certificate and loopback ports; nothing else is changed."""
    text = re.sub(r"^ *listen \[::\].*\n", "", (ROOT / "deploy/nginx" / name).read_text(), flags=re.MULTILINE)
    for port, number in ports.items():
        text = re.sub(rf"listen {port}\b", f"listen 127.0.0.1:{number}", text)
        text = re.sub(rf"127\.0\.0\.1:{port}\b", f"127.0.0.1:{number}", text)
    return text.replace("/etc/letsencrypt/live/pfad.example.org", str(folder)).replace("/var/log/nginx", str(folder))


@contextmanager
def nginx(folder: Path, ports: dict[str, int]) -> Generator[None]:
    program, stream = require("nginx"), require("ngx_stream_module.so")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    (folder / "site.conf").write_text(localised("digitalpfad.conf", folder, ports))
    (folder / "mqtts.conf").write_text(localised("digitalpfad-mqtts.conf", folder, ports))
    config = folder / "nginx.conf"
    config.write_text(
        f"load_module {stream};\ndaemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{ {places} include {folder}/site.conf; }}\ninclude {folder}/mqtts.conf;\n"
    )
    command = [program, "-c", config, "-p", folder, "-e", folder / "error.log"]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    process = subprocess.Popen(command)
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def ports() -> dict[str, int]:
    return {port: free_port() for port in ("80", "443", "8883", "8080", "1883")}


def test_the_proxy_of_the_page_serves_https_and_writes_no_address(
    hikers: Hikers, tmp_path: Path, ports: dict[str, int]
) -> None:
    ports["8080"] = int(hikers.url.rpartition(":")[2])
    trusted = ssl.create_default_context(cafile=certificate(tmp_path))
    with nginx(tmp_path, ports), httpx.Client(verify=trusted, headers={"host": NAME}) as client:
        secure = f"https://127.0.0.1:{ports['443']}"
        wait_until(lambda: _answers(client, f"{secure}/"), what="nginx")
        page = client.get(f"{secure}/s/{PONDS}", headers={"accept-encoding": "gzip"})
        assert page.status_code == 200
        assert "content-security-policy" in page.headers
        plain = client.get(f"http://127.0.0.1:{ports['80']}/s/{PONDS}?lang=en")
        assert (plain.status_code, plain.headers["location"]) == (301, f"https://{NAME}/s/{PONDS}?lang=en")
        with client.stream("GET", f"{secure}/api/v1/live?station={PONDS}") as events:
            assert events.headers["content-type"].startswith("text/event-stream")
            hikers.observe([("pegel-04", "water_level", datetime.now(UTC), 41.0)])
            assert any("water_level" in line for line in events.iter_lines())
    logs = "".join(path.read_text() for path in tmp_path.glob("*.log"))
    assert "client:" not in logs


def _answers(client: httpx.Client, url: str) -> bool:
    try:
        return client.get(url).status_code == 200
    except httpx.TransportError:
        return False


def test_a_device_reaches_the_broker_by_mqtts(
    mosquitto: Callable[..., Mosquitto], tmp_path: Path, ports: dict[str, int]
) -> None:
    ports["1883"] = mosquitto(users={GATEWAY: GATEWAY_PASSWORD}).port
    authority = certificate(tmp_path)
    where = ["-h", "127.0.0.1", "-p", str(ports["8883"]), "--cafile", str(authority)]
    message = ["-q", "1", "-t", "digitalpfad/v1/x/box/command/confirm", "-m", "1"]
    login = ["-u", GATEWAY, "-P", GATEWAY_PASSWORD]
    with nginx(tmp_path, ports):
        send = [require("mosquitto_pub"), *where, *message]
        wait_until(
            lambda: subprocess.run([*send, *login], check=False, capture_output=True).returncode == 0, what="TLS"
        )
        assert subprocess.run(send, check=False, capture_output=True).returncode != 0, "nobody gets in without a login"


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
    subprocess.run(["bash", "-n", ROOT / "deploy/digitalpfad.sh"], check=True)
    named = {word for line in lines for word in shlex.split(line) if re.match(r"(deploy|requirements)/", word)}
    assert [name for name in named if not (ROOT / name).exists()] == []
