"""The servers and the browser of the tests do what the tests rely on."""

from __future__ import annotations

import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from playwright.sync_api import Page

from tests.fixtures.brokers.mosquitto import Mosquitto
from tests.fixtures.brokers.nats import Nats
from tests.fixtures.databases.postgres import PostgresServer
from tests.fixtures.process.ports import LOCAL_PORTS, claimed, free_port
from tests.fixtures.process.programs import Service, require, services_lines
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.run.leftovers import shared_memory
from tests.fixtures.web.browser import DESK, Watch, assert_accessible

TOPIC = "digitalpfad/v1/stadtwald/pond/event/telemetry"
PAGE = """<!doctype html><html lang="en"><title>Trail</title><h1>Trail</h1>{}</html>"""


@pytest.fixture
def site() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = {
                "/": "",
                "/favicon.ico": "",
                "/low-contrast": '<p style="color:#ddd;background:#fff">hardly to be read</p>',
                "/foreign": '<img alt="" src="http://192.0.2.1/pixel.png">',
                "/script": "<script>throw new Error('broken')</script>",
            }
            known = self.path in parts
            self.send_response(200 if known else 404)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Security-Policy", "default-src 'self'" if self.path == "/script" else "")
            self.end_headers()
            self.wfile.write(PAGE.format(parts.get(self.path, "")).encode())

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_a_page_without_fault_passes(new_page: Callable[..., Page], site: str) -> None:
    page = new_page(DESK, "dark")
    page.goto(site)
    assert_accessible(page)


def test_axe_finds_text_that_cannot_be_read(page: Page, site: str) -> None:
    page.goto(f"{site}/low-contrast")
    with pytest.raises(AssertionError, match="contrast"):
        assert_accessible(page)


@pytest.mark.parametrize(("path", "fault"), [("/foreign", "foreign request"), ("/script", "Content Security Policy")])
def test_the_page_fixture_sees_what_no_page_may_do(page: Page, site: str, watch: Watch, path: str, fault: str) -> None:
    page.goto(site + path, wait_until="commit")
    page.wait_for_load_state()
    wait_until(lambda: any(fault in found for found in watch.faults), what=f"{fault} in {watch.faults}")
    watch.faults.clear()


def _publish(url_port: int, user: str, password: str, topic: str, text: str) -> subprocess.CompletedProcess[bytes]:
    login = ["-u", user, "-P", password] if user else []
    command = [
        require("mosquitto_pub"),
        "-h",
        "127.0.0.1",
        "-p",
        str(url_port),
        *login,
        "-q",
        "1",
        "-t",
        topic,
        "-m",
        text,
    ]
    return subprocess.run(command, capture_output=True, check=False, timeout=20)


def test_mosquitto_refuses_a_wrong_password(mosquitto: Callable[..., Mosquitto]) -> None:
    broker = mosquitto(users={"gateway": "right", "pond": "right"})
    assert _publish(broker.port, "pond", "right", TOPIC, "1").returncode == 0
    assert _publish(broker.port, "pond", "wrong", TOPIC, "1").returncode != 0


def test_nats_refuses_a_wrong_password(nats: Callable[..., Nats]) -> None:
    server = nats(users={"pond": "right"})
    assert _publish(server.port, "pond", "right", TOPIC, "1").returncode == 0
    assert _publish(server.port, "pond", "wrong", TOPIC, "1").returncode != 0


@pytest.mark.parametrize(("durable", "kept"), [(True, 1), (False, 0)])
def test_a_killed_mosquitto_keeps_messages_only_when_hardened(
    mosquitto: Callable[..., Mosquitto], tmp_path: Path, durable: bool, kept: int
) -> None:
    broker = mosquitto(durable=durable)
    subscribe = [require("mosquitto_pub").with_name("mosquitto_sub"), "-h", "127.0.0.1", "-p", str(broker.port)]
    session = [*subscribe, "-q", "1", "-c", "-i", "reader", "-t", "#"]
    subprocess.run([*session, "-E"], check=True, timeout=20)
    assert _publish(broker.port, "", "", TOPIC, "1").returncode == 0
    if durable:
        wait_until(lambda: b"1" in (broker.folder / "mosquitto.db").read_bytes(), what="the file of the broker")
    broker.kill()
    broker.start()
    if not durable:
        session += ["-E"]
    read = subprocess.run([*session, "-C", "1", "-W", "3"], capture_output=True, check=False, timeout=20)
    assert len(read.stdout.split()) == kept


