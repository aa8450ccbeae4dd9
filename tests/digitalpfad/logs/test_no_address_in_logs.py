"""Nobody's address, browser or position reaches a log or the database of a real web process, whatever it is asked."""

from __future__ import annotations

import re
import signal
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg
import pytest
from psycopg import sql

from tests.faults.harness.service import launch, readyz
from tests.fixtures.process.ports import free_port
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.web.hikers import PONDS

CLIENT = "127.31.41.59"
"""A loopback address of its own: the server itself says 127.0.0.1 of where it listens."""
FORWARDED = ("203.0.113.77", "2001:db8:77::77", "198.51.100.7")
AGENT = "Conspicuous-Browser/7.7"
POSITION = ("8.91234", "52.04567")
TRACES = (CLIENT, *FORWARDED, AGENT, *POSITION, "Forwarder-Secret")
HEADERS = {
    "X-Forwarded-For": f"{FORWARDED[0]}, {FORWARDED[1]}",
    "X-Real-IP": FORWARDED[2],
    "Forwarded": f'for="[{FORWARDED[1]}]";by={FORWARDED[0]}',
    "User-Agent": f"Mozilla/5.0 (Linux; Android 14) {AGENT} Mobile",
    "Cookie": "digitalpfad=Forwarder-Secret",
}
PATHS = (
    "/",
    f"/s/{PONDS}",
    f"/S/{PONDS}?via=nfc",
    "/s/3DVB45",
    "/t/stadtwald",
    "/datenschutz",
    "/nowhere/%00%0a%1b",
    f"/api/v1/stations?near={POSITION[0]},{POSITION[1]}&radius=500",
    f"/api/v1/trails/stadtwald/position?lon={POSITION[0]}&lat={POSITION[1]}",
    f"/api/v1/stations?near={POSITION[0]},{POSITION[1]},x",
    f"/api/v1/stations/{PONDS}/series?property=nothing",
    "/staff/",
    "/staff/nowhere",
    "/metrics",
    "/readyz",
)


@dataclass(frozen=True, slots=True)
class Web:
    port: int
    log: Path

    def visitor(self) -> httpx.Client:
        transport = httpx.HTTPTransport(local_address=CLIENT)
        return httpx.Client(base_url=f"http://127.0.0.1:{self.port}", transport=transport, headers=HEADERS, timeout=20)


@pytest.fixture
def web(demo: dict[str, str], tmp_path: Path) -> Iterator[Web]:
    """`digitalpfad web` as operators start it, telling all it ever tells."""
    port, log = free_port(), tmp_path / "web.log"
    settings = {"port": str(port), "log_level": "debug", "log_format": "json", "data_dir": str(tmp_path / "none")}
    process = launch("web", log, settings | {"database_url": demo["DIGITALPFAD_DATABASE_URL"]})
    try:
        wait_until(lambda: readyz(port)[0] == 200, 30, "the web process")
        yield Web(port, log)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def everything_in(database_url: str) -> str:
    """The rows of all tables as text."""
    with psycopg.connect(database_url) as connection:
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        ).fetchall()
        rows = [
            connection.execute(sql.SQL("SELECT t::text FROM {} AS t").format(sql.Identifier(name))).fetchall()
            for (name,) in tables
            if not name.startswith("media")
        ]
    return str(rows)


def test_no_address_of_anybody_reaches_any_log_of_the_web_process(web: Web, database_url: str) -> None:
    with web.visitor() as visitor:
        for path in PATHS:
            assert visitor.get(path).status_code < 500, path
        for method in ("POST", "PUT", "OPTIONS", "BREW"):
            assert visitor.request(method, f"/s/{PONDS}").status_code < 500
        for _ in range(11):  # the last one has to wait
            visitor.post("/staff/login", data={"name": "nobody", "password": "wrong"}, headers={"Origin": "null"})
            form = {"name": "nobody", "password": "wrong"}
            visitor.post("/staff/login", data=form, headers={"Origin": f"http://127.0.0.1:{web.port}"})
        late = {"id": str(uuid4()), "station": PONDS, "hour": "2026-01-01T00:00:00Z", "variant": "de", "entry": "sign"}
        for body in ({"scans": [late]}, {"scans": [late | {"visitor": AGENT}]}):
            answer = visitor.post("/offline/scans", json=body, headers={"Sec-Fetch-Site": "same-origin"})
            assert answer.status_code in {200, 422}
    for garbage in (
        b"\x16\x03\x01\x02\x00",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /" + b"a" * 70_000,
        b"POST / HTTP/1.1\r\n",
    ):
        with socket.create_connection(("127.0.0.1", web.port), 10, source_address=(CLIENT, 0)) as connection:
            connection.sendall(garbage)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                pass
    wait_until(lambda: "'login', '', 'refused'" in str(_audit(database_url)), 10, "the refused logins")
    log = web.log.read_text(encoding="utf-8", errors="replace")
    assert "Uvicorn running on" in log or "digitalpfad" in log, "it is the log that was looked through"
    assert [trace for trace in TRACES if trace in log] == []
    wait_until(lambda: _scans(database_url) > 0, 15, "the counted scan")
    journals = [path.read_bytes() for path in web.log.parent.rglob("*.scans")]
    assert len(journals) == 1
    assert all(re.fullmatch(rb"(\w{6} \d+ [a-z_]+ (sign|nfc|link)\n)+", journal) for journal in journals)
    stored = everything_in(database_url)
    assert PONDS in stored
    assert [trace for trace in TRACES if trace in stored] == []


def _audit(database_url: str) -> list[tuple]:
    with psycopg.connect(database_url) as connection:
        return connection.execute("SELECT action, actor, outcome FROM audit").fetchall()


def _scans(database_url: str) -> int:
    with psycopg.connect(database_url) as connection:
        return len(connection.execute("SELECT FROM scan_hour").fetchall())


def test_no_table_has_a_column_for_an_address_a_browser_a_device_or_a_position_of_people(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        named = connection.execute(
            "SELECT table_name || '.' || column_name, data_type FROM information_schema.columns"
            " WHERE table_schema = 'public'"
        ).fetchall()
    assert len(named) > 150
    assert [name for name, kind in named if kind in {"inet", "cidr", "macaddr", "macaddr8"}] == []
    parts = {
        "ip",
        "address",
        "agent",
        "user_agent",
        "host",
        "cookie",
        "mac",
        "visitor",
        "fingerprint",
        "referer",
        "client",
    }
    found = sorted(name for name, _ in named if parts & set(name.partition(".")[2].split("_")))
    assert found == ["broker_session.client_id", "mail_wish.address"], "a gateway's own, and where staff want mails"