def test_a_killed_postgres_leaves_no_shared_memory() -> None:
    before = shared_memory()
    with TemporaryDirectory(prefix="killed-") as folder:
        with PostgresServer.create(Path(folder)) as server:
            segment = (server.data / "postmaster.pid").read_text().splitlines()[6].split()[1]
            server.stop(signal.SIGKILL)
            wait_until(lambda: any(f"segment {segment} " in found for found in shared_memory() - before))
        assert not any(f"segment {segment} " in found for found in shared_memory())


def test_clients_of_timescaledb_keep_their_own_session(timescale_server: str) -> None:
    with (
        psycopg.connect(timescale_server, autocommit=True, options="-c statement_timeout=1234") as one,
        psycopg.connect(timescale_server, autocommit=True) as other,
    ):
        one.execute("SET TimeZone = 'Europe/Berlin'")
        other.execute("LISTEN news")
        for i in range(8):  # psycopg prepares a statement after five times, under the same name in both
            assert one.execute("SELECT %s::int + 1", [i]).fetchone() == (i + 1,)
            assert other.execute("SELECT %s::int + 2", [i]).fetchone() == (i + 2,)
        one.execute("NOTIFY news, 'rain'")
        assert one.execute("SHOW statement_timeout").fetchone() == ("1234ms",)
        assert one.execute("SHOW TimeZone").fetchone() == ("Europe/Berlin",)
        assert other.execute("SHOW TimeZone").fetchone() != ("Europe/Berlin",)
        assert [note.payload for note in other.notifies(timeout=2, stop_after=1)] == ["rain"]


def test_a_client_of_timescaledb_that_goes_leaves_nothing_open(timescale_server: str) -> None:
    gone = psycopg.connect(timescale_server)
    gone.execute("CREATE TABLE left_open (a int)")
    gone.close()
    with psycopg.connect(timescale_server) as next_one:
        assert next_one.execute("SELECT to_regclass('left_open')").fetchone() == (None,)


def test_a_missing_service_fails_only_where_ci_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="mosquitto_pub is not here: 'apt-get install mosquitto-clients'"):
        require("mosquitto_pub")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="mosquitto_pub is not here"):
        require("mosquitto_pub")


def test_a_free_port_is_none_that_the_kernel_gives_away_and_is_given_to_nobody_else() -> None:
    first = int(LOCAL_PORTS.read_text().split()[0])
    if first < 22_000:
        pytest.skip(f"The kernel gives away all ports from {first} on: there is no room below.")
    ports = [free_port() for _ in range(50)]
    assert max(ports) < first
    assert [claimed(port) for port in ports] == [0] * 50


def test_a_port_on_which_somebody_listens_is_not_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert claimed(server.getsockname()[1]) == 0


@pytest.mark.parametrize(
    ("environ", "paths", "said"),
    [
        ({}, {"nginx": Path("/usr/sbin/nginx")}, []),
        ({}, {"nginx": None}, ["Not here: nginx (run x). Tests that need one are skipped; all others run."]),
        ({"CI": "true"}, {"nginx": None}, ["Not here: nginx (run x). Tests that need one fail; all others run."]),
        (
            {"DIGITALPFAD_TEST_DATABASE_URL": "postgresql://host/db"},
            {"postgres": None, "nginx": Path("/usr/sbin/nginx")},
            ["postgres is the one of DIGITALPFAD_TEST_DATABASE_URL."],
        ),
    ],
)
def test_the_head_of_a_run_names_what_is_not_as_usual_and_nothing_else(
    environ: dict[str, str], paths: dict[str, Path | None], said: list[str]
) -> None:
    assert services_lines({name: Service(name, path, "run x") for name, path in paths.items()}, environ) == said
